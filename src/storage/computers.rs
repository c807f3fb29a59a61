//! Computers: one row each, and the intervals of what they said of themselves.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::tx::instant;
use super::{ReadTx, StorageError, WriteTx};
use crate::domain::computer::{Computer, Machine};
use crate::domain::ids::{ComputerId, ProjectId, UserId};
use crate::domain::status::Status;

/// The columns that [`from_row`] reads, for every query of computers.
pub(super) const COLUMNS: &str = "computer.id, computer.uuid, computer.name, computer.fqdn, \
    computer.project_id, computer.status, computer.created_at, computer.updated_at, \
    computer.ip_address, computer.forwarded_ip_address, computer.comment, \
    computer.sync_user_id, computer.sync_start_date, computer.sync_end_date, \
    computer.last_hardware_capture, computer.product, computer.machine, computer.cpu, \
    computer.ram, computer.storage, computer.disks, computer.mac_address";

/// How a computer proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub id: ComputerId,
    pub name: String,
    /// minisign's base64 line.
    pub public_key: String,
    pub status: Status,
    /// Greatest signed time accepted, milliseconds.
    pub last_time_ms: i64,
}

/// A computer that registers for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewComputer {
    pub uuid: String,
    pub name: String,
    pub project: ProjectId,
    pub status: Status,
}

/// What a computer says of itself; compared before it is stored (D-UUID-07).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub uuid: String,
    pub name: String,
    pub fqdn: Option<String>,
    pub project: ProjectId,
    pub ip_address: Option<String>,
    pub forwarded_ip_address: Option<String>,
}

/// Finds who signs with a key.
pub fn find_credential(tx: &ReadTx<'_>, key_id: &str) -> Result<Option<Credential>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, name, public_key, status, last_time_ms FROM computer WHERE key_id = :key_id",
    )?;
    let mut rows = statement.query(named_params! { ":key_id": key_id })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Credential {
        id: ComputerId(row.get("id")?),
        name: row.get("name")?,
        public_key: row.get("public_key")?,
        status: status(row)?,
        last_time_ms: row.get("last_time_ms")?,
    }))
}

/// Returns a computer.
pub fn get(tx: &ReadTx<'_>, id: ComputerId) -> Result<Computer, StorageError> {
    find(tx, id)?.ok_or_else(|| StorageError::not_found("computer", format!("CID-{id}")))
}

/// Finds a computer.
pub fn find(tx: &ReadTx<'_>, id: ComputerId) -> Result<Option<Computer>, StorageError> {
    let sql = format!("SELECT {COLUMNS} FROM computer WHERE id = :id");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    rows.next()?.map(from_row).transpose()
}

/// Finds the status of a computer.
pub fn find_status(tx: &ReadTx<'_>, id: ComputerId) -> Result<Option<Status>, StorageError> {
    let sql = "SELECT status FROM computer WHERE id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Status::parse(&row.get::<_, String>(0)?))
}

/// Finds the computer with this UUID.
pub fn find_by_uuid(tx: &ReadTx<'_>, uuid: &str) -> Result<Option<ComputerId>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id FROM computer WHERE uuid = :uuid")?;
    let found = statement.query_row(named_params! { ":uuid": uuid }, |row| row.get(0));
    Ok(found.optional()?.map(ComputerId))
}

/// Finds the only computer that has this MAC address; two that have it are none (D-UUID-05).
pub fn find_by_mac(tx: &ReadTx<'_>, mac: &str) -> Result<Option<ComputerId>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id FROM computer
         WHERE instr(mac_address, :mac) > 0 AND instr(mac_address, :mac) % 12 = 1 LIMIT 2",
    )?;
    let rows = statement.query_map(named_params! { ":mac": mac }, |row| row.get(0))?;
    match rows.collect::<Result<Vec<i64>, _>>()?.as_slice() {
        [only] => Ok(Some(ComputerId(*only))),
        _ => Ok(None),
    }
}

/// Adds a computer and returns its CID.
pub fn insert(
    tx: &WriteTx<'_>,
    new: &NewComputer,
    now: Timestamp,
) -> Result<ComputerId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO computer (uuid, name, project_id, status, created_at, updated_at)
             VALUES (:uuid, :name, :project, :status, :now, :now)",
        )?
        .execute(named_params! {
            ":uuid": new.uuid,
            ":name": new.name,
            ":project": new.project.0,
            ":status": new.status.as_str(),
            ":now": now.as_millisecond(),
        })?;
    Ok(ComputerId(tx.sql().last_insert_rowid()))
}

/// Stores what a computer says of itself.
pub fn set_identity(
    tx: &WriteTx<'_>,
    id: ComputerId,
    identity: &Identity,
    now: Timestamp,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET uuid = :uuid, name = :name, fqdn = :fqdn, project_id = :project,
                 ip_address = :ip, forwarded_ip_address = :forwarded, updated_at = :now
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":uuid": identity.uuid,
            ":name": identity.name,
            ":fqdn": identity.fqdn,
            ":project": identity.project.0,
            ":ip": identity.ip_address,
            ":forwarded": identity.forwarded_ip_address,
            ":now": now.as_millisecond(),
        })?;
    Ok(())
}

/// Gives a computer the key it signs with from now on, and uses up an operator's permission for a
/// new one.
pub fn set_key(
    tx: &WriteTx<'_>,
    id: ComputerId,
    public_key: &str,
    key_id: &str,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE computer SET public_key = :key, key_id = :key_id, last_time_ms = 0,
                 accept_key_until = NULL
             WHERE id = :id",
        )?
        .execute(named_params! { ":id": id.0, ":key": public_key, ":key_id": key_id })?;
    Ok(())
}

/// The key a computer signs with, and until when an operator lets it come with another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    pub public_key: Option<String>,
    pub accept_until: Option<Timestamp>,
}

/// Returns the key of a computer.
pub fn key_state(tx: &ReadTx<'_>, id: ComputerId) -> Result<KeyState, StorageError> {
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT public_key, accept_key_until FROM computer WHERE id = :id")?;
    let (public_key, until) = statement.query_row(named_params! { ":id": id.0 }, |row| {
        Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    Ok(KeyState { public_key, accept_until: until.map(instant).transpose()? })
}

/// Lets the computer register with a new key, once, until then (`design.md`, Keys).
pub fn set_accept_key(
    tx: &WriteTx<'_>,
    id: ComputerId,
    until: Option<Timestamp>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET accept_key_until = :until WHERE id = :id")?
        .execute(named_params! { ":id": id.0, ":until": until.map(Timestamp::as_millisecond) })?;
    Ok(())
}

/// The signed time of a request, and how far it may lie ahead of the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedTime {
    pub time_ms: i64,
    /// A stored time beyond this comes from when the server's own clock was wrong: it does not
    /// lock the computer out.
    pub horizon_ms: i64,
}

impl SignedTime {
    /// Says whether the time is later than the last one accepted.
    pub fn follows(self, last_time_ms: i64) -> bool {
        self.time_ms > last_time_ms || last_time_ms > self.horizon_ms
    }
}

/// Accepts a signed time if it is later than the last one from the same key; says whether it was.
pub fn accept_time(
    tx: &WriteTx<'_>,
    id: ComputerId,
    key_id: &str,
    time: SignedTime,
) -> Result<bool, StorageError> {
    let changed = tx
        .sql()
        .prepare_cached(
            "UPDATE computer SET last_time_ms = :time
             WHERE id = :id AND key_id = :key_id
               AND (last_time_ms < :time OR last_time_ms > :horizon)",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":key_id": key_id,
            ":time": time.time_ms,
            ":horizon": time.horizon_ms,
        })?;
    Ok(changed == 1)
}

/// Records a value as an interval: the one before ends, an equal one goes on.
pub fn note_setting(
    tx: &WriteTx<'_>,
    id: ComputerId,
    name: &str,
    value: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let mut ended = tx.sql().prepare_cached(
        "UPDATE computer_setting SET valid_to = :now
         WHERE computer_id = :id AND name = :name AND valid_to IS NULL AND value <> :value",
    )?;
    let now = now.as_millisecond();
    ended.execute(named_params! { ":id": id.0, ":name": name, ":value": value, ":now": now })?;
    tx.sql()
        .prepare_cached(
            "INSERT OR REPLACE INTO computer_setting (computer_id, name, valid_from, value)
             SELECT :id, :name, :now, :value
             WHERE NOT EXISTS (SELECT 1 FROM computer_setting
                 WHERE computer_id = :id AND name = :name AND valid_to IS NULL)",
        )?
        .execute(named_params! { ":id": id.0, ":name": name, ":value": value, ":now": now })?;
    Ok(())
}

/// Makes the next synchronisation compute the pool anew: for whoever changes by hand what
/// decides it.
pub fn forget_pool(tx: &WriteTx<'_>, id: ComputerId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE computer SET pool_fingerprint = NULL WHERE id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Reads a computer out of a row with [`COLUMNS`].
pub(super) fn from_row(row: &Row<'_>) -> Result<Computer, StorageError> {
    let moment = |name: &str| -> Result<Option<Timestamp>, StorageError> {
        row.get::<_, Option<i64>>(name)?.map(instant).transpose()
    };
    let machine: String = row.get("machine")?;
    Ok(Computer {
        id: ComputerId(row.get("id")?),
        uuid: row.get("uuid")?,
        name: row.get("name")?,
        fqdn: row.get("fqdn")?,
        project: ProjectId(row.get("project_id")?),
        status: status(row)?,
        created_at: instant(row.get("created_at")?)?,
        updated_at: instant(row.get("updated_at")?)?,
        ip_address: row.get("ip_address")?,
        forwarded_ip_address: row.get("forwarded_ip_address")?,
        comment: row.get("comment")?,
        sync_user: row.get::<_, Option<i64>>("sync_user_id")?.map(UserId),
        sync_start_date: moment("sync_start_date")?,
        sync_end_date: moment("sync_end_date")?,
        last_hardware_capture: moment("last_hardware_capture")?,
        product: row.get("product")?,
        machine: Machine::parse(&machine)
            .ok_or(StorageError::Corrupt { what: "kind of machine", value: machine })?,
        cpu: row.get("cpu")?,
        ram: row.get("ram")?,
        storage: row.get("storage")?,
        disks: row.get("disks")?,
        mac_address: row.get("mac_address")?,
    })
}

fn status(row: &Row<'_>) -> Result<Status, StorageError> {
    let text: String = row.get("status")?;
    Status::parse(&text).ok_or(StorageError::Corrupt { what: "status", value: text })
}
