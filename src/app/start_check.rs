//! What must hold before a server starts on a database.

use crate::domain::site_settings::SiteSettings;
use crate::storage::settings;

use super::reason::Reason;
use super::{App, AppError};

impl App {
    /// Checks that every stored setting can be read: a site does not start with a default
    /// instead of what somebody meant (D-STATUS-04).
    ///
    /// # Errors
    /// [`AppError::Invalid`] names the setting, its value and what it should be.
    pub fn check_settings(&self) -> Result<(), AppError> {
        let rows = self.storage().read_now(|tx| Ok::<_, AppError>(settings::all(tx)?))?;
        SiteSettings::check_rows(&rows)
            .map_err(|error| AppError::invalid("settings", Reason::of(&error)))
    }
}
