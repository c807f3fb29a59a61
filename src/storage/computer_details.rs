//! Everything about one computer that is no list of its own: fields, counts of what is related
//! (D-COMP-08), attributes and settings now and as they were.

use jiff::Timestamp;
use rusqlite::{Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::computer_lists::{self, ComputerRow};
use super::pages::{Cursor, Named};
use super::seen::Seen;
use super::tx::instant;
use super::{ReadTx, StorageError, display, tags};
use crate::domain::attribute::Attribute;
use crate::domain::ids::{AttributeId, ComputerId, FormulaId};

/// A computer in full.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ComputerDetail {
    #[serde(flatten)]
    pub row: ComputerRow,
    pub updated_at: Timestamp,
    pub comment: Option<String>,
    pub last_hardware_capture: Option<Timestamp>,
    pub cpu: Option<String>,
    /// Bytes.
    pub ram: Option<i64>,
    /// Bytes of all disks.
    pub storage: Option<i64>,
    pub disks: Option<i64>,
    /// Id of the key the computer signs with.
    pub key_id: Option<String>,
    /// An operator lets the computer come with another key until then.
    pub accept_key_until: Option<Timestamp>,
    /// What it was given by hand, by name.
    pub tags: Vec<Named>,
    pub counts: Counts,
}

/// How many related objects there are (D-COMP-08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    pub errors: i64,
    pub faults: i64,
    pub synchronizations: i64,
    pub migrations: i64,
    pub status_logs: i64,
    pub attributes: i64,
    pub tags: i64,
    pub packages: i64,
    pub software_history: i64,
    pub hardware_nodes: i64,
    /// Deployments of its project that include one of its attributes.
    pub deployments: i64,
}

/// Returns a computer in full.
pub fn get(tx: &Seen<'_>, id: ComputerId) -> Result<ComputerDetail, StorageError> {
    let row = computer_lists::get(tx, id)?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT updated_at, comment, last_hardware_capture, cpu, ram, storage, disks, key_id,
                accept_key_until,
                (SELECT count(*) FROM error WHERE computer_id = :id) AS errors,
                (SELECT count(*) FROM fault WHERE computer_id = :id) AS faults,
                (SELECT count(*) FROM synchronization WHERE computer_id = :id)
                    AS synchronizations,
                (SELECT count(*) FROM migration WHERE computer_id = :id) AS migrations,
                (SELECT count(*) FROM status_log WHERE computer_id = :id) AS status_logs,
                (SELECT count(*) FROM computer_attribute
                 WHERE computer_id = :id AND valid_to IS NULL) AS attributes,
                (SELECT count(*) FROM computer_tag WHERE computer_id = :id) AS tags,
                (SELECT count(*) FROM software_list_item WHERE list_id = software_list_id)
                    AS packages,
                (SELECT count(*) FROM software_history WHERE computer_id = :id)
                    AS software_history,
                (SELECT count(*) FROM hardware_node WHERE computer_id = :id) AS hardware_nodes,
                (SELECT count(DISTINCT deployment.id)
                 FROM computer_attribute AS has
                 JOIN deployment_attribute AS names
                   ON names.attribute_id = has.attribute_id AND names.excluded = 0
                 JOIN deployment ON deployment.id = names.deployment_id
                 WHERE has.computer_id = :id AND has.valid_to IS NULL
                   AND deployment.project_id = computer.project_id) AS deployments
         FROM computer WHERE id = :id",
    )?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    let Some(found) = rows.next()? else {
        return Err(StorageError::not_found("computer", format!("CID-{id}")));
    };
    let at = |column: &str| -> Result<Option<Timestamp>, StorageError> {
        found.get::<_, Option<i64>>(column)?.map(instant).transpose()
    };
    Ok(ComputerDetail {
        row,
        updated_at: instant(found.get("updated_at")?)?,
        comment: found.get("comment")?,
        last_hardware_capture: at("last_hardware_capture")?,
        cpu: found.get("cpu")?,
        ram: found.get("ram")?,
        storage: found.get("storage")?,
        disks: found.get("disks")?,
        key_id: found.get("key_id")?,
        accept_key_until: at("accept_key_until")?,
        tags: tags::of_computer(tx, id)?,
        counts: counts(found)?,
    })
}

fn counts(row: &Row<'_>) -> rusqlite::Result<Counts> {
    Ok(Counts {
        errors: row.get("errors")?,
        faults: row.get("faults")?,
        synchronizations: row.get("synchronizations")?,
        migrations: row.get("migrations")?,
        status_logs: row.get("status_logs")?,
        attributes: row.get("attributes")?,
        tags: row.get("tags")?,
        packages: row.get("packages")?,
        software_history: row.get("software_history")?,
        hardware_nodes: row.get("hardware_nodes")?,
        deployments: row.get("deployments")?,
    })
}

/// An attribute of a computer and when it had it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldAttribute {
    #[schema(value_type = i64)]
    pub id: AttributeId,
    /// `PREFIX-value`, or how a CID is shown (D-ATTR-01).
    pub name: String,
    pub prefix: String,
    pub value: String,
    pub description: Option<String>,
    pub formula: String,
    pub from: Timestamp,
    /// Null: the computer has it since its last synchronisation.
    pub to: Option<Timestamp>,
    #[serde(skip)]
    pub cursor: Cursor,
}

const HELD: &str = "
    SELECT attribute.id, attribute.formula_id, formula.prefix, formula.name AS formula,
           attribute.value, attribute.description, held.valid_from, held.valid_to
    FROM computer_attribute AS held
    JOIN attribute ON attribute.id = held.attribute_id
    JOIN formula ON formula.id = attribute.formula_id
    WHERE held.computer_id = :id";

/// The attributes of a computer at its last synchronisation, by prefix and value.
pub fn attributes(tx: &Seen<'_>, id: ComputerId) -> Result<Vec<HeldAttribute>, StorageError> {
    let sql = format!("{HELD} AND held.valid_to IS NULL ORDER BY formula.prefix, attribute.value");
    held(tx, &sql, named_params! { ":id": id.0 })
}

/// The attributes a computer had at an instant, by prefix and value.
pub fn attributes_at(
    tx: &Seen<'_>,
    id: ComputerId,
    at: Timestamp,
) -> Result<Vec<HeldAttribute>, StorageError> {
    let sql = format!(
        "{HELD} AND held.valid_from <= :at AND (held.valid_to IS NULL OR held.valid_to > :at)
         ORDER BY formula.prefix, attribute.value"
    );
    held(tx, &sql, named_params! { ":id": id.0, ":at": at.as_millisecond() })
}

/// A page of all the attributes a computer ever had, the latest first; one more than asked if
/// there are more.
pub fn attribute_history(
    tx: &Seen<'_>,
    id: ComputerId,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Vec<HeldAttribute>, StorageError> {
    let (attribute, from) = after.map(Cursor::parts).unwrap_or((i64::MAX, ""));
    let from: i64 = from.parse().unwrap_or(i64::MAX);
    let sql = format!(
        "{HELD} AND (held.valid_from, held.attribute_id) < (:from, :attribute)
         ORDER BY held.valid_from DESC, held.attribute_id DESC LIMIT :limit"
    );
    let limit = i64::from(limit) + 1;
    held(
        tx,
        &sql,
        named_params! { ":id": id.0, ":from": from, ":attribute": attribute, ":limit": limit },
    )
}

fn held(
    tx: &ReadTx<'_>,
    sql: &str,
    parameters: &[(&str, &dyn rusqlite::ToSql)],
) -> Result<Vec<HeldAttribute>, StorageError> {
    let by_id = display::by_id(tx)?;
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let attribute = Attribute {
            id: AttributeId(row.get("id")?),
            formula: FormulaId(row.get("formula_id")?),
            prefix: row.get("prefix")?,
            value: row.get("value")?,
            description: row.get("description")?,
        };
        let from: i64 = row.get("valid_from")?;
        let to: Option<i64> = row.get("valid_to")?;
        found.push(HeldAttribute {
            id: attribute.id,
            name: attribute.display(by_id),
            cursor: Cursor::new(attribute.id.0, from),
            prefix: attribute.prefix,
            value: attribute.value,
            description: attribute.description,
            formula: row.get("formula")?,
            from: instant(from)?,
            to: to.map(instant).transpose()?,
        });
    }
    Ok(found)
}

/// A value of a computer's own settings and when it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SettingInterval {
    /// `uuid`, `name`, `fqdn`, `ip_address`, `user` or `key`.
    pub setting: String,
    pub value: String,
    pub from: Timestamp,
    /// Null: it holds now.
    pub to: Option<Timestamp>,
}

/// Name, addresses, user… of a computer as they were, the latest first.
pub fn settings(
    tx: &Seen<'_>,
    id: ComputerId,
    limit: u32,
) -> Result<Vec<SettingInterval>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT name, value, valid_from, valid_to FROM computer_setting
         WHERE computer_id = :id ORDER BY valid_from DESC, name LIMIT :limit",
    )?;
    let mut rows = statement.query(named_params! { ":id": id.0, ":limit": limit })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let to: Option<i64> = row.get("valid_to")?;
        found.push(SettingInterval {
            setting: row.get("name")?,
            value: row.get("value")?,
            from: instant(row.get("valid_from")?)?,
            to: to.map(instant).transpose()?,
        });
    }
    Ok(found)
}
