//! What a computer was at some date: its project and status then (D-MIG-03).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{ComputerId, MigrationId, ProjectId, StatusLogId};
use super::status::Status;

/// A change of project, the first one included (D-MIG-01).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    pub id: MigrationId,
    pub computer: ComputerId,
    /// The new one.
    pub project: ProjectId,
    pub created_at: Timestamp,
}

/// A change of status, the first one included (D-STATUS-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusLog {
    pub id: StatusLogId,
    pub computer: ComputerId,
    /// The new one.
    pub status: Status,
    pub created_at: Timestamp,
}

/// Project and status at a moment; `None` before either was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Situation {
    pub project: Option<ProjectId>,
    pub status: Status,
}

/// Returns what a computer was at a moment, from its logs in any order; nothing before its entry
/// (D-MIG-03).
pub fn at(
    moment: Timestamp,
    entry: Timestamp,
    migrations: &[Migration],
    logs: &[StatusLog],
    default_status: Status,
) -> Option<Situation> {
    if moment < entry {
        return None;
    }
    let migration = migrations
        .iter()
        .filter(|migration| migration.created_at <= moment)
        .max_by_key(|migration| (migration.created_at, migration.id));
    let log = logs
        .iter()
        .filter(|log| log.created_at <= moment)
        .max_by_key(|log| (log.created_at, log.id));
    Some(Situation {
        project: migration.map(|migration| migration.project),
        status: log.map_or(default_status, |log| log.status),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap()
    }

    #[test]
    fn a_computer_was_what_its_logs_say() {
        let migration = |id, project, at| Migration {
            id: MigrationId(id),
            computer: ComputerId(1),
            project: ProjectId(project),
            created_at: day(at),
        };
        let log = |id, status, at| StatusLog {
            id: StatusLogId(id),
            computer: ComputerId(1),
            status,
            created_at: day(at),
        };
        let migrations = [migration(2, 20, 20), migration(1, 10, 10), migration(3, 30, 20)];
        let logs = [log(1, Status::Available, 15), log(2, Status::InRepair, 25)];
        let found =
            |project: i64, status| Some(Situation { project: Some(ProjectId(project)), status });
        // rule       day  situation
        let table = [
            ("D-MIG-03", 9, None),
            ("D-MIG-03", 10, found(10, Status::Intended)), // no log yet: the default
            ("D-MIG-03", 15, found(10, Status::Available)),
            ("D-MIG-03", 20, found(30, Status::Available)), // of one moment: the later record
            ("D-MIG-03", 99, found(30, Status::InRepair)),
        ];
        for (rule, moment, expected) in table {
            let got = at(day(moment), day(10), &migrations, &logs, Status::Intended);
            assert_eq!(got, expected, "{rule}: day {moment}");
        }
    }
}
