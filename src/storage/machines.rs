//! All computers at once, as the preview of a change needs them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, pages};
use crate::domain::ids::{AttributeId, ComputerId, ProjectId};
use crate::domain::impact::Machine;
use crate::domain::status::Status;

/// A computer with what a preview shows and counts of it.
#[derive(Debug, Clone)]
pub struct Known {
    pub machine: Machine,
    pub name: String,
    /// Its list of packages, shared with all computers that have just these.
    pub software_list: Option<i64>,
}

/// Tags of all computers that have some.
type Tags = BTreeMap<ComputerId, BTreeSet<AttributeId>>;

/// Returns the productive computers in sight that ever synchronised, by id, with the tags they have and
/// those they would have.
pub fn productive(
    tx: &Seen<'_>,
    tags: &Tags,
    tags_after: &Tags,
) -> Result<Vec<Known>, StorageError> {
    let mut pools: HashMap<i64, Vec<AttributeId>> = HashMap::new();
    let mut statement = tx.sql().prepare_cached(
        "SELECT attribute_id, computer_id FROM computer_attribute
         WHERE valid_to IS NULL ORDER BY attribute_id, computer_id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        pools.entry(row.get(1)?).or_default().push(AttributeId(row.get(0)?));
    }
    let productive: Vec<String> = Status::ALL
        .iter()
        .filter(|status| status.is_productive())
        .map(|status| format!("'{}'", status.as_str()))
        .collect();
    let sql = format!(
        "SELECT id, project_id, name, software_list_id FROM computer
         WHERE status IN ({}) AND sync_start_date IS NOT NULL AND {} ORDER BY id",
        productive.join(", "),
        tx.condition(Thing::Computer, "computer"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = ComputerId(row.get(0)?);
        let machine = Machine {
            id,
            project: ProjectId(row.get(1)?),
            pool: pools.remove(&id.0).unwrap_or_default().into_iter().collect(),
            tags: tags.get(&id).cloned().unwrap_or_default(),
            tags_after: tags_after.get(&id).cloned().unwrap_or_default(),
        };
        found.push(Known { machine, name: row.get(2)?, software_list: row.get(3)? });
    }
    Ok(found)
}

/// Which versions of some packages stand in some lists.
#[derive(Debug, Clone, Default)]
pub struct Installed(HashMap<i64, HashMap<String, Vec<String>>>);

impl Installed {
    /// A version of a package in a list.
    pub fn version(&self, list: Option<i64>, package: &str) -> Option<&str> {
        self.0.get(&list?)?.get(package)?.first().map(String::as_str)
    }

    /// Says whether a list has what an order asks for: the package, or just that version of it
    /// (D-MERGE-04).
    pub fn satisfies(&self, list: Option<i64>, token: &str) -> bool {
        let versions = |name| Some(self.0.get(&list?)?.get(name)?.as_slice());
        match token.split_once('=') {
            Some((name, version)) => {
                versions(name).is_some_and(|known| known.iter().any(|known| known == version))
            }
            None => versions(token).is_some(),
        }
    }
}

/// Returns which versions of the packages of these names stand in the lists.
pub fn installed(
    tx: &ReadTx<'_>,
    lists: &BTreeSet<i64>,
    names: &BTreeSet<String>,
) -> Result<Installed, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT list_id, name, version FROM software
         JOIN software_list_item ON software_id = software.id
         WHERE name IN (SELECT value FROM json_each(?))",
    )?;
    let rows = statement.query([serde_json::json!(names).to_string()])?;
    let mut installed = Installed::default();
    for (list, name, version) in pages::all(rows, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })? {
        if lists.contains(&list) {
            installed.0.entry(list).or_default().entry(name).or_default().push(version);
        }
    }
    Ok(installed)
}
