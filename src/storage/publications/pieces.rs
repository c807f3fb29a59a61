//! Pieces of indexes, in the forms they are published in. They are shared by generations and
//! change nothing by being there.

use rusqlite::named_params;

use crate::storage::{ReadTx, StorageError, WriteTx};

/// Identity of a piece of an index.
pub type PieceIdentity = [u8; 32];

/// Returns the forms a piece is kept in, with their lengths.
pub fn piece_sizes(
    tx: &ReadTx<'_>,
    piece: &PieceIdentity,
) -> Result<Vec<(String, u64)>, StorageError> {
    let sql = "SELECT codec, length(bytes) FROM index_piece WHERE identity = :identity";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":identity": piece }, |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Hands the bytes of a piece to `sink`.
pub fn read_piece(
    tx: &ReadTx<'_>,
    piece: &PieceIdentity,
    codec: &str,
    sink: &mut dyn FnMut(&[u8]),
) -> Result<(), StorageError> {
    let sql = "SELECT bytes FROM index_piece WHERE identity = :identity AND codec = :codec";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":identity": piece, ":codec": codec })?;
    let missing = || StorageError::not_found("piece", hex::encode(piece));
    let row = rows.next()?.ok_or_else(missing)?;
    sink(row.get_ref(0)?.as_blob().map_err(|_| missing())?);
    Ok(())
}

/// Keeps one form of a piece; the same one may come twice.
pub fn put_piece(
    tx: &WriteTx<'_>,
    piece: &PieceIdentity,
    codec: &str,
    bytes: &[u8],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO index_piece (identity, codec, bytes) VALUES (:identity, :codec, :bytes)
             ON CONFLICT (identity, codec) DO NOTHING",
        )?
        .execute(named_params! { ":identity": piece, ":codec": codec, ":bytes": bytes })?;
    Ok(())
}
