//! How the parts of a file, and the marks of its digest, stand in a column each: numbers and digests
//! one after the other, since they are only ever read and written together.

use super::PieceIdentity;
use crate::storage::StorageError;

/// The digest of a file in course, as far as some of its first parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub parts: u64,
    pub state: [u8; STATE_BYTES],
}

/// Bytes of a digest in course.
const STATE_BYTES: usize = 96;

/// A piece within a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub piece: PieceIdentity,
    pub size_bytes: u64,
}

/// Bytes of a part as they are stored: the identity, and the length, big-endian.
const PART_BYTES: usize = 40;

pub(super) fn print_parts(parts: &[Part]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(parts.len() * PART_BYTES);
    for part in parts {
        bytes.extend_from_slice(&part.piece);
        bytes.extend_from_slice(&part.size_bytes.to_be_bytes());
    }
    bytes
}

pub(super) fn parse_parts(bytes: &[u8]) -> Result<Vec<Part>, StorageError> {
    let part = |bytes: &[u8; PART_BYTES]| {
        let (piece, size) = bytes.split_first_chunk::<32>()?;
        Some(Part { piece: *piece, size_bytes: u64::from_be_bytes(*size.first_chunk()?) })
    };
    let (parts, rest) = bytes.as_chunks::<PART_BYTES>();
    let parts: Option<Vec<Part>> = parts.iter().map(part).collect();
    let corrupt = || StorageError::Corrupt {
        what: "list of pieces",
        value: format!("{} bytes", bytes.len()),
    };
    parts.filter(|_| rest.is_empty()).ok_or_else(corrupt)
}

/// Bytes of a mark as they are stored: the number of parts, big-endian, and the state.
const MARK_BYTES: usize = 8 + STATE_BYTES;

pub(super) fn print_marks(marks: &[Mark]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(marks.len() * MARK_BYTES);
    for mark in marks {
        bytes.extend_from_slice(&mark.parts.to_be_bytes());
        bytes.extend_from_slice(&mark.state);
    }
    bytes
}

pub(super) fn parse_marks(bytes: &[u8]) -> Result<Vec<Mark>, StorageError> {
    let mark = |bytes: &[u8; MARK_BYTES]| {
        let (parts, state) = bytes.split_first_chunk::<8>()?;
        Some(Mark { parts: u64::from_be_bytes(*parts), state: *state.first_chunk()? })
    };
    let (marks, rest) = bytes.as_chunks::<MARK_BYTES>();
    let marks: Option<Vec<Mark>> = marks.iter().map(mark).collect();
    let corrupt =
        || StorageError::Corrupt { what: "list of marks", value: format!("{} bytes", bytes.len()) };
    marks.filter(|_| rest.is_empty()).ok_or_else(corrupt)
}
