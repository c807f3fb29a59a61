//! Repositories waiting to be published again (D-DEPLOY-04); the table is the queue of the job.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, named_params};

use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::DeploymentId;

/// Adds a deployment to the queue, once.
pub fn ask(tx: &WriteTx<'_>, id: DeploymentId, now: Timestamp) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO regeneration (deployment_id, asked_at) VALUES (:id, :now)
             ON CONFLICT DO NOTHING",
        )?
        .execute(named_params! { ":id": id.0, ":now": now.as_millisecond() })?;
    Ok(())
}

/// Finds the one that has waited longest.
pub fn next(tx: &ReadTx<'_>) -> Result<Option<DeploymentId>, StorageError> {
    let sql = "SELECT deployment_id FROM regeneration ORDER BY asked_at, deployment_id LIMIT 1";
    let mut statement = tx.sql().prepare_cached(sql)?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.map(DeploymentId))
}

/// Takes a deployment off the queue.
pub fn done(tx: &WriteTx<'_>, id: DeploymentId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM regeneration WHERE deployment_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Lists the deployments in sight that wait, or are being published.
pub fn all(tx: &Seen<'_>) -> Result<Vec<DeploymentId>, StorageError> {
    let sql = format!(
        "SELECT deployment_id FROM regeneration JOIN deployment ON deployment.id = deployment_id
         WHERE {} ORDER BY deployment_id",
        tx.condition(Thing::Deployment, "deployment"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map([], |row| row.get(0))?;
    Ok(rows.map(|id| id.map(DeploymentId)).collect::<Result<_, _>>()?)
}
