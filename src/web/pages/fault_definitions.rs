//! Fault definitions: list and form (5.1).

use maud::{Markup, html};

use crate::app::AppError;
use crate::app::fault_definitions::{DefinitionForm, DefinitionRow};
use crate::app::related::Kind;
use crate::catalogue::Lang;
use crate::domain::account::Model;
use crate::domain::formula::Language;
use crate::domain::ids::FaultDefinitionId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::list::List;
use crate::web::components::lookup::enter_button;
use crate::web::components::status::{Level, badge, enabled};
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::components::target::target;
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::pages::formulas::languages;
use crate::web::pages::lookups;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;
use crate::web::{related, sorting};

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, definitions: &'a [DefinitionRow]) -> List<'a> {
    let lang = frame.lang();
    let rows = definitions.iter().map(|definition| {
        let names = |named: &[crate::app::computers::Named]| -> Vec<String> {
            named.iter().map(|one| one.name.clone()).collect()
        };
        let included = names(&definition.included_attributes);
        let excluded = names(&definition.excluded_attributes);
        let cells = vec![
            html! {
                a href=(urls::object(urls::FAULT_DEFINITIONS, definition.id)) { (definition.name) }
            },
            html! { (definition.description) },
            html! { (definition.language.as_str()) },
            enabled(lang, definition.enabled),
            target(lang, &included, &excluded),
            html! {
                a href=(urls::filtered(urls::FAULTS, "definition", definition.id)) {
                    (definition.faults)
                }
                @if definition.unchecked_faults > 0 {
                    " " (badge(Level::Danger,
                        &t!(lang, "faults-unchecked", count = definition.unchecked_faults)))
                }
            },
        ];
        Row::new("fault-definition", definition.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-fault-definitions"),
        columns: vec![
            column(lang, "name").sortable("name"),
            column(lang, "description").sortable("description"),
            column(lang, "language").sortable("language"),
            column(lang, "enabled").sortable("enabled"),
            column(lang, "target"),
            column(lang, "faults").sortable("faults"),
        ],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<FaultDefinitions>(frame),
        empty: t!(lang, "fault-definitions-empty"),
    };
    List::new(table).with_actions(crud::addition::<FaultDefinitions>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<DefinitionRow>; 5] = [
    ("name", |one| (&one.name).into()),
    ("description", |one| (&one.description).into()),
    ("language", |one| one.language.as_str().into()),
    ("enabled", |one| one.enabled.into()),
    ("faults", |one| one.faults.into()),
];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<FaultDefinitions>) -> Markup {
    let form = view.form(frame);
    let data = &view.form;
    let users = data.users.join("\n");
    let fields = html! {
        (enter_button())
        (form.text("name", &data.name).required().max(50).hint("hint-fault-definition-name"))
        (form.area("description", &data.description))
        (form.tick("enabled", data.enabled).hint("none"))
        (form.choice("language", data.language.as_str(), languages()))
        (form.code("code", &data.code).hint("hint-fault-code"))
        (view.target(form, &data.included_attributes, &data.excluded_attributes))
        (form.lines("users", &users))
    };
    let body = html! {
        section.card { (view.framed(form, fields)) }
    };
    frame.page(view.content(frame, &view.form.name, body))
}

/// `GET /fault-definitions`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let definitions = visit.app.fault_definitions(visit.actor()).await?;
    let mut definitions =
        related::keep(&visit, Kind::FaultDefinition, definitions, |one| one.id.0).await?;
    sorting::sort(&visit.query, &mut definitions, &SORTED);
    visit.list(&frame, list_page(&frame, &definitions))
}

/// What is done with fault definitions.
pub struct FaultDefinitions;

impl Crud for FaultDefinitions {
    type Id = FaultDefinitionId;
    type Form = DefinitionForm;
    type Stored = DefinitionRow;

    const MODEL: Model = Model::FaultDefinition;
    const LIST: &'static str = urls::FAULT_DEFINITIONS;
    const NAV: &'static str = "nav-fault-definitions";
    const NEW: &'static str = "fault-definition-new";
    const QUESTION: &'static str = "fault-definition-delete-question";
    const SEARCHED: &'static [&'static str] = crud::TARGET;
    const SWITCHED: bool = true;

    fn id(number: i64) -> FaultDefinitionId {
        FaultDefinitionId(number)
    }

    fn name(stored: &DefinitionRow) -> String {
        stored.name.clone()
    }

    fn blank(_query: &Query) -> DefinitionForm {
        DefinitionForm {
            name: String::new(),
            description: String::new(),
            enabled: true,
            language: Language::Bash,
            code: String::new(),
            included_attributes: Vec::new(),
            excluded_attributes: Vec::new(),
            users: Vec::new(),
        }
    }

    fn typed(stored: &DefinitionRow) -> DefinitionForm {
        stored.clone().into()
    }

    fn read(fields: &Fields) -> DefinitionForm {
        DefinitionForm {
            name: fields.get("name").to_owned(),
            description: fields.get("description").to_owned(),
            enabled: fields.ticked("enabled"),
            language: Language::parse(fields.get("language")).unwrap_or(Language::Bash),
            code: fields.get("code").to_owned(),
            included_attributes: lookups::lines(fields, "included_attributes"),
            excluded_attributes: lookups::lines(fields, "excluded_attributes"),
            users: lookups::lines(fields, "users"),
        }
    }

    async fn find(visit: &Visit, id: FaultDefinitionId) -> Result<DefinitionRow, AppError> {
        visit.app.fault_definition(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<FaultDefinitionId>,
        form: DefinitionForm,
    ) -> Result<DefinitionRow, AppError> {
        match id {
            Some(id) => visit.app.change_fault_definition(visit.actor(), id, form).await,
            None => visit.app.add_fault_definition(visit.actor(), form).await,
        }
    }

    async fn delete(visit: &Visit, id: FaultDefinitionId, confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_fault_definition(visit.actor(), id, confirmed).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }

    fn losses(lang: Lang, stored: &DefinitionRow) -> Vec<String> {
        let loss = (stored.faults > 0).then(|| t!(lang, "loss-faults", count = stored.faults));
        loss.into_iter().collect()
    }

    fn switch(form: &mut DefinitionForm, enabled: bool) {
        form.enabled = enabled;
    }
}

#[cfg(test)]
mod tests;
