//! A computer asks for its tags and sets them (`GET` and `PUT /sync/v1/tags`), which tells it the
//! packages that follow (D-TAGPKG).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::computer::Computer;
use crate::domain::ids::{AttributeId, ComputerId};
use crate::domain::release::Subject;
use crate::domain::tag::{self, Offer};
use crate::domain::target::Pool;
use crate::storage::{ReadTx, StorageError, attributes, classification, computers, tags};
use crate::wire::tags::{TagPackages, TagsAnswer};

use super::actor::Permit;
use super::credentials::Signed;
use super::pools;
use super::refusal::Refusal;
use super::release_cache::{Revisions, Site};
use super::{App, AppError, given_tags};

/// How often the site may change under one request.
const ATTEMPTS: usize = 5;
/// Most tags that a computer may name.
const MOST: usize = 1_000;

impl App {
    /// The tags that a computer is offered, and those it has (D-TAG-05).
    ///
    /// # Errors
    /// [`Refusal::Replay`].
    pub async fn tags_here(&self, by: Signed) -> Result<TagsAnswer, Refusal> {
        let computer = by.computer;
        self.storage().write(move |tx| by.accept(tx)).await?;
        let app = self.clone();
        self.storage()
            .read(move |tx| {
                let site = app.site(tx)?;
                let project = computers::get(tx, computer)?.project;
                let classification = site.release.classification();
                let pools::Expected { pool, tags: held } =
                    pools::expected(tx, classification, computer)?;
                let deployments = site.release.deployments(project).iter();
                let enabled = deployments.filter(|deployment| deployment.enabled);
                let included: BTreeSet<AttributeId> =
                    enabled.flat_map(|deployment| &deployment.target.included).copied().collect();
                let known = tags::enabled(tx)?;
                let offer = Offer {
                    included: &included,
                    domains: classification.domains_of(&pool).collect(),
                    all_domains: classification.domains().iter().map(Arc::as_ref).collect(),
                    held: &held,
                };
                let available = tag::available(&known, &offer);
                let selected = tags::of_computer(tx, computer)?.into_iter().map(|tag| tag.name);
                Ok(TagsAnswer { available, selected: selected.collect() })
            })
            .await
    }

    /// Replaces the tags of a computer at its own wish (D-TAG-06, D-TAG-10) and returns the
    /// packages that follow.
    ///
    /// # Errors
    /// [`Refusal::Replay`]; [`Refusal::Invalid`] for a tag that does not exist, or of a disabled
    /// category, and for a computer that left service: nothing changes then.
    pub async fn set_tags_here(
        &self,
        by: Signed,
        names: Vec<String>,
    ) -> Result<TagPackages, Refusal> {
        if names.len() > MOST {
            return Err(Refusal::Invalid(format!("tags: at most {MOST}")));
        }
        for _ in 0..ATTEMPTS {
            let site = self.storage().read_now(|tx| self.site(tx)).map_err(Refusal::from)?;
            let (signed, shared, names) = (by.clone(), Arc::clone(&site), names.clone());
            let stored = self.storage().write(move |tx| -> Result<_, Refusal> {
                signed.accept(tx)?;
                if Revisions::now(tx)? != shared.revisions {
                    return Err(Refusal::Stale);
                }
                let known = tags::enabled(tx)?;
                let wanted = given_tags::find_enabled(&known, &names).map_err(refusal)?;
                if !wanted.is_empty() {
                    given_tags::check_in_service(tx, "tags", signed.computer).map_err(refusal)?;
                }
                let before = before(tx, signed.computer, &shared)?;
                let permit = Permit::of_computer(signed.computer, signed.call.at);
                given_tags::replace(tx, &permit, signed.computer, &wanted)?;
                Ok((before, wanted))
            });
            match stored.await {
                Err(Refusal::Stale) => {}
                Err(other) => return Err(other),
                Ok((before, wanted)) => {
                    return Ok(self.packages_that_follow(&by, &site, &before, &wanted));
                }
            }
        }
        Err(AppError::Unavailable("the site changes too fast".into()).into())
    }

    /// The packages that follow when a computer gets other tags.
    fn packages_that_follow(
        &self,
        by: &Signed,
        site: &Site,
        before: &Before,
        wanted: &BTreeSet<AttributeId>,
    ) -> TagPackages {
        let classification = site.release.classification();
        let pool = classification.pool(classification.own(&before.pool), wanted);
        let subject = |pool| Subject {
            computer: before.computer.id,
            project: before.computer.project,
            pool,
            today: self.today(by.call.at),
        };
        let found = site.release.tag_packages(&subject(&before.pool), &subject(&pool));
        TagPackages { preinstall: found.preinstall, install: found.install, remove: found.remove }
    }
}

/// A computer before it gets other tags.
struct Before {
    computer: Computer,
    pool: Pool,
}

/// The pool of the last synchronisation; without one, what is known of every computer and the tags
/// it was given (D-TAGPKG-05).
fn before(tx: &ReadTx<'_>, computer: ComputerId, site: &Site) -> Result<Before, StorageError> {
    let computer = computers::get(tx, computer)?;
    let mut pool = attributes::pool(tx, computer.id)?;
    if pool.is_empty() {
        let project = site.projects.get(&computer.project);
        let (project, platform) =
            project.map_or(("", ""), |project| (&*project.name, &*project.platform.name));
        let cid = computer.id.to_string();
        let known = [("SET", "ALL SYSTEMS"), ("CID", &*cid), ("PLT", platform), ("PRJ", project)];
        for (prefix, value) in known {
            pool.extend(attributes::find_by_name(tx, prefix, value)?);
        }
        let tags = classification::tags_of(tx, computer.id)?;
        pool = site.release.classification().pool(pool, &tags);
    }
    Ok(Before { computer, pool })
}

/// What is wrong with the tags, in the words that a client shows.
fn refusal(error: AppError) -> Refusal {
    match error {
        AppError::Invalid { reason, .. } => Refusal::Invalid(reason.to_string()),
        other => other.into(),
    }
}
