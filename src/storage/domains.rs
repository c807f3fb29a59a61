//! Domains (6.4): their attributes, tags and administrators, and what accounts selected.

use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Named, named};
use super::related::{self, Kind, Related};
use super::{ReadTx, StorageError, WriteTx, pages, targets};
use crate::domain::groups::DOMAIN_ADMIN;
use crate::domain::ids::{AccountId, AttributeId, DomainId, ScopeId};
use crate::domain::scopes::Selection;

/// A domain as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DomainRow {
    #[schema(value_type = i64)]
    pub id: DomainId,
    pub name: String,
    pub comment: String,
    /// `PREFIX-value` of each.
    pub included_attributes: Vec<Named>,
    pub excluded_attributes: Vec<Named>,
    /// Offered to its computers.
    pub tags: Vec<Named>,
    /// Accounts that administer it.
    pub administrators: Vec<Named>,
    /// Deployments that are its own.
    pub deployments: i64,
}

fn rows() -> String {
    format!(
        "SELECT id, name, comment, {target}, {tags} AS tags,
             (SELECT json_group_array(json_array(account.id, username) ORDER BY username)
              FROM domain_administrator JOIN account ON account.id = account_id
              WHERE domain_administrator.domain_id = domain.id) AS administrators,
             (SELECT count(*) FROM deployment WHERE domain_id = domain.id) AS deployments
         FROM domain",
        target = targets::columns("domain", "domain.id"),
        tags = targets::names("domain_tag", "target.domain_id = domain.id"),
    )
}

/// Lists domains by name after one of them; one more than asked if there are more.
pub fn list(
    tx: &ReadTx<'_>,
    related: Option<Related>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<DomainRow>, StorageError> {
    let related = related::condition(related, Kind::Domain, "domain.id");
    let sql = format!("{} WHERE {related} AND name > :after ORDER BY name LIMIT :limit", rows());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let (after, limit) = (after.unwrap_or_default(), i64::from(limit) + 1);
    pages::all(statement.query(named_params! { ":after": after, ":limit": limit })?, from_row)
}

/// Returns a domain.
pub fn get(tx: &ReadTx<'_>, id: DomainId) -> Result<DomainRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} WHERE id = :id", rows()))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "domain", id)
}

/// Finds a domain by its name.
pub fn find(tx: &ReadTx<'_>, name: &str) -> Result<Option<DomainId>, StorageError> {
    let sql = "SELECT id FROM domain WHERE name = :name";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(DomainId))
}

/// Names all domains, for a choice.
pub fn names(tx: &ReadTx<'_>) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id, name FROM domain ORDER BY name")?;
    pages::all(statement.query([])?, Named::from_row)
}

/// Returns the tag `DMN-<NAME>` of a domain.
pub fn tag(tx: &ReadTx<'_>, id: DomainId) -> Result<AttributeId, StorageError> {
    let mut statement =
        tx.sql().prepare_cached("SELECT attribute_id FROM domain WHERE id = :id")?;
    pages::one(
        statement.query(named_params! { ":id": id.0 })?,
        |row| Ok(AttributeId(row.get(0)?)),
        "domain",
        id,
    )
}

/// Adds a domain with its tag, and returns its id.
pub fn insert(
    tx: &WriteTx<'_>,
    name: &str,
    comment: &str,
    tag: AttributeId,
) -> Result<DomainId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO domain (name, comment, attribute_id) VALUES (:name, :comment, :tag)",
        )?
        .execute(named_params! { ":name": name, ":comment": comment, ":tag": tag.0 })?;
    Ok(DomainId(tx.sql().last_insert_rowid()))
}

/// Stores the comment of a domain; its name stays.
pub fn set_comment(tx: &WriteTx<'_>, id: DomainId, comment: &str) -> Result<(), StorageError> {
    let sql = "UPDATE domain SET comment = :comment WHERE id = :id";
    tx.sql().prepare_cached(sql)?.execute(named_params! { ":comment": comment, ":id": id.0 })?;
    Ok(())
}

/// Replaces which computers belong to a domain.
pub fn set_targets(
    tx: &WriteTx<'_>,
    id: DomainId,
    included: &[AttributeId],
    excluded: &[AttributeId],
) -> Result<(), StorageError> {
    targets::replace(tx, "domain", id.0, included, excluded)
}

/// Adds an attribute to those that computers of a domain have; returns whether it is new.
pub fn include(
    tx: &WriteTx<'_>,
    id: DomainId,
    attribute: AttributeId,
) -> Result<bool, StorageError> {
    put_target(tx, id, attribute, false)
}

fn put_target(
    tx: &WriteTx<'_>,
    id: DomainId,
    attribute: AttributeId,
    excluded: bool,
) -> Result<bool, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO domain_attribute (domain_id, attribute_id, excluded)
         VALUES (:id, :attribute, :excluded)",
    )?;
    let values = named_params! { ":id": id.0, ":attribute": attribute.0, ":excluded": excluded };
    Ok(statement.execute(values)? > 0)
}

/// Replaces the tags that are offered to the computers of a domain (D-TAG-05).
pub fn set_tags(tx: &WriteTx<'_>, id: DomainId, tags: &[AttributeId]) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM domain_tag WHERE domain_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    let mut insert = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO domain_tag (domain_id, attribute_id) VALUES (:id, :tag)",
    )?;
    for tag in tags {
        insert.execute(named_params! { ":id": id.0, ":tag": tag.0 })?;
    }
    Ok(())
}

/// Replaces the accounts that administer a domain (D-DOM-07).
pub fn set_administrators(
    tx: &WriteTx<'_>,
    id: DomainId,
    accounts: &[AccountId],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM domain_administrator WHERE domain_id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    for account in accounts {
        put_administrator(tx, id, *account)?;
    }
    Ok(())
}

/// Replaces the domains that an account administers: the same relation.
pub fn set_of_account(
    tx: &WriteTx<'_>,
    account: AccountId,
    domains: &[DomainId],
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM domain_administrator WHERE account_id = :account")?
        .execute(named_params! { ":account": account.0 })?;
    for domain in domains {
        put_administrator(tx, *domain, account)?;
    }
    Ok(())
}

fn put_administrator(
    tx: &WriteTx<'_>,
    id: DomainId,
    account: AccountId,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT OR IGNORE INTO domain_administrator (domain_id, account_id)
             VALUES (:id, :account)",
        )?
        .execute(named_params! { ":id": id.0, ":account": account.0 })?;
    Ok(())
}

/// Names the domains that an account administers.
pub fn of_account(tx: &ReadTx<'_>, account: AccountId) -> Result<Vec<Named>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, name FROM domain JOIN domain_administrator ON domain_id = id
         WHERE account_id = :account ORDER BY name",
    )?;
    pages::all(statement.query(named_params! { ":account": account.0 })?, Named::from_row)
}

/// Names the active domain administrators that have no domain: there must be none (D-ACC-06).
pub fn administrators_without(tx: &ReadTx<'_>) -> Result<Vec<String>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT username FROM account
         WHERE is_active = 1 AND is_superuser = 0
           AND id IN (SELECT account_id FROM account_member
                      JOIN account_group ON account_group.id = group_id WHERE name = :group)
           AND id NOT IN (SELECT account_id FROM domain_administrator)
         ORDER BY username",
    )?;
    pages::all(statement.query(named_params! { ":group": DOMAIN_ADMIN })?, |row| Ok(row.get(0)?))
}

/// Deletes a domain with its scopes; its deployments and its tag stay.
pub fn delete(tx: &WriteTx<'_>, id: DomainId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM domain WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// Returns what an account may select and what it selected: one point read at each request.
pub fn selection(tx: &ReadTx<'_>, account: AccountId) -> Result<Selection, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT is_superuser, account.domain_id, scope.id AS scope_id,
                (SELECT json_group_array(domain_id ORDER BY name)
                 FROM domain_administrator AS own JOIN domain ON domain.id = own.domain_id
                 WHERE own.account_id = account.id) AS own,
                EXISTS (SELECT 1 FROM account_member
                        JOIN account_group ON account_group.id = group_id
                        WHERE account_member.account_id = account.id AND name = :group)
                    AS is_domain_admin
         FROM account
         LEFT JOIN scope ON scope.id = account.scope_id AND scope.account_id = account.id
             AND scope.domain_id IS account.domain_id
         WHERE account.id = :id",
    )?;
    let values = named_params! { ":id": account.0, ":group": DOMAIN_ADMIN };
    pages::one(
        statement.query(values)?,
        |row| {
            let own: String = row.get("own")?;
            let own: Vec<i64> = serde_json::from_str(&own)
                .map_err(|_| StorageError::Corrupt { what: "domains", value: own })?;
            Ok(Selection {
                is_superuser: row.get("is_superuser")?,
                is_domain_admin: row.get("is_domain_admin")?,
                own: own.into_iter().map(DomainId).collect(),
                domain: row.get::<_, Option<i64>>("domain_id")?.map(DomainId),
                scope: row.get::<_, Option<i64>>("scope_id")?.map(ScopeId),
            })
        },
        "account",
        account,
    )
}

/// Stores what an account selected (D-DOM-05).
pub fn select(
    tx: &WriteTx<'_>,
    account: AccountId,
    domain: Option<DomainId>,
    scope: Option<ScopeId>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE account SET domain_id = :domain, scope_id = :scope WHERE id = :id")?
        .execute(named_params! {
            ":domain": domain.map(|id| id.0),
            ":scope": scope.map(|id| id.0),
            ":id": account.0,
        })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<DomainRow, StorageError> {
    Ok(DomainRow {
        id: DomainId(row.get("id")?),
        name: row.get("name")?,
        comment: row.get("comment")?,
        included_attributes: named(row, "included")?,
        excluded_attributes: named(row, "excluded")?,
        tags: named(row, "tags")?,
        administrators: named(row, "administrators")?,
        deployments: row.get("deployments")?,
    })
}
