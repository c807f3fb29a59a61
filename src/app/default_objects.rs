//! What a new site has beside its accounts: formulas, `SET-ALL SYSTEMS`, fault definitions,
//! schedules (D-FORM-15, D-FORM-16, D-FAULT-06, D-SCHED-01).

use crate::domain::attribute::{ALL_SYSTEMS, ALL_SYSTEMS_VALUE};
use crate::domain::defaults;
use crate::domain::schedule;
use crate::domain::scopes::View;
use crate::storage::fault_definition_admin::{self, Fields};
use crate::storage::schedule_admin::{self, NewDelay};
use crate::storage::{StorageError, WriteTx, attributes, formulas};

/// Adds them to an empty database.
pub(super) fn add(tx: &WriteTx<'_>) -> Result<(), StorageError> {
    for formula in defaults::formulas() {
        let id = formulas::insert(tx, &formula)?;
        if formula.prefix == "SET" {
            attributes::insert(tx, id, ALL_SYSTEMS_VALUE, None)?;
        }
    }
    for fault in defaults::FAULTS {
        let fields = Fields {
            name: fault.name,
            description: fault.description,
            enabled: true,
            language: fault.language,
            code: fault.code,
        };
        let id = fault_definition_admin::insert(tx, &fields)?;
        fault_definition_admin::set_targets(tx, id, &[ALL_SYSTEMS], &[])?;
    }
    for (name, duration) in schedule::DEFAULTS {
        let id = schedule_admin::insert(tx, name, "")?;
        let attributes = vec![ALL_SYSTEMS];
        schedule_admin::set_delays(
            &tx.seen_by(View::EVERYTHING),
            tx,
            id,
            &[NewDelay { delay: 0, duration, attributes }],
        )?;
    }
    Ok(())
}
