//! Which room may import which, and which crates belong to one room only.
//!
//! The table is that of ARCHITECTURE.md; change both together. Tests may reach further.

use regex::Regex;

use crate::source::below;

const PURE: &[&str] = &["domain", "configuration", "formats", "wire"];

/// Rooms and what they may import. `catalogue` (texts for people) is open to all that are not pure.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("formats", &[]),
    ("wire", &[]),
    ("clock", &[]),
    ("catalogue", &[]),
    ("settings", &["catalogue"]),
    ("configuration", &["domain"]),
    ("storage", &["domain"]),
    ("publish", &["storage", "formats", "domain"]),
    ("upstream", &["domain"]),
    ("app", &["publish", "storage", "upstream", "PURE", "catalogue"]),
    ("orchestration", &["app", "publish", "PURE", "catalogue"]),
    ("jobs", &["app", "publish", "PURE", "catalogue", "settings", "clock"]),
    ("http", &["app", "PURE", "catalogue", "settings", "clock"]),
    ("web", &["http", "orchestration", "app", "PURE", "catalogue"]),
    ("api", &["http", "orchestration", "app", "PURE", "catalogue"]),
    ("sync", &["http", "orchestration", "app", "PURE", "catalogue"]),
    ("legacy", &["http", "orchestration", "app", "PURE", "catalogue"]),
    ("repos", &["http", "orchestration", "app", "PURE", "catalogue"]),
    ("client", &["PURE", "catalogue"]),
    ("cli", &["ANY"]),
    ("main", &["cli"]),
];

/// Crates that only some rooms may name: a change of mind about them stays in one place.
const CRATES: &[(&str, &[&str])] = &[
    ("rusqlite", &["storage"]),
    ("r2d2", &["storage"]),
    ("maud", &["web"]),
    (
        "actix_web",
        &["http", "web", "api", "sync", "legacy", "repos", "orchestration", "jobs", "cli"],
    ),
    ("anyhow", &["main"]),
];

fn permitted(room: &str, other: &str) -> bool {
    let Some((_, list)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else { return true };
    room == other
        || list.contains(&other)
        || list.contains(&"ANY")
        || (list.contains(&"PURE") && PURE.contains(&other))
}

#[test]
fn rooms_import_what_the_table_permits() {
    let path = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let mut wrong = Vec::new();
    for file in below("src") {
        let Some(room) = file.room().filter(|room| *room != "lib") else { continue };
        assert!(
            room == "static_libc" || MAY_IMPORT.iter().any(|(name, _)| *name == room),
            "{}: the table knows no room `{room}`",
            file.path
        );
        for (number, line) in file.product() {
            for found in path.captures_iter(line) {
                let other = &found[1];
                let is_room = MAY_IMPORT.iter().any(|(name, _)| *name == other);
                if is_room && !permitted(room, other) {
                    wrong.push(format!("{}:{number}: {room} imports {other}", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "not permitted by the table:\n{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for file in below("src") {
        let Some(room) = file.room() else { continue };
        for (name, rooms) in CRATES {
            let named = Regex::new(&format!(r"\b{name}::")).unwrap();
            for (number, line) in file.product() {
                if named.is_match(line) && !rooms.contains(&room) {
                    wrong.push(format!("{}:{number}: {room} names {name}", file.path));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "crates outside their rooms:\n{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_are_pure() {
    let impure = Regex::new(
        r"\b(std::fs|std::net|std::process|std::env|std::thread|tokio|tracing|SystemTime|Instant::now|rand::(rng|thread_rng)|OsRng)\b|\basync fn\b",
    )
    .unwrap();
    let mut wrong = Vec::new();
    for file in below("src") {
        if !file.room().is_some_and(|room| PURE.contains(&room)) {
            continue;
        }
        for (number, line) in file.product() {
            if impure.is_match(line) {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "pure rooms take values and return values:\n{}", wrong.join("\n"));
}
