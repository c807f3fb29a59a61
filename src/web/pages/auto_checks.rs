//! Patterns of errors that need no check (5.2): list and form.

use maud::{Markup, html};

use crate::app::AppError;
use crate::domain::account::Model;
use crate::domain::client_error::AutoCheckError;
use crate::domain::ids::AutoCheckErrorId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::list::List;
use crate::web::components::related::Related;
use crate::web::components::table::{Order, Row, Table, column};
use crate::web::crud::{self, Crud, Typed};
use crate::web::error::PageResult;
use crate::web::layout::Frame;
use crate::web::sorting;
use crate::web::urls::{self, Query};
use crate::web::visit::Visit;

/// Renders the list.
pub fn list_page<'a>(frame: &'a Frame, patterns: &'a [AutoCheckError]) -> List<'a> {
    let lang = frame.lang();
    let rows = patterns.iter().map(|pattern| {
        let url = urls::object(urls::AUTO_CHECK, pattern.id);
        Row::new(
            "pattern",
            pattern.id,
            vec![html! { a.mono.break href=(url) { (pattern.message) } }],
        )
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-auto-check-errors"),
        columns: vec![column(lang, "pattern").wide().sortable("pattern")],
        rows: rows.collect(),
        order: Some(Order::of(&frame.query)),
        selection: crud::selection::<Patterns>(frame),
        empty: t!(lang, "patterns-empty"),
    };
    let intro = html! { p.soft { (t!(lang, "patterns-text")) } };
    List::new(table).introduced(intro).with_actions(crud::addition::<Patterns>(frame))
}

/// The columns that the list is sorted by.
const SORTED: [sorting::Column<AutoCheckError>; 1] =
    [("pattern", |pattern| (&pattern.message).into())];

/// Renders the form.
fn form_page(frame: &Frame, view: &Typed<Patterns>) -> Markup {
    let lang = frame.lang();
    let form = view.form(frame);
    let fields = form.lines("message", &view.form).label("field-pattern").hint("hint-pattern");
    let body = html! { section.card.narrow { (view.framed(form, fields.required())) } };
    let history =
        view.id.map(|id| Related::view(lang, "nav-history", urls::history("auto_check_error", id)));
    let content = view.content(frame, &t!(lang, "pattern-one"), body);
    frame.page(content.with_views(history.into_iter().collect()))
}

/// `GET /auto-check-errors`.
pub async fn list(visit: Visit) -> PageResult {
    let frame = visit.frame().await?;
    let mut patterns = visit.app.auto_check_errors(visit.actor()).await?;
    sorting::sort(&visit.query, &mut patterns, &SORTED);
    visit.list(&frame, list_page(&frame, &patterns))
}

/// What is done with patterns.
pub struct Patterns;

impl Crud for Patterns {
    type Id = AutoCheckErrorId;
    type Form = String;
    type Stored = AutoCheckError;

    const MODEL: Model = Model::AutoCheckError;
    const LIST: &'static str = urls::AUTO_CHECK;
    const NAV: &'static str = "nav-auto-check-errors";
    const NEW: &'static str = "pattern-new";
    const QUESTION: &'static str = "pattern-delete-question";

    fn id(number: i64) -> AutoCheckErrorId {
        AutoCheckErrorId(number)
    }

    fn name(stored: &AutoCheckError) -> String {
        stored.message.clone()
    }

    fn blank(_query: &Query) -> String {
        String::new()
    }

    fn typed(stored: &AutoCheckError) -> String {
        stored.message.clone()
    }

    fn read(fields: &Fields) -> String {
        fields.get("message").to_owned()
    }

    async fn find(visit: &Visit, id: AutoCheckErrorId) -> Result<AutoCheckError, AppError> {
        visit.app.auto_check_error(visit.actor(), id).await
    }

    async fn save(
        visit: &Visit,
        id: Option<AutoCheckErrorId>,
        message: String,
    ) -> Result<AutoCheckError, AppError> {
        match id {
            Some(id) => visit.app.change_auto_check_error(visit.actor(), id, &message).await,
            None => visit.app.add_auto_check_error(visit.actor(), &message).await,
        }
    }

    async fn delete(visit: &Visit, id: AutoCheckErrorId, _confirmed: bool) -> Result<(), AppError> {
        visit.app.delete_auto_check_error(visit.actor(), id).await
    }

    async fn show(visit: &Visit, typed: Typed<Self>) -> PageResult {
        visit.show_as(typed.status(), |frame| form_page(frame, &typed)).await
    }
}

#[cfg(test)]
mod tests;
