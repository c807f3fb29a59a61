//! Reading computers: list, detail, attributes, settings, hardware (3.1, 3.5).

use jiff::{SignedDuration, Timestamp};

use crate::domain::account::{Action, Model};
use crate::domain::computer::{Progress, progress};
use crate::domain::ids::ComputerId;
use crate::domain::site_settings::SiteSettings;
use crate::storage::{computer_details, computer_lists, hardware_tree, settings};

pub use crate::storage::computer_details::{
    ComputerDetail, Counts, HeldAttribute, SettingInterval,
};
pub use crate::storage::computer_lists::{ComputerFilter, ComputerOrder, ComputerRow};
pub use crate::storage::hardware_tree::HardwareNode;
pub use crate::storage::pages::{Cursor, Named, Sorted};

use super::actor::Actor;
use super::listed::Listed;
use super::{App, AppError};

/// Which computers to list, in which order.
#[derive(Debug, Clone, Default)]
pub struct ComputerQuery {
    /// Its search fields are those of the site's settings.
    pub filter: ComputerFilter,
    /// Last synchronisation ended more than so many days ago, or never (D-COMP-04).
    pub stale_days: Option<u32>,
    /// The first search field if absent (D-COMP-02).
    pub order: Option<ComputerOrder>,
    pub descending: bool,
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// A page of computers.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputerList {
    pub page: Listed<ComputerRow>,
    /// How many computers the filter lets through.
    pub total: i64,
}

impl App {
    /// Lists computers (D-COMP-03, D-COMP-04).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn computers(
        &self,
        actor: &Actor,
        query: ComputerQuery,
    ) -> Result<ComputerList, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        let now = actor.at;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let settings = SiteSettings::from_rows(&settings::all(tx)?);
            let first = settings.computer_search_fields.first().copied();
            let order = query.order.or(first.map(ComputerOrder::Field)).unwrap_or_default();
            let mut filter = query.filter;
            filter.search_fields = settings.computer_search_fields;
            if let Some(days) = query.stale_days {
                let age = SignedDuration::from_hours(24 * i64::from(days));
                filter.not_synchronised_since = now.checked_sub(age).ok();
            }
            let page = computer_lists::ComputerPage {
                order,
                descending: query.descending,
                after: query.after,
                limit: query.limit,
            };
            let found = computer_lists::list(tx, &filter, &page)?;
            let page = Listed::new(found, query.limit, |row| row.cursor.to_string());
            Ok(ComputerList { page, total: computer_lists::count(tx, &filter)? })
        })
        .await
    }

    /// Returns computers as the list shows them, in the order they are named.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computers_of(
        &self,
        actor: &Actor,
        ids: Vec<ComputerId>,
    ) -> Result<Vec<ComputerRow>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            let rows = ids.iter().map(|id| computer_lists::get(tx, *id));
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Returns a computer with the counts of what is related to it (D-COMP-08).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer(
        &self,
        actor: &Actor,
        id: ComputerId,
    ) -> Result<ComputerDetail, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| Ok(computer_details::get(tx, id)?)).await
    }

    /// Says how far computers are in their synchronisation, by the site's threshold (D-COMP-05).
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn progress_of(
        &self,
        rows: &[ComputerRow],
        now: Timestamp,
    ) -> Result<Vec<Progress>, AppError> {
        let settings = self.site_settings().await?;
        let threshold = SignedDuration::from_secs(settings.seconds_message_alert);
        let of =
            |row: &ComputerRow| progress(row.sync_start_date, row.sync_end_date, threshold, now);
        Ok(rows.iter().map(of).collect())
    }

    /// Returns the attributes of a computer: of its last synchronisation, or as it had them at
    /// an instant (D-SCN-04).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer_attributes(
        &self,
        actor: &Actor,
        id: ComputerId,
        at: Option<Timestamp>,
    ) -> Result<Vec<HeldAttribute>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            computer_lists::get(tx, id)?;
            Ok(match at {
                Some(at) => computer_details::attributes_at(tx, id, at)?,
                None => computer_details::attributes(tx, id)?,
            })
        })
        .await
    }

    /// Lists every attribute a computer ever had with its interval, the latest first.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer_attribute_history(
        &self,
        actor: &Actor,
        id: ComputerId,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Listed<HeldAttribute>, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            computer_lists::get(tx, id)?;
            let found = computer_details::attribute_history(tx, id, after.as_ref(), limit)?;
            Ok(Listed::new(found, limit, |held| held.cursor.to_string()))
        })
        .await
    }

    /// Lists name, addresses, user… of a computer as they were, the latest first.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn computer_settings(
        &self,
        actor: &Actor,
        id: ComputerId,
    ) -> Result<Vec<SettingInterval>, AppError> {
        const MOST: u32 = 1_000;
        actor.permit(Model::Computer, Action::View)?;
        self.see(actor, move |tx| {
            computer_lists::get(tx, id)?;
            Ok(computer_details::settings(tx, id, MOST)?)
        })
        .await
    }

    /// Returns the hardware of a computer, each node after its parent (D-HW-04).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn hardware(
        &self,
        actor: &Actor,
        id: ComputerId,
    ) -> Result<Vec<HardwareNode>, AppError> {
        actor.permit(Model::Hardware, Action::View)?;
        self.see(actor, move |tx| {
            computer_lists::get(tx, id)?;
            Ok(hardware_tree::list(tx, id)?)
        })
        .await
    }

    /// Returns one hardware node of a computer.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn hardware_node(
        &self,
        actor: &Actor,
        id: ComputerId,
        node: i64,
    ) -> Result<HardwareNode, AppError> {
        actor.permit(Model::Hardware, Action::View)?;
        self.see(actor, move |tx| Ok(hardware_tree::get(tx, id, node)?)).await
    }
}
