//! Policies (8.2): administration. What they decide is in the release evaluator.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{ApplicationId, PolicyGroupId, PolicyId};
use crate::domain::policy::{MAX_NAME, Policy, PolicyGroup};
use crate::domain::target::Target;
use crate::domain::text::normalise_lines;
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, attributes, catalogue, policies};

use super::actor::Actor;
use super::attributes::find_named;
use super::history::Object;
use super::reason::reason;
use super::{App, AppError};

/// Most groups of a policy.
const MAX_GROUPS: usize = 100;

/// What is typed about a policy; things are named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyForm {
    pub name: String,
    #[serde(default)]
    pub comment: String,
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What groups that are not taken would install is removed.
    #[serde(default = "yes")]
    pub exclusive: bool,
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
    #[serde(default)]
    pub groups: Vec<GroupForm>,
}

/// A group of a policy; the first by priority that fits a computer is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupForm {
    pub priority: i64,
    #[serde(default)]
    pub included_attributes: Vec<String>,
    #[serde(default)]
    pub excluded_attributes: Vec<String>,
    /// Names of applications.
    #[serde(default)]
    pub applications: Vec<String>,
}

fn yes() -> bool {
    true
}

/// A policy as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyRow {
    #[schema(value_type = i64)]
    pub id: PolicyId,
    #[serde(flatten)]
    pub form: PolicyForm,
}

impl App {
    /// Lists policies by name, the order in which they act (D-MERGE-01).
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub async fn policies(&self, actor: &Actor) -> Result<Vec<PolicyRow>, AppError> {
        actor.permit(Model::Policy, Action::View)?;
        self.storage()
            .read(|tx| -> Result<_, AppError> {
                let policies = policies::all(tx)?;
                let names = Names::read(tx, &policies)?;
                Ok(policies.iter().map(|policy| names.row(policy)).collect())
            })
            .await
    }

    /// Returns a policy.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn policy(&self, actor: &Actor, id: PolicyId) -> Result<PolicyRow, AppError> {
        actor.permit(Model::Policy, Action::View)?;
        self.storage().read(move |tx| row(tx, id)).await
    }

    /// Adds a policy.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Invalid`], [`AppError::Conflict`] for a taken name.
    pub async fn add_policy(&self, actor: &Actor, form: PolicyForm) -> Result<PolicyRow, AppError> {
        let permit = actor.permit(Model::Policy, Action::Add)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let policy = check(tx, &form, None)?;
                let id = policies::insert(tx, &policy)?;
                policies::store(tx, &Policy { id, ..policy })?;
                let added = row(tx, id)?;
                permit.added(tx, Object { id: id.0, name: &added.form.name }, &added.form)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(added)
            })
            .await
    }

    /// Changes a policy with its groups.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`], [`AppError::Invalid`],
    /// [`AppError::Conflict`] for a taken name.
    pub async fn change_policy(
        &self,
        actor: &Actor,
        id: PolicyId,
        form: PolicyForm,
    ) -> Result<PolicyRow, AppError> {
        let permit = actor.permit(Model::Policy, Action::Change)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = row(tx, id)?;
                let policy = check(tx, &form, Some(id))?;
                policies::store(tx, &Policy { id, ..policy })?;
                let after = row(tx, id)?;
                let object = Object { id: id.0, name: &after.form.name };
                if permit.changed(tx, object, &before.form, &after.form)? {
                    revisions::bump(tx, Revision::Release)?;
                }
                Ok(after)
            })
            .await
    }

    /// Deletes a policy with its groups.
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn delete_policy(&self, actor: &Actor, id: PolicyId) -> Result<(), AppError> {
        let permit = actor.permit(Model::Policy, Action::Delete)?;
        self.storage()
            .write(move |tx| -> Result<_, AppError> {
                let before = row(tx, id)?;
                let object = Object { id: id.0, name: &before.form.name };
                permit.deleted(tx, object, &before.form)?;
                policies::delete(tx, id)?;
                revisions::bump(tx, Revision::Release)?;
                Ok(())
            })
            .await
    }
}

fn row(tx: &ReadTx<'_>, id: PolicyId) -> Result<PolicyRow, AppError> {
    let policy = policies::get(tx, id)?;
    Ok(Names::read(tx, std::slice::from_ref(&policy))?.row(&policy))
}

/// Names of what policies refer to.
struct Names {
    attributes: BTreeMap<crate::domain::ids::AttributeId, String>,
    applications: BTreeMap<ApplicationId, String>,
}

impl Names {
    fn read(tx: &ReadTx<'_>, policies: &[Policy]) -> Result<Self, AppError> {
        let targets = policies.iter().flat_map(|policy| {
            policy.groups.iter().map(|group| &group.target).chain([&policy.target])
        });
        let attributes: BTreeSet<_> = targets.flat_map(Target::attributes).collect();
        let applications = catalogue::rules(tx)?.into_iter().map(|rule| (rule.id, rule.name));
        Ok(Self {
            attributes: attributes::names(tx, attributes)?,
            applications: applications.collect(),
        })
    }

    fn row(&self, policy: &Policy) -> PolicyRow {
        let attributes = |ids: &BTreeSet<_>| -> Vec<String> {
            ids.iter().filter_map(|id| self.attributes.get(id).cloned()).collect()
        };
        let group = |group: &PolicyGroup| {
            let named = group.applications.iter().filter_map(|id| self.applications.get(id));
            let mut applications: Vec<String> = named.cloned().collect();
            applications.sort();
            GroupForm {
                priority: group.priority,
                included_attributes: attributes(&group.target.included),
                excluded_attributes: attributes(&group.target.excluded),
                applications,
            }
        };
        let form = PolicyForm {
            name: policy.name.clone(),
            comment: policy.comment.clone(),
            enabled: policy.enabled,
            exclusive: policy.exclusive,
            included_attributes: attributes(&policy.target.included),
            excluded_attributes: attributes(&policy.target.excluded),
            groups: policy.groups.iter().map(group).collect(),
        };
        PolicyRow { id: policy.id, form }
    }
}

fn check(tx: &ReadTx<'_>, form: &PolicyForm, own: Option<PolicyId>) -> Result<Policy, AppError> {
    let name = form.name.trim().to_owned();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        let reason = reason!("1 to {limit} characters", limit = MAX_NAME);
        return Err(AppError::invalid("name", reason));
    }
    if policies::find_by_name(tx, &name)?.is_some_and(|other| Some(other) != own) {
        let taken = reason!("a policy named {name} exists already", name = name);
        return Err(AppError::Conflict(taken));
    }
    if form.groups.len() > MAX_GROUPS {
        let reason = reason!("at most {limit} groups", limit = MAX_GROUPS);
        return Err(AppError::invalid("groups", reason));
    }
    let mut priorities = BTreeSet::new();
    let mut groups = Vec::new();
    for group in &form.groups {
        if !priorities.insert(group.priority) {
            let number = group.priority;
            let reason = reason!("two groups have priority {number}", number = number.to_string());
            return Err(AppError::invalid("groups", reason));
        }
        groups.push(PolicyGroup {
            id: PolicyGroupId(0),
            priority: group.priority,
            target: target(tx, &group.included_attributes, &group.excluded_attributes)?,
            applications: applications(tx, &group.applications)?,
        });
    }
    groups.sort_by_key(|group| group.priority);
    Ok(Policy {
        id: PolicyId(0),
        name,
        comment: normalise_lines(form.comment.trim()),
        enabled: form.enabled,
        exclusive: form.exclusive,
        target: target(tx, &form.included_attributes, &form.excluded_attributes)?,
        groups,
    })
}

fn target(tx: &ReadTx<'_>, included: &[String], excluded: &[String]) -> Result<Target, AppError> {
    let included = find_named(tx, "included_attributes", included)?;
    Ok(Target::new(included, find_named(tx, "excluded_attributes", excluded)?))
}

fn applications(tx: &ReadTx<'_>, names: &[String]) -> Result<BTreeSet<ApplicationId>, AppError> {
    let find = |name: &String| {
        catalogue::find_by_name(tx, name)?.ok_or_else(|| {
            let reason = reason!("there is no application {name}", name = name);
            AppError::invalid("groups", reason)
        })
    };
    names.iter().map(find).collect()
}
