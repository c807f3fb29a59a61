//! A computer asks what to do: who it is, what it has, and the plan that follows (D-SYNC-20).
//!
//! The answer is decided on a snapshot of the site that was read before; the one transaction of
//! the request checks that the snapshot is still current, otherwise all is done again. Where
//! nothing changed that decides the attribute pool, that transaction is one small update.

use std::sync::Arc;

use crate::domain::computer::Computer;
use crate::domain::hardware::is_due;
use crate::domain::ids::ProjectId;
use crate::domain::notification::{Named, Notice};
use crate::domain::release::{Order as Ordered, Subject};
use crate::domain::status::Status;
use crate::domain::target::Pool;
use crate::domain::text::cut;
use crate::storage::synchronizations::{self, SyncState};
use crate::storage::{ReadTx, WriteTx, attributes, computers, notifications, software, users};
use crate::wire::sync::{Order, Plan, Program, Repository, SyncAnswer, SyncRequest};

use super::credentials::Signed;
use super::errors::Classified;
use super::identity::{self, Reported};
use super::pools;
use super::refusal::Refusal;
use super::release_cache::{Revisions, Site};
use super::{App, AppError};

/// How often the site may change under one request.
const ATTEMPTS: usize = 5;
/// Longest login and full name of a user, in characters (6.1).
const MAX_USER: usize = 50;
const MAX_FULLNAME: usize = 100;

/// What the transaction of a synchronisation leaves to answer with.
struct Begun {
    computer: Computer,
    project: ProjectId,
    pool: Pool,
    state: SyncState,
    knows_software: bool,
}

impl App {
    /// Answers a synchronisation: formulas to evaluate first, or the plan.
    ///
    /// # Errors
    /// [`Refusal::Replay`], [`Refusal::UnknownComputer`], [`Refusal::KeyMismatch`],
    /// [`Refusal::CanNotRegister`] for a project that may not be made, [`Refusal::Invalid`].
    pub async fn synchronise(&self, by: Signed, asked: SyncRequest) -> Result<SyncAnswer, Refusal> {
        let asked = Arc::new(asked);
        let errors = Arc::new(self.classify(&asked.errors).await?);
        for _ in 0..ATTEMPTS {
            let site = self.storage().read_now(|tx| self.site(tx)).map_err(Refusal::from)?;
            match self.synchronise_with(&by, &site, &asked, &errors).await {
                Err(Refusal::Stale) => {}
                done => return done,
            }
        }
        Err(AppError::Unavailable("the site changes too fast".into()).into())
    }

    async fn synchronise_with(
        &self,
        by: &Signed,
        site: &Arc<Site>,
        asked: &Arc<SyncRequest>,
        errors: &Arc<Vec<Classified>>,
    ) -> Result<SyncAnswer, Refusal> {
        let holds_formulas = asked.formulas_fingerprint == site.formula_set.fingerprint;
        let (signed, shared, request) = (by.clone(), Arc::clone(site), Arc::clone(asked));
        let errors = Arc::clone(errors);
        let begun = self
            .storage()
            .write(move |tx| -> Result<Option<Begun>, Refusal> {
                if !holds_formulas {
                    signed.accept(tx)?;
                    return Ok(None);
                }
                begin(tx, &signed, &shared, &request, &errors).map(Some)
            })
            .await?;
        // A message that is late says nothing new; the synchronisation goes on.
        let _ = self.0.messages.put(by, "connecting");
        match begun {
            None => Ok(SyncAnswer::Formulas(site.formula_set.clone())),
            Some(begun) => Ok(SyncAnswer::Plan(Box::new(self.plan(by, site, &begun)))),
        }
    }

    /// The plan for a pool, as the client reads it.
    fn plan(&self, by: &Signed, site: &Site, begun: &Begun) -> Plan {
        let today = self.today(by.call.at);
        let subject = Subject {
            computer: begun.computer.id,
            project: begun.project,
            pool: &begun.pool,
            today,
        };
        let decided = site.release.plan(&subject);
        let search = site.settings.computer_search_fields.first();
        let program = |id| site.fault_programs.get(id).cloned();
        let faults: Vec<Program> = decided.faults.iter().filter_map(program).collect();
        let slugs = decided.deployments.iter().map(|granted| &*granted.slug);
        Plan {
            sync_id: sync_id(by),
            cid: begun.computer.id.0,
            faults,
            repositories: repositories(site, begun.project, slugs),
            remove: decided.remove.into_iter().map(order).collect(),
            install: decided.install.into_iter().map(order).collect(),
            upgrade: true,
            want_software: !begun.knows_software,
            want_hardware: is_due(
                begun.state.last_hardware_capture,
                site.settings.hw_period,
                by.call.at,
            ),
            repository_key_digest: site.repository_key_digest.clone(),
            search: search.map(|field| field.value(&begun.computer)).unwrap_or_default(),
            server_version: env!("CARGO_PKG_VERSION").to_owned(),
            organization: site.settings.organization.clone(),
        }
    }
}

/// Names a synchronisation: its computer and the signed time of its request, which no other
/// request of that computer has.
fn sync_id(by: &Signed) -> String {
    format!("{}-{}", by.computer, by.call.time_ms)
}

/// Reads the name of a synchronisation.
///
/// # Errors
/// [`Refusal::UnknownSync`] for a text that is none, and for that of another computer.
pub(super) fn number_of(by: &Signed, sync_id: &str) -> Result<i64, Refusal> {
    let number = sync_id.split_once('-').and_then(|(computer, number)| {
        (computer.parse() == Ok(by.computer.0)).then(|| number.parse().ok())?
    });
    number.ok_or_else(|| Refusal::UnknownSync(cut(sync_id, 64, false)))
}

/// Repositories that are being served or passed on, of deployments in their order (D-DEPLOY-13).
fn repositories<'a>(
    site: &Site,
    project: ProjectId,
    slugs: impl Iterator<Item = &'a str>,
) -> Vec<Repository> {
    let Some(name) = site.projects.get(&project).map(|project| &project.name) else {
        return Vec::new();
    };
    let path = format!("/public/{name}/REPOSITORIES");
    let repository = |slug: &str| {
        let key = (project, slug.to_owned());
        if let Some(external) = site.external.get(&key) {
            return Some(Repository {
                name: slug.to_owned(),
                path: format!("/src/{name}/EXTERNAL/{slug}"),
                external: Some(external.clone()),
                ..Repository::default()
            });
        }
        // One that is not published yet has nothing to fetch: it comes with a later plan.
        let served = site.served.get(&key)?;
        Some(Repository {
            name: slug.to_owned(),
            path: path.clone(),
            digest: served.digest.clone(),
            published_at: served.published_at_s,
            external: None,
        })
    };
    slugs.filter_map(repository).collect()
}

fn order(ordered: Ordered) -> Order {
    let reasons = ordered.from.iter().map(ToString::to_string).collect();
    Order { package: ordered.package, reasons }
}

/// The transaction of a synchronisation.
fn begin(
    tx: &WriteTx<'_>,
    by: &Signed,
    site: &Site,
    asked: &SyncRequest,
    errors: &[Classified],
) -> Result<Begun, Refusal> {
    let state = synchronizations::find(tx, by.computer)?.ok_or(Refusal::UnknownComputer)?;
    if !state.accepts(by.key_id(), by.call.signed_time()) {
        return Err(Refusal::Replay);
    }
    let reported = Reported::read(&asked.identity, &site.settings, by.call.address_text())?;
    let user = cut(asked.user.trim(), MAX_USER, false);
    let fullname = cut(asked.user_fullname.trim(), MAX_FULLNAME, false);
    let is_unchanged = |stored: &SyncState| -> Option<ProjectId> {
        let project = site.project_named(&reported.project_name().ok()?)?;
        let user = (user.as_str(), fullname.as_str());
        let fingerprint = pools::fingerprint(site, project, &reported, user, &asked.attributes);
        let same = stored.pool_fingerprint == Some(fingerprint) && stored.project == project.id;
        same.then_some(project.id)
    };
    let now = by.call.at;
    let (pool, project) = match is_unchanged(&state) {
        Some(project) => (attributes::pool(tx, by.computer)?, project),
        None => change(tx, by, site, asked, &reported, (&user, &fullname))?,
    };
    if Revisions::now(tx)?.formulas != site.revisions.formulas {
        return Err(Refusal::Stale);
    }
    synchronizations::begin(tx, by.computer, by.call.time_ms, now)?;
    let computer = computers::get(tx, by.computer)?;
    if state.status == Status::Available {
        let computer = Named { id: computer.id, name: computer.name.clone() };
        notifications::add(tx, &Notice::AvailableSynchronised { computer }, now)?;
    }
    super::errors::store(tx, (by.computer, project), errors, now)?;
    let knows_software = knows_software(tx, &asked.software_fingerprint)?;
    Ok(Begun { computer, project, pool, state, knows_software })
}

/// Stores an identity, a user or a pool that differ (D-SYNC-20, 1 to 11).
fn change(
    tx: &WriteTx<'_>,
    by: &Signed,
    site: &Site,
    asked: &SyncRequest,
    reported: &Reported,
    (user, fullname): (&str, &str),
) -> Result<(Pool, ProjectId), Refusal> {
    let now = by.call.at;
    let project = identity::project_of(tx, &site.settings, None, reported, now)?;
    if let Some(located) = identity::locate(tx, reported)?
        && located.exact
        && located.id != by.computer
    {
        // The key says who asks; nobody speaks in the name of another computer.
        return Err(Refusal::KeyMismatch);
    }
    let stored = computers::get(tx, by.computer)?;
    identity::update(tx, &site.settings, &stored, reported, project.id, now)?;
    let user_id = match user {
        "" => None,
        name => Some(users::keep(tx, name, fullname)?),
    };
    computers::note_setting(tx, by.computer, "user", user, now)?;
    let computer = computers::get(tx, by.computer)?;
    let pool = pools::recompute(tx, site, &computer, &project, asked, user, now)?;
    let fingerprint =
        pools::fingerprint(site, &project, reported, (user, fullname), &asked.attributes);
    synchronizations::set_pool_of(tx, by.computer, &fingerprint, user_id)?;
    Ok((pool, project.id))
}

/// Whether the list of packages needs not be sent.
fn knows_software(tx: &ReadTx<'_>, fingerprint: &str) -> Result<bool, Refusal> {
    let Some(fingerprint) = super::report::read_fingerprint(fingerprint) else { return Ok(false) };
    Ok(software::find_list(tx, &fingerprint)?.is_some())
}
