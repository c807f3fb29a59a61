//! The audit log: who changed what, when, from what to what (D-GEN-10).

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value};

use crate::app::history::{Filter as Wanted, Recorded};
use crate::catalogue;
use crate::domain::account::Model;
use crate::t;
use crate::web::components::filters::{Filter, Filters};
use crate::web::components::form::Choice;
use crate::web::components::list::List;
use crate::web::components::panel::table_card;
use crate::web::components::table::{Action, Row, Selection, Table, column};
use crate::web::components::time::time;
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::preview;
use crate::web::urls::{self, Query};
use crate::web::visit::{Post, Visit};

/// Changes that the preview of an undo lists.
const LISTED: usize = 100;

/// One change.
pub struct Change {
    pub id: i64,
    pub at: Timestamp,
    pub actor: String,
    pub action: String,
    pub kind: String,
    pub name: String,
    pub can_be_undone: bool,
    /// Field, before, after.
    pub fields: Vec<(String, String, String)>,
}

/// A page of the log.
pub struct View {
    pub changes: Vec<Change>,
    pub next: Option<String>,
}

/// Renders the page.
pub fn page<'a>(frame: &'a Frame, query: &'a Query, view: &'a View) -> List<'a> {
    let lang = frame.lang();
    let rows = view.changes.iter().map(|change| {
        let undone = html! { @if change.can_be_undone { (t!(lang, "audit-can-be-undone")) } };
        let cells = cells(frame, change).into_iter().chain([undone]);
        Row::new("change", change.id, cells.collect())
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-audit"),
        columns: ["time", "account", "action", "object", "changes", "undo"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: Some(selection(frame)),
        empty: t!(lang, "audit-empty"),
    };
    let kinds =
        Model::ALL.iter().map(|model| Choice::new(model.as_str(), kind_name(lang, model.as_str())));
    let filters = Filters {
        lang,
        query,
        filters: vec![
            Filter::Text { name: "actor", label: t!(lang, "field-account") },
            Filter::Choice {
                name: "kind",
                label: t!(lang, "field-object"),
                options: kinds.collect(),
            },
            Filter::Text { name: "object", label: t!(lang, "field-object-id") },
        ],
    };
    List::new(table).filtered(filters).paged(view.next.as_deref())
}

/// Who changed what, and when.
fn cells(frame: &Frame, change: &Change) -> [Markup; 5] {
    let lang = frame.lang();
    [
        time(&frame.reader, change.at),
        html! { (change.actor) },
        html! { (action_name(lang, &change.action)) },
        html! { (kind_name(lang, &change.kind)) ": " strong { (change.name) } },
        changed_fields(change),
    ]
}

/// The changes that an undo takes back, for its preview.
pub fn undoing(frame: &Frame, recorded: Vec<Recorded>) -> Markup {
    let lang = frame.lang();
    let more = i64::try_from(recorded.len().saturating_sub(LISTED)).unwrap_or(i64::MAX);
    let rows = recorded.into_iter().take(LISTED).map(change);
    let rows = rows.map(|change| Row::new("change", change.id, cells(frame, &change).into()));
    let table = Table {
        lang,
        caption: t!(lang, "audit-undoing"),
        columns: ["time", "account", "action", "object", "changes"]
            .map(|name| column(lang, name))
            .into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: String::new(),
    };
    let body = html! {
        (table)
        @if more > 0 { p.inset.soft { (t!(lang, "preview-more", count = more)) } }
    };
    table_card(&t!(lang, "audit-undoing"), None, body)
}

/// Ticked rows are undone, or only previewed.
fn selection<'a>(frame: &'a Frame) -> Selection<'a> {
    let lang = frame.lang();
    Selection {
        url: urls::AUDIT.to_owned(),
        csrf: &frame.csrf,
        actions: vec![Action { name: "undo", label: t!(lang, "audit-undo-action"), danger: true }],
        extra: Some(html! {
            button.button.small type="submit" name=(preview::ASKED) value="yes" {
                (t!(lang, "ui-preview"))
            }
        }),
    }
}

fn changed_fields(change: &Change) -> Markup {
    html! {
        @if !change.fields.is_empty() {
            details {
                summary {
                    @for (place, (field, _, _)) in change.fields.iter().enumerate() {
                        @if place > 0 { ", " } (field)
                    }
                }
                dl.facts {
                    @for (field, before, after) in &change.fields {
                        dt { (field) }
                        dd {
                            @if !before.is_empty() { del.went { (before) } " " }
                            @if !after.is_empty() { ins.came { (after) } }
                        }
                    }
                }
            }
        }
    }
}

fn action_name(lang: catalogue::Lang, action: &str) -> String {
    let key = format!("audit-{}", action.replace(' ', "-"));
    catalogue::find(lang, &key).unwrap_or_else(|| action.to_owned())
}

fn kind_name(lang: catalogue::Lang, kind: &str) -> String {
    let key = format!("model-{}", kind.replace('_', "-"));
    catalogue::find(lang, &key).unwrap_or_else(|| kind.to_owned())
}

/// `POST /audit`: undoes the ticked rows.
pub async fn undo(Post { visit, fields }: Post) -> PageResult {
    let undone = visit.app.undo(visit.actor(), &fields.ids("id")).await?;
    let done = Flash::counted("done-undone", undone.audit.len());
    Ok(visit.done(&visit.came_from(urls::AUDIT), done))
}

/// `GET /audit`.
pub async fn list(visit: Visit) -> PageResult {
    let query = visit.query.clone();
    let frame = visit.frame().await?;
    let limit = frame.page_size;
    let text = |name: &str| query.find(name).map(str::to_owned);
    let kind = query.find("kind").and_then(Model::parse);
    let wanted = Wanted {
        before_id: query.cursor().and_then(|cursor| cursor.parse().ok()),
        actor: text("actor"),
        object_kind: text("kind"),
        object_id: query.number("object").filter(|_| kind.is_some()),
        limit: limit + 1,
    };
    let found = visit.app.history(visit.actor(), kind, wanted).await?;
    let mut changes: Vec<Change> = found.into_iter().map(change).collect();
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = changes.len() > full;
    changes.truncate(full);
    let next = changes.last().filter(|_| more).map(|change| change.id.to_string());
    let view = View { changes, next };
    visit.list(&frame, page(&frame, &query, &view))
}

fn change(recorded: Recorded) -> Change {
    let Recorded { id, entry, can_be_undone } = recorded;
    let before = fields_of(entry.before.as_deref());
    let after = fields_of(entry.after.as_deref());
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let fields = names.into_iter().map(|name| {
        let text = |side: &Map<String, Value>| side.get(name).map(plain).unwrap_or_default();
        (name.clone(), text(&before), text(&after))
    });
    Change {
        id,
        at: entry.at,
        actor: entry.actor,
        action: entry.action,
        kind: entry.object_kind,
        name: entry.object_name,
        can_be_undone,
        fields: fields.collect(),
    }
}

fn fields_of(text: Option<&str>) -> Map<String, Value> {
    match text.map(serde_json::from_str) {
        Some(Ok(Value::Object(fields))) => fields,
        _ => Map::new(),
    }
}

/// A value as people read it: texts without quotes, lists with commas.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
