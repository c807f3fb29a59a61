//! What names attributes: what would change if they disappeared (D-GEN-09, D-ATTR-04).

use rusqlite::named_params;
use serde::Serialize;
use utoipa::ToSchema;

use super::StorageError;
use super::pages::Named;
use super::seen::{Seen, Thing};
use crate::domain::ids::{AttributeId, FormulaId};

/// What includes or excludes an attribute, by kind and name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedBy {
    pub applications: Vec<Named>,
    pub attribute_sets: Vec<Named>,
    pub deployments: Vec<Named>,
    /// Domains, also those that offer it as a tag.
    pub domains: Vec<Named>,
    pub fault_definitions: Vec<Named>,
    /// Policies and their groups.
    pub policies: Vec<Named>,
    pub schedules: Vec<Named>,
    /// How many more there are that the reader does not see (6.6).
    pub out_of_sight: usize,
}

impl NamedBy {
    /// Each kind, by the name of its messages, with what is of that kind.
    pub fn kinds(&self) -> [(&'static str, &[Named]); 7] {
        [
            ("deployments", &self.deployments),
            ("fault-definitions", &self.fault_definitions),
            ("attribute-sets", &self.attribute_sets),
            ("policies", &self.policies),
            ("schedules", &self.schedules),
            ("domains", &self.domains),
            ("applications", &self.applications),
        ]
    }

    /// Names of all in one line; those out of sight as a number, `+2`.
    pub fn listed(&self) -> String {
        let all = self.kinds().into_iter().flat_map(|(_, named)| named);
        let hidden = (self.out_of_sight > 0).then(|| format!("+{}", self.out_of_sight));
        let names: Vec<&str> =
            all.map(|named| named.name.as_str()).chain(hidden.as_deref()).collect();
        names.join(", ")
    }

    /// Says whether nothing names the attributes.
    pub fn is_empty(&self) -> bool {
        self.out_of_sight == 0 && self.kinds().iter().all(|(_, named)| named.is_empty())
    }
}

/// Lists what names one of these attributes.
pub fn named_by(tx: &Seen<'_>, ids: &[AttributeId]) -> Result<NamedBy, StorageError> {
    const THESE: &str = "attribute_id IN (SELECT value FROM json_each(:ids))";
    let ids = serde_json::json!(ids).to_string();
    let chosen =
        |table: &str, naming: &str, seen: &str| -> Result<(Vec<Named>, usize), StorageError> {
            let sql = format!(
                "SELECT id, name, {seen} FROM {table} WHERE id IN ({naming}) ORDER BY name"
            );
            let mut statement = tx.sql().prepare_cached(&sql)?;
            let rows = statement.query_map(named_params! { ":ids": ids }, |row| {
                Ok((Named { id: row.get(0)?, name: row.get(1)? }, row.get(2)?))
            })?;
            let all = rows.collect::<Result<Vec<(Named, bool)>, _>>()?;
            let (seen, hidden): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, seen)| *seen);
            Ok((seen.into_iter().map(|(named, _)| named).collect(), hidden.len()))
        };
    let named = |table: &str, naming: &str| chosen(table, naming, "TRUE").map(|(named, _)| named);
    let naming = |table: &str| format!("SELECT {table}_id FROM {table}_attribute WHERE {THESE}");
    let in_sight =
        |thing: Thing, table: &str| chosen(table, &naming(table), &tx.condition(thing, table));
    let (attribute_sets, sets) = in_sight(Thing::AttributeSet, "attribute_set")?;
    let (deployments, others) = in_sight(Thing::Deployment, "deployment")?;
    let (fault_definitions, definitions) = in_sight(Thing::FaultDefinition, "fault_definition")?;
    Ok(NamedBy {
        applications: named("application", &naming("application"))?,
        attribute_sets,
        deployments,
        domains: named(
            "domain",
            &format!(
                "SELECT domain_id FROM domain_attribute WHERE {THESE}
                 UNION SELECT domain_id FROM domain_tag WHERE {THESE}"
            ),
        )?,
        fault_definitions,
        policies: named(
            "policy",
            &format!(
                "SELECT policy_id FROM policy_attribute WHERE {THESE}
                 UNION SELECT policy_id FROM policy_group
                 JOIN policy_group_attribute ON policy_group_id = policy_group.id WHERE {THESE}"
            ),
        )?,
        schedules: named(
            "schedule",
            &format!(
                "SELECT schedule_id FROM schedule_delay
                 JOIN schedule_delay_attribute ON schedule_delay_id = schedule_delay.id
                 WHERE {THESE}"
            ),
        )?,
        out_of_sight: sets + others + definitions,
    })
}

/// Lists what names an attribute of a formula.
pub fn formula_named_by(tx: &Seen<'_>, id: FormulaId) -> Result<NamedBy, StorageError> {
    let mut statement =
        tx.sql().prepare_cached("SELECT id FROM attribute WHERE formula_id = :id")?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| row.get(0))?;
    let ids = rows.map(|id| id.map(AttributeId)).collect::<Result<Vec<_>, _>>()?;
    named_by(tx, &ids)
}
