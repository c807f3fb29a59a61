//! What the server would answer a computer now, without a word from it and without writing
//! anything (D-SIM-01).

use std::collections::BTreeSet;

use serde::Serialize;

use crate::domain::account::{Action, Model};
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::release::{Acting, Giver, Order, Path, Subject};
use crate::domain::status::Status;
use crate::domain::text::SharedText;
use crate::storage::seen::Thing;
use crate::storage::{attributes, computers};

use super::actor::Actor;
use super::pools::{self, Expected};
use super::reason::reason;
use super::{App, AppError};

/// Everything the simulation shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Simulation {
    /// Attributes of the last synchronisation, with tags, domains and sets as they are now, by name.
    pub attributes: Vec<NamedAttribute>,
    /// Deployments to configure, in name order, as far as they are in sight.
    pub deployments: Vec<Granted>,
    /// Policies that act, in name order.
    pub policies: Vec<ActingPolicy>,
    pub remove: Vec<OrderedPackage>,
    pub install: Vec<OrderedPackage>,
    /// Ordered both ways: removed and installed again at each synchronisation (D-MERGE-03).
    pub conflicts: Vec<String>,
    /// Names of the fault definitions it would run.
    pub faults: Vec<String>,
    /// Hardware would be captured (D-HW-02).
    pub hardware: bool,
}

/// An attribute with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NamedAttribute {
    pub id: i64,
    pub name: String,
}

/// A deployment that reaches the computer, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Granted {
    pub id: i64,
    pub name: String,
    /// Name of the repository.
    pub slug: String,
    /// The attribute by which it reaches the computer.
    pub attribute: String,
    /// Since when it does.
    pub since: String,
    /// The delay of its schedule, in business days, where it reaches the computer by that.
    pub delay: Option<u32>,
    /// Its repository is published.
    pub published: bool,
}

/// A policy that acts on the computer, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ActingPolicy {
    pub id: i64,
    pub name: String,
    /// Priority of the group that is taken.
    pub priority: i64,
    /// The attribute by which that group fits.
    pub attribute: String,
}

/// A package order with the deployments and policies that give it. Deployments out of sight have no
/// name here (6.6); what they order is told, since the computer would be given it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OrderedPackage {
    pub package: String,
    pub deployments: Vec<String>,
    pub policies: Vec<String>,
}

impl App {
    /// Simulates a synchronisation with the stored attributes.
    ///
    /// # Errors
    /// [`AppError::Conflict`] for an unsubscribed computer and for one that never synchronised
    /// (D-SIM-02); [`AppError::Denied`], [`AppError::NotFound`].
    pub async fn simulate(
        &self,
        actor: &Actor,
        computer: ComputerId,
    ) -> Result<Simulation, AppError> {
        actor.permit(Model::Computer, Action::View)?;
        let (app, at) = (self.clone(), actor.at);
        self.see(actor, move |tx| -> Result<_, AppError> {
            tx.check(Thing::Computer, computer.0)?;
            let stored = computers::get(tx, computer)?;
            if stored.status == Status::Unsubscribed {
                return Err(AppError::Conflict(reason!(
                    "CID-{computer} is unsubscribed: it would be refused",
                    computer = computer.to_string()
                )));
            }
            if stored.sync_start_date.is_none() {
                return Err(AppError::Conflict(reason!(
                    "CID-{computer} never synchronised: its attributes are not known",
                    computer = computer.to_string()
                )));
            }
            let site = app.site(tx)?;
            let Expected { pool, .. } =
                pools::expected(tx, site.release.classification(), computer)?;
            let (project, today) = (stored.project, app.today(at));
            let subject = Subject { computer, project, pool: &pool, today };
            let mut plan = site.release.plan(&subject);
            let ids = plan.deployments.iter().map(|granted| granted.id).collect();
            let in_sight = tx.deployments_among(&ids)?;
            plan.deployments.retain(|granted| in_sight.contains(&granted.id));
            let givers: BTreeSet<SharedText> =
                plan.deployments.iter().map(|granted| granted.name.clone()).collect();
            let ordered = |order: Order| ordered(order, &givers);
            let names = attributes::names(tx, pool.iter().copied())?;
            let name = |id: AttributeId| names.get(&id).cloned().unwrap_or_default();
            let mut attributes: Vec<NamedAttribute> =
                pool.iter().map(|id| NamedAttribute { id: id.0, name: name(*id) }).collect();
            attributes.sort_by(|a, b| a.name.cmp(&b.name));
            let granted = plan.deployments.into_iter().map(|granted| Granted {
                id: granted.id.0,
                published: site.served.contains_key(&(stored.project, granted.slug.to_string())),
                name: granted.name.to_string(),
                slug: granted.slug.to_string(),
                attribute: name(granted.reach.by),
                since: granted.reach.since.to_string(),
                delay: match granted.reach.path {
                    Path::Included => None,
                    Path::Delay { delay, .. } => Some(delay),
                },
            });
            let acting = |acting: Acting| ActingPolicy {
                id: acting.id.0,
                name: acting.name,
                priority: acting.taken.priority,
                attribute: name(acting.taken.group_by),
            };
            let fault = |id| Some(site.fault_programs.get(id)?.name.clone());
            let period = site.settings.hw_period;
            Ok(Simulation {
                attributes,
                deployments: granted.collect(),
                policies: plan.policies.into_iter().map(acting).collect(),
                remove: plan.remove.into_iter().map(ordered).collect(),
                install: plan.install.into_iter().map(ordered).collect(),
                conflicts: plan.conflicts,
                faults: plan.faults.iter().filter_map(fault).collect(),
                hardware: crate::domain::hardware::is_due(stored.last_hardware_capture, period, at),
            })
        })
        .await
    }
}

fn ordered(order: Order, in_sight: &BTreeSet<SharedText>) -> OrderedPackage {
    let mut ordered =
        OrderedPackage { package: order.package, deployments: Vec::new(), policies: Vec::new() };
    for giver in order.from {
        match giver {
            Giver::Deployment(name) if in_sight.contains(&name) => {
                ordered.deployments.push(name.to_string());
            }
            Giver::Deployment(_) => {}
            Giver::Policy(name) => ordered.policies.push(name.to_string()),
        }
    }
    ordered
}
