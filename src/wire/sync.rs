//! Bodies of the sync protocol, JSON in both directions.
//!
//! Unknown fields are ignored and new ones have defaults, so that a newer client talks to an
//! older server and the reverse. Sizes are bounded by whoever reads them, not here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `POST /sync/v1/register` (D-REG-01). Signed by the key it announces.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterRequest {
    pub identity: Identity,
    /// Account that vouches for the computer; both empty for automatic registration (D-REG-04).
    pub username: String,
    pub password: String,
    /// The computer's public key, minisign's base64 line.
    pub public_key: String,
    pub client_version: String,
}

/// Who a computer says it is; part of every sync (D-SYNC-06).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    pub uuid: String,
    pub name: String,
    pub fqdn: String,
    pub ip_address: String,
    /// Operating-system family, `Linux` (D-PLT-01).
    pub platform: String,
    pub project: String,
    /// `apt-get`, `yum`, `zypper` or an alias (D-PMS-01).
    pub pms: String,
}

/// Answer to a registration (D-REG-06).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterAnswer {
    pub cid: i64,
    /// The server's public key, minisign's base64 line, to be pinned.
    pub server_key: String,
    /// ASCII-armoured OpenPGP key that signs the repositories (D-REPO-05).
    pub repository_key: String,
    pub server_version: String,
    pub organization: String,
}

/// `POST /sync/v1/sync`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SyncRequest {
    pub identity: Identity,
    /// Login of the graphical session, or of whoever runs the client (D-USR-01).
    pub user: String,
    pub user_fullname: String,
    /// Fingerprint of the formula set that `attributes` were evaluated with; empty if none is held.
    pub formulas_fingerprint: String,
    /// Output of each formula by prefix.
    pub attributes: BTreeMap<String, String>,
    /// Fingerprint of the package list now ([`software_fingerprint`]).
    pub software_fingerprint: String,
    /// Fingerprint of the hardware tree, SHA-256 in hex of its JSON.
    pub hardware_fingerprint: String,
    /// Errors left from runs that could not deliver them (D-SYNC-03). They come with every
    /// request until one is answered with a plan, and are stored with that plan only.
    pub errors: Vec<ClientError>,
    pub client_version: String,
}

/// An error a client met, with its own clock's milliseconds since the epoch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientError {
    pub time_ms: i64,
    pub text: String,
}

/// Answer to a sync: either formulas to evaluate first, or the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum SyncAnswer {
    /// The client holds another formula set: evaluate this one and ask again.
    Formulas(FormulaSet),
    /// What to do now.
    Plan(Box<Plan>),
}

/// Enabled client formulas in name order (D-FORM-02).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormulaSet {
    /// SHA-256 in hex over prefix, language and code of each.
    pub fingerprint: String,
    pub formulas: Vec<Program>,
}

/// A formula or fault definition: a program whose standard output is the value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Program {
    /// Prefix of a formula, name of a fault definition.
    pub name: String,
    /// `bash`, `python`, `perl`, `php`, `ruby`, `cmd`, `powershell`.
    pub language: String,
    pub code: String,
}

/// What a computer must do in this synchronisation (D-SYNC-06 to D-SYNC-13).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Names this synchronisation in progress and report.
    pub sync_id: String,
    pub cid: i64,
    pub faults: Vec<Program>,
    /// Name order (D-DEPLOY-13).
    pub repositories: Vec<Repository>,
    pub remove: Vec<Order>,
    pub install: Vec<Order>,
    /// Installed packages are upgraded when the client's own settings agree (D-SYNC-13).
    pub upgrade: bool,
    /// The server does not know the package list of the request: send it with the report.
    pub want_software: bool,
    /// Hardware is due (D-HW-02): send it with the report.
    pub want_hardware: bool,
    /// SHA-256 in hex of the text at `/get_key_repositories`, so that a client whose copy differs
    /// fetches it and knows that it is the site's (D-REPO-05). Empty: the key has not changed
    /// since the registration.
    pub repository_key_digest: String,
    /// Value the server's people search the computer by (D-COMP-02).
    pub search: String,
    pub server_version: String,
    pub organization: String,
}

/// A repository to configure, and the generation the server promises (replay protection).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Repository {
    /// Slug of the deployment.
    pub name: String,
    /// Path under the server: `/public/<project>/REPOSITORIES`.
    pub path: String,
    /// SHA-256 in hex of `InRelease` (apt) or `repomd.xml` (rpm).
    pub digest: String,
    /// When that generation was published, seconds since the epoch: what the package manager
    /// fetched must be it or a later one.
    pub published_at: i64,
    /// A source that the site passes on: nothing is promised of it, and it is signed by others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external: Option<ExternalSource>,
}

/// How an external source is written down (D-EXT-03). Its `path` is
/// `/src/<project>/EXTERNAL/<slug>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalSource {
    pub suite: String,
    pub components: Vec<String>,
    /// For apt in brackets; for the others `name=value` between blanks.
    pub options: String,
}

/// One package order with the deployments that gave it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Order {
    /// Token of the package list: a name or `name=version` (D-GEN-02).
    pub package: String,
    /// Names of the deployments that order it.
    pub reasons: Vec<String>,
}

/// `POST /sync/v1/sync/{id}/progress` (D-MSG-01).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    pub text: String,
}

/// `POST /sync/v1/sync/{id}/report`: ends the sync. Sent again, it is stored once.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Non-empty outputs of fault definitions, by name (D-FAULT-03).
    pub faults: BTreeMap<String, String>,
    /// Software history: manual changes first, then those of this run (D-SYNC-08, D-SYNC-14).
    pub changes: Vec<SoftwareChange>,
    /// Fingerprint of the package list after the run.
    pub software_fingerprint: String,
    /// The list itself, when the server does not know the fingerprint.
    pub software: Option<Vec<SoftwarePackage>>,
    /// Tree in lshw's shape, when wanted.
    pub hardware: Option<serde_json::Value>,
    pub errors: Vec<ClientError>,
    pub outcome: Outcome,
}

/// Answer to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum ReportAnswer {
    /// Stored (now or by an earlier copy of the same report).
    Stored,
    /// Nothing stored: the package list is unknown, send the report again with it.
    NeedSoftware,
}

/// Packages that came and went between two moments (D-SYNC-19).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoftwareChange {
    /// Start of the interval, or of the run, milliseconds since the epoch.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Made by others between two runs (D-SYNC-08).
    pub manual: bool,
    pub installed: Vec<SoftwarePackage>,
    pub removed: Vec<SoftwarePackage>,
}

/// An installed package as its package manager names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct SoftwarePackage {
    pub name: String,
    pub version: String,
    pub architecture: String,
}

/// How the run went, step by step.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// Every step succeeded.
    pub ok: bool,
    /// Names of the steps that failed (`remove`, `install`, `upgrade`…).
    pub failed_steps: Vec<String>,
    pub duration_ms: i64,
}

/// `POST /sync/v1/why`: why a package is, or is not, ordered or offered on this computer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WhyRequest {
    pub uuid: String,
    pub package: String,
}

/// Answer to [`WhyRequest`]: one line per deployment of the project that names or offers it, and
/// per policy that could install it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct WhyAnswer {
    pub package: String,
    pub lines: Vec<WhyLine>,
}

/// The part of one deployment, or of `policy NAME`, in the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WhyLine {
    pub deployment: String,
    /// The deployment reaches the computer now.
    pub available: bool,
    /// `installs`, `removes` or `offers <version>`, several where they apply.
    pub effects: Vec<String>,
    /// Machine-readable condition that decided (`disabled`, `excluded`, `not_started`…).
    pub condition: String,
    /// What decided: an attribute, a domain; empty where nothing more is to say.
    pub detail: String,
    /// The first day, `YYYY-MM-DD`, where a day matters.
    pub since: String,
    /// How the computer came by the attribute that decided, down to one of its own.
    pub chain: Vec<String>,
}

/// Problem document (RFC 9457) as the sync protocol answers it, signed like every answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// Last segment of the type URI: `clock`, `key-mismatch`, `unknown-computer`,
    /// `unsubscribed`, `can-not-register`, `signature`, `replay`, `invalid`, `unavailable`…
    pub r#type: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    /// With `clock`: the server's time, milliseconds since the epoch.
    pub server_time_ms: Option<i64>,
}

/// Fingerprint of a package list: SHA-256 in hex over its sorted `name\tversion\tarch\n` lines.
///
/// ```
/// use migas::wire::sync::{SoftwarePackage, software_fingerprint};
/// let vim = SoftwarePackage { name: "vim".into(), version: "2:9.0".into(), architecture: "amd64".into() };
/// assert_eq!(software_fingerprint(&[vim]).len(), 64);
/// ```
pub fn software_fingerprint(packages: &[SoftwarePackage]) -> String {
    use sha2::Digest as _;
    let mut sorted: Vec<&SoftwarePackage> = packages.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut digest = sha2::Sha256::new();
    for package in sorted {
        for field in [&package.name, "\t", &package.version, "\t", &package.architecture, "\n"] {
            digest.update(field.as_bytes());
        }
    }
    hex::encode(digest.finalize())
}

/// Fingerprint of a formula set: SHA-256 in hex over prefix, language and code of each.
pub fn formulas_fingerprint(formulas: &[Program]) -> String {
    use sha2::Digest as _;
    let mut digest = sha2::Sha256::new();
    for formula in formulas {
        for field in [&formula.name, &formula.language, &formula.code] {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field.as_bytes());
        }
    }
    hex::encode(digest.finalize())
}
