//! A node of the tree, with the field names of `lshw -json`.

use std::collections::BTreeMap;

use serde::Serialize;

/// One piece of hardware. Empty fields are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Node {
    pub id: String,
    pub class: String,
    pub claimed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub businfo: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logicalname: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dev: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// `bytes`, `Hz`: what size and capacity count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    /// Bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Hz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub configuration: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub capabilities: BTreeMap<String, Capability>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// lshw gives a description, or `true` when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Capability {
    Described(String),
    Present(bool),
}

impl Node {
    /// A node that a driver, or the platform itself, takes care of.
    pub fn new(id: impl Into<String>, class: &str, description: &str) -> Self {
        Self {
            id: id.into(),
            class: class.to_owned(),
            claimed: true,
            description: Some(description.to_owned()),
            ..Self::default()
        }
    }

    /// Adds a pair to the configuration unless its value is missing.
    pub fn configure(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.configuration.insert(name.to_owned(), value);
        }
    }
}

/// Text that a maker wrote into a table, or nothing for the usual ways of saying nothing.
pub fn said(text: &str) -> Option<String> {
    let text = text.trim();
    let nothing = [
        "",
        "none",
        "n/a",
        "unknown",
        "not specified",
        "not available",
        "not provided",
        "no dimm",
        "to be filled by o.e.m.",
        "default string",
        "system product name",
        "system manufacturer",
        "system version",
        "system serial number",
        "empty",
    ];
    (!nothing.contains(&text.to_lowercase().as_str())).then(|| text.to_owned())
}
