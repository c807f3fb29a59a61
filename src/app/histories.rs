//! Reading what happened to computers: synchronisations, migrations, status logs, and what a
//! computer was at a moment (3.4, 5.4); the users of computers (6.1).

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{ComputerId, UserId};
use crate::domain::site_settings::SiteSettings;
use crate::domain::situation;
use crate::domain::status::Status;
use crate::storage::pages::{Cursor, Named};
use crate::storage::{computer_lists, history_lists, projects, settings, user_lists};

pub use crate::storage::history_lists::{
    EventFilter, MigrationRow, StatusLogRow, SynchronizationRow,
};
pub use crate::storage::user_lists::UserRow;

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

/// What a computer was at a moment (D-MIG-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SituationView {
    pub project: Option<Named>,
    pub platform: Option<Named>,
    #[schema(value_type = String)]
    pub status: Status,
}

impl App {
    /// Lists synchronisations that ended, newest first.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn synchronizations(
        &self,
        actor: &Actor,
        filter: EventFilter,
    ) -> Result<Listed<SynchronizationRow>, AppError> {
        actor.permit(Model::Synchronization, Action::View)?;
        self.see(actor, move |tx| {
            let found = history_lists::synchronizations(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.id.to_string()))
        })
        .await
    }

    /// Lists changes of project, newest first (D-MIG-02).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn migrations(
        &self,
        actor: &Actor,
        filter: EventFilter,
    ) -> Result<Listed<MigrationRow>, AppError> {
        actor.permit(Model::Migration, Action::View)?;
        self.see(actor, move |tx| {
            let found = history_lists::migrations(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.id.to_string()))
        })
        .await
    }

    /// Lists changes of status, newest first (D-MIG-02).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn status_logs(
        &self,
        actor: &Actor,
        filter: EventFilter,
    ) -> Result<Listed<StatusLogRow>, AppError> {
        actor.permit(Model::StatusLog, Action::View)?;
        self.see(actor, move |tx| {
            let found = history_lists::status_logs(tx, &filter)?;
            Ok(Listed::new(found, filter.limit, |row| row.id.to_string()))
        })
        .await
    }

    /// Says which project, platform and status a computer had at a moment; nothing before it was
    /// there (D-MIG-03).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn situation(
        &self,
        actor: &Actor,
        id: ComputerId,
        at: Timestamp,
    ) -> Result<Option<SituationView>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let computer = computer_lists::get(tx, id)?;
            let default = SiteSettings::from_rows(&settings::all(tx)?).default_computer_status;
            let (migrations, logs) = history_lists::of_computer(tx, id)?;
            let found = situation::at(at, computer.created_at, &migrations, &logs, default);
            let Some(found) = found else { return Ok(None) };
            let project = found.project.map(|id| projects::get(tx, id)).transpose()?;
            let platform = project.as_ref().map(|project| Named {
                id: project.platform.id.0,
                name: project.platform.name.clone(),
            });
            Ok(Some(SituationView {
                project: project.map(|project| Named { id: project.id.0, name: project.name }),
                platform,
                status: found.status,
            }))
        })
        .await
    }

    /// Lists the users of computers by login.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn users(
        &self,
        actor: &Actor,
        search: Option<String>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Listed<UserRow>, AppError> {
        actor.permit(Model::User, Action::View)?;
        self.see(actor, move |tx| {
            let found = user_lists::list(tx, search.as_deref(), after.as_ref(), limit)?;
            Ok(Listed::new(found, limit, |row| Cursor::named(row.id.0, &row.name).to_string()))
        })
        .await
    }

    /// Returns one user of computers.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn user(&self, actor: &Actor, id: UserId) -> Result<UserRow, AppError> {
        actor.permit(Model::User, Action::View)?;
        self.see(actor, move |tx| Ok(user_lists::get(tx, id)?)).await
    }
}
