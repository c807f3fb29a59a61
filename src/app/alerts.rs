//! What waits for an administrator (5.5): computed for the account that asks.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::domain::account::{Action, Model};
use crate::domain::alert::{Alert, Alerts, of_message};
use crate::domain::ids::{AccountId, ComputerId};
use crate::domain::schedule::{Span, Standing};
use crate::domain::scopes::View;
use crate::domain::site_settings::SiteSettings;
use crate::storage::seen::Seen;
use crate::storage::{ReadTx, fault_lists, figures, packages, regenerations, schedules, settings};

use super::actor::Actor;
use super::{App, AppError};

/// What alerts are computed from beside the database.
#[derive(Debug, Clone)]
pub(super) struct AlertSources {
    /// Nobody who may not see computers has alerts (D-ALERT-13).
    permitted: bool,
    /// The program itself has no account: what is assigned to nobody concerns it.
    account: AccountId,
    /// When each computer that works sent its last message.
    messages: BTreeMap<ComputerId, Timestamp>,
    /// What the account sees: alerts are computed over that (6.6).
    view: View,
    now: Timestamp,
    /// The same moment as a day of the site.
    today: Date,
}

/// Counts deployments with active and with finished schedule; without delays they are in neither
/// (D-ALERT-12).
fn standings(tx: &Seen<'_>, today: Date) -> Result<(i64, i64), AppError> {
    let spans = schedules::spans(tx)?;
    let is_active = |(_, span): &&(_, Span)| Standing::of(span.percent(today)) == Standing::Active;
    let active = spans.iter().filter(is_active).count();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    Ok((count(active), count(spans.len().saturating_sub(active))))
}

impl AlertSources {
    /// Counts every alert of the account; the bar shows their sum.
    pub(super) fn count(
        &self,
        tx: &ReadTx<'_>,
        settings: &SiteSettings,
    ) -> Result<Alerts, AppError> {
        if !self.permitted {
            return Ok(Alerts::default());
        }
        let tx = &tx.seen_by(self.view);
        let totals = figures::unchecked(tx)?;
        let working = tx.computers_among(&self.messages.keys().copied().collect())?;
        let threshold = SignedDuration::from_secs(settings.seconds_message_alert);
        let of = |alert| {
            let same = |(id, at): &(&ComputerId, &Timestamp)| {
                working.contains(*id) && of_message(**at, threshold, self.now) == alert
            };
            i64::try_from(self.messages.iter().filter(same).count()).unwrap_or(i64::MAX)
        };
        let (active, finished) = standings(tx, self.today)?;
        let counts = [
            (
                Alert::Regenerations,
                i64::try_from(regenerations::all(tx)?.len()).unwrap_or(i64::MAX),
            ),
            (Alert::ActiveSchedules, active),
            (Alert::FinishedSchedules, finished),
            (Alert::UncheckedErrors, totals.errors),
            (Alert::UncheckedFaults, fault_lists::count_unchecked(tx, self.account)?),
            (Alert::UncheckedNotifications, totals.notifications),
            (Alert::OrphanPackages, packages::count_orphans(tx)?),
            (Alert::SynchronisingComputers, of(Alert::SynchronisingComputers)),
            (Alert::DelayedComputers, of(Alert::DelayedComputers)),
        ];
        let unsigned = |(alert, count): (Alert, i64)| (alert, u64::try_from(count).unwrap_or(0));
        Ok(Alerts::new(counts.map(unsigned)))
    }
}

impl App {
    /// Returns the alerts of an account (D-ALERT-01 to D-ALERT-09).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right to see computers (D-ALERT-13).
    pub async fn alerts(&self, actor: &Actor) -> Result<Alerts, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        let sources = self.alert_sources(actor);
        self.storage()
            .read(move |tx| sources.count(tx, &SiteSettings::from_rows(&settings::all(tx)?)))
            .await
    }

    /// Gathers what is not in the database.
    pub(super) fn alert_sources(&self, actor: &Actor) -> AlertSources {
        AlertSources {
            permitted: actor.may(Model::Computer, Action::View),
            account: actor.account_id().unwrap_or(AccountId(0)),
            messages: self.messages().into_iter().map(|(id, one)| (id, one.updated_at)).collect(),
            view: actor.view(),
            now: actor.at,
            today: self.today(actor.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    #[test]
    fn a_message_counts_as_synchronising_or_as_delayed() {
        let dir = tempfile::tempdir().unwrap();
        let storage = Storage::open(dir.path()).unwrap();
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let sources = AlertSources {
            permitted: true,
            account: AccountId(1),
            messages: (1..).map(ComputerId).zip([at(0), at(1), at(1799), at(1800)]).collect(),
            view: View::EVERYTHING,
            now: at(1801),
            today: "2024-06-05".parse().unwrap(),
        };
        let counted = |sources: &AlertSources| -> Alerts {
            let settings = SiteSettings::default();
            storage.read_now(|tx| sources.count(tx, &settings)).unwrap()
        };
        // rule          alert                            messages
        let table = [
            ("D-ALERT-05", Alert::SynchronisingComputers, 2),
            ("D-ALERT-06", Alert::DelayedComputers, 2),
        ];
        let alerts = counted(&sources);
        for (rule, alert, expected) in table {
            let found = alerts.shown().find(|(shown, _)| *shown == alert);
            assert_eq!(found, Some((alert, expected)), "{rule}");
        }
        assert_eq!(alerts.total(), 4);
        let nobody = AlertSources { permitted: false, ..sources };
        assert_eq!(counted(&nobody).total(), 0);
    }
}
