//! A capture of hardware arrives: tree and summary replace the old ones, or nothing changes and
//! the site is told (D-HW-01, D-HW-02).

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::domain::hardware::{parse, summary};
use crate::domain::notification::{Named, Notice};
use crate::storage::synchronizations::SyncState;
use crate::storage::{StorageError, WriteTx, computers, hardware, notifications};

use super::credentials::Signed;

/// Stores a capture; data that are no tree leave the old one and a notification (D-NOTIF-09).
pub(super) fn store(
    tx: &WriteTx<'_>,
    by: &Signed,
    state: &SyncState,
    tree: &Value,
) -> Result<(), StorageError> {
    let now = by.call.at;
    let fingerprint = hex::encode(Sha256::digest(tree.to_string()));
    if state.hardware_fingerprint.as_deref() == Some(&*fingerprint) {
        return hardware::touch(tx, by.computer, now);
    }
    match parse(tree) {
        Ok(nodes) => {
            hardware::replace(tx, by.computer, &nodes)?;
            hardware::set_summary(tx, by.computer, &summary(&nodes), &fingerprint, now)
        }
        Err(error) => {
            tracing::warn!(computer = %by.computer, %error, "hardware data are not valid");
            let name = computers::get(tx, by.computer)?.name;
            let computer = Named { id: by.computer, name };
            notifications::add(tx, &Notice::HardwareInvalid { computer }, now)
        }
    }
}
