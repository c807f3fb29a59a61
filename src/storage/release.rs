//! What the evaluator needs of all deployments at once, and what their repositories serve.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::named_params;

use super::{
    ReadTx, StorageError, catalogue, classification, faults, pages, policies, schedules, targets,
};
use crate::domain::classification::Classification;
use crate::domain::ids::{DeploymentId, DomainId, ProjectId, ScheduleId};
use crate::domain::release::{Defaults, Deployment, FaultRule, Parts};
use crate::domain::text::package_list;

/// The generation of a repository that is being served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    pub project: ProjectId,
    pub slug: String,
    /// SHA-256 in hex of InRelease or repomd.xml.
    pub digest: String,
    pub published_at_ms: i64,
}

/// Returns all that the evaluator decides with.
pub fn parts(tx: &ReadTx<'_>) -> Result<Parts, StorageError> {
    let classification = classification::read(tx)?;
    Ok(Parts {
        deployments: deployments(tx, &classification)?,
        policies: policies::all(tx)?,
        applications: catalogue::rules(tx)?,
        faults: faults::definitions(tx)?.iter().map(FaultRule::from).collect(),
        classification,
    })
}

/// Returns every deployment as the evaluator wants it, in no order.
fn deployments(
    tx: &ReadTx<'_>,
    classification: &Classification,
) -> Result<Vec<Deployment>, StorageError> {
    let mut targets = targets::all(tx, "deployment")?;
    let delays = schedules::delays(tx)?;
    let mut statement = tx.sql().prepare_cached(
        "SELECT id, project_id, domain_id, schedule_id, name, slug, enabled, start_date,
                packages_to_install, packages_to_remove, default_preincluded_packages,
                default_included_packages, default_excluded_packages
         FROM deployment",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get("id")?;
        let start: String = row.get("start_date")?;
        let list = |column: &str| -> Result<Vec<String>, StorageError> {
            Ok(package_list(&row.get::<_, String>(column)?))
        };
        let domain = row.get::<_, Option<i64>>("domain_id")?.map(DomainId);
        let schedule = row.get::<_, Option<i64>>("schedule_id")?.map(ScheduleId);
        found.push(Deployment {
            id: DeploymentId(id),
            project: ProjectId(row.get("project_id")?),
            name: row.get::<_, Arc<str>>("name")?.into(),
            slug: row.get::<_, Arc<str>>("slug")?.into(),
            enabled: row.get("enabled")?,
            start_date: start
                .parse()
                .map_err(|_| StorageError::Corrupt { what: "start date", value: start })?,
            target: targets.remove(&id).unwrap_or_default(),
            domain: domain.and_then(|id| classification.domain(id)).map(Arc::clone),
            delays: schedule.and_then(|id| delays.get(&id)).map(Arc::clone).unwrap_or_default(),
            install: list("packages_to_install")?,
            remove: list("packages_to_remove")?,
            defaults: Defaults {
                preincluded: list("default_preincluded_packages")?,
                included: list("default_included_packages")?,
                excluded: list("default_excluded_packages")?,
            },
        });
    }
    Ok(found)
}

/// Returns what each repository serves now.
pub fn served(tx: &ReadTx<'_>) -> Result<Vec<Served>, StorageError> {
    let mut statement = tx.sql().prepare_cached(
        "SELECT project_id, slug, digest, published_at FROM generation WHERE replaced_at IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Served {
            project: ProjectId(row.get(0)?),
            slug: row.get(1)?,
            digest: row.get(2)?,
            published_at_ms: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every package file that deployments can have, alone or in a set: its payload, and the record it
/// belongs to. What is asked of `payload_package` comes first, so that its index is used.
const HELD: &str = "
    FROM payload_package JOIN package ON package.payload_id = payload_package.payload_id";
const HELD_IN_SET: &str = "
    FROM payload_package
    JOIN payload_set_file AS inside
      ON inside.payload_id = payload_package.payload_id AND released = 1
    JOIN package ON package.payload_id = inside.set_id";

/// Returns the versions of a package that the deployments of a project offer.
pub fn offers(
    tx: &ReadTx<'_>,
    project: ProjectId,
    package: &str,
) -> Result<BTreeMap<DeploymentId, Vec<String>>, StorageError> {
    let of_name = "WHERE payload_package.name = :package AND package.project_id = :project";
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT deployment_id, version
         FROM (SELECT package.id AS held_by, version {HELD} {of_name}
               UNION ALL SELECT package.id, version {HELD_IN_SET} {of_name})
         JOIN deployment_package ON package_id = held_by
         GROUP BY deployment_id, version ORDER BY deployment_id, min(held_by), version"
    ))?;
    let values = named_params! { ":package": package, ":project": project.0 };
    let mut rows = statement.query(values)?;
    let mut offers: BTreeMap<DeploymentId, Vec<String>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        offers.entry(DeploymentId(row.get(0)?)).or_default().push(row.get(1)?);
    }
    Ok(offers)
}

/// A package that a repository has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offer {
    pub name: String,
    pub version: String,
    pub size_bytes: u64,
}

/// Returns the packages of some deployments, those in their sets among them.
pub fn offers_of(
    tx: &ReadTx<'_>,
    deployments: &BTreeSet<DeploymentId>,
) -> Result<BTreeMap<DeploymentId, Vec<Offer>>, StorageError> {
    // There are few sets: those of the deployment are found from them, not from its packages.
    let mut statement = tx.sql().prepare_cached(
        "SELECT payload_package.name, payload_package.version, payload.size
         FROM deployment_package
         JOIN package ON package.id = package_id
         JOIN payload_package ON payload_package.payload_id = package.payload_id
         JOIN payload ON payload.id = package.payload_id
         WHERE deployment_id = :deployment AND format <> 'set'
         UNION ALL
         SELECT payload_package.name, payload_package.version, payload.size
         FROM payload_set
         CROSS JOIN package ON package.payload_id = payload_set.payload_id
         CROSS JOIN deployment_package
                 ON deployment_id = :deployment AND package_id = package.id
         CROSS JOIN payload_set_file AS inside
                 ON inside.set_id = payload_set.payload_id AND released = 1
         CROSS JOIN payload_package ON payload_package.payload_id = inside.payload_id
         CROSS JOIN payload ON payload.id = inside.payload_id",
    )?;
    let mut offers = BTreeMap::new();
    for id in deployments {
        let rows = statement.query(named_params! { ":deployment": id.0 })?;
        offers.insert(*id, pages::all(rows, offer)?);
    }
    Ok(offers)
}

/// Returns the packages of these names that some repository has, with its deployment.
pub fn offers_named(
    tx: &ReadTx<'_>,
    names: &BTreeSet<String>,
) -> Result<Vec<(DeploymentId, Offer)>, StorageError> {
    let (columns, of_names) = (
        "payload_package.payload_id AS held, package.id AS held_by, payload_package.name AS name,
         version",
        "WHERE payload_package.name IN (SELECT value FROM json_each(:names))",
    );
    let mut statement = tx.sql().prepare_cached(&format!(
        "SELECT name, version, payload.size, deployment_id
         FROM (SELECT {columns} {HELD} {of_names}
               UNION ALL SELECT {columns} {HELD_IN_SET} {of_names})
         JOIN deployment_package ON package_id = held_by
         JOIN payload ON payload.id = held"
    ))?;
    let names = serde_json::json!(names).to_string();
    let rows = statement.query(named_params! { ":names": names })?;
    pages::all(rows, |row| Ok((DeploymentId(row.get(3)?), offer(row)?)))
}

fn offer(row: &rusqlite::Row<'_>) -> Result<Offer, StorageError> {
    Ok(Offer {
        name: row.get(0)?,
        version: row.get(1)?,
        size_bytes: row.get::<_, i64>(2)?.cast_unsigned(),
    })
}
