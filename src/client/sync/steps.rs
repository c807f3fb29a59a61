//! The steps around the package manager: hooks, formulas, faults, hardware, the report.

use std::collections::BTreeMap;
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use super::packages::Packages;
use super::{Machine, Observer, Step, StepRecord, SyncError, Synchronisation, chain};
use crate::client::places::HookStage;
use crate::client::state::{Snapshot, Unsent};
use crate::client::transport::TransportError;
use crate::wire::sync::{Outcome, Plan, Program, Report, ReportAnswer};

impl<M: Machine, O: Observer> Synchronisation<'_, M, O> {
    /// Shows and times a step until [`Synchronisation::end`].
    pub(super) fn begin(&mut self, step: Step) {
        tracing::info!(step = step.name(), "step begins");
        self.observer.begin(step);
        self.run.open_step = Some((step, Instant::now()));
    }

    /// Ends the step; a failure is recorded, and stored as an error where it decides the run.
    pub(super) fn end(&mut self, step: Step, result: Result<(), String>) {
        self.observer.end(step, result.as_ref().copied().map_err(String::as_str));
        let began = self.run.open_step.take();
        self.run.record.steps.push(StepRecord {
            name: step.name(),
            ok: result.is_ok(),
            duration_ms: began.map_or(0, |(_, began)| began.elapsed().as_millis() as u64),
            error: result.err(),
            step,
        });
    }

    /// Ends a step whose failure the server must hear of.
    pub(super) fn end_or_error(&mut self, step: Step, result: Result<(), String>) {
        if let Err(reason) = &result {
            self.add_error(&format!("{}: {reason}", step.name()));
        }
        self.end(step, result);
    }

    /// Local hooks (D-SYNC-05, D-SYNC-15).
    pub(super) async fn run_hooks(&mut self, stage: HookStage) -> Result<(), SyncError> {
        let step = match stage {
            HookStage::Pre => Step::PreHooks,
            HookStage::Post => Step::PostHooks,
        };
        let machine = self.machine;
        if !machine.has_hooks(stage) {
            return Ok(());
        }
        self.begin(step);
        let failures = self.stoppable(step, machine.hooks(stage)).await?;
        for failure in &failures {
            self.add_error(failure);
        }
        self.end(step, if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) });
        Ok(())
    }

    /// Evaluates the formulas held (D-SYNC-05): output by prefix, and what failed (D-FORM-13).
    pub(super) async fn evaluate(
        &mut self,
    ) -> Result<(BTreeMap<String, String>, Vec<String>), SyncError> {
        let formulas = self.state.formulas.formulas.clone();
        if formulas.is_empty() {
            return Ok(Default::default());
        }
        self.run_programs(Step::Formulas, "formula", &formulas).await
    }

    /// Runs the fault definitions of the plan; what they print is a fault (D-FAULT-02).
    pub(super) async fn run_faults(&mut self, definitions: &[Program]) -> Result<(), SyncError> {
        if definitions.is_empty() {
            return Ok(());
        }
        let (values, errors) = self.run_programs(Step::Faults, "fault", definitions).await?;
        errors.iter().for_each(|error| self.add_error(error));
        self.run.faults =
            values.into_iter().filter(|(_, value)| !value.trim().is_empty()).collect();
        Ok(())
    }

    async fn run_programs(
        &mut self,
        step: Step,
        kind: &str,
        programs: &[Program],
    ) -> Result<(BTreeMap<String, String>, Vec<String>), SyncError> {
        self.begin(step);
        let (mut values, mut errors, mut failed) = (BTreeMap::new(), Vec::new(), Vec::new());
        let machine = self.machine;
        for program in programs {
            match self.stoppable(step, machine.run(program)).await? {
                Ok(Some(value)) => {
                    values.insert(program.name.clone(), value);
                }
                Ok(None) => {}
                Err(reason) => {
                    failed.push(format!("{}: {reason}", program.name));
                    let code = program.code.trim();
                    errors.push(format!("{kind} {}: {reason}\n{code}", program.name));
                }
            }
        }
        self.end(step, if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) });
        Ok((values, errors))
    }

    fn hardware(&mut self, plan: &Plan) -> Option<serde_json::Value> {
        if !plan.want_hardware {
            return None;
        }
        self.begin(Step::Hardware);
        let tree = self.machine.hardware();
        self.state.hardware_fingerprint = hex::encode(Sha256::digest(tree.to_string()));
        self.end(Step::Hardware, Ok(()));
        Some(tree)
    }

    /// Delivers the report (D-SYNC-14 to D-SYNC-16); one that cannot be delivered is kept for the
    /// next run.
    pub(super) async fn report(
        &mut self,
        plan: &Plan,
        packages: Packages,
    ) -> Result<(), SyncError> {
        let hardware = self.hardware(plan);
        let failed = self.run.record.steps.iter().filter(|step| !step.ok);
        let failed_steps: Vec<String> = failed.map(|step| step.name.to_owned()).collect();
        let list = packages.after.packages();
        // A fault that was found again says the same and more recently.
        let mut faults = std::mem::take(&mut self.run.undelivered_faults);
        faults.append(&mut self.run.faults);
        let mut report = Report {
            faults,
            changes: [std::mem::take(&mut self.run.undelivered_changes), packages.changes].concat(),
            software_fingerprint: packages.after.fingerprint().to_owned(),
            software: plan.want_software.then(|| list.to_vec()),
            hardware,
            errors: self.state.errors.clone(),
            outcome: Outcome {
                ok: !self.run.record.has_failed_step(),
                failed_steps,
                duration_ms: self.run.started.map_or(0, |at| at.elapsed().as_millis() as i64),
            },
        };
        self.run.record.changes.clone_from(&report.changes);
        self.begin(Step::Report);
        let mut answer = self.session.report(&plan.sync_id, &report).await;
        if matches!(answer, Ok(ReportAnswer::NeedSoftware)) {
            report.software = Some(list.to_vec());
            answer = self.session.report(&plan.sync_id, &report).await;
        }
        self.end(Step::Report, answer.as_ref().map(|_| ()).map_err(|error| chain(error)));
        let delivered = report.errors.len();
        let result = match answer {
            Ok(_) => Ok(()),
            Err(error) => {
                if is_final(&error) && !is_forgotten(&error) {
                    // The server cannot use it: the errors stay with the next request, and what
                    // changed will be seen as changed by others.
                    return Err(error.into());
                }
                report.software = Some(list.to_vec());
                self.state.unsent = Some(Unsent { sync_id: plan.sync_id.clone(), report });
                Err(error.into())
            }
        };
        self.state.errors.drain(..delivered.min(self.state.errors.len()));
        // A list that did not change is not written again.
        if self.state.software.as_ref().is_none_or(|old| old.packages != list) {
            self.state.software = Some(Snapshot { taken_ms: 0, packages: list.to_vec() });
        }
        let now = self.session.transport.now_ms();
        if let Some(snapshot) = &mut self.state.software {
            snapshot.taken_ms = now;
        }
        result
    }

    /// Sends the report that an earlier run could not deliver (D-SYNC-17).
    pub(super) async fn send_unsent(&mut self) -> Result<(), SyncError> {
        let Some(Unsent { sync_id, report }) = self.state.unsent.clone() else { return Ok(()) };
        self.begin(Step::Unsent);
        let answer = self.session.report(&sync_id, &report).await;
        self.end(Step::Unsent, answer.as_ref().map(|_| ()).map_err(|error| chain(error)));
        self.remember_clock();
        match answer {
            Ok(_) => self.state.unsent = None,
            Err(error) if is_final(&error) => {
                // The server will never take it; what happened is still worth telling.
                self.state.unsent = None;
                self.state.errors.splice(0..0, report.errors);
                self.run.undelivered_changes = report.changes;
                self.run.undelivered_faults = report.faults;
            }
            Err(error) => return Err(error.into()),
        }
        self.keep();
        Ok(())
    }
}

/// The server does not know this synchronisation, or this computer, any more: what the report
/// says goes out with the next one.
fn is_forgotten(error: &TransportError) -> bool {
    matches!(error.problem_type(), Some("unknown-sync" | "unknown-computer"))
}

/// The server itself refused, and would again. A wrong clock or signature says nothing about the
/// report; a computer that was deleted has nobody left to report for.
fn is_final(error: &TransportError) -> bool {
    match error {
        TransportError::Problem(problem) if problem.status == 401 => {
            error.problem_type() == Some("unknown-computer")
        }
        TransportError::Problem(_) => !error.is_temporary(),
        _ => false,
    }
}
