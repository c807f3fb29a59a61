//! The site as synchronisations need it, immutable in memory and shared: settings, projects,
//! formulas, deployments, fault definitions, repositories.
//!
//! It is read anew when a revision has moved, whoever moved it: this process or a command beside
//! it. Only committed states are kept, so it is built from readers, never from the writer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::domain::external::External;
use crate::domain::formula::{Formula, Sort};
use crate::domain::ids::{FaultDefinitionId, ProjectId};
use crate::domain::project::Project;
use crate::domain::release::Snapshot;
use crate::domain::scopes::View;
use crate::domain::site_settings::SiteSettings;
use crate::storage::keys::{self, SiteKey};
use crate::storage::revisions::{self, Revision};
use crate::storage::{
    ReadTx, StorageError, external_deployments, faults, formulas, projects, release, settings,
};
use crate::wire::sync::{ExternalSource, FormulaSet, Program, formulas_fingerprint};

use super::App;

/// State of the counters that a [`Site`] was read at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Revisions {
    pub release: i64,
    pub formulas: i64,
}

impl Revisions {
    /// Reads the counters.
    pub(super) fn now(tx: &ReadTx<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            release: revisions::get(tx, Revision::Release)?,
            formulas: revisions::get(tx, Revision::Formulas)?,
        })
    }
}

/// What is released, as of one moment.
#[derive(Debug)]
pub(super) struct Site {
    pub revisions: Revisions,
    pub settings: SiteSettings,
    pub projects: BTreeMap<ProjectId, Project>,
    /// All formulas in name order.
    pub formulas: Vec<Formula>,
    /// What clients evaluate (D-FORM-02).
    pub formula_set: FormulaSet,
    pub release: Snapshot,
    pub fault_programs: BTreeMap<FaultDefinitionId, Program>,
    /// What each repository serves, by project and slug.
    pub served: BTreeMap<(ProjectId, String), Served>,
    /// Sources of external deployments, by project and slug.
    pub external: BTreeMap<(ProjectId, String), ExternalSource>,
    /// SHA-256 in hex of the public key of the repositories, empty until there is one.
    pub repository_key_digest: String,
}

/// A published generation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Served {
    pub digest: String,
    pub published_at_s: i64,
}

impl Site {
    fn read(tx: &ReadTx<'_>, revisions: Revisions) -> Result<Self, StorageError> {
        let formulas = formulas::all(tx)?;
        let definitions = faults::definitions(tx)?;
        let program = |definition: crate::domain::fault::FaultDefinition| {
            let language = definition.language.as_str().to_owned();
            let program = Program { name: definition.name, language, code: definition.code };
            (definition.id, program)
        };
        let served = |served: release::Served| {
            let published_at_s = served.published_at_ms.div_euclid(1000);
            ((served.project, served.slug), Served { digest: served.digest, published_at_s })
        };
        let external = |found: external_deployments::Found| {
            let External { suite, components, options, .. } = found.external;
            let components = components.split_whitespace().map(str::to_owned).collect();
            ((found.project, found.slug), ExternalSource { suite, components, options })
        };
        let repository_key = keys::find(tx, SiteKey::Repository)?;
        Ok(Self {
            revisions,
            settings: SiteSettings::from_rows(&settings::all(tx)?),
            projects: projects::list(&tx.seen_by(View::EVERYTHING))?
                .into_iter()
                .map(|p| (p.id, p))
                .collect(),
            formula_set: formula_set(&formulas),
            formulas,
            release: Snapshot::new(release::parts(tx)?),
            fault_programs: definitions.into_iter().map(program).collect(),
            served: release::served(tx)?.into_iter().map(served).collect(),
            external: external_deployments::all(tx)?.into_iter().map(external).collect(),
            repository_key_digest: repository_key
                .map(|key| hex::encode(Sha256::digest(key.public.as_bytes())))
                .unwrap_or_default(),
        })
    }

    /// Finds a project by its name.
    pub(super) fn project_named(&self, name: &str) -> Option<&Project> {
        self.projects.values().find(|project| project.name == name)
    }
}

fn formula_set(formulas: &[Formula]) -> FormulaSet {
    let sent = formulas.iter().filter(|formula| formula.enabled && formula.sort == Sort::Client);
    let programs: Vec<Program> = sent
        .map(|formula| Program {
            name: formula.prefix.clone(),
            language: formula.language.as_str().to_owned(),
            code: formula.code.clone(),
        })
        .collect();
    FormulaSet { fingerprint: formulas_fingerprint(&programs), formulas: programs }
}

/// The one that is current.
#[derive(Debug, Default)]
pub(super) struct ReleaseCache(Mutex<Option<Arc<Site>>>);

impl App {
    /// The site as `tx` sees it. Whoever comes while it is being read waits and shares it.
    pub(super) fn site(&self, tx: &ReadTx<'_>) -> Result<Arc<Site>, StorageError> {
        let ReleaseCache(cache) = &self.0.release_cache;
        let revisions = Revisions::now(tx)?;
        let mut cached = cache.lock().unwrap_or_else(PoisonError::into_inner);
        match cached.as_ref() {
            Some(site) if site.revisions == revisions => Ok(Arc::clone(site)),
            _ => {
                let site = Arc::new(Site::read(tx, revisions)?);
                *cached = Some(Arc::clone(&site));
                Ok(site)
            }
        }
    }
}
