//! Which computers are given which tags, whoever says so: people on either side (D-TAG-07), or the
//! computer itself. What a computer is taken for follows at its next synchronisation (D-TAG-09).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::attribute::parse_name;
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::status::Status;
use crate::domain::tag::{self, Tag};
use crate::storage::seen::{Seen, Thing};
use crate::storage::{ReadTx, StorageError, WriteTx, attributes, classification, computers, tags};

use super::AppError;
use super::actor::Permit;
use super::history::Object;
use super::reason::reason;

#[derive(Serialize)]
struct TagsRecord {
    tags: Vec<String>,
}

/// Replaces the tags of a computer by those of these names.
pub(super) fn change(
    tx: &WriteTx<'_>,
    permit: &Permit,
    computer: ComputerId,
    names: &[String],
) -> Result<(), AppError> {
    let wanted = find(tx, computer, names)?;
    replace(tx, permit, computer, &wanted)
}

/// Stores the tags of a computer, whose next synchronisation then computes its attributes anew, and
/// records who said so.
pub(super) fn replace(
    tx: &WriteTx<'_>,
    permit: &Permit,
    computer: ComputerId,
    wanted: &BTreeSet<AttributeId>,
) -> Result<(), AppError> {
    let before = of(tx, computer)?;
    store(tx, computer, wanted)?;
    let after = of(tx, computer)?;
    let name = computers::get(tx, computer)?.name;
    permit.changed(tx, Object { id: computer.0, name: &name }, &before, &after)?;
    Ok(())
}

fn of(tx: &ReadTx<'_>, computer: ComputerId) -> Result<TagsRecord, StorageError> {
    let tags = tags::of_computer(tx, computer)?.into_iter().map(|tag| tag.name).collect();
    Ok(TagsRecord { tags })
}

/// Finds tags by name for a computer. One that it has may be of a category that was disabled
/// meanwhile.
fn find(
    tx: &ReadTx<'_>,
    computer: ComputerId,
    names: &[String],
) -> Result<BTreeSet<AttributeId>, AppError> {
    let enabled: BTreeSet<AttributeId> =
        tags::enabled(tx)?.into_iter().map(|tag: Tag| tag.id).collect();
    let held = classification::tags_of(tx, computer)?;
    let mut wanted = BTreeSet::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let found = match parse_name(name) {
            Some((prefix, value)) => attributes::find_by_name(tx, prefix, value)?,
            None => None,
        };
        let is_tag = |id: &AttributeId| enabled.contains(id) || held.contains(id);
        let Some(id) = found.filter(is_tag) else {
            let reason = reason!("there is no tag {name} of an enabled category", name = name);
            return Err(AppError::invalid("tags", reason));
        };
        wanted.insert(id);
    }
    if !wanted.is_subset(&held) {
        check_in_service(tx, "tags", computer)?;
    }
    Ok(wanted)
}

/// Finds the tags that a computer names itself, of enabled categories only (D-TAG-10); what has no
/// `-` is not one (D-TAG-06).
pub(super) fn find_enabled(
    known: &[Tag],
    names: &[String],
) -> Result<BTreeSet<AttributeId>, AppError> {
    let named = tag::read_list(names.iter().map(String::as_str));
    let find = |(prefix, value): (&str, &str)| {
        let found = known.iter().find(|tag| tag.prefix == prefix && tag.value == value);
        let unknown = || {
            let name = format!("{prefix}-{value}");
            let reason = reason!("there is no tag {name} of an enabled category", name = name);
            AppError::invalid("tags", reason)
        };
        found.map(|tag| tag.id).ok_or_else(unknown)
    };
    named.into_iter().map(find).collect()
}

/// A computer that left service is not given anything (D-STATUS-07).
pub(super) fn check_in_service(
    tx: &ReadTx<'_>,
    field: &'static str,
    computer: ComputerId,
) -> Result<(), AppError> {
    let name = format!("CID-{computer}");
    let Some(status) = computers::find_status(tx, computer)? else {
        return Err(AppError::invalid(field, reason!("there is no computer {name}", name = name)));
    };
    check_status(field, &name, status)
}

/// Refuses a computer of this name and status if it left service.
pub(super) fn check_status(
    field: &'static str,
    name: &str,
    status: Status,
) -> Result<(), AppError> {
    if !status.is_released() {
        return Ok(());
    }
    let reason = reason!(
        "{name} is {status}: it cannot be given anything",
        name = name,
        status = status.as_str()
    );
    Err(AppError::invalid(field, reason))
}

fn store(
    tx: &WriteTx<'_>,
    computer: ComputerId,
    wanted: &BTreeSet<AttributeId>,
) -> Result<(), StorageError> {
    let held = classification::tags_of(tx, computer)?;
    for gone in held.difference(wanted) {
        tags::take(tx, computer, *gone)?;
    }
    for come in wanted.difference(&held) {
        tags::give(tx, computer, *come)?;
    }
    if held != *wanted {
        computers::forget_pool(tx, computer)?;
    }
    Ok(())
}

/// Stores which of the computers in sight have a tag (D-TAG-07); the others are not touched.
pub(super) fn replace_computers(
    seen: &Seen<'_>,
    tx: &WriteTx<'_>,
    tag: AttributeId,
    wanted: &BTreeSet<ComputerId>,
) -> Result<(), AppError> {
    let held: BTreeSet<ComputerId> =
        tags::computers_of(seen, tag)?.into_iter().map(|named| ComputerId(named.id)).collect();
    for gone in held.difference(wanted) {
        tags::take(tx, *gone, tag)?;
        computers::forget_pool(tx, *gone)?;
    }
    for come in wanted.difference(&held) {
        check_in_service(tx, "computers", *come)?;
        seen.check(Thing::Computer, come.0)?;
        tags::give(tx, *come, tag)?;
        computers::forget_pool(tx, *come)?;
    }
    Ok(())
}
