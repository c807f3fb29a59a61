//! The preview of a change: which computers it would reach, what they would install and fetch, on
//! which day. Whoever may make the change may see it first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::ids::{DeploymentId, ProjectId};
use crate::domain::impact::{Comparison, Difference};
use crate::domain::pms::Pms;
use crate::domain::release::token_name;
use crate::formats::{evr, version};
use crate::storage::machines::{self, Installed, Known};
use crate::storage::release::{self, Offer};
use crate::storage::{ReadTx, StorageError};

use super::trial::{Before, Trial, Tried};
use super::{App, AppError};

/// Computers and packages that are listed one by one.
const LISTED: usize = 100;
/// Losing more computers than this, the number must be typed.
const MANY: i64 = 50;
/// So must be losing this many, if they are a fifth of all.
const SOME: i64 = 20;

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
    Ok(sum(&known, &found, &packages, pms, *today))
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

/// What the computers concerned have, and what they could get.
struct Packages {
    installed: Installed,
    /// Packages of the deployments that somebody gains.
    gained: BTreeMap<DeploymentId, Vec<Offer>>,
    /// Of those that only have new packages.
    fresh: BTreeMap<DeploymentId, Vec<Offer>>,
    /// Packages that are newly ordered, by name.
    ordered: HashMap<String, Vec<(DeploymentId, Offer)>>,
}

impl Packages {
    fn read(
        tx: &ReadTx<'_>,
        found: &[Found<'_>],
        fresh: &BTreeMap<DeploymentId, Vec<Offer>>,
        tried: &Tried,
    ) -> Result<Self, StorageError> {
        let ids: BTreeSet<DeploymentId> =
            found.iter().flat_map(|found| found.difference.gained.keys()).copied().collect();
        let mut gained = release::offers_of(tx, &ids)?;
        let after = |(id, offers): (&DeploymentId, &Vec<Offer>)| (*id, offers.clone());
        gained.extend(tried.offers.iter().filter(|(id, _)| ids.contains(id)).map(after));
        let tokens = found.iter().flat_map(|found| &found.difference.install);
        let ordered: BTreeSet<String> = tokens.map(|token| token_name(token).to_owned()).collect();
        let mut of_name: HashMap<String, Vec<(DeploymentId, Offer)>> = HashMap::new();
        let stored = release::offers_named(tx, &ordered)?;
        let stored = stored.into_iter().filter(|(id, _)| !tried.offers.contains_key(id));
        let tried_offers = tried.offers.iter().flat_map(|(id, offers)| {
            offers.iter().filter(|o| ordered.contains(&o.name)).map(|o| (*id, o.clone()))
        });
        for (id, offer) in stored.chain(tried_offers) {
            of_name.entry(offer.name.clone()).or_default().push((id, offer));
        }
        let mut names: BTreeSet<String> = ordered;
        names.extend(
            found
                .iter()
                .flat_map(|found| &found.difference.remove)
                .map(|token| token_name(token).to_owned()),
        );
        names.extend(gained.values().chain(fresh.values()).flatten().map(|o| o.name.clone()));
        let lists = found.iter().filter_map(|found| found.known.software_list).collect();
        Ok(Self {
            installed: machines::installed(tx, &lists, &names)?,
            gained,
            fresh: fresh.clone(),
            ordered: of_name,
        })
    }

    /// The highest version of each package among `offers` that is higher than the installed one.
    fn upgrades<'a>(
        &self,
        list: Option<i64>,
        offers: impl Iterator<Item = &'a Offer>,
        pms: Pms,
    ) -> Vec<&'a Offer> {
        let mut best: BTreeMap<&str, &Offer> = BTreeMap::new();
        for offer in offers {
            let Some(installed) = self.installed.version(list, &offer.name) else { continue };
            if compare(pms, &offer.version, installed).is_le() {
                continue;
            }
            let known = best.entry(&offer.name).or_insert(offer);
            if compare(pms, &offer.version, &known.version).is_gt() {
                *known = offer;
            }
        }
        best.into_values().collect()
    }

    /// Bytes of what an order would fetch: the version it names, or the highest there is.
    fn size_of(&self, token: &str, pms: Pms) -> u64 {
        let offers = self.ordered.get(token_name(token)).into_iter().flatten();
        let wanted = token.split_once('=').map(|(_, version)| version);
        let fits = offers.filter(|(_, offer)| wanted.is_none_or(|wanted| offer.version == wanted));
        let best = fits.max_by(|(_, a), (_, b)| compare(pms, &a.version, &b.version));
        best.map(|(_, offer)| offer.size_bytes).unwrap_or_default()
    }
}

fn compare(pms: Pms, a: &str, b: &str) -> std::cmp::Ordering {
    match pms {
        Pms::Yum | Pms::Zypper => evr::compare(a, b),
        _ => version::compare(a, b),
    }
}

/// Computers and bytes of one effect on one package.
type Tally<'a> = BTreeMap<(String, &'a str), (i64, u64)>;

fn sum(
    known: &[Known],
    found: &[Found<'_>],
    packages: &Packages,
    pms: impl Fn(ProjectId) -> Option<Pms>,
    today: Date,
) -> Preview {
    let mut tally: Tally<'_> = BTreeMap::new();
    let mut days: BTreeMap<Date, (i64, u64)> = BTreeMap::new();
    let (mut gaining, mut losing) = (Vec::new(), Vec::new());
    for Found { known, difference, refreshed } in found {
        let Some(pms) = pms(known.machine.project) else { continue };
        let list = known.software_list;
        let mut of_day: BTreeMap<Date, u64> = BTreeMap::new();
        let mut add = |name: String, effect: &'static str, bytes: u64, day: Date| {
            let entry = tally.entry((name, effect)).or_default();
            entry.0 += 1;
            entry.1 += bytes;
            *of_day.entry(day).or_default() += bytes;
        };
        for token in &difference.install {
            if !packages.installed.satisfies(list, token) {
                add(token.clone(), "install", packages.size_of(token, pms), today);
            }
        }
        let mut removes = false;
        for token in &difference.remove {
            if packages.installed.version(list, token_name(token)).is_some() {
                removes = true;
                add(token.clone(), "remove", 0, today);
            }
        }
        let mut on: BTreeMap<Date, Vec<&Offer>> = BTreeMap::new();
        for (id, day) in &difference.gained {
            on.entry(*day).or_default().extend(packages.gained.get(id).into_iter().flatten());
        }
        for id in refreshed {
            on.entry(today).or_default().extend(packages.fresh.get(id).into_iter().flatten());
        }
        for (day, offers) in on {
            let bytes = packages.upgrades(list, offers.into_iter(), pms);
            for offer in bytes {
                add(offer.name.clone(), "upgrade", offer.size_bytes, day);
            }
        }
        for day in difference.gained.values() {
            of_day.entry(*day).or_default();
        }
        let reached = !difference.gained.is_empty()
            || !difference.install.is_empty()
            || !refreshed.is_empty();
        if reached {
            gaining.push(*known);
            if of_day.is_empty() {
                of_day.insert(today, 0);
            }
        }
        if !difference.lost.is_empty() || !difference.released.is_empty() || removes {
            losing.push(*known);
        }
        for (day, bytes) in of_day {
            let entry = days.entry(day).or_default();
            entry.0 += 1;
            entry.1 += bytes;
        }
    }
    let (all, changed) = (count(known.len()), count(found.len()));
    let lost = count(losing.len());
    let mut effects: Vec<PackageEffect> = tally.into_iter().map(effect_of).collect();
    let bytes = effects.iter().map(|effect| effect.bytes).sum();
    effects.sort_by(|a, b| b.computers.cmp(&a.computers).then_with(|| a.package.cmp(&b.package)));
    effects.truncate(LISTED);
    let day = |(date, (computers, bytes)): (Date, (i64, u64))| PreviewDay {
        date: date.to_string(),
        computers,
        bytes,
    };
    Preview {
        gained: count(gaining.len()),
        lost,
        changed,
        unchanged: all - changed,
        gaining: listed(gaining),
        losing: listed(losing),
        packages: effects,
        bytes,
        days: days.into_iter().map(day).collect(),
        confirm: must_be_typed(lost, all).then_some(lost),
    }
}

/// Says whether the number of computers that lose something must be typed before saving.
fn must_be_typed(lost: i64, all: i64) -> bool {
    lost > MANY || (lost >= SOME && lost * 5 >= all)
}

fn effect_of(
    ((package, effect), (computers, bytes)): ((String, &str), (i64, u64)),
) -> PackageEffect {
    PackageEffect { package, effect: effect.to_owned(), computers, bytes }
}

fn listed(mut known: Vec<&Known>) -> Vec<AffectedComputer> {
    known.sort_by(|a, b| (&a.name, a.machine.id).cmp(&(&b.name, b.machine.id)));
    let one = |known: &Known| AffectedComputer { id: known.machine.id.0, name: known.name.clone() };
    known.into_iter().take(LISTED).map(one).collect()
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn losing_many_computers_wants_the_number_typed() {
        let table = [
            (51, 10_000, true),
            (50, 10_000, false),
            (20, 100, true),
            (20, 101, false),
            (19, 19, false),
        ];
        for (lost, all, expected) in table {
            assert_eq!(must_be_typed(lost, all), expected, "{lost} of {all}");
        }
    }
}
