//! External deployments (7.5), as their cache and the plans of computers need them.

use rusqlite::{OptionalExtension as _, Row, named_params};

use super::{ReadTx, StorageError};
use crate::domain::external::External;
use crate::domain::ids::{DeploymentId, ProjectId};

/// An external deployment without whom it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub id: DeploymentId,
    pub project: ProjectId,
    pub name: String,
    pub slug: String,
    pub external: External,
}

const SELECT: &str = "SELECT deployment.id, project_id, deployment.name, deployment.slug, base_url,
                             suite, components, options, frozen, expire_minutes
                      FROM deployment";

/// Lists those of all projects.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Found>, StorageError> {
    let sql = format!("{SELECT} WHERE source = 'E' ORDER BY id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map([], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Finds one by the name of its project and its slug, as they stand in an address.
pub fn find(tx: &ReadTx<'_>, project: &str, slug: &str) -> Result<Option<Found>, StorageError> {
    let sql = format!(
        "{SELECT} JOIN project ON project.id = project_id
         WHERE source = 'E' AND project.name = :project AND deployment.slug = :slug"
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let params = named_params! { ":project": project, ":slug": slug };
    Ok(statement.query_row(params, from_row).optional()?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        id: DeploymentId(row.get("id")?),
        project: ProjectId(row.get("project_id")?),
        name: row.get("name")?,
        slug: row.get("slug")?,
        external: fields(row)?,
    })
}

/// The columns that only external deployments have.
pub(super) fn fields(row: &Row<'_>) -> rusqlite::Result<External> {
    let text = |column| -> rusqlite::Result<String> {
        Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
    };
    Ok(External {
        base_url: text("base_url")?,
        suite: text("suite")?,
        components: text("components")?,
        options: text("options")?,
        frozen: row.get("frozen")?,
        expire_minutes: row.get("expire_minutes")?,
    })
}
