//! What a run did, step by step, for the console, `--json` and the report.

use serde::Serialize;

use crate::wire::sync::{ClientError, Plan, SoftwareChange};

/// A part of the run that can fail by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    Unsent,
    PreHooks,
    Formulas,
    Connect,
    Register,
    Faults,
    Repositories,
    Refresh,
    Remove,
    Install,
    Upgrade,
    Software,
    Hardware,
    PostHooks,
    Report,
}

impl Step {
    /// All of them, in the order of a run.
    pub const ALL: [Step; 15] = [
        Step::Unsent,
        Step::PreHooks,
        Step::Formulas,
        Step::Connect,
        Step::Register,
        Step::Faults,
        Step::Repositories,
        Step::Refresh,
        Step::Remove,
        Step::Install,
        Step::Upgrade,
        Step::Software,
        Step::Hardware,
        Step::PostHooks,
        Step::Report,
    ];

    /// Name in reports, JSON and message keys.
    pub fn name(self) -> &'static str {
        match self {
            Step::Unsent => "unsent",
            Step::PreHooks => "pre-hooks",
            Step::Formulas => "formulas",
            Step::Connect => "connect",
            Step::Register => "register",
            Step::Faults => "faults",
            Step::Repositories => "repositories",
            Step::Refresh => "refresh",
            Step::Remove => "remove",
            Step::Install => "install",
            Step::Upgrade => "upgrade",
            Step::Software => "software",
            Step::Hardware => "hardware",
            Step::PostHooks => "post-hooks",
            Step::Report => "report",
        }
    }

    /// Says whether its failure makes the run a failure (D-CLI-05). A formula, a fault definition
    /// or a hook that fails is an error for the administrator, not for whoever runs the client.
    /// A refusal of the server ends the run, or is overcome: a computer that it does not know any
    /// more registers and asks once more (D-REG-09).
    pub fn decides(self) -> bool {
        !matches!(
            self,
            Step::PreHooks
                | Step::Formulas
                | Step::Faults
                | Step::PostHooks
                | Step::Unsent
                | Step::Connect
        )
    }
}

/// How a step went.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepRecord {
    pub name: &'static str,
    pub ok: bool,
    pub duration_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip)]
    pub step: Step,
}

/// What `--json` prints: one object for the run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Record {
    pub ok: bool,
    /// 0 before the first plan.
    pub cid: i64,
    pub steps: Vec<StepRecord>,
    pub plan: Option<Plan>,
    pub changes: Vec<SoftwareChange>,
    pub errors: Vec<ClientError>,
    /// Why the run ended early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

impl Record {
    /// A package-manager step failed.
    pub fn has_failed_step(&self) -> bool {
        self.steps.iter().any(|step| !step.ok && step.step.decides())
    }
}

/// Lines shown at the start of a run (D-CLI-03): label and value.
pub type Banner = Vec<(String, String)>;

/// Who watches a run.
pub trait Observer: Send {
    /// A step begins.
    fn begin(&mut self, step: Step);
    /// The step that began last is over; `Err` is the reason.
    fn end(&mut self, step: Step, result: Result<(), &str>);
    /// The server's plan arrived.
    fn plan(&mut self, _plan: &Plan) {}
    /// Something worth a line inside a step.
    fn line(&mut self, _text: &str) {}
}

/// Nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn begin(&mut self, _step: Step) {}
    fn end(&mut self, _step: Step, _result: Result<(), &str>) {}
}
