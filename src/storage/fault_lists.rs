//! Reading the faults found on computers (5.1), and whom they concern (D-FAULT-05).

use jiff::Timestamp;
use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::checks::FoundFilter;
use super::pages::{Conditions, Named};
use super::seen::{Seen, Thing};
use super::tx::instant;
use super::{StorageError, display, pages};
use crate::domain::fault::Assignment;
use crate::domain::ids::{AccountId, FaultDefinitionId, FaultId};

/// A fault as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FaultRow {
    #[schema(value_type = i64)]
    pub id: FaultId,
    /// The computer by its display name.
    pub computer: Named,
    /// Its project at that moment.
    pub project: Named,
    pub fault_definition: Named,
    pub created_at: Timestamp,
    /// What the definition's program printed.
    pub result: String,
    pub checked: bool,
}

/// Which faults to list.
#[derive(Debug, Clone, Default)]
pub struct FaultFilter {
    pub found: FoundFilter,
    pub definition: Option<FaultDefinitionId>,
    /// Whom they concern, as seen by an account (D-FAULT-05).
    pub assignment: Option<(Assignment, AccountId)>,
}

const ASSIGNED: &str = "EXISTS (SELECT 1 FROM fault_definition_account AS assigned
                                WHERE assigned.fault_definition_id = found.fault_definition_id)";
const ASSIGNED_TO: &str = "EXISTS (SELECT 1 FROM fault_definition_account AS assigned
                                   WHERE assigned.fault_definition_id = found.fault_definition_id
                                     AND assigned.account_id = :account)";

impl FaultFilter {
    fn conditions(&self) -> Conditions {
        let mut all = self.found.conditions();
        all.with(
            self.definition.map(|id| id.0),
            ":definition",
            "found.fault_definition_id = :definition",
        );
        if let Some((assignment, account)) = self.assignment {
            add_assignment(&mut all, assignment, account);
        }
        all
    }
}

fn add_assignment(all: &mut Conditions, assignment: Assignment, account: AccountId) {
    all.add(match assignment {
        Assignment::ToCheckForMe => format!("(NOT {ASSIGNED} OR {ASSIGNED_TO})"),
        Assignment::AssignedToMe => ASSIGNED_TO.to_owned(),
        Assignment::AssignedToOthers => format!("{ASSIGNED} AND NOT {ASSIGNED_TO}"),
        Assignment::Unassigned => format!("NOT {ASSIGNED}"),
    });
    if assignment != Assignment::Unassigned {
        all.bind(":account", account.0);
    }
}

fn select(tx: &Seen<'_>, conditions: &str) -> Result<String, StorageError> {
    let display = display::expression(tx)?;
    let seen = tx.condition(Thing::Fault, "found");
    Ok(format!(
        "SELECT found.id, found.computer_id, {display} AS display, found.project_id,
                project.name AS project, found.fault_definition_id,
                fault_definition.name AS definition, found.created_at, found.result,
                found.checked
         FROM fault AS found
         JOIN computer ON computer.id = found.computer_id
         JOIN project ON project.id = found.project_id
         JOIN fault_definition ON fault_definition.id = found.fault_definition_id
         WHERE {seen} AND {conditions}"
    ))
}

/// Lists a page of faults, newest first; one more than asked if there are more.
pub fn list(tx: &Seen<'_>, filter: &FaultFilter) -> Result<Vec<FaultRow>, StorageError> {
    let conditions = filter.conditions();
    let sql = select(tx, &conditions.sql())? + " ORDER BY found.id DESC LIMIT :limit";
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*conditions.parameters())?, from_row)
}

/// Returns one fault.
pub fn get(tx: &Seen<'_>, id: FaultId) -> Result<FaultRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&select(tx, "found.id = :id")?)?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "fault", id)
}

/// Counts the unchecked faults that an account has to look at: who that is, is asked once for each
/// definition.
pub fn count_unchecked(tx: &Seen<'_>, account: AccountId) -> Result<i64, StorageError> {
    let mut all = Conditions::default();
    add_assignment(&mut all, Assignment::ToCheckForMe, account);
    let sql = format!(
        "SELECT ifnull(sum(found.count), 0)
         FROM (SELECT fault_definition_id, count(*) AS count FROM fault
               WHERE checked = 0 AND {} GROUP BY fault_definition_id) AS found
         WHERE {}",
        tx.condition(Thing::Fault, "fault"),
        all.sql(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    Ok(statement.query_row(&*all.parameters(), |row| row.get(0))?)
}

fn from_row(row: &Row<'_>) -> Result<FaultRow, StorageError> {
    Ok(FaultRow {
        id: FaultId(row.get("id")?),
        computer: Named { id: row.get("computer_id")?, name: row.get("display")? },
        project: Named { id: row.get("project_id")?, name: row.get("project")? },
        fault_definition: Named {
            id: row.get("fault_definition_id")?,
            name: row.get("definition")?,
        },
        created_at: instant(row.get("created_at")?)?,
        result: row.get("result")?,
        checked: row.get("checked")?,
    })
}
