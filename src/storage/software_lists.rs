//! What is, was and came to be installed on computers (D-SYNC-14, D-SYNC-19).
//!
//! A computer points to its list of now; what was there before follows from the changes after
//! the moment asked for, so that nothing is stored twice.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Named, contains};
use super::seen::{Seen, Thing};
use super::tx::instant;
use super::{ReadTx, StorageError, display};
use crate::domain::ids::ComputerId;
use crate::domain::software::{Change, Interval, presence};

/// An installed package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct InstalledPackage {
    pub name: String,
    pub version: String,
    pub architecture: String,
}

/// The packages of a computer now, by name.
pub fn now(tx: &Seen<'_>, id: ComputerId) -> Result<Vec<InstalledPackage>, StorageError> {
    tx.check(Thing::Computer, id.0)?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT software.name, software.version, software.architecture
         FROM computer
         JOIN software_list_item AS item ON item.list_id = computer.software_list_id
         JOIN software ON software.id = item.software_id
         WHERE computer.id = :id
         ORDER BY software.name, software.version, software.architecture",
    )?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, package)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The packages a computer had at an instant, by name: those of now without what came later and
/// with what went later. The first change after the instant decides.
pub fn at(
    tx: &Seen<'_>,
    id: ComputerId,
    at: Timestamp,
) -> Result<Vec<InstalledPackage>, StorageError> {
    tx.check(Thing::Computer, id.0)?;
    let mut statement = tx.sql().prepare_cached(
        "WITH later AS (
             SELECT change.software_id, change.installed,
                    row_number() OVER (PARTITION BY change.software_id
                                       ORDER BY history.id, change.installed) AS turn
             FROM software_history AS history
             JOIN software_change AS change ON change.history_id = history.id
             WHERE history.computer_id = :id AND history.to_at > :at)
         SELECT name, version, architecture FROM software
         WHERE id IN (SELECT software_id FROM later WHERE turn = 1 AND installed = 0)
            OR (id IN (SELECT item.software_id FROM computer
                       JOIN software_list_item AS item
                         ON item.list_id = computer.software_list_id
                       WHERE computer.id = :id)
                AND id NOT IN (SELECT software_id FROM later))
         ORDER BY name, version, architecture",
    )?;
    let rows =
        statement.query_map(named_params! { ":id": id.0, ":at": at.as_millisecond() }, package)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn package(row: &Row<'_>) -> rusqlite::Result<InstalledPackage> {
    Ok(InstalledPackage { name: row.get(0)?, version: row.get(1)?, architecture: row.get(2)? })
}

/// What came and went between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HistoryEntry {
    pub id: i64,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Changed by others, between two synchronisations (D-SYNC-08).
    pub manual: bool,
    /// `+name-version` installed, then `-name-version` removed, each sorted (D-SYNC-19).
    pub changes: Vec<String>,
}

/// A page of the software history of a computer, newest first; one more than asked if there are
/// more.
pub fn history(
    tx: &Seen<'_>,
    id: ComputerId,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<HistoryEntry>, StorageError> {
    tx.check(Thing::Computer, id.0)?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT page.id, page.from_at, page.to_at, page.manual, change.installed,
                software.name, software.version
         FROM (SELECT id, from_at, to_at, manual FROM software_history
               WHERE computer_id = :id AND id < :before ORDER BY id DESC LIMIT :limit) AS page
         JOIN software_change AS change ON change.history_id = page.id
         JOIN software ON software.id = change.software_id
         ORDER BY page.id DESC, change.installed DESC, software.name, software.version",
    )?;
    let mut rows = statement.query(named_params! {
        ":id": id.0,
        ":before": before.unwrap_or(i64::MAX),
        ":limit": i64::from(limit) + 1,
    })?;
    let mut entries: Vec<HistoryEntry> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        if entries.last().is_none_or(|entry| entry.id != id) {
            entries.push(HistoryEntry {
                id,
                from: instant(row.get("from_at")?)?,
                to: instant(row.get("to_at")?)?,
                manual: row.get("manual")?,
                changes: Vec::new(),
            });
        }
        let sign = if row.get("installed")? { '+' } else { '-' };
        let (name, version): (String, String) = (row.get("name")?, row.get("version")?);
        if let Some(entry) = entries.last_mut() {
            entry.changes.push(format!("{sign}{name}-{version}"));
        }
    }
    Ok(entries)
}

/// A computer that had a package, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Holder {
    /// The computer by its display name.
    pub computer: Named,
    pub package: InstalledPackage,
    /// Null: since before the site knew the computer's packages.
    pub from: Option<Timestamp>,
    /// Null: the computer has it now.
    pub to: Option<Timestamp>,
}

/// Who had a package, and when.
#[derive(Debug, Clone, Default)]
pub struct HolderFilter {
    /// Text in `name-version` or `name_version_architecture` (D-QRY-04).
    pub package: String,
    /// Had it at some moment from here…
    pub from: Option<Timestamp>,
    /// …to here.
    pub to: Option<Timestamp>,
    /// Only computers after this CID: the last of the page before.
    pub after: Option<ComputerId>,
    /// Most computers of a page.
    pub limit: u32,
}

/// Lists who had a package, by CID and package, for a page of computers that ever had one of its
/// versions; also returns the last CID looked at if there are more.
pub fn holders(
    tx: &Seen<'_>,
    filter: &HolderFilter,
) -> Result<(Vec<Holder>, Option<ComputerId>), StorageError> {
    let packages = packages_like(tx, &filter.package)?;
    let ids = serde_json::json!(packages.keys().collect::<Vec<_>>()).to_string();
    let mut computers = touched(tx, &ids, filter)?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let more = computers.len() > limit;
    computers.truncate(limit);
    let last = computers.last().map(|(id, _)| ComputerId(*id)).filter(|_| more);
    let cids = serde_json::json!(computers.iter().map(|(id, _)| id).collect::<Vec<_>>());
    let cids = cids.to_string();
    let held = held_now(tx, &ids, &cids)?;
    let mut changes = changes_of(tx, &ids, &cids)?;
    let mut found = Vec::new();
    for (computer, name) in computers {
        for (software, package) in &packages {
            let key = (computer, *software);
            let changes = changes.remove(&key).unwrap_or_default();
            for interval in presence(&changes, held.contains(&key)) {
                if overlaps(&interval, filter) {
                    found.push(Holder {
                        computer: Named { id: computer, name: name.clone() },
                        package: package.clone(),
                        from: interval.from,
                        to: interval.to,
                    });
                }
            }
        }
    }
    Ok((found, last))
}

fn overlaps(interval: &Interval, filter: &HolderFilter) -> bool {
    let begins_in_time = interval.from.zip(filter.to).is_none_or(|(begin, to)| begin <= to);
    let ends_in_time = interval.to.zip(filter.from).is_none_or(|(end, from)| end > from);
    begins_in_time && ends_in_time
}

fn packages_like(
    tx: &ReadTx<'_>,
    text: &str,
) -> Result<BTreeMap<i64, InstalledPackage>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        r"SELECT name, version, architecture, id FROM software
          WHERE name || '-' || version LIKE :text ESCAPE '\'
             OR name || '_' || version || '_' || architecture LIKE :text ESCAPE '\'",
    )?;
    let rows = statement.query_map(named_params! { ":text": contains(text) }, |row| {
        Ok((row.get(3)?, package(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Computers that have or had one of the packages, with their display names.
fn touched(
    tx: &Seen<'_>,
    software: &str,
    filter: &HolderFilter,
) -> Result<Vec<(i64, String)>, StorageError> {
    let sql = format!(
        "SELECT computer.id, {} FROM computer
         WHERE computer.id > :after AND {} AND (
             computer.software_list_id IN (
                 SELECT list_id FROM software_list_item
                 WHERE software_id IN (SELECT value FROM json_each(:software)))
             OR computer.id IN (
                 SELECT history.computer_id FROM software_change AS change
                 JOIN software_history AS history ON history.id = change.history_id
                 WHERE change.software_id IN (SELECT value FROM json_each(:software))))
         ORDER BY computer.id LIMIT :limit",
        display::expression(tx)?,
        tx.computer("computer.id"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let rows = statement.query_map(
        named_params! {
            ":after": filter.after.map_or(0, |id| id.0),
            ":software": software,
            ":limit": i64::from(filter.limit) + 1,
        },
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

type Pair = (i64, i64);

fn held_now(
    tx: &ReadTx<'_>,
    software: &str,
    computers: &str,
) -> Result<std::collections::BTreeSet<Pair>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT computer.id, item.software_id FROM computer
         JOIN software_list_item AS item ON item.list_id = computer.software_list_id
         WHERE computer.id IN (SELECT value FROM json_each(:computers))
           AND item.software_id IN (SELECT value FROM json_each(:software))",
    )?;
    let rows = statement
        .query_map(named_params! { ":software": software, ":computers": computers }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn changes_of(
    tx: &ReadTx<'_>,
    software: &str,
    computers: &str,
) -> Result<BTreeMap<Pair, Vec<Change>>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT history.computer_id, change.software_id, history.to_at, change.installed
         FROM software_change AS change
         JOIN software_history AS history ON history.id = change.history_id
         WHERE change.software_id IN (SELECT value FROM json_each(:software))
           AND history.computer_id IN (SELECT value FROM json_each(:computers))
         ORDER BY history.id, change.installed",
    )?;
    let mut rows =
        statement.query(named_params! { ":software": software, ":computers": computers })?;
    let mut found: BTreeMap<Pair, Vec<Change>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let change = Change { at: instant(row.get(2)?)?, installed: row.get(3)? };
        found.entry((row.get(0)?, row.get(1)?)).or_default().push(change);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scopes::View;
    use crate::storage::fixtures::{self, small_storage};

    fn names(packages: &[InstalledPackage]) -> Vec<String> {
        packages.iter().map(|package| format!("{}-{}", package.name, package.version)).collect()
    }

    #[test]
    fn d_scn_04_what_was_there_at_a_moment_follows_from_the_changes() {
        let (_dir, storage) = small_storage();
        let table: [(i64, &[&str]); 4] = [
            (30, &["base-files-12.4", "nano-7.2"]),
            (60, &["acme-test-files-1.0-1", "base-files-12.4", "nano-7.2"]),
            (2000, &["acme-test-files-1.0-1", "base-files-12.4", "vim-2:9.0"]),
            (2060, &["acme-test-files-1.0-2", "base-files-12.4", "vim-2:9.0"]),
        ];
        for (second, expected) in table {
            let found: Result<_, StorageError> = storage.read_now(|tx| {
                at(&tx.seen_by(View::EVERYTHING), ComputerId(1), fixtures::at(second))
            });
            assert_eq!(names(&found.unwrap()), expected, "second {second}");
        }
        let found: Result<_, StorageError> =
            storage.read_now(|tx| now(&tx.seen_by(View::EVERYTHING), ComputerId(1)));
        assert_eq!(names(&found.unwrap()), table[3].1);
    }

    #[test]
    fn d_sync_19_history_is_newest_first_and_shows_plus_before_minus() {
        let (_dir, storage) = small_storage();
        let found: Result<_, StorageError> =
            storage.read_now(|tx| history(&tx.seen_by(View::EVERYTHING), ComputerId(1), None, 100));
        let found = found.unwrap();
        let changes: Vec<_> = found.iter().map(|entry| entry.changes.clone()).collect();
        assert_eq!(
            changes,
            [
                vec!["+acme-test-files-1.0-2".to_owned(), "-acme-test-files-1.0-1".to_owned()],
                vec!["+vim-2:9.0".to_owned(), "-nano-7.2".to_owned()],
                vec!["+acme-test-files-1.0-1".to_owned()],
            ]
        );
        assert!(found[1].manual && !found[0].manual);
        let page: Result<_, StorageError> = storage.read_now(|tx| {
            history(&tx.seen_by(View::EVERYTHING), ComputerId(1), Some(found[0].id), 1)
        });
        assert_eq!(page.unwrap().len(), 2);
    }

    #[test]
    fn d_scn_04_who_had_a_package_and_when() {
        let (_dir, storage) = small_storage();
        let ask = |package: &str, from: Option<i64>, to: Option<i64>| {
            let filter = HolderFilter {
                package: package.to_owned(),
                from: from.map(fixtures::at),
                to: to.map(fixtures::at),
                after: None,
                limit: 100,
            };
            let found: Result<_, StorageError> =
                storage.read_now(|tx| holders(&tx.seen_by(View::EVERYTHING), &filter));
            let (found, _) = found.unwrap();
            let line = |holder: Holder| {
                let second = |at: Timestamp| (at.as_millisecond() - fixtures::START) / 1000;
                (holder.computer.name, holder.from.map(second), holder.to.map(second))
            };
            found.into_iter().map(line).collect::<Vec<_>>()
        };
        let one = || "CID-1".to_owned();
        assert_eq!(ask("acme-test-files-1.0-1", None, None), [(one(), Some(60), Some(2060))]);
        assert_eq!(ask("acme-test-files_1.0-2_all", None, None), [(one(), Some(2060), None)]);
        let nano = [(one(), None, Some(2000)), ("CID-2".to_owned(), None, None)];
        assert_eq!(ask("nano", None, None), nano);
        assert_eq!(ask("nano", Some(2000), None), nano[1..]);
        assert_eq!(ask("vim", None, Some(1999)), []);
    }

    #[test]
    fn holders_are_paged_by_computer() {
        let (_dir, storage) = small_storage();
        let mut filter =
            HolderFilter { package: "nano".into(), limit: 1, ..HolderFilter::default() };
        let first: Result<_, StorageError> =
            storage.read_now(|tx| holders(&tx.seen_by(View::EVERYTHING), &filter));
        let (first, next) = first.unwrap();
        assert_eq!((first.len(), next), (1, Some(ComputerId(1))));
        filter.after = next;
        let second: Result<_, StorageError> =
            storage.read_now(|tx| holders(&tx.seen_by(View::EVERYTHING), &filter));
        let (second, next) = second.unwrap();
        assert_eq!((second[0].computer.id, next), (2, None));
    }
}
