//! The data model for those who read the database's tables, in queries for example (D-QRY-05).

use super::actor::Actor;
use super::{App, AppError};
use crate::storage::schema;

pub use crate::storage::schema::{Column, Table};

impl App {
    /// Lists the tables of the site, for whoever is signed in: they are the same on every site, and
    /// nothing of this one stands in them.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn data_model(&self, _actor: &Actor) -> Result<Vec<Table>, AppError> {
        self.storage().read(|tx| Ok(schema::tables(tx)?)).await
    }
}
