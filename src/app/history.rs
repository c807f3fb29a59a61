//! Recording changes, and reading what was recorded (D-GEN-10).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::account::{Action, Model};
pub use crate::storage::audit::{Entry, Filter, Recorded};
use crate::storage::seen::Thing;
use crate::storage::{self, StorageError, WriteTx, audit};

use super::actor::{Actor, Permit};
use super::{App, AppError};

/// What a change was made to.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    pub id: i64,
    pub name: &'a str,
}

impl Permit {
    /// Records that the object was added.
    pub fn added(
        &self,
        tx: &WriteTx<'_>,
        object: Object<'_>,
        after: &impl Serialize,
    ) -> Result<(), StorageError> {
        self.record(tx, "add", object, None, Some(fields(after)))
    }

    /// Records a change, only the fields that differ; nothing if none does. Returns whether any did.
    pub fn changed<T: Serialize>(
        &self,
        tx: &WriteTx<'_>,
        object: Object<'_>,
        before: &T,
        after: &T,
    ) -> Result<bool, StorageError> {
        let (mut before, mut after) = (fields(before), fields(after));
        let same: Vec<String> = after
            .iter()
            .filter(|(name, value)| before.get(*name) == Some(*value))
            .map(|(name, _)| name.clone())
            .collect();
        for name in same {
            before.remove(&name);
            after.remove(&name);
        }
        if before.is_empty() && after.is_empty() {
            return Ok(false);
        }
        self.record(tx, "change", object, Some(before), Some(after))?;
        Ok(true)
    }

    /// Records that the object was deleted.
    pub fn deleted(
        &self,
        tx: &WriteTx<'_>,
        object: Object<'_>,
        before: &impl Serialize,
    ) -> Result<(), StorageError> {
        self.record(tx, "delete", object, Some(fields(before)), None)
    }

    /// Records something that is no plain change: `login`, `accept key`, `regenerate`…
    pub fn noted(
        &self,
        tx: &WriteTx<'_>,
        verb: &str,
        object: Object<'_>,
        about: &impl Serialize,
    ) -> Result<(), StorageError> {
        self.record(tx, verb, object, None, Some(fields(about)))
    }

    fn record(
        &self,
        tx: &WriteTx<'_>,
        verb: &str,
        object: Object<'_>,
        before: Option<Map<String, Value>>,
        after: Option<Map<String, Value>>,
    ) -> Result<(), StorageError> {
        let text =
            |fields: Option<Map<String, Value>>| fields.map(|f| Value::Object(f).to_string());
        storage::audit::record(
            tx,
            &audit::Entry {
                at: self.at,
                actor: self.actor.clone(),
                action: verb.to_owned(),
                object_kind: self.model.as_str().to_owned(),
                object_id: Some(object.id),
                object_name: object.name.to_owned(),
                before: text(before),
                after: text(after),
            },
        )
    }
}

/// The fields of a value as JSON, none for `()`; any other value stands under `value`.
fn fields(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        Ok(Value::Null) => Map::new(),
        Ok(other) => Map::from_iter([("value".to_owned(), other)]),
        Err(_) => Map::new(),
    }
}

impl App {
    /// Lists the audit log, newest first. The history of one object is for whoever may view the
    /// object; the whole log for superusers.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn history(
        &self,
        actor: &Actor,
        model: Option<Model>,
        mut filter: audit::Filter,
    ) -> Result<Vec<audit::Recorded>, AppError> {
        let mut kept = None;
        match model {
            Some(model) if filter.object_id.is_some() => {
                actor.permit(model, Action::View)?;
                kept = thing(model).zip(filter.object_id);
                filter.object_kind = Some(model.as_str().to_owned());
            }
            _ => {
                actor.superuser_permit(Model::Account, Action::View)?;
            }
        }
        self.see(actor, move |tx| {
            if let Some((thing, id)) = kept {
                tx.check(thing, id)?;
            }
            Ok(audit::list(tx, &filter)?)
        })
        .await
    }
}

/// What can be out of sight of who may view the model.
fn thing(model: Model) -> Option<Thing> {
    Some(match model {
        Model::Computer => Thing::Computer,
        Model::Error => Thing::Error,
        Model::Fault => Thing::Fault,
        Model::User => Thing::User,
        Model::Attribute => Thing::Attribute,
        Model::AttributeSet => Thing::AttributeSet,
        Model::FaultDefinition => Thing::FaultDefinition,
        Model::Project => Thing::Project,
        Model::Platform => Thing::Platform,
        Model::Package => Thing::Package,
        Model::Store => Thing::Store,
        Model::Deployment | Model::ExternalDeployment => Thing::Deployment,
        _ => return None,
    })
}
