//! The attribute pool of a computer: computed from what it said, stored as intervals, and told
//! apart by a fingerprint so that what did not change is not computed again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::domain::classification::Classification;
use crate::domain::computer::{Computer, cid_description};
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::notification::{Named, Notice};
use crate::domain::pool::{Facts, Outcome, Wanted, wanted};
use crate::domain::project::Project;
use crate::domain::target::Pool;
use crate::storage::synchronizations::PoolFingerprint;
use crate::storage::{ReadTx, StorageError, WriteTx, attributes, classification, notifications};
use crate::wire::sync::SyncRequest;

use super::identity::Reported;
use super::release_cache::Site;

/// Hash of all that decides the pool and the stored identity: what the computer said, its project
/// as it is stored, the formulas, sets and domains, the fields people search by. Whoever gives tags
/// takes the stored fingerprint away.
pub(super) fn fingerprint(
    site: &Site,
    project: &Project,
    reported: &Reported,
    (user, user_fullname): (&str, &str),
    outputs: &BTreeMap<String, String>,
) -> PoolFingerprint {
    let mut digest = Sha256::new();
    // The length before each text keeps two different lists of texts from being one.
    let mut add = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text.as_bytes());
    };
    add(&format!("1 {} {}", site.revisions.formulas, project.id));
    for text in [&project.name, &project.platform.name, project.pms.as_str()] {
        add(text);
    }
    for field in &site.settings.computer_search_fields {
        add(field.as_str());
    }
    for text in [&*reported.uuid, &reported.name, user, user_fullname, &reported.platform] {
        add(text);
    }
    for text in [&reported.fqdn, &reported.ip_address, &reported.forwarded] {
        add(text.as_deref().unwrap_or_default());
    }
    for (prefix, output) in outputs {
        add(prefix);
        add(output);
    }
    digest.finalize().into()
}

/// Computes and stores the pool (D-SYNC-20, 4 to 11); only rows that differ are written. The sets,
/// domains and tags are those of the site as it was read for this request.
pub(super) fn recompute(
    tx: &WriteTx<'_>,
    site: &Site,
    computer: &Computer,
    project: &Project,
    asked: &SyncRequest,
    user: &str,
    now: Timestamp,
) -> Result<Pool, StorageError> {
    let description = cid_description(computer, &site.settings.computer_search_fields);
    let facts = Facts {
        computer: computer.id,
        cid_description: &description,
        platform: &project.platform.name,
        project: &project.name,
        pms: project.pms,
        ip_address: computer.ip_address.as_deref().unwrap_or_default(),
        user,
        outputs: &asked.attributes,
    };
    let mut pool = Pool::default();
    for attribute in wanted(&site.formulas, &facts) {
        let known = attributes::find(tx, attribute.formula, &attribute.value)?;
        match (attribute.outcome(known.is_some()), known) {
            (Outcome::Joins, Some(id)) => {
                if attribute.refresh_description {
                    attributes::describe(tx, id, attribute.description.as_deref())?;
                }
                pool.insert(id);
            }
            (Outcome::Created, _) => {
                tell_if_cut(tx, computer, &attribute, now)?;
                let description = attribute.description.as_deref();
                let (formula, value) = (attribute.formula, attribute.value.as_str());
                pool.insert(attributes::insert(tx, formula, value, description)?);
            }
            (Outcome::Joins | Outcome::Dropped, _) => {}
        }
    }
    let tags = classification::tags_of(tx, computer.id)?;
    let pool = site.release.classification().pool(pool, &tags);
    attributes::set_pool(tx, computer.id, &pool, now)?;
    Ok(pool)
}

/// The pool that the next synchronisation gives a computer that says what it last said: tags,
/// domains and sets as they are now (D-TAG-09, D-SIM-01).
pub(super) fn expected(
    tx: &ReadTx<'_>,
    classification: &Classification,
    computer: ComputerId,
) -> Result<Expected, StorageError> {
    let own = classification.own(&attributes::pool(tx, computer)?);
    let tags = classification::tags_of(tx, computer)?;
    Ok(Expected { pool: classification.pool(own, &tags), tags })
}

/// What a computer is about to be taken for, and the tags it was given.
pub(super) struct Expected {
    pub pool: Pool,
    pub tags: BTreeSet<AttributeId>,
}

/// D-NOTIF-07, at the creation of the attribute only.
fn tell_if_cut(
    tx: &WriteTx<'_>,
    computer: &Computer,
    attribute: &Wanted,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(original) = &attribute.original else { return Ok(()) };
    let notice = Notice::AttributeCut {
        computer: Named { id: computer.id, name: computer.name.clone() },
        prefix: attribute.prefix.clone(),
        original: original.chars().take(MAX_ORIGINAL).collect(),
    };
    notifications::add(tx, &notice, now)
}

/// Longest original that a notification repeats, in characters.
const MAX_ORIGINAL: usize = 2_000;
