//! The site's shelf for publishing: fragments and pieces as rows.
//!
//! Fragments and pieces never change, so each is read in a short transaction of its own and no
//! snapshot is held while a repository is computed. New pieces are written in batches when there
//! are many of them; the last batch goes along with the change that publishes them.

use std::collections::HashMap;

use crate::publish::{Entry, Form, Piece, PieceId, Shelf, Sizes};
use crate::storage::{Storage, StorageError, WriteTx, headers, publications};

/// Bytes of pieces that are kept in memory before they are written.
const BATCH_BYTES: usize = 2 << 20;

/// A payload whose header is not in the database yet: an upload that republishes.
#[derive(Debug, Clone)]
pub(super) struct Fresh {
    pub sha256: [u8; 32],
    pub fragment: String,
}

/// The shelf of one computation.
pub(super) struct Rows<'a> {
    storage: &'a Storage,
    fresh: Option<&'a Fresh>,
    pending: HashMap<PieceId, Piece>,
    pending_bytes: usize,
}

impl<'a> Rows<'a> {
    pub(super) fn new(storage: &'a Storage, fresh: Option<&'a Fresh>) -> Self {
        Self { storage, fresh, pending: HashMap::new(), pending_bytes: 0 }
    }

    /// The pieces that were made and are not written yet.
    pub(super) fn into_pending(self) -> Vec<Piece> {
        self.pending.into_values().collect()
    }
}

/// Writes pieces.
pub(super) fn put_pieces(tx: &WriteTx<'_>, pieces: &[Piece]) -> Result<(), StorageError> {
    for piece in pieces {
        for (form, bytes) in &piece.forms {
            publications::put_piece(tx, &piece.id.0, form.code(), bytes)?;
        }
    }
    Ok(())
}

impl Shelf for Rows<'_> {
    type Error = StorageError;

    fn fragment(&mut self, entry: &Entry) -> Result<String, StorageError> {
        match self.fresh {
            Some(fresh) if fresh.sha256 == entry.sha256 => Ok(fresh.fragment.clone()),
            _ => self.storage.read_now(|tx| headers::fragment(tx, &entry.sha256)),
        }
    }

    fn find_piece(&mut self, id: PieceId, forms: &[Form]) -> Result<Option<Sizes>, StorageError> {
        if let Some(piece) = self.pending.get(&id) {
            return Ok(Some(piece.sizes()));
        }
        let kept = self.storage.read_now(|tx| publications::piece_sizes(tx, &id.0))?;
        let size = |form: Form| kept.iter().find(|(codec, _)| codec == form.code());
        let is_whole = forms.iter().all(|form| size(*form).is_some());
        Ok(is_whole.then(|| Form::ALL.map(|form| size(form).map_or(0, |(_, size)| *size))))
    }

    fn put_piece(&mut self, piece: Piece) -> Result<(), StorageError> {
        self.pending_bytes += piece.forms.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
        self.pending.insert(piece.id, piece);
        if self.pending_bytes >= BATCH_BYTES {
            let pieces: Vec<Piece> = self.pending.drain().map(|(_, piece)| piece).collect();
            self.pending_bytes = 0;
            self.storage.write_now(move |tx| put_pieces(tx, &pieces))?;
        }
        Ok(())
    }

    /// In one transaction: a run is some hundred kilobytes at most.
    fn read_pieces(
        &mut self,
        ids: &[PieceId],
        form: Form,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), StorageError> {
        let pending = &self.pending;
        self.storage.read_now(|tx| {
            ids.iter().try_for_each(|id| match pending.get(id) {
                Some(piece) => {
                    sink(piece.bytes(form));
                    Ok(())
                }
                None => publications::read_piece(tx, &id.0, form.code(), sink),
            })
        })
    }
}
