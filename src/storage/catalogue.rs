//! Applications of the catalogue (8.1).

use std::collections::BTreeMap;

use super::{ReadTx, StorageError};
use crate::domain::ids::{ApplicationId, ProjectId};
use crate::domain::release::ApplicationRule;
use crate::domain::text::package_list;

/// Returns every application as the evaluator wants it.
pub fn rules(tx: &ReadTx<'_>) -> Result<Vec<ApplicationRule>, StorageError> {
    let mut packages: BTreeMap<i64, BTreeMap<ProjectId, Vec<String>>> = BTreeMap::new();
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT application_id, project_id, packages FROM application_project")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let list = package_list(&row.get::<_, String>("packages")?);
        let project = ProjectId(row.get("project_id")?);
        packages.entry(row.get("application_id")?).or_default().insert(project, list);
    }
    let mut statement = tx.sql().prepare_cached("SELECT id, name FROM application")?;
    let mut rows = statement.query([])?;
    let mut rules = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        rules.push(ApplicationRule {
            id: ApplicationId(id),
            name: row.get("name")?,
            packages: packages.remove(&id).unwrap_or_default(),
        });
    }
    Ok(rules)
}
