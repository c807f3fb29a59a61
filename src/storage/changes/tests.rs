//! What is noted, and that it is taken back to the letter.

use super::*;
use crate::storage::{Storage, audit};

fn site() -> (tempfile::TempDir, Storage) {
    let dir = tempfile::tempdir().unwrap();
    let storage = Storage::open(dir.path()).unwrap();
    (dir, storage)
}

fn record(tx: &WriteTx<'_>, kind: &str) -> Result<(), StorageError> {
    audit::record(
        tx,
        &audit::Entry {
            at: Timestamp::from_millisecond(1_700_000_000_000).unwrap(),
            actor: "ana".into(),
            action: "change".into(),
            object_kind: kind.into(),
            object_id: Some(1),
            object_name: kind.into(),
            before: None,
            after: None,
        },
    )
}

/// Makes a change of SQL statements, with one audit row or without.
fn change(storage: &Storage, sql: &'static str, audited: bool) {
    let done: Result<(), StorageError> = storage.write_now(move |tx| {
        tx.change_for_tests(sql)?;
        if audited { record(tx, "thing") } else { Ok(()) }
    });
    done.unwrap();
}

fn all(storage: &Storage) -> Vec<ChangeSet> {
    let read: Result<_, StorageError> = storage.read_now(|tx| {
        let mut statement = tx.sql().prepare("SELECT id FROM change ORDER BY id")?;
        let ids = pages::all(statement.query([])?, |row| Ok(ChangeId(row.get(0)?)))?;
        ids.into_iter().map(|id| get(tx, id)).collect()
    });
    read.unwrap()
}

fn state(storage: &Storage) -> String {
    storage.read_now(state_for_tests).unwrap()
}

fn undo(storage: &Storage, change: &ChangeSet) -> Result<(), Obstructed> {
    let change = change.clone();
    let done: Result<_, StorageError> = storage.write_now(move |tx| {
        let done = revert(tx, &change)?;
        if done.is_ok() {
            record(tx, "undo")?;
        }
        Ok(done)
    });
    done.unwrap()
}

const SITE: &str = "
    INSERT INTO platform (id, name) VALUES (1, 'Linux');
    INSERT INTO project (id, name, platform_id, pms) VALUES (1, 'p', 1, 'apt-get');
    INSERT INTO formula (id, prefix, name, sort) VALUES (1, 'UBI', 'place', 'server');
    INSERT INTO attribute (id, formula_id, value) VALUES (10, 1, 'MADRID'), (11, 1, 'GOYA');
    INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at)
        VALUES (5, 'u', 'pc', 1, 'intended', 0, 0);
    INSERT INTO computer_attribute (computer_id, attribute_id, valid_from) VALUES (5, 10, 7);
    INSERT INTO computer_tag (computer_id, attribute_id) VALUES (5, 10);";

#[test]
fn what_nobody_recorded_is_no_change_to_undo() {
    let (_dir, storage) = site();
    change(&storage, SITE, false);
    assert_eq!(all(&storage), []);
    change(&storage, "UPDATE project SET name = 'p'", true);
    assert_eq!(all(&storage), [], "nothing differs");
}

#[test]
fn rows_come_back_with_their_ids_and_all_that_hung_on_them() {
    let (_dir, storage) = site();
    change(&storage, SITE, false);
    let before = state(&storage);
    change(
        &storage,
        "INSERT INTO application (id, name, icon, icon_type, created_at)
             VALUES (3, 'GIMP', x'00ff7f', 'image/png', 9);
         INSERT INTO application_attribute VALUES (3, 10);
         UPDATE attribute SET description = 'the capital' WHERE id = 10;",
        true,
    );
    let between = state(&storage);
    change(&storage, "DELETE FROM formula; DELETE FROM application;", true);
    let changes = all(&storage);
    assert_eq!((changes.len(), changes[0].actor.as_str()), (2, "ana"));

    undo(&storage, &changes[1]).unwrap();
    assert_eq!(state(&storage), between, "bytes, tags, and the pool of the computer");
    undo(&storage, &changes[0]).unwrap();
    assert_eq!(state(&storage), before);
    let undone: Vec<bool> = all(&storage).iter().map(|change| change.undone).collect();
    assert_eq!(undone, [true, true, false, false], "and undoing is a change of its own");
    undo(&storage, &all(&storage)[3]).unwrap();
    assert_eq!(state(&storage), between, "that can be undone");
}

#[test]
fn what_was_changed_again_since_stands_in_the_way() {
    let (_dir, storage) = site();
    change(&storage, SITE, false);
    change(&storage, "INSERT INTO schedule (id, name) VALUES (4, 'slow')", true);
    change(&storage, "UPDATE schedule SET name = 'slower'", true);
    change(&storage, "UPDATE schedule SET description = 'of the town hall'", true);
    let changes = all(&storage);
    let before = state(&storage);
    let obstructed = Obstructed { table: "schedule".into(), row: "id=4".into() };
    assert_eq!(undo(&storage, &changes[0]), Err(obstructed));
    assert_eq!(state(&storage), before);
    undo(&storage, &changes[1]).unwrap();
    assert!(state(&storage).contains("\"slow\"") && state(&storage).contains("town hall"));
}

#[test]
fn a_password_is_never_noted() {
    let (_dir, storage) = site();
    change(
        &storage,
        "INSERT INTO account (id, username, password_hash, date_joined) VALUES (9, 'eva', 'h', 0);",
        true,
    );
    change(&storage, "UPDATE account SET password_hash = 'secret'", true);
    assert_eq!(all(&storage).len(), 1);
    let rows = format!("{:?}", all(&storage));
    assert!(rows.contains("eva") && !rows.contains("password"), "{rows}");
}

#[test]
fn after_a_time_a_change_is_forgotten() {
    let (_dir, storage) = site();
    change(&storage, "INSERT INTO schedule (id, name) VALUES (4, 'slow')", true);
    let done: Result<_, StorageError> = storage.write_now(|tx| {
        let early = forget(tx, Timestamp::from_millisecond(1_700_000_000_000).unwrap())?;
        Ok((early, forget(tx, Timestamp::from_millisecond(1_700_000_000_001).unwrap())?))
    });
    assert_eq!(done.unwrap(), (0, 1));
}
