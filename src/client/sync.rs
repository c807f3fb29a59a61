//! One synchronisation, from the first question to the delivered report (D-SYNC-01 to D-SYNC-18).
//!
//! The sequence is here and nowhere else; what it needs to know of the machine and do to it comes
//! through [`Machine`] and [`PackageManager`], so that the load emulator runs this same code. A
//! failed step is recorded and the next ones go on (D-SYNC-17); only a server that gives no plan
//! ends the run. Errors are put into the state as they happen and leave it when the server has
//! them.

mod interrupt;
mod packages;
mod progress;
mod record;
mod steps;

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

pub use interrupt::Interrupt;
pub use record::{Banner, Observer, Record, Silent, Step, StepRecord};

use self::progress::ProgressLine;
use super::managers::{Inventory, PackageManager};
use super::places::HookStage;
use super::session::{Account, Session};
use super::state::State;
use super::transport::TransportError;
pub use crate::domain::text::chain;
use crate::wire::sync::{
    ClientError, Identity, Plan, Program, SoftwareChange, SyncAnswer, SyncRequest,
};
use crate::wire::tags::TagPackages;

/// How often the formulas may change between our question and the next.
const MAX_ROUNDS: usize = 4;

/// A value that comes later.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The computer as a synchronisation sees it.
pub trait Machine: Send + Sync {
    /// Who the computer is; `pms` is filled in by the synchronisation.
    fn identity(&self) -> Identity;

    /// Login and full name of the user (D-USR-01).
    fn user(&self) -> (String, String);

    /// Runs a formula or fault definition; `Ok(None)` for a language it does not speak
    /// (D-FORM-17), an error text for every failure (D-FORM-13).
    fn run<'a>(&'a self, program: &'a Program) -> Doing<'a, Result<Option<String>, String>>;

    /// Says whether there is a hook to run.
    fn has_hooks(&self, stage: HookStage) -> bool;

    /// Runs the local hooks of a stage in name order and returns what went wrong.
    fn hooks(&self, stage: HookStage) -> Doing<'_, Vec<String>>;

    /// The hardware tree in lshw's shape (D-HW-01).
    fn hardware(&self) -> serde_json::Value;

    /// Keeps the state, so that it outlives this process.
    ///
    /// # Errors
    /// What the file system answers.
    fn keep(&self, state: &State) -> std::io::Result<()>;
}

/// What whoever starts a synchronisation decides.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Upgrade installed packages: the setting, or `-a` for one run (D-CFG-04).
    pub upgrade: bool,
    /// `http://host[:port]` in the sources.
    pub base: String,
    pub package_proxy_cache: Option<String>,
    /// Titles of the steps, as the server shows them while they last (D-MSG-01).
    pub titles: BTreeMap<Step, String>,
    /// Last words of an interrupted run (D-CLI-05).
    pub last_words: String,
    /// The packages that follow a change of tags; none in other runs (D-CLI-06).
    pub tags: TagPackages,
}

/// Why a synchronisation ended before its plan was carried out.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error("formulas of the server change at every request")]
    Restless,
    #[error("package manager does not say what is installed")]
    Inventory(#[source] super::managers::ManagerError),
    #[error("key of the server cannot be kept")]
    Keys(#[source] super::keys::KeyStoreError),
    #[error("interrupted")]
    Interrupted,
}

/// Everything a run works with.
pub struct Synchronisation<'a, M, O> {
    pub session: &'a mut Session,
    pub machine: &'a M,
    pub manager: &'a dyn PackageManager,
    pub observer: &'a mut O,
    pub state: &'a mut State,
    pub options: &'a Options,
    pub interrupt: Interrupt,
    pub(super) run: Run,
}

/// What one run has collected so far.
#[derive(Debug, Default)]
pub(super) struct Run {
    record: Record,
    progress: ProgressLine,
    started: Option<std::time::Instant>,
    begun_ms: i64,
    faults: BTreeMap<String, String>,
    /// Of an earlier report that the server would not take.
    undelivered_changes: Vec<SoftwareChange>,
    undelivered_faults: BTreeMap<String, String>,
    /// The step that has begun and not ended.
    open_step: Option<(Step, std::time::Instant)>,
}

impl<'a, M: Machine, O: Observer> Synchronisation<'a, M, O> {
    /// Prepares a run.
    pub fn new(
        session: &'a mut Session,
        machine: &'a M,
        manager: &'a dyn PackageManager,
        observer: &'a mut O,
        state: &'a mut State,
        options: &'a Options,
    ) -> Self {
        let interrupt = Interrupt::never();
        let run = Run::default();
        Self { session, machine, manager, observer, state, options, interrupt, run }
    }

    /// Lets `interrupt` end the run between steps, or in the middle of those that change nothing.
    pub fn interruptible(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// Runs the whole sequence and returns what happened.
    ///
    /// # Errors
    /// [`SyncError`] if there was no plan; what happened until then is in the state.
    pub async fn run(mut self) -> (Record, Result<(), SyncError>) {
        self.run.started = Some(std::time::Instant::now());
        self.run.begun_ms = self.session.transport.now_ms();
        self.session.transport.offset_ms = self.state.clock_offset_ms;
        self.session.transport.last_time_ms = self.state.last_time_ms;
        let result = self.sequence().await;
        if let Err(error) = &result {
            let text = chain(error);
            if let Some((step, _)) = self.run.open_step {
                self.end(step, Err(text.clone()));
            }
            if matches!(error, SyncError::Interrupted) {
                let last_words = self.options.last_words.clone();
                self.add_error(&last_words);
                if let Some(id) = self.sync_id() {
                    let _nobody_waits = self.session.progress(&id, &last_words).await;
                }
            } else {
                self.add_error(&text);
            }
            self.run.record.failure = Some(text);
        }
        self.remember_clock();
        self.keep();
        self.run.record.ok = result.is_ok() && !self.run.record.has_failed_step();
        (self.run.record, result)
    }

    async fn sequence(&mut self) -> Result<(), SyncError> {
        self.send_unsent().await?;
        let before = self.manager.installed().await.map_err(SyncError::Inventory)?;
        self.run_hooks(HookStage::Pre).await?;
        let plan = self.ask(&before).await?;
        self.run_faults(&plan.faults).await?;
        let packages = self.carry_out(&plan, before).await?;
        self.run_hooks(HookStage::Post).await?;
        self.report(&plan, packages).await
    }

    /// Asks for the plan, evaluating formulas as often as the server has others (D-SYNC-04 to 06).
    async fn ask(&mut self, before: &Inventory) -> Result<Plan, SyncError> {
        let mut registered_again = false;
        for _ in 0..MAX_ROUNDS {
            // What failed is told with the report: the set may be replaced and evaluated again.
            let (attributes, failures) = self.evaluate().await?;
            let request = self.request(before, attributes);
            self.begin(Step::Connect);
            let answer = self.session.sync(&request).await;
            self.end(Step::Connect, answer.as_ref().map(|_| ()).map_err(|error| chain(error)));
            self.remember_clock();
            match answer {
                Ok(SyncAnswer::Formulas(formulas)) => self.state.formulas = formulas,
                Ok(SyncAnswer::Plan(plan)) => {
                    self.accept(&plan, request.errors.len());
                    failures.iter().for_each(|failure| self.add_error(failure));
                    return Ok(*plan);
                }
                // Deleted on the server: it receives a new number and goes on (D-REG-09).
                Err(error)
                    if error.problem_type() == Some("unknown-computer") && !registered_again =>
                {
                    registered_again = true;
                    self.register_again().await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(SyncError::Restless)
    }

    fn request(&self, before: &Inventory, attributes: BTreeMap<String, String>) -> SyncRequest {
        let (user, user_fullname) = self.machine.user();
        SyncRequest {
            identity: self.identity(),
            user,
            user_fullname,
            formulas_fingerprint: self.state.formulas.fingerprint.clone(),
            attributes,
            software_fingerprint: before.fingerprint().to_owned(),
            hardware_fingerprint: self.state.hardware_fingerprint.clone(),
            errors: self.state.errors.clone(),
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    fn identity(&self) -> Identity {
        Identity { pms: self.manager.pms().to_owned(), ..self.machine.identity() }
    }

    fn accept(&mut self, plan: &Plan, delivered_errors: usize) {
        self.state.errors.drain(..delivered_errors.min(self.state.errors.len()));
        self.state.cid = plan.cid;
        self.state.search.clone_from(&plan.search);
        self.state.server_version.clone_from(&plan.server_version);
        self.state.organization.clone_from(&plan.organization);
        self.run.record.cid = plan.cid;
        self.run.record.plan = Some(plan.clone());
        self.observer.plan(plan);
        self.keep();
    }

    async fn register_again(&mut self) -> Result<(), SyncError> {
        self.begin(Step::Register);
        let identity = self.identity();
        let answer = self.session.register(identity, &Account::default()).await;
        self.end(Step::Register, answer.as_ref().map(|_| ()).map_err(|error| chain(error)));
        let answer = answer?;
        self.state.registered(&self.machine.identity().uuid, &answer);
        self.keep();
        Ok(())
    }

    pub(super) fn sync_id(&self) -> Option<String> {
        Some(self.run.record.plan.as_ref()?.sync_id.clone()).filter(|id| !id.is_empty())
    }

    fn remember_clock(&mut self) {
        self.state.clock_offset_ms = self.session.transport.offset_ms;
        self.state.last_time_ms = self.session.transport.last_time_ms;
    }

    /// Keeps the state; a disk that is full must not end a synchronisation.
    pub(super) fn keep(&mut self) {
        if let Err(error) = self.machine.keep(self.state) {
            tracing::error!(%error, "state cannot be kept");
        }
    }

    pub(super) fn add_error(&mut self, text: &str) {
        tracing::error!("{text}");
        let now = self.session.transport.now_ms();
        self.state.add_error(now, text);
        let error = ClientError { time_ms: now, text: text.to_owned() };
        self.run.record.errors.push(error);
    }
}

#[cfg(test)]
mod tests;
