//! What publishing needs from the place where fragments and pieces are kept.

use super::entry::Entry;
use super::piece::{Form, Piece, PieceId, Sizes};

/// Rows of a site's database, or a folder with a state file.
///
/// Pieces are content-addressed and change nothing by being there: they may be put before the
/// transaction that makes a generation current, and dropped when no generation names them.
/// A publish calls [`Shelf::fragment`] and [`Shelf::put_piece`] for what changed only.
pub trait Shelf {
    /// What can go wrong there.
    type Error: std::error::Error + Send + Sync + 'static;

    /// What the indexes say of the entry whatever the repository, as it was made at upload: for
    /// apt see [`formats::apt::fragment`](crate::formats::apt::fragment).
    ///
    /// # Errors
    /// Also if the entry does not exist: what is published must be there.
    fn fragment(&mut self, entry: &Entry) -> Result<String, Self::Error>;

    /// Lengths of a piece; `None` if it is not there in all of `forms` and must be made.
    ///
    /// # Errors
    /// Those of the place.
    fn find_piece(&mut self, id: PieceId, forms: &[Form]) -> Result<Option<Sizes>, Self::Error>;

    /// Keeps a piece; the same one may come twice.
    ///
    /// # Errors
    /// Those of the place.
    fn put_piece(&mut self, piece: Piece) -> Result<(), Self::Error>;

    /// Hands the bytes of some pieces to `sink`, in order, in slices of any size. Pieces that were
    /// put by the same publish must be readable too.
    ///
    /// # Errors
    /// Also if a piece does not exist.
    fn read_pieces(
        &mut self,
        ids: &[PieceId],
        form: Form,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Self::Error>;
}
