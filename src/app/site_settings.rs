//! Settings of the site: rows, effective at once, each change recorded (section 11, D-SRV-30).

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::site_settings::SiteSettings;
use crate::storage::revisions::{self, Revision};
use crate::storage::settings;

use super::actor::Actor;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// Set on the settings page, through the API or with `migas settings set`.
    Site,
    /// `migas.toml` in the data directory.
    File,
    /// A variable of the server process.
    Environment,
    /// The command line of the server process.
    Flag,
}

/// A setting with its effective value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettingView {
    /// `ORGANIZATION`…
    pub name: String,
    pub value: String,
    pub default: String,
    pub origin: Origin,
    /// May be changed here; the others belong to the process and are changed where it starts.
    pub editable: bool,
}

impl App {
    /// The settings of the site with their types.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn site_settings(&self) -> Result<SiteSettings, AppError> {
        self.storage().read(|tx| Ok(SiteSettings::from_rows(&settings::all(tx)?))).await
    }

    /// Tells once, at start, which settings the process itself has, for the settings page.
    pub fn describe_process(&self, settings: Vec<SettingView>) {
        let _told_once = self.0.process_settings.set(settings);
    }

    /// Lists every setting with its effective value and where that comes from: first those of
    /// the site, then those of the process.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks.
    pub async fn settings(&self, actor: &Actor) -> Result<Vec<SettingView>, AppError> {
        actor.superuser_permit(Model::Setting, Action::View)?;
        let stored = self.storage().read(|tx| Ok::<_, AppError>(settings::all(tx)?)).await?;
        let effective = SiteSettings::from_rows(&stored).rows();
        let defaults = SiteSettings::default().rows();
        let mut views: Vec<SettingView> = effective
            .into_iter()
            .zip(defaults)
            .map(|((name, value), (_, default))| SettingView {
                name: name.to_owned(),
                origin: if stored.contains_key(name) { Origin::Site } else { Origin::Default },
                value,
                default,
                editable: true,
            })
            .collect();
        views.extend(self.0.process_settings.get().into_iter().flatten().cloned());
        Ok(views)
    }

    /// Returns one setting.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn setting(&self, actor: &Actor, name: &str) -> Result<SettingView, AppError> {
        let name = name.strip_prefix("MIGASFREE_").unwrap_or(name);
        let mut all = self.settings(actor).await?.into_iter();
        all.find(|view| view.name == name).ok_or_else(|| AppError::not_found("setting", name))
    }

    /// Changes a setting of the site, effective at once; no value returns it to its default.
    ///
    /// # Errors
    /// [`AppError::Denied`] unless a superuser asks; [`AppError::NotFound`]; [`AppError::Invalid`]
    /// says what the value should be.
    pub async fn change_setting(
        &self,
        actor: &Actor,
        name: &str,
        value: Option<String>,
    ) -> Result<SettingView, AppError> {
        let permit = actor.superuser_permit(Model::Setting, Action::Change)?;
        let before = self.setting(actor, name).await?;
        if !before.editable {
            return Err(AppError::invalid(
                "name",
                reason!(
                    "{name} belongs to the process: set it where the server starts",
                    name = &before.name
                ),
            ));
        }
        let name = before.name;
        let stored = match value {
            None => None,
            Some(value) => {
                let mut trial = SiteSettings::default();
                trial
                    .set(&name, &value)
                    .map_err(|expected| AppError::invalid("value", expected))?;
                trial.rows().into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
            }
        };
        let key = name.clone();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                // Read again: another change may have come in between.
                let rows = settings::all(tx)?;
                let record = |value: Option<&String>| serde_json::json!({ "value": value });
                let (old, new) = (record(rows.get(&key)), record(stored.as_ref()));
                match &stored {
                    Some(value) => settings::put(tx, &key, value)?,
                    None => settings::remove(tx, &key)?,
                }
                permit.changed(tx, Object { id: 0, name: &key }, &old, &new)?;
                // Synchronisations hold the settings in memory until this counter moves.
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await?;
        self.setting(actor, &name).await
    }
}
