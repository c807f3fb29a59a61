//! A list page (D-UI-03): breadcrumb, title, buttons, filters, the table with its selection, pages,
//! and the filtered rows as a file for a spreadsheet.

use maud::{Markup, Render, html};

use super::filters::Filters;
use super::icon::icon;
use super::panel::empty_with;
use super::table::{Table, pager};
use crate::t;
use crate::web::csv;
use crate::web::layout::{Content, Frame};

/// Rows that a file holds at most; its name says when there are more.
pub const MOST_ROWS: u32 = 20_000;

/// A list with all that surrounds it.
pub struct List<'a> {
    table: Table<'a>,
    filters: Option<Filters<'a>>,
    next: Option<&'a str>,
    actions: Option<Markup>,
    /// What stands above and below the table.
    intro: Option<Markup>,
    after: Option<Markup>,
}

impl<'a> List<'a> {
    /// A list with its table, whose caption is the title.
    pub fn new(table: Table<'a>) -> Self {
        Self { table, filters: None, next: None, actions: None, intro: None, after: None }
    }

    /// With these filters.
    #[must_use]
    pub fn filtered(mut self, filters: Filters<'a>) -> Self {
        self.filters = Some(filters);
        self
    }

    /// Goes on after this cursor, if it does.
    #[must_use]
    pub fn paged(mut self, next: Option<&'a str>) -> Self {
        self.next = next;
        self
    }

    /// With buttons beside the title.
    #[must_use]
    pub fn with_actions(mut self, actions: impl Render) -> Self {
        self.actions = Some(actions.render());
        self
    }

    /// With a text above the table.
    #[must_use]
    pub fn introduced(mut self, intro: impl Render) -> Self {
        self.intro = Some(intro.render());
        self
    }

    /// With something below the pages.
    #[must_use]
    pub fn followed(mut self, after: impl Render) -> Self {
        self.after = Some(after.render());
        self
    }

    /// The page.
    pub fn page(self, frame: &Frame) -> Markup {
        let (lang, query) = (frame.lang(), &frame.query);
        let shown = self.table.rows.len();
        let body = html! {
            @if let Some(filters) = &self.filters { (filters) }
            @if let Some(intro) = &self.intro { (intro) }
            (self.rows(frame))
            div.list-end {
                (pager(lang, query, shown, self.next))
                @if shown > 0 {
                    a.button.small href=(query.exported()) {
                        (icon("download")) (t!(lang, "ui-export"))
                    }
                }
            }
            @if let Some(after) = &self.after { (after) }
        };
        let content = Content::new(self.table.caption.clone(), body);
        frame.page(Content { actions: self.actions, ..content })
    }

    /// The table; in place of one without rows why there are none, and where there is nothing yet
    /// the buttons that add something, for who has them.
    fn rows(&self, frame: &Frame) -> Markup {
        let (lang, query, choices) = (frame.lang(), &frame.query, &frame.choices);
        if !self.table.rows.is_empty() {
            return self.table.render();
        }
        let found = query.filtered() || query.cursor().is_some();
        let text = if query.filtered() {
            t!(lang, "ui-nothing-found")
        } else if found {
            t!(lang, "ui-nothing-further")
        } else if choices.domain.is_some() || choices.scope.is_some() {
            t!(lang, "ui-nothing-in-sight")
        } else {
            self.table.empty.clone()
        };
        let buttons = self.actions.clone().filter(|_| !found).unwrap_or_default();
        html! { div.table-box { (empty_with(&text, &buttons)) } }
    }

    /// The rows as a file: its name, and what is in it.
    pub fn file(&self, frame: &Frame) -> (String, String) {
        let name = frame.path.trim_start_matches('/').replace('/', "-");
        let part = if self.next.is_some() { format!("-first-{MOST_ROWS}") } else { String::new() };
        let (head, rows) = self.table.texts();
        (format!("{name}{part}.csv"), csv::table(&head, &rows))
    }
}
