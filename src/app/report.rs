//! A computer tells what it did, and the synchronisation ends (D-SYNC-14 to D-SYNC-16).
//!
//! Stored once: the number of the last synchronisation that ended stands in the computer's row,
//! so that a report sent again after a lost answer is recognised, also after a restart.
//!
//! A synchronisation that another one of the same computer overtook may still tell what it did:
//! that has happened, and it is stored. It does not end the later one (D-SYNC-22). Once the later
//! one has ended nobody knows any more whether the earlier was stored, and it is refused: the
//! client then tells what is left of it with its next report.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::ids::ProjectId;
use crate::domain::text::cut;
use crate::storage::software::Package;
use crate::storage::synchronizations::{self, Ended, SyncState};
use crate::storage::{WriteTx, faults, software};
use crate::wire::sync::{
    Report, ReportAnswer, SoftwareChange, SoftwarePackage, software_fingerprint,
};

use super::App;
use super::credentials::Signed;
use super::errors::Classified;
use super::refusal::Refusal;
use super::release_cache::Site;
use super::synchronization::number_of;

/// Packages of one list, and changes of one report.
const MAX_PACKAGES: usize = 100_000;
/// Intervals of changes in one report.
const MAX_CHANGES: usize = 100;
/// Longest part of a package's name, in characters.
const MAX_PART: usize = 255;
/// Longest result of a fault, in characters.
const MAX_RESULT: usize = 32 * 1024;

impl App {
    /// Stores a report and ends its synchronisation.
    ///
    /// # Errors
    /// [`Refusal::UnknownSync`] for any but the synchronisations that this computer has open,
    /// [`Refusal::Replay`], [`Refusal::Invalid`] for a list that is not the one it says.
    pub async fn report(
        &self,
        by: Signed,
        sync_id: &str,
        report: Report,
    ) -> Result<ReportAnswer, Refusal> {
        let number = number_of(&by, sync_id)?;
        let fingerprint = checked_fingerprint(&report)?;
        let errors = self.classify(&report.errors).await?;
        let site = self.storage().read_now(|tx| self.site(tx)).map_err(Refusal::from)?;
        let incoming = Incoming { number, fingerprint, report, errors, site };
        let computer = by.computer;
        let (answer, is_working) = self.storage().write(move |tx| incoming.store(tx, &by)).await?;
        if !is_working {
            self.0.messages.end(computer);
        }
        Ok(answer)
    }
}

/// A report that was checked as far as it can be without the database.
struct Incoming {
    number: i64,
    fingerprint: [u8; 32],
    report: Report,
    errors: Vec<Classified>,
    site: Arc<Site>,
}

impl Incoming {
    /// The transaction of a report; says, too, whether the computer goes on working.
    fn store(&self, tx: &WriteTx<'_>, by: &Signed) -> Result<(ReportAnswer, bool), Refusal> {
        let state = synchronizations::find(tx, by.computer)?.ok_or(Refusal::UnknownComputer)?;
        if !state.accepts(by.key_id(), by.call.signed_time()) {
            return Err(Refusal::Replay);
        }
        if state.last_sync == Some(self.number) {
            by.accept(tx)?;
            return Ok((ReportAnswer::Stored, state.current_sync.is_some()));
        }
        let is_overtaken = match state.current_sync {
            Some(current) if current == self.number => false,
            Some(current)
                if self.number < current && state.last_sync.is_none_or(|l| l < self.number) =>
            {
                true
            }
            _ => return Err(Refusal::UnknownSync(format!("{}-{}", by.computer, self.number))),
        };
        if !self.store_software(tx, by, &state)? {
            by.accept(tx)?;
            return Ok((ReportAnswer::NeedSoftware, true));
        }
        let now = by.call.at;
        for change in self.report.changes.iter().take(MAX_CHANGES) {
            store_change(tx, by, change)?;
        }
        self.store_faults(tx, by, state.project)?;
        super::errors::store(tx, (by.computer, state.project), &self.errors, now)?;
        if let Some(tree) = &self.report.hardware {
            super::hardware::store(tx, by, &state, tree)?;
        }
        let started_at = if is_overtaken {
            synchronizations::end_overtaken(tx, by.computer, self.number, by.call.time_ms)?;
            Some(moment(self.number, now))
        } else {
            synchronizations::end(tx, by.computer, by.call.time_ms, now)?;
            state.started_at
        };
        let ended = Ended {
            computer: by.computer,
            user: state.user,
            project: state.project,
            started_at: started_at.unwrap_or(now),
            ended_at: now,
            ok: self.report.outcome.ok,
        };
        synchronizations::add(tx, &ended)?;
        Ok((ReportAnswer::Stored, is_overtaken))
    }

    /// Gives the computer its list of packages; `false` if nobody knows it.
    fn store_software(
        &self,
        tx: &WriteTx<'_>,
        by: &Signed,
        state: &SyncState,
    ) -> Result<bool, Refusal> {
        let list = match (software::find_list(tx, &self.fingerprint)?, &self.report.software) {
            (Some(list), _) => list,
            (None, Some(packages)) => {
                let parts: Vec<_> = packages.iter().map(Parts::of).collect();
                software::insert_list(tx, &self.fingerprint, parts.iter().map(Parts::package))?
            }
            (None, None) => return Ok(false),
        };
        if state.software_list != Some(list) {
            software::set_list(tx, by.computer, list, state.software_list)?;
        }
        Ok(true)
    }

    fn store_faults(
        &self,
        tx: &WriteTx<'_>,
        by: &Signed,
        project: ProjectId,
    ) -> Result<(), Refusal> {
        for (name, result) in &self.report.faults {
            let known = self.site.fault_programs.iter().find(|(_, known)| known.name == *name);
            let result = cut(result.trim(), MAX_RESULT, true);
            if let Some((definition, _)) = known.filter(|_| !result.is_empty()) {
                faults::add(tx, (by.computer, project), *definition, &result, by.call.at)?;
            }
        }
        Ok(())
    }
}

/// Reads a fingerprint of packages and checks that the list, if sent, is the one it stands for.
fn checked_fingerprint(report: &Report) -> Result<[u8; 32], Refusal> {
    let changed = report.changes.iter().map(|c| c.installed.len() + c.removed.len()).sum::<usize>();
    let listed = report.software.as_ref().map_or(0, Vec::len);
    if changed > MAX_PACKAGES || listed > MAX_PACKAGES {
        return Err(Refusal::Invalid(format!("more than {MAX_PACKAGES} packages")));
    }
    let fingerprint = read_fingerprint(&report.software_fingerprint)
        .ok_or_else(|| Refusal::Invalid("software_fingerprint is none".into()))?;
    match &report.software {
        Some(list) if software_fingerprint(list) != hex::encode(fingerprint) => {
            Err(Refusal::Invalid("the packages are not those of software_fingerprint".into()))
        }
        _ => Ok(fingerprint),
    }
}

/// Reads a SHA-256 in hex.
pub(super) fn read_fingerprint(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

fn store_change(tx: &WriteTx<'_>, by: &Signed, change: &SoftwareChange) -> Result<(), Refusal> {
    if change.installed.is_empty() && change.removed.is_empty() {
        return Ok(());
    }
    let installed = change.installed.iter().map(|package| (Parts::of(package), true));
    let removed = change.removed.iter().map(|package| (Parts::of(package), false));
    let parts: Vec<(Parts, bool)> = installed.chain(removed).collect();
    let packages = parts.iter().map(|(parts, installed)| (parts.package(), *installed));
    // The client's clock was put right by ours; what is still impossible is brought into the past.
    let to = moment(change.to_ms, by.call.at);
    let between = (moment(change.from_ms, to), to);
    Ok(software::add_change(tx, by.computer, between, change.manual, packages)?)
}

/// An instant that a client names, not after `latest`.
fn moment(ms: i64, latest: Timestamp) -> Timestamp {
    let ms = ms.clamp(0, latest.as_millisecond().max(0));
    Timestamp::from_millisecond(ms).unwrap_or(latest)
}

/// A package as it is stored, its parts cut to size.
struct Parts {
    name: String,
    version: String,
    architecture: String,
}

impl Parts {
    fn of(package: &SoftwarePackage) -> Self {
        let part = |text: &str| cut(text, MAX_PART, false);
        Self {
            name: part(&package.name),
            version: part(&package.version),
            architecture: part(&package.architecture),
        }
    }

    fn package(&self) -> Package<'_> {
        Package { name: &self.name, version: &self.version, architecture: &self.architecture }
    }
}
