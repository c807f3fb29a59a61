//! What surrounds every page: the organisation, the alerts, a warning about known passwords.

use crate::domain::site_settings::SiteSettings;
use crate::storage::{accounts, settings};

use super::actor::Actor;
use super::scopes::{Choices, choices};
use super::{App, AppError};

/// What a page shows around its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    pub settings: SiteSettings,
    /// An account whose password everybody knows is active (D-ACC-03).
    pub demo_accounts: bool,
    /// Sum of the alerts of the account (5.5).
    pub alerts: u64,
    /// What the account can select and what is selected (D-DOM-04).
    pub choices: Choices,
}

impl App {
    /// Returns what surrounds the pages of `actor`.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn surroundings(&self, actor: &Actor) -> Result<Surroundings, AppError> {
        let alerts = self.alert_sources(actor);
        let actor = actor.clone();
        self.storage()
            .read(move |tx| -> Result<_, AppError> {
                let settings = SiteSettings::from_rows(&settings::all(tx)?);
                Ok(Surroundings {
                    demo_accounts: accounts::any_active_demo(tx)?,
                    alerts: alerts.count(tx, &settings)?.total(),
                    choices: choices(tx, &actor)?,
                    settings,
                })
            })
            .await
    }

    /// The name of the organisation, for pages of strangers.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn organization(&self) -> Result<String, AppError> {
        self.storage()
            .read(|tx| Ok(SiteSettings::from_rows(&settings::all(tx)?).organization))
            .await
    }
}
