//! What publishing needs from the place where stanzas and pieces are kept.

use super::entry::Entry;
use super::piece::{Form, Piece, PieceId};

/// Rows of a site's database, or a folder with a state file.
///
/// Pieces are content-addressed and change nothing by being there: they may be put before the
/// transaction that makes a generation current, and dropped when no generation names them.
/// A publish calls [`Shelf::stanza`] and [`Shelf::put_piece`] for what changed only.
pub trait Shelf {
    /// What can go wrong there.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The entry's stanza without `Filename` and without an empty line at its end, as
    /// [`formats::apt::fragment`](crate::formats::apt::fragment) made it at upload.
    ///
    /// # Errors
    /// Also if the entry does not exist: what is published must be there.
    fn stanza(&mut self, entry: &Entry) -> Result<String, Self::Error>;

    /// Lengths of a piece's forms, in the order of [`Form::ALL`]; `None` if it must be made.
    ///
    /// # Errors
    /// Those of the place.
    fn find_piece(&mut self, id: PieceId) -> Result<Option<[u64; 3]>, Self::Error>;

    /// Keeps a piece; the same one may come twice.
    ///
    /// # Errors
    /// Those of the place.
    fn put_piece(&mut self, piece: Piece) -> Result<(), Self::Error>;

    /// Hands the bytes of a piece to `sink`, in order, in slices of any size. A piece that was
    /// put by the same publish must be readable too.
    ///
    /// # Errors
    /// Also if the piece does not exist.
    fn read_piece(
        &mut self,
        id: PieceId,
        form: Form,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Self::Error>;
}
