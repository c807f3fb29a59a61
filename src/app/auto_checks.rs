//! Patterns of errors that need no check (5.2): validated when saved, never applied to errors
//! that are there (D-ERR-03).

use serde_json::json;

use crate::domain::account::{Action, Model};
use crate::domain::client_error::{AutoCheckError, AutoChecks, PatternError, validate_pattern};
use crate::domain::ids::AutoCheckErrorId;
use crate::domain::text;
use crate::storage::{ReadTx, auto_checks};

use super::actor::Actor;
use super::history::Object;
use super::reason::{Reason, reason};
use super::{App, AppError, chain};

impl App {
    /// Lists the patterns.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn auto_check_errors(&self, actor: &Actor) -> Result<Vec<AutoCheckError>, AppError> {
        actor.permit(Model::AutoCheckError, Action::View)?;
        self.storage().read(|tx| Ok(auto_checks::list(tx)?)).await
    }

    /// Returns one pattern.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn auto_check_error(
        &self,
        actor: &Actor,
        id: AutoCheckErrorId,
    ) -> Result<AutoCheckError, AppError> {
        actor.permit(Model::AutoCheckError, Action::View)?;
        self.storage().read(move |tx| Ok(auto_checks::get(tx, id)?)).await
    }

    /// Adds a pattern.
    ///
    /// # Errors
    /// [`AppError::Denied`]; [`AppError::Invalid`] for what is no regular expression.
    pub async fn add_auto_check_error(
        &self,
        actor: &Actor,
        message: &str,
    ) -> Result<AutoCheckError, AppError> {
        let permit = actor.permit(Model::AutoCheckError, Action::Add)?;
        let message = text::normalise_lines(message);
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                check(tx, &message, None)?;
                let id = auto_checks::insert(tx, &message)?;
                let object = Object { id: id.0, name: &message };
                permit.added(tx, object, &json!({ "message": message }))?;
                Ok(auto_checks::get(tx, id)?)
            })
            .await
    }

    /// Changes a pattern.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::NotFound`].
    pub async fn change_auto_check_error(
        &self,
        actor: &Actor,
        id: AutoCheckErrorId,
        message: &str,
    ) -> Result<AutoCheckError, AppError> {
        let permit = actor.permit(Model::AutoCheckError, Action::Change)?;
        let message = text::normalise_lines(message);
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = auto_checks::get(tx, id)?;
                check(tx, &message, Some(id))?;
                auto_checks::update(tx, id, &message)?;
                let record = |message: &str| json!({ "message": message });
                let object = Object { id: id.0, name: &message };
                permit.changed(tx, object, &record(&before.message), &record(&message))?;
                Ok(auto_checks::get(tx, id)?)
            })
            .await
    }

    /// Deletes a pattern.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_auto_check_error(
        &self,
        actor: &Actor,
        id: AutoCheckErrorId,
    ) -> Result<(), AppError> {
        let permit = actor.permit(Model::AutoCheckError, Action::Delete)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = auto_checks::get(tx, id)?;
                let object = Object { id: id.0, name: &before.message };
                permit.deleted(tx, object, &json!({ "message": before.message }))?;
                auto_checks::delete(tx, id)?;
                Ok(())
            })
            .await
    }
}

/// Checks a pattern by itself, and that all of them together are not too large.
fn check(
    tx: &ReadTx<'_>,
    message: &str,
    replaced: Option<AutoCheckErrorId>,
) -> Result<(), AppError> {
    let wrong = |error: PatternError| {
        let reason = match &error {
            PatternError::Invalid(cause) => {
                reason!("it is no regular expression: {problem}", problem = chain(cause))
            }
            PatternError::Empty => Reason::of(&error),
        };
        AppError::invalid("message", reason)
    };
    validate_pattern(message).map_err(wrong)?;
    let others = auto_checks::list(tx)?.into_iter().filter(|other| Some(other.id) != replaced);
    let mut all: Vec<String> = others.map(|other| other.message).collect();
    all.push(message.to_owned());
    AutoChecks::new(&all).map(|_| ()).map_err(wrong)
}
