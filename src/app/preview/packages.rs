//! The packages that a change is about: who has which, what would be fetched, and what that means
//! for one computer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::Found;
use crate::app::trial::Tried;
use crate::domain::ids::DeploymentId;
use crate::domain::pms::Pms;
use crate::domain::release::token_name;
use crate::formats::{evr, version};
use crate::storage::machines::{self, Installed};
use crate::storage::release::{self, Offer};
use crate::storage::{ReadTx, StorageError};

const INSTALL: &str = "install";
const UPGRADE: &str = "upgrade";
pub(super) const REMOVE: &str = "remove";

/// What happens with a package on one computer.
pub(super) struct Effect {
    pub package: String,
    pub kind: &'static str,
    /// To fetch.
    pub bytes: u64,
    pub day: Date,
}

/// What the computers concerned have, and what they could get.
pub(super) struct Packages {
    installed: Installed,
    /// Packages of the deployments that somebody gains.
    gained: BTreeMap<DeploymentId, Vec<Offer>>,
    /// Of those that only have new packages.
    fresh: BTreeMap<DeploymentId, Vec<Offer>>,
    /// Packages that are newly ordered, by name.
    ordered: HashMap<String, Vec<(DeploymentId, Offer)>>,
}

impl Packages {
    pub(super) fn read(
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

    /// What would happen with the packages of one computer.
    pub(super) fn effects(&self, found: &Found<'_>, pms: Pms, today: Date) -> Vec<Effect> {
        let Found { known, difference, refreshed } = found;
        let list = known.software_list;
        let mut all = Vec::new();
        let mut add = |package: &str, kind, bytes, day| {
            all.push(Effect { package: package.to_owned(), kind, bytes, day });
        };
        for token in &difference.install {
            if !self.installed.satisfies(list, token) {
                add(token, INSTALL, self.size_of(token, pms), today);
            }
        }
        for token in &difference.remove {
            if self.installed.version(list, token_name(token)).is_some() {
                add(token, REMOVE, 0, today);
            }
        }
        let mut on: BTreeMap<Date, Vec<&Offer>> = BTreeMap::new();
        for (id, day) in &difference.gained {
            on.entry(*day).or_default().extend(self.gained.get(id).into_iter().flatten());
        }
        for id in refreshed {
            on.entry(today).or_default().extend(self.fresh.get(id).into_iter().flatten());
        }
        for (day, offers) in on {
            for offer in self.upgrades(list, offers.into_iter(), pms) {
                add(&offer.name, UPGRADE, offer.size_bytes, day);
            }
        }
        all
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
