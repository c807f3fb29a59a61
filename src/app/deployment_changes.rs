//! What somebody asks of a deployment, resolved against the site: names become ids, and what
//! cannot be is refused before anything is written (D-DEPLOY-02, D-DEPLOY-09).

use std::collections::{BTreeSet, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::account::{Action, Model};
use crate::domain::attribute::parse_name;
use crate::domain::deployment::{Deployment, MAX_NAME, Source, unusable_token};
use crate::domain::external::External;
use crate::domain::ids::{AttributeId, ComputerId, DomainId, PackageId, ScheduleId};
use crate::domain::project::Project;
use crate::domain::scopes::{View, deployment_name};
use crate::domain::slug::slug;
use crate::domain::text::normalise_lines;
use crate::storage::deployment_packages::{self, EntryRow};
use crate::storage::seen::Thing;
use crate::storage::{
    ReadTx, StorageError, attributes, computers, deployments, domains, schedule_admin,
};

use super::AppError;
use super::actor::Actor;
use super::external_changes::ExternalChange;
use super::given_tags::check_status;
use super::reason::reason;

/// Fields of a deployment to change; the others stay as they are. Things are named: attributes as
/// `PREFIX-value`, packages by file name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeploymentChange {
    pub name: Option<String>,
    /// Name of its domain; empty: of none.
    pub domain: Option<String>,
    pub enabled: Option<bool>,
    pub comment: Option<String>,
    pub start_date: Option<Date>,
    /// Name of the schedule, `Some(None)` for none.
    pub schedule: Option<Option<String>>,
    pub included_attributes: Option<Vec<String>>,
    pub excluded_attributes: Option<Vec<String>>,
    /// All packages of the deployment.
    pub available_packages: Option<Vec<String>>,
    /// Packages to put in beside those that are there.
    pub add_packages: Vec<String>,
    /// Packages to take out.
    pub remove_packages: Vec<String>,
    pub packages_to_install: Option<String>,
    pub packages_to_remove: Option<String>,
    pub default_preincluded_packages: Option<String>,
    pub default_included_packages: Option<String>,
    pub default_excluded_packages: Option<String>,
    /// Where an external one takes its packages from.
    pub external: ExternalChange,
}

/// A change that can be made.
#[derive(Debug, Clone)]
pub(super) struct Resolved {
    pub before: Deployment,
    pub after: Deployment,
    pub packages: Packages,
}

/// How the packages of a deployment change.
#[derive(Debug, Clone, Default)]
pub(super) struct Packages {
    /// Everything in it afterwards, where that had to be found out.
    pub entries: Option<Vec<EntryRow>>,
    pub added: Vec<EntryRow>,
    pub taken: Vec<EntryRow>,
}

impl Packages {
    /// Ids to put in.
    pub(super) fn added_ids(&self) -> Vec<PackageId> {
        self.added.iter().map(|row| row.package).collect()
    }

    /// Ids to take out.
    pub(super) fn taken_ids(&self) -> Vec<PackageId> {
        self.taken.iter().map(|row| row.package).collect()
    }
}

impl DeploymentChange {
    /// The change as somebody may ask it: a Domain Admin's deployments are its selected domain's,
    /// and named after it (D-DOM-09).
    ///
    /// # Errors
    /// [`AppError::Denied`] for another domain.
    pub(super) fn asked_by(mut self, actor: &Actor, tx: &ReadTx<'_>) -> Result<Self, AppError> {
        let own = actor.view().domain().filter(|_| actor.is_confined());
        let Some(own) = own else { return Ok(self) };
        let name = domains::get(tx, own)?.name;
        if self.domain.as_deref().is_some_and(|asked| asked.trim() != name) {
            return Err(actor.denied(Model::Domain, Action::Change).into());
        }
        self.name = self.name.map(|typed| deployment_name(&name, typed.trim()));
        self.domain = Some(name);
        Ok(self)
    }

    /// Applies the change to `before`, whose packages are not loaded.
    pub(super) fn resolve(
        &self,
        tx: &ReadTx<'_>,
        before: Deployment,
        project: &Project,
    ) -> Result<Resolved, AppError> {
        let mut after = before.clone();
        after.external = self.external.resolve(&before, project.pms)?;
        let project = project.name.as_str();
        if let Some(name) = &self.name {
            after.name = name.trim().to_owned();
            after.slug = checked_slug(&after.name)?;
        }
        if after.slug != before.slug
            && let Some(other) = deployments::find_by_slug(tx, before.project, &after.slug)?
        {
            return Err(AppError::Conflict(reason!(
                "deployment {other} of {project} has the repository name {slug} already",
                other = other.to_string(),
                project = project,
                slug = &after.slug
            )));
        }
        if let Some(name) = self.domain.as_deref().map(str::trim) {
            after.domain = domain(tx, name)?;
        }
        after.enabled = self.enabled.unwrap_or(before.enabled);
        after.start_date = self.start_date.unwrap_or(before.start_date);
        if let Some(comment) = &self.comment {
            after.comment = normalise_lines(comment);
        }
        if let Some(name) = &self.schedule {
            after.schedule = name.as_deref().map(|name| schedule(tx, name)).transpose()?;
        }
        if let Some(names) = &self.included_attributes {
            after.target.included = attributes(tx, "included_attributes", names)?;
        }
        if let Some(names) = &self.excluded_attributes {
            after.target.excluded = attributes(tx, "excluded_attributes", names)?;
        }
        let lists = &mut after.lists;
        for (field, typed, list) in [
            ("packages_to_install", &self.packages_to_install, &mut lists.install),
            ("packages_to_remove", &self.packages_to_remove, &mut lists.remove),
            (
                "default_preincluded_packages",
                &self.default_preincluded_packages,
                &mut lists.default_preincluded_packages,
            ),
            (
                "default_included_packages",
                &self.default_included_packages,
                &mut lists.default_included_packages,
            ),
            (
                "default_excluded_packages",
                &self.default_excluded_packages,
                &mut lists.default_excluded_packages,
            ),
        ] {
            if let Some(typed) = typed {
                *list = checked_list(field, typed)?;
            }
        }
        let packages = match after.external {
            Some(_) => self.no_packages()?,
            None => self.packages(tx, &before, project, after.slug != before.slug)?,
        };
        Ok(Resolved { before, after, packages })
    }

    /// What an external deployment offers is not ours to choose.
    fn no_packages(&self) -> Result<Packages, AppError> {
        let lists = [self.available_packages.as_ref(), Some(&self.add_packages)];
        match lists.into_iter().flatten().all(Vec::is_empty) {
            true => Ok(Packages::default()),
            false => {
                let reason = "an external deployment offers what its source offers";
                Err(AppError::invalid("available_packages", reason))
            }
        }
    }

    /// Only what is not there yet is looked up: ten thousand names cost one walk.
    fn packages(
        &self,
        tx: &ReadTx<'_>,
        before: &Deployment,
        project: &str,
        is_renamed: bool,
    ) -> Result<Packages, AppError> {
        let touched = self.available_packages.is_some()
            || !self.add_packages.is_empty()
            || !self.remove_packages.is_empty();
        if !touched && !is_renamed {
            return Ok(Packages::default());
        }
        let mut wanted: Option<HashSet<&str>> = self
            .available_packages
            .as_ref()
            .map(|names| names.iter().map(String::as_str).collect());
        let removed: HashSet<&str> = self.remove_packages.iter().map(String::as_str).collect();
        let (mut entries, mut taken) = (Vec::new(), Vec::new());
        let mut added_names: BTreeSet<&str> =
            self.add_packages.iter().map(String::as_str).collect();
        for row in deployment_packages::entries(tx, before.id)? {
            let name = row.file_name.as_str();
            let stays = wanted.as_mut().is_none_or(|wanted| wanted.remove(name));
            let stays = (stays || added_names.contains(name)) && !removed.contains(name);
            added_names.remove(name);
            if stays { entries.push(row) } else { taken.push(row) }
        }
        added_names.extend(wanted.unwrap_or_default());
        let mut added = Vec::new();
        for name in added_names.into_iter().filter(|name| !removed.contains(name)) {
            let found = deployment_packages::find_entry(tx, before.project, name)?;
            added.push(found.ok_or_else(|| {
                let reason = reason!(
                    "{name} is no package of project {project}",
                    name = name,
                    project = project
                );
                AppError::invalid("available_packages", reason)
            })?);
        }
        entries.extend(added.iter().cloned());
        Ok(Packages { entries: Some(entries), added, taken })
    }
}

fn domain(tx: &ReadTx<'_>, name: &str) -> Result<Option<DomainId>, AppError> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = domains::find(tx, name)?;
    let missing = || AppError::invalid("domain", reason!("there is no domain {name}", name = name));
    found.map(Some).ok_or_else(missing)
}

/// A deployment that `actor` may change: in sight, and of its own domain if it is held to that
/// (D-DOM-09).
pub(super) fn check_own(
    actor: &Actor,
    tx: &ReadTx<'_>,
    deployment: &Deployment,
    action: Action,
) -> Result<(), AppError> {
    tx.seen_by(actor.view()).check(Thing::Deployment, deployment.id.0)?;
    if actor.is_confined() && deployment.domain != actor.view().domain() {
        return Err(actor.denied(Model::Deployment, action).into());
    }
    Ok(())
}

fn checked_slug(name: &str) -> Result<String, AppError> {
    let length = name.chars().count();
    if length == 0 || length > MAX_NAME || name.chars().any(char::is_control) {
        return Err(AppError::invalid(
            "name",
            reason!("1 to {limit} characters in one line", limit = MAX_NAME),
        ));
    }
    match slug(name) {
        slug if slug.is_empty() => {
            let reason =
                reason!("{name} has no letter or digit that can name a repository", name = name);
            Err(AppError::invalid("name", reason))
        }
        slug => Ok(slug),
    }
}

fn schedule(tx: &ReadTx<'_>, name: &str) -> Result<ScheduleId, AppError> {
    schedule_admin::find_by_name(tx, name)?.ok_or_else(|| {
        AppError::invalid("schedule", reason!("there is no schedule {name}", name = name))
    })
}

fn checked_list(field: &'static str, typed: &str) -> Result<String, AppError> {
    let list = normalise_lines(typed);
    match unusable_token(&list) {
        Some(token) => Err(AppError::invalid(
            field,
            reason!("{token} is no package, with or without version", token = token),
        )),
        None => Ok(list),
    }
}

/// The attributes of these names; a computer that is not in use cannot be named (D-DEPLOY-09).
fn attributes(
    tx: &ReadTx<'_>,
    field: &'static str,
    names: &[String],
) -> Result<BTreeSet<AttributeId>, AppError> {
    let mut found = BTreeSet::new();
    for name in names {
        let unknown =
            || AppError::invalid(field, reason!("there is no attribute {name}", name = name));
        let (prefix, value) = parse_name(name).ok_or_else(unknown)?;
        let id = attributes::find_by_name(tx, prefix, value)?.ok_or_else(unknown)?;
        if prefix == "CID"
            && let Ok(computer) = value.parse()
            && let Some(status) = computers::find_status(tx, ComputerId(computer))?
        {
            check_status(field, name, status)?;
        }
        found.insert(id);
    }
    Ok(found)
}

/// A deployment as the audit log keeps it. Packages stand there as what came and what went.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Recorded {
    name: String,
    domain: Option<String>,
    enabled: bool,
    comment: String,
    start_date: Date,
    schedule: Option<String>,
    included_attributes: Vec<String>,
    excluded_attributes: Vec<String>,
    available_packages: Vec<String>,
    packages_to_install: String,
    packages_to_remove: String,
    default_preincluded_packages: String,
    default_included_packages: String,
    default_excluded_packages: String,
    source: Source,
    #[serde(flatten)]
    external: Option<External>,
}

impl Recorded {
    pub(super) fn new(
        tx: &ReadTx<'_>,
        deployment: &Deployment,
        packages: &[EntryRow],
    ) -> Result<Self, StorageError> {
        let lists = deployment.lists.clone();
        Ok(Self {
            name: deployment.name.clone(),
            domain: deployment
                .domain
                .map(|id| domains::get(tx, id))
                .transpose()?
                .map(|row| row.name),
            enabled: deployment.enabled,
            comment: deployment.comment.clone(),
            start_date: deployment.start_date,
            schedule: schedule_name(tx, deployment.schedule)?,
            included_attributes: names(tx, &deployment.target.included)?,
            excluded_attributes: names(tx, &deployment.target.excluded)?,
            available_packages: packages.iter().map(|row| row.file_name.clone()).collect(),
            packages_to_install: lists.install,
            packages_to_remove: lists.remove,
            default_preincluded_packages: lists.default_preincluded_packages,
            default_included_packages: lists.default_included_packages,
            default_excluded_packages: lists.default_excluded_packages,
            source: deployment.source(),
            external: deployment.external.clone(),
        })
    }
}

/// The name of a schedule.
fn schedule_name(tx: &ReadTx<'_>, id: Option<ScheduleId>) -> Result<Option<String>, StorageError> {
    id.map(|id| Ok(schedule_admin::get(&tx.seen_by(View::EVERYTHING), id)?.name)).transpose()
}

/// `PREFIX-value` of attributes, in the order of their ids.
pub(super) fn names(
    tx: &ReadTx<'_>,
    ids: &BTreeSet<AttributeId>,
) -> Result<Vec<String>, StorageError> {
    let name = |id: &AttributeId| {
        let attribute = deployments::get_attribute(tx, *id)?;
        Ok(format!("{}-{}", attribute.prefix, attribute.value))
    };
    ids.iter().map(name).collect()
}
