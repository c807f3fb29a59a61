//! Domains: list and form (6.4).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::actor::Actor;
use crate::app::domains::{DomainForm, DomainRow};
use crate::app::listed::Listed;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::domain::ids::DomainId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::list::List;
use crate::web::components::lookup::enter_button;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::lookups;
use crate::web::related;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, domains: &'a Listed<DomainRow>) -> List<'a> {
    let lang = frame.lang();
    let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
        named.iter().map(|one| one.name.clone()).collect()
    };
    let rows = domains.items.iter().map(|domain| {
        let cells = vec![
            html! { a href=(urls::object(urls::DOMAINS, domain.id)) { (domain.name) } },
            html! { (domain.comment) },
            target(lang, &names(&domain.included_attributes), &names(&domain.excluded_attributes)),
            html! { ul.chips { @for tag in &domain.tags { li { (tag.name) } } } },
            html! { ul.chips { @for one in &domain.administrators { li { (one.name) } } } },
            html! { (domain.deployments) },
        ];
        Row::new("domain", domain.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-domains"),
        columns: ["name", "comment", "target", "tags", "administrators", "deployments"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: crud::selection::<Domains>(frame),
        empty: t!(lang, "domains-empty"),
    };
    List::new(table).paged(domains.next.as_deref()).with_actions(crud::addition::<Domains>(frame))
}

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Domains>) -> Markup {
    let form = view.form(frame);
    let data = &view.form;
    let included = data.included_attributes.join("\n");
    let excluded = data.excluded_attributes.join("\n");
    let (tags, administrators) = (data.tags.join("\n"), data.administrators.join("\n"));
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).fixed(view.id.is_some())
            .hint("hint-domain-name"))
        (form.area("comment", &data.comment))
        div.pair {
            div {
                (form.picker("included_attributes", &included, urls::SUGGEST_ATTRIBUTES)
                    .hint("hint-domain-included"))
                (view.lookup(form, "included_attributes"))
            }
            div {
                (form.picker("excluded_attributes", &excluded, urls::SUGGEST_ATTRIBUTES))
                (view.lookup(form, "excluded_attributes"))
            }
        }
        div.pair {
            div {
                (form.picker("tags", &tags, urls::SUGGEST_TAGS)
                    .label("domain-tags").hint("hint-domain-tags"))
                (view.lookup(form, "tags"))
            }
            (form.lines("administrators", &administrators).hint("hint-domain-administrators"))
        }
    };
    let body = html! {
        section.card { (view.framed(form, fields)) }
    };
    frame.page(view.content(frame, &view.form.name, body))
}

/// `GET /domains`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let page_size = frame.page_size;
    let after = visit.query.cursor().map(str::to_owned);
    let domains =
        visit.app.domains(visit.actor(), related::wanted(&visit), after, page_size).await?;
    visit.list(&frame, list_page(&frame, &domains))
}

/// What is done with domains.
pub struct Domains;

impl Crud for Domains {
    type Id = DomainId;
    type Form = DomainForm;
    type Stored = DomainRow;

    const MODEL: Model = Model::Domain;
    const LIST: &'static str = urls::DOMAINS;
    const NAV: &'static str = "nav-domains";
    const NEW: &'static str = "domain-new";
    const QUESTION: &'static str = "domain-delete-question";
    const SEARCHED: &'static [&'static str] =
        &["included_attributes", "excluded_attributes", "tags"];

    fn id(number: i64) -> DomainId {
        DomainId(number)
    }

    fn name(stored: &DomainRow) -> String {
        stored.name.clone()
    }

    fn blank(_query: &Query) -> DomainForm {
        DomainForm::default()
    }

    fn typed(stored: &DomainRow) -> DomainForm {
        stored.clone().into()
    }

    fn read(fields: &Fields) -> DomainForm {
        DomainForm {
            name: fields.get("name").to_owned(),
            comment: fields.get("comment").to_owned(),
            included_attributes: lookups::lines(fields, "included_attributes"),
            excluded_attributes: lookups::lines(fields, "excluded_attributes"),
            tags: lookups::lines(fields, "tags"),
            administrators: lookups::lines(fields, "administrators"),
        }
    }

    async fn find(visit: &Visit, id: DomainId) -> Result<DomainRow, AppError> {
        visit.app.domain(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<DomainId>,
        form: DomainForm,
    ) -> Result<DomainRow, AppError> {
        match id {
            Some(id) => visit.app.change_domain(visit.actor(), id, form).await,
            None => visit.app.add_domain(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: DomainId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_domain(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn permit(actor: &Actor, action: Action) -> Result<(), AppError> {
        Ok(actor.superuser_permit(Model::Domain, action).map(drop)?)
    }

    fn losses(lang: Lang, stored: &DomainRow) -> Vec<String> {
        let count = stored.deployments;
        let loss = (count > 0).then(|| t!(lang, "loss-domain-deployments", count = count));
        loss.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
