//! Own scopes: list and form (6.5); and the selection of a domain and a scope.

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::actor::Actor;
use crate::app::scopes::{ScopeForm, ScopeRow};
use crate::domain::account::{Action, Model};
use crate::domain::ids::{DomainId, ScopeId};
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::list::List;
use crate::web::components::lookup::enter_button;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::lookups;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};
use crate::web::{respond, sorting};

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, scopes: &'a [ScopeRow]) -> List<'a> {
    let lang = frame.lang();
    let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
        named.iter().map(|one| one.name.clone()).collect()
    };
    let rows = scopes.iter().map(|scope| {
        let cells = vec![
            html! { a href=(urls::object(urls::SCOPES, scope.id)) { (scope.name) } },
            html! {
                @match &scope.domain {
                    Some(domain) => (domain.name),
                    None => (t!(lang, "selection-all-domains")),
                }
            },
            target(lang, &names(&scope.included_attributes), &names(&scope.excluded_attributes)),
        ];
        Row::new("scope", scope.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-scopes"),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "domain").sortable("domain"),
            column(lang, "target"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Scopes>(frame),
        empty: t!(lang, "scopes-empty"),
    };
    List::new(table).with_actions(crud::addition::<Scopes>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<ScopeRow>; 2] = [
    ("name", |one| (&one.name).into()),
    ("domain", |one| one.domain.as_ref().map_or("", |domain| &domain.name).into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Scopes>) -> Markup {
    let form = view.form(frame);
    let fields = html! {
        (enter_button())
        (form.text("name", &view.form.name).required().max(50).hint("hint-scope-name"))
        (view.target(form, &view.form.included_attributes, &view.form.excluded_attributes))
    };
    let body = html! {
        section.card { (view.framed(form, fields)) }
    };
    frame.page(view.content(frame, &view.form.name, body))
}

/// `GET /scopes`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut scopes = visit.app.scopes(visit.actor()).await?;
    sorting::sort(&visit.query, &mut scopes, &SORTED);
    visit.list(&frame, list_page(&frame, &scopes))
}

/// What is done with scopes.
pub struct Scopes;

impl Crud for Scopes {
    type Id = ScopeId;
    type Form = ScopeForm;
    type Stored = ScopeRow;

    const MODEL: Model = Model::Scope;
    const LIST: &'static str = urls::SCOPES;
    const NAV: &'static str = "nav-scopes";
    const NEW: &'static str = "scope-new";
    const QUESTION: &'static str = "scope-delete-question";
    const SEARCHED: &'static [&'static str] = crud::TARGET;

    fn id(number: i64) -> ScopeId {
        ScopeId(number)
    }

    fn name(stored: &ScopeRow) -> String {
        stored.name.clone()
    }

    fn blank(_query: &Query) -> ScopeForm {
        ScopeForm::default()
    }

    fn typed(stored: &ScopeRow) -> ScopeForm {
        stored.clone().into()
    }

    fn read(fields: &Fields) -> ScopeForm {
        ScopeForm {
            name: fields.get("name").to_owned(),
            included_attributes: lookups::lines(fields, "included_attributes"),
            excluded_attributes: lookups::lines(fields, "excluded_attributes"),
        }
    }

    async fn find(visit: &Visit, id: ScopeId) -> Result<ScopeRow, AppError> {
        visit.app.scope(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<ScopeId>,
        form: ScopeForm,
    ) -> Result<ScopeRow, AppError> {
        match id {
            Some(id) => visit.app.change_scope(visit.actor(), id, form).await,
            None => visit.app.add_scope(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: ScopeId, _confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_scope(visit.actor(), id).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    /// Everybody who enters the pages has scopes of their own (D-SCOPE-01).
    fn permit(actor: &Actor, action: Action) -> Result<(), AppError> {
        match actor.enters_pages() {
            true => Ok(()),
            false => Ok(actor.permit(Model::Scope, action).map(drop)?),
        }
    }
}

/// `POST /selection/domain`: what the account sees from then on (D-DOM-04).
pub async fn select_domain(post: Post) -> PageResult {
    let domain = post.fields.get("domain").parse().ok().map(DomainId);
    post.visit.app.select_domain(post.visit.actor(), domain).await?;
    Ok(respond::go(respond::own_path(post.fields.get("next")), None))
}

/// `POST /selection/scope`.
pub async fn select_scope(post: Post) -> PageResult {
    let scope = post.fields.get("scope").parse().ok().map(ScopeId);
    post.visit.app.select_scope(post.visit.actor(), scope).await?;
    Ok(respond::go(respond::own_path(post.fields.get("next")), None))
}
