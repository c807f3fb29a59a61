//! Bodies of `GET` and `PUT /sync/v1/tags`: a computer asks which tags it may have and says which
//! it has (D-TAG-05, D-TAG-06).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Answer to `GET /sync/v1/tags`; each tag as `PREFIX-value`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagsAnswer {
    /// What the computer is offered, by name of the category.
    pub available: BTreeMap<String, Vec<String>>,
    /// What it was given.
    pub selected: Vec<String>,
}

/// `PUT /sync/v1/tags`: these replace the tags of the computer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetTags {
    /// `PREFIX-value` of each; what has no `-` is ignored.
    pub tags: Vec<String>,
}

/// Answer to `PUT /sync/v1/tags`: the packages that follow (D-TAGPKG).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TagPackages {
    pub preinstall: Vec<String>,
    pub install: Vec<String>,
    pub remove: Vec<String>,
}
