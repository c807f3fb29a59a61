//! Tables of objects: sortable heads, a selection with its actions, pages by key.
//!
//! On a narrow screen each row becomes a card whose cells carry the name of their column.

use maud::{Markup, PreEscaped, Render, html};

use super::icon::icon;
use super::panel::empty;
use crate::catalogue::Lang;
use crate::t;
use crate::web::urls::Query;

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    label: String,
    sort: Option<&'static str>,
    class: &'static str,
}

/// The column whose title is the message `field-<name>`.
pub fn column(lang: Lang, name: &str) -> Column {
    Column { label: t!(lang, &format!("field-{name}")), sort: None, class: "" }
}

impl Column {
    /// Can be sorted by `key`.
    #[must_use]
    pub fn sortable(mut self, key: &'static str) -> Self {
        self.sort = Some(key);
        self
    }

    /// Holds numbers, aligned at the right.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.class = "number";
        self
    }

    /// Holds long text whose line breaks count.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.class = "wide";
        self
    }
}

/// A row: what it is about stands in the first cell, its head.
pub struct Row {
    /// Anchor for tests and links, `computer-7`.
    pub anchor: String,
    /// Value of its box in a selection.
    pub key: String,
    pub cells: Vec<Markup>,
}

impl Row {
    /// A row named after a kind of object and its id.
    pub fn new(kind: &str, id: impl std::fmt::Display, cells: Vec<Markup>) -> Self {
        Self { anchor: format!("{kind}-{id}"), key: id.to_string(), cells }
    }
}

/// What can be done with the ticked rows.
pub struct Action {
    pub name: &'static str,
    pub label: String,
    pub danger: bool,
}

/// A selection: where its form is sent and what it can do.
pub struct Selection<'a> {
    pub url: String,
    pub csrf: &'a str,
    pub actions: Vec<Action>,
    /// Controls beside the buttons, a choice of status for example.
    pub extra: Option<Markup>,
}

/// How a list is ordered: a key, a minus before it for the opposite direction.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub current: &'a str,
    /// Address and filters of the list.
    pub query: &'a Query,
}

impl<'a> Order<'a> {
    /// The order that the address asks for.
    pub fn of(query: &'a Query) -> Self {
        Self { current: query.get("sort"), query }
    }
}

/// A table.
pub struct Table<'a> {
    pub lang: Lang,
    /// What the table lists, for those who do not see the page.
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub order: Option<Order<'a>>,
    pub selection: Option<Selection<'a>>,
    /// Text in place of a table without rows.
    pub empty: String,
}

impl Render for Table<'_> {
    fn render(&self) -> Markup {
        if self.rows.is_empty() {
            return html! { div.table-box { (empty(&self.empty)) } };
        }
        match self.selection.as_ref().filter(|selection| !selection.actions.is_empty()) {
            None => self.grid(false),
            Some(selection) => html! {
                form method="post" action=(selection.url) {
                    input type="hidden" name="csrf" value=(selection.csrf);
                    (self.grid(true))
                    div.selection role="group" aria-label=(t!(self.lang, "ui-with-selection")) {
                        span.soft { (t!(self.lang, "ui-with-selection")) }
                        @if let Some(extra) = &selection.extra { (extra) }
                        @for action in &selection.actions {
                            button.button.small.danger[action.danger] type="submit" name="action"
                                value=(action.name) { (action.label) }
                        }
                    }
                }
            },
        }
    }
}

/// A table of a few rows that are not objects of a list: no selection, no order.
pub fn short_table(lang: Lang, caption: &str, heads: [&str; 3], rows: impl Render) -> Markup {
    html! {
        div.table-box {
            table.cards {
                caption.hidden-text { (caption) }
                thead {
                    tr { @for key in heads { th scope="col" { (t!(lang, key)) } } }
                }
                tbody { (rows) }
            }
        }
    }
}

impl Table<'_> {
    /// Heads and cells as plain text.
    pub fn texts(&self) -> (Vec<String>, Vec<Vec<String>>) {
        let head = self.columns.iter().map(|column| column.label.clone()).collect();
        let row = |row: &Row| row.cells.iter().map(plain).collect();
        (head, self.rows.iter().map(row).collect())
    }

    fn grid(&self, pick: bool) -> Markup {
        // The heads that sort stay in sight on a narrow screen.
        let sorts = self.order.is_some() && self.columns.iter().any(|one| one.sort.is_some());
        html! {
            div.table-box tabindex="0" role="region" aria-label=(self.caption) {
                table.cards {
                    caption.hidden-text { (self.caption) }
                    thead.sorts[sorts] {
                        tr {
                            @if pick {
                                th.pick scope="col" {
                                    span.hidden-text { (t!(self.lang, "ui-select")) }
                                    input type="checkbox" data-all hidden
                                        aria-label=(t!(self.lang, "ui-select-all"));
                                }
                            }
                            @for column in &self.columns { (self.head(column)) }
                        }
                    }
                    tbody { @for row in &self.rows { (self.row(row, pick)) } }
                }
            }
        }
    }

    fn head(&self, column: &Column) -> Markup {
        let class = (column.class == "number").then_some("number");
        let Some((key, order)) = column.sort.zip(self.order) else {
            return html! { th scope="col" class=[class] { (column.label) } };
        };
        let current = order.current.trim_start_matches('-') == key;
        let descending = order.current.starts_with('-');
        let sorted = current.then_some(if descending { "descending" } else { "ascending" });
        let next = if current && !descending { format!("-{key}") } else { key.to_owned() };
        html! {
            th.sort.number[class.is_some()] scope="col" aria-sort=[sorted] {
                a href=(order.query.sorted(&next)) {
                    (column.label) @if let Some(name) = sorted { " " (icon(name)) }
                }
            }
        }
    }

    fn row(&self, row: &Row, pick: bool) -> Markup {
        html! {
            tr id=(row.anchor) {
                @if pick {
                    td.pick {
                        input type="checkbox" name="id" value=(row.key)
                            aria-labelledby={ (row.anchor) "-name" };
                    }
                }
                @for (place, (column, cell)) in self.columns.iter().zip(&row.cells).enumerate() {
                    @if place == 0 {
                        th scope="row" id={ (row.anchor) "-name" } { (cell) }
                    } @else {
                        (data_cell(column, cell))
                    }
                }
            }
        }
    }
}

fn data_cell(column: &Column, cell: &PreEscaped<String>) -> Markup {
    let bare = cell.0.is_empty().then_some("bare");
    let classes: Vec<&str> =
        [column.class].into_iter().chain(bare).filter(|c| !c.is_empty()).collect();
    let classes = (!classes.is_empty()).then(|| classes.join(" "));
    html! { td class=[classes] data-label=(column.label) { (cell) } }
}

/// What stands in a cell without its tags: items of a list after commas, text for those who do not
/// see the page left out where it only names an icon.
fn plain(cell: &Markup) -> String {
    let mut text = String::new();
    let mut rest = cell.0.as_str();
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, mut after) = tag.split_once('>').unwrap_or((tag, ""));
        if tag == "span class=\"hidden-text\"" {
            after = after.split_once("</span>").map_or("", |(_, after)| after);
        }
        if tag == "/li" {
            text.push_str(", ");
        } else if !tag.starts_with("a ") && tag != "/a" {
            text.push(' ');
        }
        rest = after;
    }
    text.push_str(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").replace(" ,", ",");
    let text = text.trim_end_matches([',', ' ']);
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

/// Links to the page before and the next one. Pages go by key: the addresses of those before
/// travel along, so that one can go back without the server remembering anything.
pub fn pager(lang: Lang, query: &Query, shown: usize, next: Option<&str>) -> Markup {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    html! {
        nav.pager aria-label=(t!(lang, "ui-pages")) {
            @if let Some(previous) = query.previous_page() {
                a.button.small rel="prev" href=(previous) {
                    (icon("previous")) (t!(lang, "ui-previous"))
                }
            }
            @if let Some(next) = next {
                a.button.small rel="next" href=(query.next_page(next)) {
                    (t!(lang, "ui-next")) (icon("next"))
                }
            }
            @if shown > 0 { span.soft { (t!(lang, "ui-rows-shown", count = shown)) } }
        }
    }
}
