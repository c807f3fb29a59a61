//! Hardware of a computer: the tree of `lshw -json` and what is told of it in one line (D-HW-01
//! to D-HW-03).
//!
//! The tree is a client's word: its depth, its nodes and its texts are bounded here, and what
//! does not read as a tree is refused as a whole. A fragment of it:
//!
//! ```json
//! {"id": "pc7", "class": "system", "product": "OptiPlex 7010", "children": [
//!   {"id": "core", "class": "bus", "children": [
//!     {"id": "memory", "class": "memory", "units": "bytes", "size": 8589934592}]}]}
//! ```

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::computer::Machine;
use super::text::cut;

/// Most nodes of a tree that is accepted.
pub const MAX_NODES: usize = 10_000;
/// Greatest depth of a tree that is accepted.
pub const MAX_DEPTH: usize = 32;
/// Longest text of a field, in characters.
const MAX_TEXT: usize = 250;

/// A piece of hardware. Nodes stand in the order of the tree: a parent before its children.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    /// Place of the parent in the list.
    pub parent: Option<usize>,
    /// 0 for the root.
    pub level: usize,
    /// lshw's `id`: `memory`, `network:0`.
    pub name: String,
    pub class: String,
    pub enabled: Option<bool>,
    pub claimed: Option<bool>,
    pub description: Option<String>,
    pub vendor: Option<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    pub serial: Option<String>,
    pub bus_info: Option<String>,
    pub physid: Option<String>,
    pub slot: Option<String>,
    /// Bytes, or hertz of a processor.
    pub size: Option<i64>,
    pub capacity: Option<i64>,
    /// Hertz.
    pub clock: Option<i64>,
    /// Bits.
    pub width: Option<i64>,
    pub dev: Option<String>,
    /// Name and description; lshw's `true` is an empty description.
    pub capabilities: Vec<(String, String)>,
    pub configuration: Vec<(String, String)>,
    pub logical_names: Vec<String>,
}

/// Why data are not a hardware tree: the old tree is kept (D-HW-02).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HardwareError {
    #[error("hardware data are no object and no list of one")]
    NoTree,
    #[error("a hardware node has no {0}")]
    Lacks(&'static str),
    #[error("a hardware tree has more than {MAX_NODES} nodes")]
    TooManyNodes,
    #[error("a hardware tree is deeper than {MAX_DEPTH} levels")]
    TooDeep,
}

/// Reads a tree: an object, or a list of one (D-HW-02).
///
/// # Errors
/// [`HardwareError`] when it is none, or exceeds the bounds.
pub fn parse(data: &Value) -> Result<Vec<Node>, HardwareError> {
    let root = match data {
        Value::Object(root) => root,
        Value::Array(list) => match list.as_slice() {
            [Value::Object(root)] => root,
            _ => return Err(HardwareError::NoTree),
        },
        _ => return Err(HardwareError::NoTree),
    };
    let mut nodes = Vec::new();
    // Depth first with a stack of its own: a parent comes before its children, in their order.
    let mut waiting = vec![(None, 0, root)];
    while let Some((parent, level, object)) = waiting.pop() {
        if nodes.len() >= MAX_NODES {
            return Err(HardwareError::TooManyNodes);
        }
        if level >= MAX_DEPTH {
            return Err(HardwareError::TooDeep);
        }
        let place = nodes.len();
        nodes.push(Node { parent, level, ..node(object)? });
        if let Some(Value::Array(children)) = object.get("children") {
            let objects = children.iter().rev().filter_map(Value::as_object);
            waiting.extend(objects.map(|child| (Some(place), level + 1, child)));
        }
    }
    Ok(nodes)
}

fn node(object: &Map<String, Value>) -> Result<Node, HardwareError> {
    let string = |key: &str| object.get(key).and_then(text);
    let number = |key: &str| object.get(key).and_then(integer);
    Ok(Node {
        parent: None,
        level: 0,
        name: string("id").ok_or(HardwareError::Lacks("id"))?,
        class: string("class").ok_or(HardwareError::Lacks("class"))?,
        enabled: object
            .get("enabled")
            .and_then(Value::as_bool)
            .or_else(|| object.get("disabled").and_then(Value::as_bool).map(|disabled| !disabled)),
        claimed: object.get("claimed").and_then(Value::as_bool),
        description: string("description"),
        vendor: string("vendor"),
        product: string("product"),
        version: string("version"),
        serial: string("serial"),
        bus_info: string("businfo"),
        physid: string("physid"),
        slot: string("slot"),
        size: number("size"),
        capacity: number("capacity"),
        clock: number("clock"),
        width: number("width"),
        dev: string("dev"),
        capabilities: pairs(object.get("capabilities")),
        configuration: pairs(object.get("configuration")),
        logical_names: match object.get("logicalname") {
            Some(Value::Array(names)) => names.iter().filter_map(text).take(100).collect(),
            Some(name) => text(name).into_iter().collect(),
            None => Vec::new(),
        },
    })
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => cut(text.trim(), MAX_TEXT, false),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// What does not fit in 64 bits with sign becomes 0 (D-HW-02).
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(number.as_i64().unwrap_or(0)),
        Value::String(text) => Some(text.trim().parse().unwrap_or(0)),
        _ => None,
    }
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Object(object)) = value else { return Vec::new() };
    let pair = |(key, value): (&String, &Value)| {
        (cut(key, MAX_TEXT, false), text(value).unwrap_or_default())
    };
    object.iter().take(200).map(pair).collect()
}

/// What lists and pages say of a computer's hardware (D-HW-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub product: Option<String>,
    pub machine: Machine,
    pub cpu: Option<String>,
    /// Bytes.
    pub ram: Option<i64>,
    /// Bytes of all disks.
    pub storage: Option<i64>,
    pub disks: i64,
    /// Upper-case hexadecimal without separators, concatenated.
    pub mac_address: Option<String>,
}

/// Longest product, in characters.
const MAX_PRODUCT: usize = 80;
/// Longest name of a processor, in characters.
const MAX_CPU: usize = 50;

/// Vendors of virtual machines, in lower case, and what their machines are called.
const HYPERVISORS: [(&str, &str); 9] = [
    ("innotek", "virtualbox"),
    ("vmware", "vmware"),
    ("xen", "xen"),
    ("bochs", "kvm"),
    ("qemu", "kvm"),
    ("red hat", "openstack"),
    ("openstack", "openstack"),
    ("parallels", "parallels"),
    ("bhyve", "bhyve"),
];

/// Docker gives its containers addresses in this range.
const CONTAINER_MAC: &str = "0242AC";

/// Sums a tree up (D-HW-03).
pub fn summary(nodes: &[Node]) -> Summary {
    let root = nodes.first();
    let macs = mac_addresses(nodes);
    let virtual_kind = root.and_then(hypervisor).or_else(|| {
        matches!(macs.as_slice(), [only] if only.starts_with(CONTAINER_MAC)).then_some("docker")
    });
    let product = match virtual_kind {
        Some(kind) => Some(kind.to_owned()),
        None => root.and_then(|root| root.product.as_deref()).map(|p| cut(p, MAX_PRODUCT, false)),
    };
    let disks: Vec<i64> = disk_sizes(nodes).collect();
    let total = disks.iter().fold(0_i64, |sum, size| sum.saturating_add(*size));
    Summary {
        product,
        machine: if virtual_kind.is_some() { Machine::Virtual } else { Machine::Physical },
        cpu: processor(nodes),
        ram: ram(nodes),
        storage: (!disks.is_empty()).then_some(total),
        disks: i64::try_from(disks.len()).unwrap_or(i64::MAX),
        mac_address: (!macs.is_empty()).then(|| macs.concat()),
    }
}

fn hypervisor(root: &Node) -> Option<&'static str> {
    let vendor = root.vendor.as_deref().unwrap_or_default().to_lowercase();
    let product = root.product.as_deref().unwrap_or_default();
    // Microsoft makes computers too: only this product of theirs is virtual.
    if vendor.starts_with("microsoft") && product.starts_with("Virtual Machine") {
        return Some("hyperv");
    }
    HYPERVISORS.iter().find(|(name, _)| vendor.contains(name)).map(|(_, kind)| *kind)
}

/// The first processor that has a name, without trademark signs.
fn processor(nodes: &[Node]) -> Option<String> {
    let processors = nodes.iter().filter(|node| node.class == "processor");
    let mut name = processors.filter_map(|node| node.product.clone()).next()?;
    for noise in ["(R)", "(r)", "(TM)", "(tm)", "(C)", "(c)", "®", "™"] {
        name = name.replace(noise, " ");
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    Some(cut(&words.join(" "), MAX_CPU, false)).filter(|name| !name.is_empty())
}

/// Size of the node `memory`, else of the banks together.
fn ram(nodes: &[Node]) -> Option<i64> {
    let memory = |node: &&Node| node.class == "memory" && node.size.is_some_and(|size| size > 0);
    let sum = |name: &str| {
        nodes
            .iter()
            .filter(memory)
            .filter(|node| node.name.split(':').next() == Some(name))
            .fold(0_i64, |sum, node| sum.saturating_add(node.size.unwrap_or(0)))
    };
    [sum("memory"), sum("bank")].into_iter().find(|size| *size > 0)
}

/// Sizes of the disks. A medium inside a card reader is a disk within a disk: it counts once;
/// what lies in an optical drive is no disk.
fn disk_sizes(nodes: &[Node]) -> impl Iterator<Item = i64> {
    let is_disk = |node: &Node| {
        node.class == "disk" && !node.name.starts_with("cdrom") && node.size.is_some_and(|s| s > 0)
    };
    let within_disk = move |node: &Node| {
        node.parent
            .and_then(|parent| nodes.get(parent))
            .is_some_and(|parent| parent.name.starts_with("cdrom") || is_disk(parent))
    };
    nodes.iter().filter(move |node| is_disk(node) && !within_disk(node)).filter_map(|n| n.size)
}

/// Valid MAC addresses of network and bridge nodes, each once, in the order of the tree.
fn mac_addresses(nodes: &[Node]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let cards = nodes.iter().filter(|node| matches!(node.class.as_str(), "network" | "bridge"));
    for mac in cards.filter_map(|node| mac(node.serial.as_deref()?)) {
        if !found.contains(&mac) {
            found.push(mac);
        }
    }
    found
}

/// `52:54:00:12:34:56` -> `525400123456`.
fn mac(serial: &str) -> Option<String> {
    let bytes: Vec<&str> = serial.split(':').collect();
    let is_byte = |byte: &&str| byte.len() == 2 && byte.chars().all(|c| c.is_ascii_hexdigit());
    let mac = bytes.concat().to_ascii_uppercase();
    let means_nothing = matches!(mac.as_str(), "000000000000" | "FFFFFFFFFFFF");
    (bytes.len() == 6 && bytes.iter().all(is_byte) && !means_nothing).then_some(mac)
}

/// Says whether hardware is to be captured: never done, or longer ago than `period_days` (D-HW-02).
pub fn is_due(last_capture: Option<Timestamp>, period_days: i64, now: Timestamp) -> bool {
    let period = SignedDuration::from_hours(period_days.saturating_mul(24).clamp(0, 876_000));
    last_capture.is_none_or(|last| now.duration_since(last) > period)
}

#[cfg(test)]
mod tests;
