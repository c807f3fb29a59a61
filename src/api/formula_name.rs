//! A formula or tag category named in a query or body.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::formula_name::FormulaName;
use crate::domain::ids::FormulaId;

/// A formula or tag category: its prefix, or its id.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum FormulaKey {
    /// In a query also its id, which is text there.
    Prefix(String),
    Id(i64),
}

impl From<FormulaKey> for FormulaName {
    fn from(key: FormulaKey) -> Self {
        match key {
            FormulaKey::Prefix(text) => text.parse().unwrap_or_else(|never| match never {}),
            FormulaKey::Id(id) => Self::Id(FormulaId(id)),
        }
    }
}
