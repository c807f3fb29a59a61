//! What payloads say about themselves: read once at upload, contents when first asked.

use rusqlite::{OptionalExtension as _, named_params};

use super::{ReadTx, StorageError, WriteTx};
use crate::domain::ids::PayloadId;
use crate::domain::package::{Format, Identity};

/// Everything read at upload from a package, or from what is released like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub format: Format,
    /// Empty for what is no package.
    pub identity: Identity,
    /// Ready-made index entry without its file name.
    pub fragment: String,
    /// What the package says of itself, in its order: fields of a control file, or those of an
    /// RPM header with the entries of a dependency a line each, or the sections of metadata.
    pub control: Vec<(String, String)>,
    /// Maintainer scripts or scriptlets: name and text.
    pub scripts: Vec<(String, String)>,
    /// Paths that are marked as configuration.
    pub conffiles: Vec<String>,
}

/// What a package installs, as JSON texts that the operation understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredContents {
    pub files: String,
    pub changelog: String,
}

/// Keeps the header of a payload; one that is there already stays.
pub fn insert(tx: &WriteTx<'_>, id: PayloadId, header: &Header) -> Result<(), StorageError> {
    let Identity { name, version, architecture } = &header.identity;
    tx.sql()
        .prepare_cached(
            "INSERT INTO payload_package (payload_id, format, name, version, architecture)
             VALUES (:id, :format, :name, :version, :architecture)
             ON CONFLICT (payload_id) DO NOTHING",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":format": header.format.as_str(),
            ":name": name,
            ":version": version,
            ":architecture": architecture,
        })?;
    tx.sql()
        .prepare_cached(
            "INSERT INTO payload_header (payload_id, fragment, control, scripts, conffiles)
             VALUES (:id, :fragment, :control, :scripts, :conffiles)
             ON CONFLICT (payload_id) DO NOTHING",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":fragment": header.fragment,
            ":control": json(&header.control),
            ":scripts": json(&header.scripts),
            ":conffiles": json(&header.conffiles),
        })?;
    Ok(())
}

/// Finds what a payload says it is; `None` for a file that is no package.
pub fn identity(tx: &ReadTx<'_>, id: PayloadId) -> Result<Option<Identity>, StorageError> {
    let sql = "SELECT name, version, architecture FROM payload_package WHERE payload_id = :id";
    let found = tx.sql().prepare_cached(sql)?.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(Identity { name: row.get(0)?, version: row.get(1)?, architecture: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// Finds the header of a payload; `None` for a file that is no package.
pub fn find(tx: &ReadTx<'_>, id: PayloadId) -> Result<Option<Header>, StorageError> {
    let Some(identity) = identity(tx, id)? else { return Ok(None) };
    let sql = "SELECT format, fragment, control, scripts, conffiles
               FROM payload_header JOIN payload_package USING (payload_id)
               WHERE payload_id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Header {
        format: parse_format(row.get("format")?)?,
        identity,
        fragment: row.get("fragment")?,
        control: read_json("control file", row.get("control")?)?,
        scripts: read_json("maintainer scripts", row.get("scripts")?)?,
        conffiles: read_json("conffiles", row.get("conffiles")?)?,
    }))
}

/// Returns the index entry of the payload with this content.
pub fn fragment(tx: &ReadTx<'_>, sha256: &[u8; 32]) -> Result<String, StorageError> {
    let sql = "SELECT fragment FROM payload JOIN payload_header ON payload_id = payload.id
               WHERE sha256 = :sha256";
    tx.sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":sha256": sha256 }, |row| row.get(0))
        .optional()?
        .ok_or_else(|| StorageError::not_found("package with SHA-256", hex::encode(sha256)))
}

/// Finds the contents of a payload, if somebody asked for them before.
pub fn contents(tx: &ReadTx<'_>, id: PayloadId) -> Result<Option<StoredContents>, StorageError> {
    let sql = "SELECT files, changelog FROM payload_contents WHERE payload_id = :id";
    let found = tx.sql().prepare_cached(sql)?.query_row(named_params! { ":id": id.0 }, |row| {
        Ok(StoredContents { files: row.get(0)?, changelog: row.get(1)? })
    });
    Ok(found.optional()?)
}

/// Keeps the contents of a payload; the payload may have gone meanwhile.
pub fn keep_contents(
    tx: &WriteTx<'_>,
    id: PayloadId,
    contents: &StoredContents,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO payload_contents (payload_id, files, changelog)
             SELECT id, :files, :changelog FROM payload WHERE id = :id
             ON CONFLICT (payload_id) DO NOTHING",
        )?
        .execute(named_params! {
            ":id": id.0, ":files": contents.files, ":changelog": contents.changelog,
        })?;
    Ok(())
}

/// The format in a column of this name.
pub(super) fn parse_format(text: String) -> Result<Format, StorageError> {
    Format::parse(&text).ok_or(StorageError::Corrupt { what: "format of a package", value: text })
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn read_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    text: String,
) -> Result<T, StorageError> {
    serde_json::from_str(&text).map_err(|_| StorageError::Corrupt { what, value: text })
}
