//! Applications of the catalogue (8.1).

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, named_params};
use serde::Serialize;
use utoipa::ToSchema;

use super::pages::{Conditions, Cursor, Named, contains};
use super::related::{self, Kind, Related};
use super::{ReadTx, StorageError, WriteTx, pages, targets, tx::instant};
use crate::domain::application::{Category, Level};
use crate::domain::ids::{ApplicationId, AttributeId, ComputerId, ProjectId};
use crate::domain::release::ApplicationRule;
use crate::domain::text::package_list;

/// Returns every application as the evaluator wants it.
pub fn rules(tx: &ReadTx<'_>) -> Result<Vec<ApplicationRule>, StorageError> {
    let mut packages: BTreeMap<i64, BTreeMap<ProjectId, Vec<String>>> = BTreeMap::new();
    let mut statement = tx
        .sql()
        .prepare_cached("SELECT application_id, project_id, packages FROM application_project")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let list = package_list(&row.get::<_, String>("packages")?);
        let project = ProjectId(row.get("project_id")?);
        packages.entry(row.get("application_id")?).or_default().insert(project, list);
    }
    let mut statement = tx.sql().prepare_cached("SELECT id, name FROM application")?;
    let mut rows = statement.query([])?;
    let mut rules = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        rules.push(ApplicationRule {
            id: ApplicationId(id),
            name: row.get("name")?,
            packages: packages.remove(&id).unwrap_or_default(),
        });
    }
    Ok(rules)
}

/// An application as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApplicationRow {
    #[schema(value_type = i64)]
    pub id: ApplicationId,
    pub name: String,
    /// `accessories`, `books`…
    #[schema(value_type = String)]
    pub category: Category,
    /// `U` for whoever uses the computer, `A` for its administrators.
    #[schema(value_type = String)]
    pub level: Level,
    /// 1 to 5.
    pub score: u8,
    /// Markdown.
    pub description: String,
    /// Attributes of the computers that are offered it.
    pub available_for_attributes: Vec<Named>,
    /// Package list by name of the project.
    pub packages: BTreeMap<String, String>,
    /// Policies that name it.
    pub policies: i64,
    pub created_at: Timestamp,
}

fn select() -> String {
    format!(
        "SELECT id, name, category, level, score, description, created_at,
             {available_for} AS available_for,
             (SELECT json_group_object(project.name, packages)
              FROM application_project JOIN project ON project.id = project_id
              WHERE application_id = application.id) AS packages,
             (SELECT count(DISTINCT policy_id)
              FROM policy_group_application JOIN policy_group ON policy_group.id = policy_group_id
              WHERE application_id = application.id) AS policies
         FROM application",
        available_for =
            targets::names("application_attribute", "target.application_id = application.id"),
    )
}

/// Which applications to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub related: Option<Related>,
    pub category: Option<Category>,
    pub level: Option<Level>,
    /// Part of the name or of the description (D-APP-01).
    pub search: Option<String>,
    /// Name and id of the last of the page before.
    pub after: Option<Cursor>,
    pub limit: u32,
}

/// Lists applications by name.
pub fn list(tx: &ReadTx<'_>, filter: &Filter) -> Result<Vec<ApplicationRow>, StorageError> {
    let mut conditions = Conditions::default();
    conditions.add(related::condition(filter.related, Kind::Application, "application.id"));
    let category = filter.category.map(Category::number);
    conditions.with(category, ":category", "category = :category");
    conditions.with(filter.level.map(Level::as_str), ":level", "level = :level");
    let search = filter.search.as_deref().map(contains);
    let text = "(name LIKE :search ESCAPE '\\' OR description LIKE :search ESCAPE '\\')";
    conditions.with(search, ":search", text);
    if let Some(cursor) = &filter.after {
        let (id, name) = cursor.parts();
        conditions.add("(name, id) > (:name, :id)");
        conditions.bind(":name", name.to_owned());
        conditions.bind(":id", id);
    }
    conditions.bind(":limit", filter.limit);
    let where_ = conditions.sql();
    let sql = format!("{} WHERE {where_} ORDER BY name, id LIMIT :limit", select());
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(&*conditions.parameters())?, from_row)
}

/// Lists the applications that a computer is offered, the most relevant first (D-APP-01).
pub fn offered(tx: &ReadTx<'_>, computer: ComputerId) -> Result<Vec<ApplicationRow>, StorageError> {
    let sql = format!(
        "{} WHERE EXISTS
             (SELECT 1 FROM application_attribute
              JOIN computer_attribute
                  ON computer_attribute.attribute_id = application_attribute.attribute_id
              WHERE application_id = application.id AND valid_to IS NULL
                AND computer_id = :computer)
         AND EXISTS
             (SELECT 1 FROM application_project JOIN computer USING (project_id)
              WHERE application_id = application.id AND computer.id = :computer)
         ORDER BY score DESC, name, id",
        select(),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    pages::all(statement.query(named_params! { ":computer": computer.0 })?, from_row)
}

/// Returns an application.
pub fn get(tx: &ReadTx<'_>, id: ApplicationId) -> Result<ApplicationRow, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{} WHERE id = :id", select()))?;
    pages::one(statement.query(named_params! { ":id": id.0 })?, from_row, "application", id)
}

/// Finds an application by its name.
pub fn find_by_name(tx: &ReadTx<'_>, name: &str) -> Result<Option<ApplicationId>, StorageError> {
    let mut statement = tx.sql().prepare_cached("SELECT id FROM application WHERE name = :name")?;
    let found = statement.query_row(named_params! { ":name": name }, |row| row.get(0));
    Ok(found.optional()?.map(ApplicationId))
}

/// The fields of an application that stand in its own row.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    pub name: &'a str,
    pub category: Category,
    pub level: Level,
    pub score: u8,
    pub description: &'a str,
}

/// An image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Icon {
    pub bytes: Vec<u8>,
    /// `image/png`…
    pub content_type: String,
}

/// Adds an application, and returns its id.
pub fn insert(
    tx: &WriteTx<'_>,
    fields: &Fields<'_>,
    icon: &Icon,
    now: Timestamp,
) -> Result<ApplicationId, StorageError> {
    tx.sql()
        .prepare_cached(
            "INSERT INTO application
                 (name, category, level, score, description, icon, icon_type, created_at)
             VALUES (:name, :category, :level, :score, :description, :icon, :type, :now)",
        )?
        .execute(named_params! {
            ":name": fields.name,
            ":category": fields.category.number(),
            ":level": fields.level.as_str(),
            ":score": fields.score,
            ":description": fields.description,
            ":icon": icon.bytes,
            ":type": icon.content_type,
            ":now": now.as_millisecond(),
        })?;
    Ok(ApplicationId(tx.sql().last_insert_rowid()))
}

/// Stores the fields of an application.
pub fn update(
    tx: &WriteTx<'_>,
    id: ApplicationId,
    fields: &Fields<'_>,
) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached(
            "UPDATE application SET name = :name, category = :category, level = :level,
                 score = :score, description = :description
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.0,
            ":name": fields.name,
            ":category": fields.category.number(),
            ":level": fields.level.as_str(),
            ":score": fields.score,
            ":description": fields.description,
        })?;
    Ok(())
}

/// Replaces the computers that are offered an application, and its packages.
pub fn set_relations(
    tx: &WriteTx<'_>,
    id: ApplicationId,
    available_for: &[AttributeId],
    packages: &BTreeMap<ProjectId, String>,
) -> Result<(), StorageError> {
    for table in ["application_attribute", "application_project"] {
        let sql = format!("DELETE FROM {table} WHERE application_id = :id");
        tx.sql().prepare_cached(&sql)?.execute(named_params! { ":id": id.0 })?;
    }
    let mut insert = tx.sql().prepare_cached(
        "INSERT OR IGNORE INTO application_attribute (application_id, attribute_id)
         VALUES (:id, :attribute)",
    )?;
    for attribute in available_for {
        insert.execute(named_params! { ":id": id.0, ":attribute": attribute.0 })?;
    }
    let mut insert = tx.sql().prepare_cached(
        "INSERT INTO application_project (application_id, project_id, packages)
         VALUES (:id, :project, :packages)",
    )?;
    for (project, packages) in packages {
        insert.execute(named_params! {
            ":id": id.0, ":project": project.0, ":packages": packages,
        })?;
    }
    Ok(())
}

/// Returns the icon of an application.
pub fn icon(tx: &ReadTx<'_>, id: ApplicationId) -> Result<Icon, StorageError> {
    let sql = "SELECT icon, icon_type FROM application WHERE id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let read = |row: &Row<'_>| Ok(Icon { bytes: row.get(0)?, content_type: row.get(1)? });
    pages::one(statement.query(named_params! { ":id": id.0 })?, read, "application", id)
}

/// Stores another icon.
pub fn set_icon(tx: &WriteTx<'_>, id: ApplicationId, icon: &Icon) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("UPDATE application SET icon = :icon, icon_type = :type WHERE id = :id")?
        .execute(named_params! {
            ":id": id.0, ":icon": icon.bytes, ":type": icon.content_type,
        })?;
    Ok(())
}

/// Deletes an application; groups of policies lose it.
pub fn delete(tx: &WriteTx<'_>, id: ApplicationId) -> Result<(), StorageError> {
    let mut statement = tx.sql().prepare_cached("DELETE FROM application WHERE id = :id")?;
    statement.execute(named_params! { ":id": id.0 })?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Result<ApplicationRow, StorageError> {
    let category: i64 = row.get("category")?;
    let level: String = row.get("level")?;
    let packages: String = row.get("packages")?;
    let corrupt = |what| move |value: String| StorageError::Corrupt { what, value };
    Ok(ApplicationRow {
        id: ApplicationId(row.get("id")?),
        name: row.get("name")?,
        category: Category::of_number(category)
            .ok_or_else(|| corrupt("category")(category.to_string()))?,
        level: Level::parse(&level).ok_or_else(|| corrupt("level")(level))?,
        score: row.get("score")?,
        description: row.get("description")?,
        available_for_attributes: pages::named(row, "available_for")?,
        packages: serde_json::from_str(&packages).map_err(|_| corrupt("packages")(packages))?,
        policies: row.get("policies")?,
        created_at: instant(row.get("created_at")?)?,
    })
}
