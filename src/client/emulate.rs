//! A load of synthetic computers, each driving the real client code against a real server.
//!
//! Everything but the machine and its package manager is what a desktop runs: keys, signatures,
//! the sequence of a synchronisation, its report. Every computer registers and synchronises once
//! as a new one, and as often as asked for with packages upgraded by it, which fills the histories
//! of a site; then the synchronisations that change nothing are counted and timed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rand::RngCore as _;
use serde::Serialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::managers::{self, Asked, Found, Inventory, ManagerError, PackageManager};
use super::managers::{Sources, Stale, Terminal};
use super::places::HookStage;
use super::session::{Account, Session};
use super::state::State;
use super::sync::{Doing, Machine, Options, Silent, Synchronisation};
use super::transport::{Clock, Endpoint, Transport, TransportError};
use crate::domain::text::chain;
use crate::wire::keys::{KeyError, SecretKey};
use crate::wire::sync::{Identity, Program, SoftwarePackage};

/// Packages of a synthetic desktop.
const PACKAGES: usize = 1_500;
/// Different installations among the computers.
const IMAGES: usize = 10;
/// Packages that one of the changing synchronisations upgrades: twice as many lines of history.
const UPGRADED: usize = 5;
/// A fault definition of this name finds something on every computer, each time.
const FAULT: &str = "EMULATED-FAULT";
/// A fault definition of this name fails on every computer, each time.
const ERROR: &str = "EMULATED-ERROR";

/// What to drive.
#[derive(Debug, Clone)]
pub struct Load {
    pub project: String,
    pub computers: usize,
    /// Synchronisations of each computer that upgrade packages.
    pub changes: usize,
    /// Unchanged synchronisations of each computer.
    pub syncs: usize,
    /// Synchronisations in course at once.
    pub parallel: usize,
    pub clock: Clock,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    pub computers: usize,
    /// Registrations with the first synchronisation, per second.
    pub first_syncs_per_second: f64,
    /// Complete synchronisations that upgraded packages, per second.
    pub changing_syncs_per_second: f64,
    /// Complete unchanged synchronisations, per second.
    pub syncs_per_second: f64,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub failed: usize,
    /// The first thing that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_failure: Option<String>,
}

/// Why no load could be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("a key of a synthetic computer cannot be made")]
    Key(#[from] KeyError),
    #[error(transparent)]
    Register(#[from] TransportError),
}

/// Drives the load against `endpoint`; `tell` hears how many synchronisations are done.
///
/// # Errors
/// [`LoadError`] when the first computer is refused; later failures are counted.
pub async fn run(
    endpoint: &Endpoint,
    load: &Load,
    tell: &(dyn Fn(usize) + Send + Sync),
) -> Result<Figures, LoadError> {
    let installed = images(0);
    let mut computers = Vec::with_capacity(load.computers);
    for number in 0..load.computers {
        let image = installed.get(number % IMAGES).cloned().unwrap_or_default();
        computers.push(Computer::new(endpoint, load, number, image)?);
    }
    // The first alone, so that a refusal is told at once and not a thousand times.
    if let Some(first) = computers.first_mut() {
        first.register().await?;
    }
    let begun = Instant::now();
    let (mut computers, first_round) = round(computers, load.parallel, tell, 0).await;
    let first_seconds = begun.elapsed().as_secs_f64();
    let mut all = Outcomes { failures: first_round.failures, times: Vec::new() };
    let begun = Instant::now();
    let mut changed = 0;
    for done in 0..load.changes {
        let upgraded = images(done + 1);
        for computer in &computers {
            computer.manager.offer(upgraded.get(computer.machine.number % IMAGES).cloned());
        }
        let so_far = (done + 1) * load.computers;
        let (returned, outcomes) = round(computers, load.parallel, tell, so_far).await;
        computers = returned;
        changed += outcomes.times.len();
        all.failures.extend(outcomes.failures);
    }
    let changing_seconds = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    for done in 0..load.syncs {
        let so_far = (load.changes + done + 1) * load.computers;
        let (returned, outcomes) = round(computers, load.parallel, tell, so_far).await;
        computers = returned;
        all.times.extend(outcomes.times);
        all.failures.extend(outcomes.failures);
    }
    let seconds = begun.elapsed().as_secs_f64();
    all.times.sort_unstable();
    Ok(Figures {
        computers: load.computers,
        first_syncs_per_second: rate(first_round.times.len(), first_seconds),
        changing_syncs_per_second: rate(changed, changing_seconds),
        syncs_per_second: rate(all.times.len(), seconds),
        p50_ms: percentile(&all.times, 50),
        p99_ms: percentile(&all.times, 99),
        failed: all.failures.len(),
        first_failure: all.failures.into_iter().next(),
    })
}

#[derive(Debug, Default)]
struct Outcomes {
    times: Vec<Duration>,
    failures: Vec<String>,
}

/// Lets every computer synchronise once, `parallel` at a time.
async fn round(
    computers: Vec<Computer>,
    parallel: usize,
    tell: &(dyn Fn(usize) + Send + Sync),
    so_far: usize,
) -> (Vec<Computer>, Outcomes) {
    let gate = Arc::new(Semaphore::new(parallel.max(1)));
    let mut running = JoinSet::new();
    for mut computer in computers {
        let gate = Arc::clone(&gate);
        running.spawn(async move {
            let _turn = gate.acquire_owned().await;
            let begun = Instant::now();
            let result = computer.synchronise().await;
            (computer, begun.elapsed(), result)
        });
    }
    let mut outcomes = Outcomes::default();
    let mut computers = Vec::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok((computer, time, Ok(()))) => {
                computers.push(computer);
                outcomes.times.push(time);
            }
            Ok((computer, _, Err(text))) => {
                computers.push(computer);
                outcomes.failures.push(text);
            }
            Err(panic) => outcomes.failures.push(panic.to_string()),
        }
        tell(so_far + computers.len());
    }
    (computers, outcomes)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn rate(count: usize, seconds: f64) -> f64 {
    if seconds > 0.0 { count as f64 / seconds } else { 0.0 }
}

/// The `percent`-th percentile of sorted times, in milliseconds (nearest rank).
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(rank).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
}

/// The installations after so many rounds of upgrades.
fn images(upgrades: usize) -> Vec<Arc<Inventory>> {
    (0..IMAGES).map(|image| Arc::new(Inventory::new(packages(image, upgrades)))).collect()
}

/// The packages of one installation: most are common to all, each has some of its own. Every round
/// upgrades the next few.
fn packages(image: usize, upgrades: usize) -> Vec<SoftwarePackage> {
    let package = |number: usize| {
        let own = if number.is_multiple_of(50) { image } else { 1 };
        let rounds = (0..upgrades)
            .filter(|round| round * UPGRADED % PACKAGES / UPGRADED == number / UPGRADED);
        SoftwarePackage {
            name: format!("package-{number:04}"),
            version: format!("1.{}-{}", number % 17, own + IMAGES * rounds.count()),
            architecture: if number.is_multiple_of(3) { "all" } else { "amd64" }.to_owned(),
        }
    };
    (0..PACKAGES).map(package).collect()
}

/// One synthetic computer with its conversation and its memory.
struct Computer {
    session: Session,
    machine: Synthetic,
    manager: Steady,
    state: State,
}

impl Computer {
    fn new(
        endpoint: &Endpoint,
        load: &Load,
        number: usize,
        inventory: Arc<Inventory>,
    ) -> Result<Self, KeyError> {
        let mut random = [0; 40];
        rand::rngs::OsRng.fill_bytes(&mut random);
        let key = Arc::new(SecretKey::from_random(random)?);
        let transport = Transport::new(endpoint.clone(), key, None, load.clock);
        let machine =
            Synthetic { number, run: random_tail(&random), project: load.project.clone() };
        let manager = Steady { inventory: Mutex::new(inventory), offered: Mutex::default() };
        Ok(Self { session: Session::new(transport), machine, manager, state: State::default() })
    }

    async fn register(&mut self) -> Result<(), TransportError> {
        let identity = Identity { pms: "apt-get".into(), ..self.machine.identity() };
        let answer = self.session.register(identity, &Account::default()).await?;
        self.state.registered(&self.machine.uuid(), &answer);
        Ok(())
    }

    async fn synchronise(&mut self) -> Result<(), String> {
        if self.state.cid == 0 {
            self.register().await.map_err(|error| chain(&error))?;
        }
        let options = Options { upgrade: self.manager.has_offer(), ..Options::default() };
        let mut silent = Silent;
        let run = Synchronisation::new(
            &mut self.session,
            &self.machine,
            &self.manager,
            &mut silent,
            &mut self.state,
            &options,
        );
        let (record, result) = run.run().await;
        // Nobody changes packages behind its back; ten thousand lists would fill the memory.
        self.state.software = None;
        match (result, record.failure) {
            (Err(error), _) => Err(chain(&error)),
            (Ok(()), Some(failure)) => Err(failure),
            (Ok(()), None) => Ok(()),
        }
    }
}

fn random_tail(random: &[u8; 40]) -> String {
    hex::encode_upper(random.last_chunk::<4>().copied().unwrap_or_default())
}

/// A machine that is only numbers.
struct Synthetic {
    number: usize,
    /// Differs between two loads, so that the second does not meet the computers of the first.
    run: String,
    project: String,
}

impl Synthetic {
    fn uuid(&self) -> String {
        format!("{}-4D49-4741-5345-{:012X}", self.run, self.number + 1)
    }

    fn address(&self) -> String {
        format!("10.{}.{}.{}", self.number / 62_500, self.number / 250 % 250, self.number % 250 + 1)
    }
}

impl Machine for Synthetic {
    fn identity(&self) -> Identity {
        Identity {
            uuid: self.uuid(),
            name: format!("emulated-{:05}", self.number),
            fqdn: format!("emulated-{:05}.example", self.number),
            ip_address: self.address(),
            platform: "Linux".into(),
            project: self.project.clone(),
            pms: String::new(),
        }
    }

    fn user(&self) -> (String, String) {
        (format!("user{}", self.number % 100), String::new())
    }

    fn run<'a>(&'a self, program: &'a Program) -> Doing<'a, Result<Option<String>, String>> {
        let value = match program.name.as_str() {
            "HST" => format!("emulated-{:05}", self.number),
            "NET" => format!("10.{}.{}.0/24", self.number / 62_500, self.number / 250 % 250),
            FAULT => format!("found on {:05}", self.number),
            ERROR => return Box::pin(std::future::ready(Err("exit status 1".to_owned()))),
            "PCI" => (0..20).map(|n| format!("8086:{:04x}~Device {n},", n + 256)).collect(),
            _ => String::new(),
        };
        Box::pin(std::future::ready(Ok(Some(value).filter(|value| !value.is_empty()))))
    }

    fn has_hooks(&self, _stage: HookStage) -> bool {
        false
    }

    fn hooks(&self, _stage: HookStage) -> Doing<'_, Vec<String>> {
        Box::pin(std::future::ready(Vec::new()))
    }

    fn hardware(&self) -> serde_json::Value {
        json!({
            "id": "emulated", "class": "system", "product": "Emulated desktop",
            "children": [
                { "id": "memory", "class": "memory", "size": 8_589_934_592_u64 },
                { "id": "cpu", "class": "processor", "product": "Emulated processor" },
                { "id": "disk", "class": "disk", "size": 256_060_514_304_u64 },
                { "id": "network", "class": "network",
                  "serial": format!("02:00:00:00:{:02x}:{:02x}", self.number / 256, self.number % 256) }
            ]
        })
    }

    fn keep(&self, _state: &State) -> std::io::Result<()> {
        Ok(())
    }
}

/// A package manager with nothing to do but to upgrade: what is timed is the server.
struct Steady {
    inventory: Mutex<Arc<Inventory>>,
    /// What it becomes with the next upgrade.
    offered: Mutex<Option<Arc<Inventory>>>,
}

impl Steady {
    fn done<T: Send + 'static>(value: T) -> managers::Doing<'static, T> {
        Box::pin(std::future::ready(Ok(value)))
    }

    fn offer(&self, inventory: Option<Arc<Inventory>>) {
        *self.offered.lock().unwrap_or_else(PoisonError::into_inner) = inventory;
    }

    fn has_offer(&self) -> bool {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

impl PackageManager for Steady {
    fn pms(&self) -> &'static str {
        "apt-get"
    }

    fn installed(&self) -> managers::Doing<'_, Arc<Inventory>> {
        Self::done(Arc::clone(&self.inventory.lock().unwrap_or_else(PoisonError::into_inner)))
    }

    fn satisfies(&self, _inventory: &Inventory, _token: &str) -> bool {
        true
    }

    fn import_key<'a>(&'a self, _armoured: &'a str) -> managers::Doing<'a, ()> {
        Self::done(())
    }

    fn write_sources(&self, _sources: &Sources) -> Result<(), ManagerError> {
        Ok(())
    }

    fn refresh(&self) -> managers::Doing<'_, ()> {
        Self::done(())
    }

    fn stale(&self, _sources: &Sources) -> Vec<Stale> {
        Vec::new()
    }

    fn install<'a>(&'a self, _tokens: &'a [String]) -> managers::Doing<'a, ()> {
        Self::done(())
    }

    fn remove<'a>(&'a self, _tokens: &'a [String]) -> managers::Doing<'a, ()> {
        Self::done(())
    }

    fn upgrade(&self) -> managers::Doing<'_, ()> {
        let offered = self.offered.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(offered) = offered {
            *self.inventory.lock().unwrap_or_else(PoisonError::into_inner) = offered;
        }
        Self::done(())
    }

    fn available(&self) -> managers::Doing<'_, Vec<String>> {
        Self::done(Vec::new())
    }

    fn search<'a>(
        &'a self,
        _text: &'a str,
        _terminal: &'a Terminal,
    ) -> managers::Doing<'a, Vec<Found>> {
        Self::done(Vec::new())
    }

    fn ask<'a>(&'a self, _asked: &'a Asked, _terminal: &'a Terminal) -> managers::Doing<'a, bool> {
        Self::done(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(percentile(&times, 50).round() as i64, 100);
        assert_eq!(percentile(&times, 99).round() as i64, 198);
        assert_eq!(percentile(&[], 99).round() as i64, 0);
    }

    #[test]
    fn each_round_upgrades_some_packages() {
        let differ = |before: usize, after: usize| {
            let (before, after) = (packages(3, before), packages(3, after));
            before.iter().zip(&after).filter(|(one, other)| one.version != other.version).count()
        };
        assert_eq!((differ(0, 1), differ(1, 2), differ(0, 2)), (UPGRADED, UPGRADED, 2 * UPGRADED));
        let once_more = PACKAGES / UPGRADED;
        assert_eq!(differ(once_more, once_more + 1), UPGRADED, "from the first again");
        assert_eq!(differ(0, once_more), PACKAGES);
    }

    #[test]
    fn computers_of_two_loads_differ() {
        let uuid =
            |run: &str| Synthetic { number: 7, run: run.into(), project: String::new() }.uuid();
        assert_eq!(uuid("0A0B0C0D"), "0A0B0C0D-4D49-4741-5345-000000000008");
        assert_ne!(uuid("0A0B0C0D"), uuid("0A0B0C0E"));
    }
}
