//! The hardware of a computer as a tree; each node shows what it says of itself (D-HW-04).

use std::collections::BTreeMap;

use actix_web::web::Path;
use maud::{Markup, html};
use serde_json::Value;

use super::around;
use crate::app::computers::{ComputerDetail, HardwareNode};
use crate::domain::account::{Action, Model};
use crate::domain::ids::ComputerId;
use crate::t;
use crate::web::components::facts::Facts;
use crate::web::components::panel::empty;
use crate::web::components::status::{Level, badge};
use crate::web::components::time::time;
use crate::web::components::tree::{Node, Tree};
use crate::web::error::PageResult;
use crate::web::flash::Flash;
use crate::web::layout::Frame;
use crate::web::reader::size;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// Levels that are open from the start.
const OPEN_LEVELS: i64 = 2;

/// Renders the page.
pub fn page(frame: &Frame, computer: &ComputerDetail, nodes: &[HardwareNode]) -> Markup {
    let lang = frame.lang();
    let mut below: BTreeMap<Option<i64>, Vec<&HardwareNode>> = BTreeMap::new();
    for node in nodes {
        below.entry(node.parent_id).or_default().push(node);
    }
    let roots = branches(frame, &below, None);
    let tree = Tree { label: t!(lang, "computer-hardware"), roots: &roots };
    let url = urls::part(urls::COMPUTERS, computer.row.id, "hardware");
    let body = html! {
        div.selection {
            @if let Some(at) = computer.last_hardware_capture {
                span.soft { (t!(lang, "hardware-captured")) " " (time(&frame.reader, at)) }
            } @else {
                span.soft { (t!(lang, "hardware-not-captured")) }
            }
            @if frame.may(Model::Computer, Action::Change) {
                form method="post" action=(url) {
                    input type="hidden" name="csrf" value=(frame.csrf);
                    button.button.small type="submit" { (t!(lang, "hardware-capture-again")) }
                }
            }
        }
        section.card {
            @if nodes.is_empty() { (empty(&t!(lang, "hardware-empty"))) } @else { (tree) }
        }
    };
    around(frame, computer, "hardware", body)
}

fn branches(
    frame: &Frame,
    below: &BTreeMap<Option<i64>, Vec<&HardwareNode>>,
    parent: Option<i64>,
) -> Vec<Node> {
    let children = below.get(&parent).map(Vec::as_slice).unwrap_or_default();
    let node = |node: &&HardwareNode| Node {
        anchor: format!("node-{}", node.id),
        label: label(frame, node),
        about: Some(html! { (about(frame, node)) }),
        open: node.level < OPEN_LEVELS,
        children: branches(frame, below, Some(node.id)),
    };
    children.iter().map(node).collect()
}

fn label(frame: &Frame, node: &HardwareNode) -> Markup {
    let text = [&node.description, &node.product].into_iter().flatten().next();
    html! {
        strong { (text.map_or(node.name.as_str(), String::as_str)) }
        " " span.soft { (node.class) }
        @if node.claimed == Some(false) {
            " " (badge(Level::Warning, &t!(frame.lang(), "hardware-unclaimed")))
        }
        @if node.enabled == Some(false) {
            " " (badge(Level::Muted, &t!(frame.lang(), "ui-disabled")))
        }
    }
}

fn about(frame: &Frame, node: &HardwareNode) -> Facts {
    let in_bytes = matches!(node.class.as_str(), "memory" | "disk" | "volume" | "storage");
    let amount = |value: Option<i64>| {
        let value = value.and_then(|value| u64::try_from(value).ok())?;
        Some(if in_bytes { size(value) } else { value.to_string() })
    };
    let mut facts = Facts::new(frame.lang())
        .add_text("product", node.product.as_deref().unwrap_or_default())
        .add_text("vendor", node.vendor.as_deref().unwrap_or_default())
        .add_text("version", node.version.as_deref().unwrap_or_default())
        .add_text("serial", node.serial.as_deref().unwrap_or_default())
        .add_text("bus-info", node.bus_info.as_deref().unwrap_or_default())
        .add_text("slot", node.slot.as_deref().unwrap_or_default())
        .add_some("size", amount(node.size))
        .add_some("capacity", amount(node.capacity))
        .add_some("clock", node.clock.map(|hertz| format!("{} MHz", hertz / 1_000_000)))
        .add_some("width", node.width.map(|bits| format!("{bits} bit")))
        .add_text("logical-names", &words(&node.logical_names))
        .add_text("capabilities", &words(&node.capabilities));
    for (name, value) in node.configuration.as_object().into_iter().flatten() {
        facts = facts.add_raw(name, plain(value));
    }
    facts
}

/// Texts of an array, or names (with what they mean) of an object.
fn words(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let pair = |(name, value): (&String, &Value)| match value {
                Value::String(text) => format!("{name} ({text})"),
                _ => name.clone(),
            };
            fields.iter().map(pair).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `GET /computers/{id}/hardware`.
pub async fn show(visit: Visit, id: Path<ComputerId>) -> PageResult {
    let computer = visit.app.computer(visit.actor(), *id).await?;
    let nodes = visit.app.hardware(visit.actor(), *id).await?;
    visit.show(|frame| page(frame, &computer, &nodes)).await
}

/// `POST /computers/{id}/hardware`: the next synchronisation captures it (D-HW-02).
pub async fn capture(post: Post, id: Path<ComputerId>) -> PageResult {
    post.visit.app.capture_hardware(post.visit.actor(), *id).await?;
    let url = urls::part(urls::COMPUTERS, *id, "hardware");
    Ok(post.visit.done(&url, Flash::done("done-capture", "")))
}
