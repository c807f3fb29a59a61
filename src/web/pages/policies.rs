//! Policies: list, and form with its groups (8.2).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::policies::{GroupForm, PolicyForm, PolicyRow};
use crate::app::related::Kind;
use crate::domain::account::Model;
use crate::domain::ids::PolicyId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::Form;
use crate::web::components::list::List;
use crate::web::components::status::{Level, enabled, yes_no};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::{Frame, message};
use crate::web::pages::lookups;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;
use crate::web::{related, sorting};

/// Empty groups that a form offers beside those there are.
const FREE: usize = 2;
/// Most groups that are read from a form.
const MAX_GROUPS: usize = 110;

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, policies: &'a [PolicyRow]) -> List<'a> {
    let lang = frame.lang();
    let rows = policies.iter().map(|policy| {
        let form = &policy.form;
        let cells = vec![
            html! { a href=(urls::object(urls::POLICIES, policy.id)) { (form.name) } },
            enabled(lang, form.enabled),
            yes_no(lang, form.exclusive),
            target(lang, &form.included_attributes, &form.excluded_attributes),
            html! { (form.groups.len()) },
        ];
        Row::new("policy", policy.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-policies"),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "enabled").sortable("enabled"),
            column(lang, "exclusive").sortable("exclusive"),
            column(lang, "target"),
            column(lang, "groups"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Policies>(frame),
        empty: t!(lang, "policies-empty"),
    };
    List::new(table).with_actions(crud::addition::<Policies>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<PolicyRow>; 3] = [
    ("name", |policy| (&policy.form.name).into()),
    ("enabled", |policy| policy.form.enabled.into()),
    ("exclusive", |policy| policy.form.exclusive.into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Policies>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let data = &view.form;
    let (included, excluded) =
        (data.included_attributes.join("\n"), data.excluded_attributes.join("\n"));
    let free = if form.writable { FREE } else { 0 };
    let empty = vec![GroupForm::default(); free];
    let fields = html! {
        (form.text("name", &data.name).required().max(50))
        (form.area("comment", &data.comment))
        div.pair {
            (form.tick("enabled", data.enabled).hint("none"))
            (form.tick("exclusive", data.exclusive).hint("hint-exclusive"))
        }
        div.pair {
            (form.picker("included_attributes", &included, urls::SUGGEST_ATTRIBUTES))
            (form.picker("excluded_attributes", &excluded, urls::SUGGEST_ATTRIBUTES))
        }
        h2 { (t!(lang, "policy-groups")) }
        p.hint { (t!(lang, "policy-groups-text")) }
        @if let Some(wrong) = view.problems.of("groups") { (message(Level::Danger, wrong)) }
        @for (place, group) in data.groups.iter().chain(&empty).enumerate() {
            (group_fields(form, place, group, place >= data.groups.len()))
        }
    };
    let body = html! {
        section.card { (view.framed(form, fields)) }
    };
    frame.page(view.content(frame, &view.form.name, body))
}

/// The fields of one group; a group whose priority is emptied goes.
fn group_fields(form: Form<'_>, place: usize, group: &GroupForm, is_free: bool) -> Markup {
    let lang = form.lang;
    let name = |field: &str| format!("group{place}_{field}");
    let (priority, included, excluded, applications) = (
        name("priority"),
        name("included_attributes"),
        name("excluded_attributes"),
        name("applications"),
    );
    let number = if is_free { String::new() } else { group.priority.to_string() };
    let lines = |names: &[String]| names.join("\n");
    let text = [
        lines(&group.included_attributes),
        lines(&group.excluded_attributes),
        lines(&group.applications),
    ];
    let [included_text, excluded_text, applications_text] = &text;
    html! {
        fieldset {
            legend {
                @if is_free { (t!(lang, "policy-new-group")) }
                @else { (t!(lang, "field-priority")) " " (group.priority) }
            }
            (form.number(&priority, &number).label("field-priority"))
            div.pair {
                (form.picker(&included, included_text, urls::SUGGEST_ATTRIBUTES)
                    .label("field-included-attributes"))
                (form.picker(&excluded, excluded_text, urls::SUGGEST_ATTRIBUTES)
                    .label("field-excluded-attributes"))
            }
            (form.lines(&applications, applications_text).label("field-applications"))
        }
    }
}

/// `GET /policies`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let policies = visit.app.policies(visit.actor()).await?;
    let mut policies = related::keep(&visit, Kind::Policy, policies, |one| one.id.0).await?;
    sorting::sort(&visit.query, &mut policies, &SORTED);
    visit.list(&frame, list_page(&frame, &policies))
}

/// What is done with policies.
pub struct Policies;

impl Crud for Policies {
    type Id = PolicyId;
    type Form = PolicyForm;
    type Stored = PolicyRow;

    const MODEL: Model = Model::Policy;
    const LIST: &'static str = urls::POLICIES;
    const NAV: &'static str = "nav-policies";
    const NEW: &'static str = "policy-new";
    const QUESTION: &'static str = "policy-delete-question";
    const SWITCHED: bool = true;

    fn id(number: i64) -> PolicyId {
        PolicyId(number)
    }

    fn name(stored: &PolicyRow) -> String {
        stored.form.name.clone()
    }

    fn blank(_query: &Query) -> PolicyForm {
        PolicyForm { enabled: true, exclusive: true, ..PolicyForm::default() }
    }

    fn typed(stored: &PolicyRow) -> PolicyForm {
        stored.form.clone()
    }

    fn read(fields: &Fields) -> PolicyForm {
        read(fields)
    }

    async fn find(visit: &Visit, id: PolicyId) -> Result<PolicyRow, AppError> {
        visit.app.policy(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<PolicyId>,
        form: PolicyForm,
    ) -> Result<PolicyRow, AppError> {
        match id {
            Some(id) => visit.app.change_policy(visit.actor(), id, form).await,
            None => visit.app.add_policy(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: PolicyId, _confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_policy(visit.actor(), id).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    /// The empty groups of the form are filled in one after the other.
    fn saved_at(stored: &PolicyRow) -> String {
        urls::object(urls::POLICIES, stored.id)
    }

    fn switch(form: &mut PolicyForm, enabled: bool) {
        form.enabled = enabled;
    }
}

fn read(fields: &Fields) -> PolicyForm {
    let group = |place: usize| -> Option<GroupForm> {
        let name = |field: &str| format!("group{place}_{field}");
        Some(GroupForm {
            priority: fields.get(&name("priority")).trim().parse().ok()?,
            included_attributes: lookups::lines(fields, &name("included_attributes")),
            excluded_attributes: lookups::lines(fields, &name("excluded_attributes")),
            applications: lookups::lines(fields, &name("applications")),
        })
    };
    PolicyForm {
        name: fields.get("name").to_owned(),
        comment: fields.get("comment").to_owned(),
        enabled: fields.ticked("enabled"),
        exclusive: fields.ticked("exclusive"),
        included_attributes: lookups::lines(fields, "included_attributes"),
        excluded_attributes: lookups::lines(fields, "excluded_attributes"),
        groups: (0..MAX_GROUPS).filter_map(group).collect(),
    }
}

#[cfg(test)]
mod tests;
