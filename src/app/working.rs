//! Computers that are working right now, each with its last message (D-MSG-04).

use jiff::{SignedDuration, Timestamp};

use crate::domain::account::{Action, Model};
use crate::domain::alert::{Alert, of_message};
use crate::domain::scopes::View;
use crate::domain::site_settings::SiteSettings;
use crate::storage::{StorageError, computer_lists, settings};

use super::actor::Actor;
use super::computers::ComputerRow;
use super::{App, AppError};

/// A computer that works.
#[derive(Debug, Clone, PartialEq)]
pub struct Working {
    pub computer: ComputerRow,
    pub text: String,
    pub updated_at: Timestamp,
    /// Its message is older than the threshold of the site.
    pub is_delayed: bool,
}

impl App {
    /// Lists the computers that work, the oldest message first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to see messages.
    pub async fn working(&self, actor: &Actor) -> Result<Vec<Working>, AppError> {
        actor.permit(Model::Message, Action::View)?;
        let (messages, now) = (self.messages(), actor.at);
        self.see(actor, move |tx| -> Result<_, AppError> {
            let settings = SiteSettings::from_rows(&settings::all(tx)?);
            let threshold = SignedDuration::from_secs(settings.seconds_message_alert);
            let mut working = Vec::new();
            let seen = tx.computers_among(&messages.keys().copied().collect())?;
            let everything = tx.seen_by(View::EVERYTHING);
            for (id, message) in messages.into_iter().filter(|(id, _)| seen.contains(id)) {
                let computer = match computer_lists::get(&everything, id) {
                    // Deleted since it told what it does.
                    Err(StorageError::NotFound { .. }) => continue,
                    found => found?,
                };
                let alert = of_message(message.updated_at, threshold, now);
                working.push(Working {
                    computer,
                    text: message.text,
                    updated_at: message.updated_at,
                    is_delayed: alert == Alert::DelayedComputers,
                });
            }
            working.sort_by_key(|one| one.updated_at);
            Ok(working)
        })
        .await
    }
}
