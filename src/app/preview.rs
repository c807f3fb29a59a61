//! The preview of a change: which computers it would reach, what they would install and fetch, on
//! which day. Whoever may make the change may see it first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::ids::{DeploymentId, ProjectId};
use crate::domain::impact::{Comparison, Difference};
use crate::storage::machines::{self, Known};
use crate::storage::release::{self, Offer};
use crate::storage::{ReadTx, StorageError};

use self::packages::Packages;
use self::sum::Sum;
use super::trial::{Before, Trial, Tried};
use super::{App, AppError};

mod packages;
mod sum;

/// What a change would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// Productive computers that a deployment or an order would reach.
    pub gained: i64,
    /// Productive computers that a deployment or an order would no longer reach.
    pub lost: i64,
    /// Productive computers for which something would change in either way.
    pub changed: i64,
    pub unchanged: i64,
    /// By name, the first hundred.
    pub gaining: Vec<AffectedComputer>,
    /// By name, the first hundred.
    pub losing: Vec<AffectedComputer>,
    /// By package; the first hundred of those with most computers.
    pub packages: Vec<PackageEffect>,
    /// Bytes that computers would fetch in all, as far as the site has the packages.
    pub bytes: u64,
    /// When computers would be reached, by day.
    pub days: Vec<PreviewDay>,
    /// The number to type before saving, where many computers would lose something.
    pub confirm: Option<i64>,
}

/// A computer that would be reached, or not any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AffectedComputer {
    pub id: i64,
    pub name: String,
}

/// What would happen with a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PackageEffect {
    pub package: String,
    /// `install`, `upgrade` or `remove`.
    pub effect: String,
    /// How many computers.
    pub computers: i64,
    /// Bytes that all of them would fetch.
    pub bytes: u64,
}

/// One day of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PreviewDay {
    pub date: String,
    /// Computers that something would reach on that day.
    pub computers: i64,
    pub bytes: u64,
}

impl App {
    /// Says what a change that was looked at would do; `None` if it would change nothing.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn preview(&self, trial: &Arc<Trial>) -> Result<Option<Preview>, AppError> {
        let Some((before, tried)) = trial.take() else { return Ok(None) };
        let read = self
            .storage()
            .read(move |tx| -> Result<_, AppError> { Ok(look(tx, &before, &tried)?) });
        read.await.map(Some)
    }
}

fn look(tx: &ReadTx<'_>, before: &Before, tried: &Tried) -> Result<Preview, StorageError> {
    let Before { site, tags, today, view } = before;
    let comparison = Comparison::new(&site.release, &tried.release, *today);
    let known = machines::productive(&tx.seen_by(*view), tags, &tried.tags)?;
    let fresh = fresh_offers(tx, tried)?;
    let found = differences(&comparison, &known, &fresh, tried, *today);
    let pms = |project: ProjectId| site.projects.get(&project).map(|project| project.pms);
    let packages = Packages::read(tx, &found, &fresh, tried)?;
    let mut sum = Sum::default();
    for one in &found {
        if let Some(pms) = pms(one.known.machine.project) {
            sum.add(one, packages.effects(one, pms, *today), *today);
        }
    }
    Ok(sum.preview(known.len(), found.len()))
}

/// How many computers lose something by a change, if they are so many that the number must be
/// typed; `tx` sees the site as it was.
pub(super) fn losing(
    tx: &ReadTx<'_>,
    before: &Before,
    tried: &Tried,
) -> Result<Option<i64>, StorageError> {
    let Before { site, tags, today, .. } = before;
    let comparison = Comparison::new(&site.release, &tried.release, *today);
    if comparison.rules_are_alike() && *tags == tried.tags {
        return Ok(None);
    }
    let preview = look(tx, before, tried)?;
    Ok(preview.confirm)
}

/// Packages that a repository has only after the change, of deployments that stay.
fn fresh_offers(
    tx: &ReadTx<'_>,
    tried: &Tried,
) -> Result<BTreeMap<DeploymentId, Vec<Offer>>, StorageError> {
    let had = release::offers_of(tx, &tried.offers.keys().copied().collect())?;
    let mut fresh = BTreeMap::new();
    for (id, has) in &tried.offers {
        let had: BTreeSet<&Offer> = had.get(id).into_iter().flatten().collect();
        let new: Vec<Offer> = has.iter().filter(|offer| !had.contains(offer)).cloned().collect();
        if !new.is_empty() {
            fresh.insert(*id, new);
        }
    }
    Ok(fresh)
}

/// A computer for which something would change.
struct Found<'a> {
    known: &'a Known,
    difference: Difference,
    /// Deployments whose new packages it would see at once.
    refreshed: Vec<DeploymentId>,
}

/// Asks about every computer, on as many threads as there are processors.
fn differences<'a>(
    comparison: &Comparison<'_>,
    known: &'a [Known],
    fresh: &BTreeMap<DeploymentId, Vec<Offer>>,
    tried: &Tried,
    today: Date,
) -> Vec<Found<'a>> {
    if comparison.rules_are_alike()
        && fresh.is_empty()
        && known.iter().all(|known| known.machine.tags == known.machine.tags_after)
    {
        return Vec::new();
    }
    let one = |known: &'a Known| -> Option<Found<'a>> {
        let difference = comparison.of(&known.machine);
        let mut refreshed = Vec::new();
        if !fresh.is_empty() {
            let pool = comparison.pool_after(&known.machine);
            let subject = crate::domain::release::Subject {
                computer: known.machine.id,
                project: known.machine.project,
                pool: &pool,
                today,
            };
            let all = tried.release.deployments(known.machine.project).iter();
            let seen = all.filter(|d| fresh.contains_key(&d.id) && d.reaches(&subject).is_ok());
            refreshed = seen.map(|d| d.id).collect();
            refreshed.retain(|id| !difference.gained.contains_key(id));
        }
        let found = Found { known, difference, refreshed };
        (!found.difference.is_empty() || !found.refreshed.is_empty()).then_some(found)
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = known.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let work = |part: &'a [Known]| scope.spawn(move || part.iter().filter_map(one).collect());
        let threads: Vec<_> = known.chunks(share).map(work).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Vec<Found<'a>>>| {
            thread.join().unwrap_or_default()
        };
        threads.into_iter().flat_map(join).collect()
    })
}
