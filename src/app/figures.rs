//! Figures of the home page and of the metrics (D-STATS-03).

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::storage::figures;

pub use crate::storage::figures::{Figure, Totals};

use super::actor::Actor;
use super::{App, AppError};

/// Days of the chart of synchronisations (D-STATS-02).
const DAYS: i32 = 35;
/// Hours of the chart of synchronisations.
const HOURS: i64 = 72;

/// The figures of the home page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Dashboard {
    /// Productive computers by project.
    pub productive_computers: Vec<Figure>,
    /// Unchecked errors by project.
    pub unchecked_errors: Vec<Figure>,
    /// Unchecked faults by definition.
    pub unchecked_faults: Vec<Figure>,
    /// Computers by status.
    pub statuses: Vec<(String, i64)>,
    /// Distinct computers that finished a synchronisation on each of the last 35 days, today
    /// last; days of the site's zone (D-STATS-01, D-STATS-02).
    #[schema(value_type = Vec<(String, i64)>)]
    pub synchronised_days: Vec<(Date, i64)>,
    /// The same for each of the last 72 hours, by their first moment.
    #[schema(value_type = Vec<(String, i64)>)]
    pub synchronised_hours: Vec<(Timestamp, i64)>,
}

impl App {
    /// Returns the figures of the home page.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to see computers.
    pub async fn dashboard(&self, actor: &Actor) -> Result<Dashboard, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        let zone = self.options().time_zone.clone();
        let now = actor.at;
        let today = self.today(now);
        let days: Vec<Date> =
            (0..DAYS).rev().filter_map(|back| today.checked_sub(back.days()).ok()).collect();
        let starts: Vec<Timestamp> = days
            .iter()
            .filter_map(|day| day.to_zoned(zone.clone()).ok())
            .map(|start| start.timestamp())
            .collect();
        let hour = Timestamp::from_second(now.as_second().div_euclid(3600) * 3600).unwrap_or(now);
        let hours: Vec<Timestamp> = (0..HOURS)
            .rev()
            .filter_map(|back| hour.checked_sub(SignedDuration::from_hours(back)).ok())
            .collect();
        // What ends in this very millisecond counts too.
        let end = now.checked_add(SignedDuration::from_millis(1)).unwrap_or(now);
        self.see(actor, move |tx| {
            let by_day = figures::synchronised(tx, &starts, end)?;
            let by_hour = figures::synchronised(tx, &hours, end)?;
            Ok(Dashboard {
                productive_computers: figures::productive_computers(tx)?,
                unchecked_errors: figures::unchecked_errors(tx)?,
                unchecked_faults: figures::unchecked_faults(tx)?,
                statuses: figures::statuses(tx)?,
                synchronised_days: days.into_iter().zip(by_day).collect(),
                synchronised_hours: hours.into_iter().zip(by_hour).collect(),
            })
        })
        .await
    }

    /// Counts what the database holds, for the metrics.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn totals(&self) -> Result<Totals, AppError> {
        self.storage().read(|tx| Ok(figures::totals(tx)?)).await
    }
}
