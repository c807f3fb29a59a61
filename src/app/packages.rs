//! Package records: lists, deleting and registering again (7.2).

use crate::domain::account::{Action, Model};
use crate::domain::ids::PackageId;
use crate::domain::package::Package;
use crate::domain::scopes::View;
use crate::storage::package_lists::{self, Filter};
use crate::storage::pages::{Cursor, Sorted};
use crate::storage::related::Related;
use crate::storage::seen::Thing;
use crate::storage::{ReadTx, headers, packages, payloads};

use super::actor::Actor;
use super::history::Object;
use super::publishing::{Effects, Target};
use super::reason::reason;
use super::stores::project_in_sight;
use super::{App, AppError};

pub use crate::storage::package_lists::PackageOrder;
pub use crate::storage::packages::Listed;

/// The order of packages if nothing is asked for.
pub const BY_UPLOAD: Sorted<PackageOrder> = Sorted { by: PackageOrder::Id, descending: false };

/// Which packages to list; things are named.
#[derive(Debug, Clone, Default)]
pub struct PackageQuery {
    /// Only those that belong to this object.
    pub related: Option<Related>,
    pub project: Option<String>,
    /// Name of a store, of any project.
    pub store: Option<String>,
    /// Part of the file's name.
    pub search: Option<String>,
    /// Only those in no deployment (D-PKG-08).
    pub orphan: bool,
    /// Files without a record instead.
    pub unregistered: bool,
    /// As they were uploaded if nothing is asked for.
    pub sorted: Option<Sorted<PackageOrder>>,
    pub after: Option<Cursor>,
    pub limit: u32,
}

impl App {
    /// Lists packages, in the order they were first uploaded or as asked.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn packages(
        &self,
        actor: &Actor,
        query: PackageQuery,
    ) -> Result<Vec<Listed>, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| -> Result<_, AppError> {
            let project = query.project.map(|name| project_in_sight(tx, &name)).transpose()?;
            let filter = Filter {
                related: query.related,
                project,
                store: query.store,
                search: query.search.filter(|text| !text.is_empty()),
                orphan: query.orphan,
                unregistered: query.unregistered,
                sorted: query.sorted.unwrap_or(BY_UPLOAD),
                after: query.after,
                limit: query.limit,
            };
            Ok(package_lists::list(tx, &filter)?)
        })
        .await
    }

    /// Returns a package as lists show it.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn package(&self, actor: &Actor, id: PackageId) -> Result<Listed, AppError> {
        actor.permit(Model::Package, Action::View)?;
        self.see(actor, move |tx| Ok(packages::get_listed(tx, id)?)).await
    }

    /// Counts package records in no deployment (D-PKG-08).
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn count_orphans(&self) -> Result<i64, AppError> {
        let count = |tx: &ReadTx<'_>| packages::count_orphans(&tx.seen_by(View::EVERYTHING));
        Ok(self.storage().read(count).await?)
    }

    /// Counts payloads and their bytes: for metrics.
    ///
    /// # Errors
    /// [`AppError`] from the database.
    pub async fn payload_counts(&self) -> Result<payloads::Counts, AppError> {
        self.storage().read(|tx| Ok(payloads::counts(tx)?)).await
    }

    /// Deletes a package record, never the file: it is taken out of its deployments, which are
    /// published without it in the same transaction (D-PKG-06).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_package(&self, actor: &Actor, id: PackageId) -> Result<(), AppError> {
        let permit = actor.permit(Model::Package, Action::Delete)?;
        let view = actor.view();
        let plan = move |tx: &ReadTx<'_>| {
            tx.seen_by(view).check(Thing::Package, id.0)?;
            let package = registered(tx, id)?;
            let mut publish = Vec::new();
            for deployment in packages::deployments_of(tx, id)? {
                publish.extend(Target::keeping(tx, deployment, |row| row.package != id)?);
            }
            Ok((package, Effects { publish, ..Effects::default() }))
        };
        self.release(actor.at, plan, move |tx, package: &Package| {
            packages::remove_from_deployments(tx, id)?;
            packages::update(tx, &Package { is_registered: false, ..package.clone() })?;
            let about = serde_json::json!({ "name": package.name });
            Ok(permit.deleted(tx, Object { id: id.0, name: &package.name }, &about)?)
        })
        .await
    }

    /// Gives a file whose record was deleted its record back (D-PKG-06).
    ///
    /// # Errors
    /// [`AppError::Conflict`] for a file that is no package; [`AppError::Denied`],
    /// [`AppError::NotFound`].
    pub async fn register_package(&self, actor: &Actor, id: PackageId) -> Result<Listed, AppError> {
        let permit = actor.permit(Model::Package, Action::Add)?;
        let view = actor.view();
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let seen = tx.seen_by(view);
                seen.check(Thing::Package, id.0)?;
                let package = packages::get(tx, id)?;
                if headers::identity(tx, package.payload)?.is_none() {
                    return Err(AppError::Conflict(reason!(
                        "{name} is no package",
                        name = &package.name
                    )));
                }
                if !package.is_registered {
                    packages::update(tx, &Package { is_registered: true, ..package.clone() })?;
                    let about = serde_json::json!({ "name": package.name });
                    permit.added(tx, Object { id: id.0, name: &package.name }, &about)?;
                }
                Ok(packages::get_listed(&seen, id)?)
            })
            .await
    }
}

fn registered(tx: &ReadTx<'_>, id: PackageId) -> Result<Package, AppError> {
    let package = packages::get(tx, id)?;
    if package.is_registered { Ok(package) } else { Err(AppError::not_found("package", id)) }
}
