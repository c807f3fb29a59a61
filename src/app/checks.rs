//! Checking off errors, faults and notifications, one or a selection (D-FAULT-04, D-ERR-04,
//! D-NOTIF-13). Each one that changes is recorded.

use serde_json::json;

use crate::domain::account::{Action, Model};
use crate::storage::checks;

pub use crate::storage::checks::{Checkable, FoundFilter};

use super::actor::Actor;
use super::history::Object;
use super::{App, AppError};

impl App {
    /// Checks or unchecks what is selected and returns how many changed; what does not exist any
    /// more is left out.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn set_checked(
        &self,
        actor: &Actor,
        what: Checkable,
        ids: Vec<i64>,
        checked: bool,
    ) -> Result<usize, AppError> {
        let permit = actor.permit(model(what), Action::Change)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let changed = checks::set_checked(tx, view, what, &ids, checked)?;
                for id in &changed {
                    let object = Object { id: *id, name: &id.to_string() };
                    let (before, after) =
                        (json!({ "checked": !checked }), json!({ "checked": checked }));
                    permit.changed(tx, object, &before, &after)?;
                }
                Ok(changed.len())
            })
            .await
    }
}

fn model(what: Checkable) -> Model {
    match what {
        Checkable::Error => Model::Error,
        Checkable::Fault => Model::Fault,
        Checkable::Notification => Model::Notification,
    }
}
