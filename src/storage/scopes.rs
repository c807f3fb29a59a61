//! Scopes (6.5): subsets of computers that an account made for itself.

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Named, named};
use super::{ReadTx, StorageError, WriteTx, pages, targets};
use crate::domain::ids::{AccountId, AttributeId, DomainId, ScopeId};

/// A scope as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScopeRow {
    #[schema(value_type = i64)]
    pub id: ScopeId,
    pub name: String,
    /// The account it belongs to.
    pub account: Named,
    /// Null: of all computers.
    pub domain: Option<Named>,
    /// `PREFIX-value` of each.
    pub included_attributes: Vec<Named>,
    pub excluded_attributes: Vec<Named>,
}

fn select() -> String {
    format!(
        "SELECT scope.id, scope.name, account_id, username, scope.domain_id, domain.name AS domain,
                {target}
         FROM scope
         JOIN account ON account.id = account_id
         LEFT JOIN domain ON domain.id = scope.domain_id",
        target = targets::columns("scope", "scope.id"),
    )
}

/// Lists the scopes of an account within a domain, or those of all computers, by name
/// (D-SCOPE-01, D-SCOPE-03): there are as many as one person keeps in mind.
pub fn list(
    tx: &ReadTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
) -> Result<Vec<ScopeRow>, StorageError> {
    let sql = format!(
        "{} WHERE account_id = :account AND scope.domain_id IS :domain ORDER BY scope.name",
        select(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let values = named_params! { ":account": account.0, ":domain": domain.map(|id| id.0) };
    pages::all(statement.query(values)?, from_row)
}

/// Names those scopes, for a choice.
pub fn names(
    tx: &ReadTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, name FROM scope WHERE account_id = :account AND domain_id IS :domain
         ORDER BY name",
    )?;
    let values = named_params! { ":account": account.0, ":domain": domain.map(|id| id.0) };
    pages::all(statement.query(values)?, Named::from_row)
}

/// Returns a scope, whose ever it is.
pub fn get(tx: &ReadTx<'_>, id: ScopeId) -> Result<ScopeRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} WHERE scope.id = :id", select()))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "scope", id)
}

/// Finds a scope of an account within a domain by its name.
pub fn find(
    tx: &ReadTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
    name: &str,
) -> Result<Option<ScopeId>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id FROM scope
         WHERE account_id = :account AND domain_id IS :domain AND name = :name",
    )?;
    let values = named_params! {
        ":account": account.0, ":domain": domain.map(|id| id.0), ":name": name,
    };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?.map(ScopeId))
}

/// Adds a scope, and returns its id.
pub fn insert(
    tx: &WriteTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
    name: &str,
) -> Result<ScopeId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO scope (name, account_id, domain_id) VALUES (:name, :account, :domain)",
        )?
        .execute(named_params! {
            ":name": name, ":account": account.0, ":domain": domain.map(|id| id.0),
        })?;
    Ok(ScopeId(tx.sql().last_insert_rowid()))
}

/// Renames a scope.
pub fn rename(tx: &WriteTx<'_>, id: ScopeId, name: &str) -> Result<(), StorageError> {
    let sql = "UPDATE scope SET name = :name WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":name": name, ":id": id.0 })?;
    Ok(())
}

/// Replaces which computers are in a scope.
pub fn set_targets(
    tx: &WriteTx<'_>,
    id: ScopeId,
    included: &[AttributeId],
    excluded: &[AttributeId],
) -> Result<(), StorageError> {
    targets::replace(tx, "scope", id.0, included, excluded)
}

/// Deletes a scope; who had selected it sees its domain again.
pub fn delete(tx: &WriteTx<'_>, id: ScopeId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM scope WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<ScopeRow, StorageError> {
    let domain: Option<i64> = row.get("domain_id")?;
    let domain_name: Option<String> = row.get("domain")?;
    Ok(ScopeRow {
        id: ScopeId(row.get("id")?),
        name: row.get("name")?,
        account: Named { id: row.get("account_id")?, name: row.get("username")? },
        domain: domain.zip(domain_name).map(|(id, name)| Named { id, name }),
        included_attributes: named(row, "included")?,
        excluded_attributes: named(row, "excluded")?,
    })
}
