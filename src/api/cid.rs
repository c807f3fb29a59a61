//! A computer named in a path or body: `CID-7` or `7`.

use serde::{Deserialize, Deserializer};

use crate::domain::computer::parse_cid;
use crate::domain::ids::ComputerId;

/// The computer that was named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cid(pub ComputerId);

impl<'de> Deserialize<'de> for Cid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Written::deserialize(deserializer)?;
        let id = match &text {
            Written::Number(id) => Some(ComputerId(*id)),
            Written::Text(text) => parse_cid(text),
        };
        id.map(Cid).ok_or_else(|| serde::de::Error::custom("a computer is CID-7 or 7"))
    }
}

/// JSON bodies carry numbers, paths only text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(i64),
    Text(String),
}
