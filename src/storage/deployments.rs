//! Deployments and whom they are for (7.3).

use jiff::civil::Date;
use rusqlite::{OptionalExtension as _, Row, named_params};

use super::pages::Named;
use super::seen::{Seen, Thing};
use super::{ReadTx, StorageError, WriteTx, deployment_packages, external_deployments, targets};
use crate::domain::deployment::{Deployment, PackageLists, Source};
use crate::domain::ids::{
    AttributeId, ComputerId, DeploymentId, DomainId, PackageId, ProjectId, ScheduleId,
};
use crate::domain::target::Target;

const SELECT: &str = "SELECT id, project_id, domain_id, name, slug, enabled, source, comment,
                             start_date, schedule_id, packages_to_install, packages_to_remove,
                             default_preincluded_packages, default_included_packages,
                             default_excluded_packages, base_url, suite, components, options,
                             frozen, expire_minutes
                      FROM deployment";

/// Returns a deployment.
pub fn get(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Deployment, StorageError> {
    let mut deployment = get_brief(tx, id)?;
    deployment.target = target(tx, id)?;
    let sql = "SELECT package_id FROM deployment_package WHERE deployment_id = :id
               ORDER BY package_id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let rows = statement.query_map(named_params! { ":id": id.0 }, |row| row.get(0))?;
    deployment.available_packages = rows.map(|id| id.map(PackageId)).collect::<Result<_, _>>()?;
    Ok(deployment)
}

/// Returns a deployment without its attributes and packages.
pub fn get_brief(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Deployment, StorageError> {
    let mut statement = tx.sql().prepare_cached(&format!("{SELECT} WHERE id = :id"))?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    rows.next()?.map_or_else(|| Err(StorageError::not_found("deployment", id.0)), from_row)
}

/// Finds the deployment of a project with this slug.
pub fn find_by_slug(
    tx: &ReadTx<'_>,
    project: ProjectId,
    slug: &str,
) -> Result<Option<DeploymentId>, StorageError> {
    let sql = "SELECT id FROM deployment WHERE project_id = :project AND slug = :slug";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let params = named_params! { ":project": project.0, ":slug": slug };
    Ok(statement.query_row(params, |row| row.get(0)).optional()?.map(DeploymentId))
}

/// Lists the deployments of a project, or of all, with their attributes but without their
/// packages: what the release evaluator needs.
pub fn for_release(
    tx: &ReadTx<'_>,
    project: Option<ProjectId>,
) -> Result<Vec<Deployment>, StorageError> {
    let sql = format!("{SELECT} WHERE :project IS NULL OR project_id = :project ORDER BY name");
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let mut rows = statement.query(named_params! { ":project": project.map(|id| id.0) })?;
    let mut deployments = Vec::new();
    while let Some(row) = rows.next()? {
        let mut deployment = from_row(row)?;
        deployment.target = target(tx, deployment.id)?;
        deployments.push(deployment);
    }
    Ok(deployments)
}

/// Names the deployments of a project with this source, by name.
pub fn names(
    tx: &Seen<'_>,
    project: ProjectId,
    source: Source,
) -> Result<Vec<Named>, StorageError> {
    let sql = format!(
        "SELECT id, name FROM deployment WHERE project_id = :project AND source = :source AND {}
         ORDER BY name, id",
        tx.condition(Thing::Deployment, "deployment"),
    );
    let mut statement = tx.sql().prepare_cached(&sql)?;
    let values = named_params! { ":project": project.0, ":source": source.as_str() };
    let rows =
        statement.query_map(values, |row| Ok(Named { id: row.get(0)?, name: row.get(1)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a deployment with everything in it (its `id` is ignored) and returns its id.
pub fn insert(tx: &WriteTx<'_>, deployment: &Deployment) -> Result<DeploymentId, StorageError> {
    let (lists, external) = (&deployment.lists, deployment.external.as_ref());
    tx.sql()
        .prepare_cached(
            "INSERT INTO deployment
                 (project_id, domain_id, name, slug, enabled, source, comment, start_date,
                  schedule_id, packages_to_install, packages_to_remove, default_preincluded_packages,
                  default_included_packages, default_excluded_packages,
                  base_url, suite, components, options, frozen, expire_minutes)
             VALUES (:project, :domain, :name, :slug, :enabled, :source, :comment, :start_date,
                     :schedule, :install, :remove, :preincluded, :included, :excluded,
                     :base_url, :suite, :components, :options, :frozen, :expire)",
        )?
        .execute(named_params! {
            ":project": deployment.project.0,
            ":domain": deployment.domain.map(|id| id.0),
            ":name": deployment.name,
            ":slug": deployment.slug,
            ":enabled": deployment.enabled,
            ":source": deployment.source().as_str(),
            ":comment": deployment.comment,
            ":start_date": deployment.start_date.to_string(),
            ":schedule": deployment.schedule.map(|id| id.0),
            ":install": lists.install,
            ":remove": lists.remove,
            ":preincluded": lists.default_preincluded_packages,
            ":included": lists.default_included_packages,
            ":excluded": lists.default_excluded_packages,
            ":base_url": external.map(|external| &external.base_url),
            ":suite": external.map(|external| &external.suite),
            ":components": external.map(|external| &external.components),
            ":options": external.map(|external| &external.options),
            ":frozen": external.is_none_or(|external| external.frozen),
            ":expire": external.map_or(1440, |external| external.expire_minutes),
        })?;
    let id = DeploymentId(tx.sql().last_insert_rowid());
    set_target(tx, id, &deployment.target)?;
    deployment_packages::add(tx, id, &deployment.available_packages)?;
    Ok(id)
}

/// Stores the fields of a deployment and whom it is for; packages are added and taken out on
/// their own.
pub fn update(tx: &WriteTx<'_>, deployment: &Deployment) -> Result<(), StorageError> {
    let (lists, external) = (&deployment.lists, deployment.external.as_ref());
    tx.sql()
        .prepare_cached(
            "UPDATE deployment SET domain_id = :domain, name = :name, slug = :slug, enabled = :enabled,
                 comment = :comment, start_date = :start_date, schedule_id = :schedule,
                 packages_to_install = :install, packages_to_remove = :remove,
                 default_preincluded_packages = :preincluded,
                 default_included_packages = :included, default_excluded_packages = :excluded,
                 base_url = :base_url, suite = :suite, components = :components,
                 options = :options, frozen = :frozen, expire_minutes = :expire
             WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": deployment.id.0,
            ":domain": deployment.domain.map(|id| id.0),
            ":name": deployment.name,
            ":slug": deployment.slug,
            ":enabled": deployment.enabled,
            ":comment": deployment.comment,
            ":start_date": deployment.start_date.to_string(),
            ":schedule": deployment.schedule.map(|id| id.0),
            ":install": lists.install,
            ":remove": lists.remove,
            ":preincluded": lists.default_preincluded_packages,
            ":included": lists.default_included_packages,
            ":excluded": lists.default_excluded_packages,
            ":base_url": external.map(|external| &external.base_url),
            ":suite": external.map(|external| &external.suite),
            ":components": external.map(|external| &external.components),
            ":options": external.map(|external| &external.options),
            ":frozen": external.is_none_or(|external| external.frozen),
            ":expire": external.map_or(1440, |external| external.expire_minutes),
        })?;
    set_target(tx, deployment.id, &deployment.target)
}

/// Deletes a deployment.
pub fn delete(tx: &WriteTx<'_>, id: DeploymentId) -> Result<(), StorageError> {
    tx.sql()
        .prepare_cached("DELETE FROM deployment WHERE id = :id")?
        .execute(named_params! { ":id": id.0 })?;
    Ok(())
}

/// An attribute as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedAttribute {
    pub id: AttributeId,
    pub prefix: String,
    pub value: String,
}

/// Returns an attribute.
pub fn get_attribute(tx: &ReadTx<'_>, id: AttributeId) -> Result<NamedAttribute, StorageError> {
    let sql = "SELECT attribute.id, prefix, value FROM attribute
               JOIN formula ON formula.id = formula_id WHERE attribute.id = :id";
    tx.sql()
        .prepare_cached(sql)?
        .query_row(named_params! { ":id": id.0 }, |row| {
            Ok(NamedAttribute {
                id: AttributeId(row.get(0)?),
                prefix: row.get(1)?,
                value: row.get(2)?,
            })
        })
        .optional()?
        .ok_or_else(|| StorageError::not_found("attribute", id.0))
}

/// A computer that a deployment reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    pub id: i64,
    /// As the site shows computers (D-COMP-02).
    pub name: String,
    pub status: String,
    pub synchronised_at: Option<i64>,
}

/// Returns these computers as lists show them, by id.
pub fn computers(tx: &ReadTx<'_>, ids: &[ComputerId]) -> Result<Vec<Reached>, StorageError> {
    let name = super::display::expression(tx)?;
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT id, {name}, status, sync_end_date FROM computer
         WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY id"
    ))?;
    let ids = serde_json::json!(ids).to_string();
    let rows = statement.query_map(named_params! { ":ids": ids }, |row| {
        Ok(Reached {
            id: row.get(0)?,
            name: row.get(1)?,
            status: row.get(2)?,
            synchronised_at: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns whom a deployment is for.
pub fn target(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Target, StorageError> {
    let sql = "SELECT attribute_id, excluded FROM deployment_attribute WHERE deployment_id = :id";
    let mut statement = tx.sql().prepare_cached(sql)?;
    let mut rows = statement.query(named_params! { ":id": id.0 })?;
    let mut target = Target::default();
    while let Some(row) = rows.next()? {
        let attribute = AttributeId(row.get(0)?);
        let side = if row.get(1)? { &mut target.excluded } else { &mut target.included };
        side.insert(attribute);
    }
    Ok(target)
}

fn set_target(tx: &WriteTx<'_>, id: DeploymentId, target: &Target) -> Result<(), StorageError> {
    targets::replace(tx, "deployment", id.0, &target.included, &target.excluded)
}

pub(super) fn from_row(row: &Row<'_>) -> Result<Deployment, StorageError> {
    let source: String = row.get("source")?;
    let start_date: String = row.get("start_date")?;
    let comment: Option<String> = row.get("comment")?;
    Ok(Deployment {
        id: DeploymentId(row.get("id")?),
        project: ProjectId(row.get("project_id")?),
        domain: row.get::<_, Option<i64>>("domain_id")?.map(DomainId),
        name: row.get("name")?,
        slug: row.get("slug")?,
        enabled: row.get("enabled")?,
        external: match Source::parse(&source) {
            Some(Source::Internal) => None,
            Some(Source::External) => Some(external_deployments::fields(row)?),
            None => return Err(StorageError::Corrupt { what: "source", value: source }),
        },
        comment: comment.unwrap_or_default(),
        start_date: start_date
            .parse::<Date>()
            .map_err(|_| StorageError::Corrupt { what: "start date", value: start_date })?,
        target: Target::default(),
        schedule: row.get::<_, Option<i64>>("schedule_id")?.map(ScheduleId),
        available_packages: Vec::new(),
        lists: PackageLists {
            install: row.get("packages_to_install")?,
            remove: row.get("packages_to_remove")?,
            default_preincluded_packages: row.get("default_preincluded_packages")?,
            default_included_packages: row.get("default_included_packages")?,
            default_excluded_packages: row.get("default_excluded_packages")?,
        },
    })
}
