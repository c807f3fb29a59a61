//! The steps of the package manager: sources, indexes, removals, installations, upgrades
//! (D-SYNC-08 to D-SYNC-14).

use std::sync::Arc;
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::{Machine, Observer, Step, SyncError, Synchronisation, chain};
use crate::client::managers::inventory::{change_lines, difference};
use crate::client::managers::{self, Inventory, ManagerError, PackageManager, Sources};
use crate::wire::sync::{Order, Plan, SoftwareChange};
use crate::wire::tags::TagPackages;

/// Longest OpenPGP key that is fetched, in bytes.
const MAX_KEY: usize = 256 * 1024;

/// How long orders are tried one by one: with a server that went away each takes its time to fail.
const ONE_BY_ONE: Duration = Duration::from_secs(15 * 60);

/// What a run found and did.
pub struct Packages {
    pub after: Arc<Inventory>,
    /// Manual changes first, then those of this run.
    pub changes: Vec<SoftwareChange>,
}

impl<M: Machine, O: Observer> Synchronisation<'_, M, O> {
    /// Carries out the plan's package part; `before` is what was installed when the run began.
    pub(super) async fn carry_out(
        &mut self,
        plan: &Plan,
        before: Arc<Inventory>,
    ) -> Result<Packages, SyncError> {
        let mut changes = Vec::new();
        changes.extend(self.manual_changes(&before));
        self.configure(plan).await?;
        self.remove(&plan.remove, &before).await?;
        self.install(&plan.install).await?;
        self.upgrade(plan).await?;
        self.follow_tags(plan).await?;
        let after = self.software_after(&before).await;
        let now = self.session.transport.now_ms();
        if let Some(change) =
            difference(before.packages(), after.packages(), false, self.run.begun_ms, now)
        {
            change_lines(&change).iter().for_each(|line| self.observer.line(line));
            changes.push(change);
        }
        Ok(Packages { after, changes })
    }

    /// What others changed since the last run (D-SYNC-08); a first run has nothing to compare.
    fn manual_changes(&self, before: &Inventory) -> Option<SoftwareChange> {
        let last = self.state.software.as_ref()?;
        difference(&last.packages, before.packages(), true, last.taken_ms, self.run.begun_ms)
    }

    /// Key, sources, indexes (D-SYNC-09, D-SYNC-10).
    async fn configure(&mut self, plan: &Plan) -> Result<(), SyncError> {
        let sources = self.sources(plan);
        let manager = self.manager;
        self.begin(Step::Repositories);
        let key = match sources.repositories.is_empty() {
            true => Ok(()),
            false => self.import_key(plan).await,
        };
        let written = manager.write_sources(&sources).map_err(|error| chain(&error));
        self.end_or_error(Step::Repositories, key.and(written));
        self.refresh(&sources).await
    }

    fn sources(&self, plan: &Plan) -> Sources {
        let cache = self.options.package_proxy_cache.as_deref();
        Sources::new(&self.options.base, cache, plan.repositories.clone())
    }

    async fn refresh(&mut self, sources: &Sources) -> Result<(), SyncError> {
        let manager = self.manager;
        self.begin(Step::Refresh);
        let refreshed = self.stoppable(Step::Refresh, manager.refresh()).await?;
        let stale = manager.stale(sources);
        let mut result = refreshed.map_err(|error| chain(&error));
        if !stale.is_empty() {
            // Nothing may come from an old copy: those sources go until the next run.
            let names: Vec<&str> = stale.iter().map(|stale| stale.name.as_str()).collect();
            let kept = manager.write_sources(&sources.without(&names));
            let stale = kept.err().unwrap_or(ManagerError::Stale(stale));
            result = result.and(Err(chain(&stale)));
        }
        self.end_or_error(Step::Refresh, result);
        Ok(())
    }

    /// Imports the repositories' key: the one of the registration, or the one whose digest the
    /// signed plan names.
    async fn import_key(&mut self, plan: &Plan) -> Result<(), String> {
        let wanted = &plan.repository_key_digest;
        let held = |key: &str| hex::encode(Sha256::digest(key));
        if !wanted.is_empty() && held(&self.state.repository_key) != *wanted {
            let endpoint = self.session.transport.endpoint();
            let fetched = endpoint.get("/get_key_repositories", MAX_KEY).await;
            let fetched = fetched.map_err(|error| chain(&error))?;
            let fetched = String::from_utf8_lossy(&fetched).into_owned();
            if held(&fetched) != *wanted {
                return Err("key of the repositories is not the one the server announced".into());
            }
            self.state.repository_key = fetched;
        }
        if self.state.repository_key.is_empty() {
            return Err("server has not given the key of its repositories yet".to_owned());
        }
        let imported = self.manager.import_key(&self.state.repository_key).await;
        imported.map_err(|error| chain(&error))
    }

    /// Mandatory removals of what is installed (D-SYNC-11, D-MERGE-04).
    async fn remove(&mut self, orders: &[Order], before: &Inventory) -> Result<(), SyncError> {
        self.change(Change::Remove, Change::Remove.open(self.manager, before, tokens(orders))).await
    }

    /// What follows a change of tags, after the rest of the synchronisation and before its report:
    /// removals, packages that bring repositories, their indexes, installations (D-CLI-06,
    /// D-DIST-04).
    async fn follow_tags(&mut self, plan: &Plan) -> Result<(), SyncError> {
        let TagPackages { preinstall, install, remove } = &self.options.tags;
        let orders = |names: &[String]| -> Vec<Order> {
            let order = |name: &String| Order { package: name.clone(), ..Order::default() };
            names.iter().map(order).collect()
        };
        let (preinstall, install, remove) = (orders(preinstall), orders(install), orders(remove));
        if !remove.is_empty() {
            match self.manager.installed().await {
                Ok(now) => self.remove(&remove, &now).await?,
                Err(error) => {
                    self.begin(Step::Remove);
                    self.end_or_error(Step::Remove, Err(chain(&error)));
                }
            }
        }
        self.install(&preinstall).await?;
        if !(preinstall.is_empty() && install.is_empty()) {
            let sources = self.sources(plan);
            self.refresh(&sources).await?;
        }
        self.install(&install).await
    }

    /// Mandatory installations of what is not installed, after the removals (D-MERGE-03).
    async fn install(&mut self, orders: &[Order]) -> Result<(), SyncError> {
        if orders.is_empty() {
            return Ok(());
        }
        match self.manager.installed().await {
            Ok(now) => {
                let open = Change::Install.open(self.manager, &now, tokens(orders));
                self.change(Change::Install, open).await
            }
            Err(error) => {
                self.begin(Step::Install);
                self.end_or_error(Step::Install, Err(chain(&error)));
                Ok(())
            }
        }
    }

    /// Carries out orders, all at once if that goes: it takes least time, and the package manager
    /// sees the whole. If it fails, one by one, so that a package that cannot be had keeps no other
    /// away; then each failure is an error of its own.
    async fn change(&mut self, change: Change, ordered: Vec<String>) -> Result<(), SyncError> {
        if ordered.is_empty() {
            return Ok(());
        }
        let (manager, step) = (self.manager, change.step());
        self.begin(step);
        self.observer.line(&ordered.join(" "));
        let together = self.finish(step, change.carry_out(manager, &ordered)).await;
        match together {
            Ok(Err(error)) if error.is_about_packages() && ordered.len() > 1 => {
                tracing::warn!(error = chain(&error), "one by one now");
                self.change_one_by_one(change, &ordered, error).await
            }
            together => self.end_duty(step, together),
        }
    }

    async fn change_one_by_one(
        &mut self,
        change: Change,
        ordered: &[String],
        together: ManagerError,
    ) -> Result<(), SyncError> {
        let (manager, step) = (self.manager, change.step());
        let Ok(now) = manager.installed().await else {
            return self.end_duty(step, Ok(Err(together)));
        };
        let open = change.open(manager, &now, ordered.iter().map(String::as_str));
        if open.is_empty() {
            return self.end_duty(step, Ok(Err(together))); // something failed, but not an order
        }
        let (begun, mut failures) = (Instant::now(), Vec::new());
        for token in &open {
            let is_late = begun.elapsed() > ONE_BY_ONE;
            let one = std::slice::from_ref(token);
            let (failure, is_last) = match is_late {
                true => (format!("{token} and what follows: not tried for lack of time"), true),
                false => match self.finish(step, change.carry_out(manager, one)).await {
                    Ok(Ok(())) => continue,
                    Ok(Err(error)) => {
                        (format!("{token}: {}", chain(&error)), !error.is_about_packages())
                    }
                    Err(interrupted) => return self.end_duty(step, Err(interrupted)),
                },
            };
            self.add_error(&format!("{}: {failure}", step.name()));
            failures.push(failure);
            if is_last {
                break;
            }
        }
        self.end(step, if failures.is_empty() { Ok(()) } else { Err(failures.join("; ")) });
        Ok(())
    }

    /// Upgrades, when both the computer's settings and the plan say so (D-SYNC-13, D-CFG-04).
    async fn upgrade(&mut self, plan: &Plan) -> Result<(), SyncError> {
        if !(plan.upgrade && self.options.upgrade) {
            return Ok(());
        }
        let manager = self.manager;
        self.begin(Step::Upgrade);
        let upgraded = self.finish(Step::Upgrade, manager.upgrade()).await;
        self.end_duty(Step::Upgrade, upgraded)
    }

    /// Ends a step that changed packages; an interrupted one is recorded as it ended.
    fn end_duty(
        &mut self,
        step: Step,
        result: Result<Result<(), ManagerError>, SyncError>,
    ) -> Result<(), SyncError> {
        match result {
            Ok(result) => {
                self.end_or_error(step, result.map_err(|error| chain(&error)));
                Ok(())
            }
            Err(error) => {
                self.end(step, Err(chain(&error)));
                Err(error)
            }
        }
    }

    /// The list after the run (D-SYNC-14); unreadable, it counts as unchanged.
    async fn software_after(&mut self, before: &Arc<Inventory>) -> Arc<Inventory> {
        match self.manager.installed().await {
            Ok(after) => after,
            Err(error) => {
                self.begin(Step::Software);
                self.end_or_error(Step::Software, Err(chain(&error)));
                before.clone()
            }
        }
    }
}

/// A kind of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Remove,
    Install,
}

impl Change {
    fn step(self) -> Step {
        match self {
            Self::Remove => Step::Remove,
            Self::Install => Step::Install,
        }
    }

    /// The tokens for which there is something to do.
    fn open<'a>(
        self,
        manager: &dyn PackageManager,
        now: &Inventory,
        tokens: impl Iterator<Item = &'a str>,
    ) -> Vec<String> {
        let is_open = |token: &&str| match self {
            Self::Remove => manager.satisfies(now, token),
            Self::Install => !manager.satisfies(now, token),
        };
        tokens.filter(is_open).map(str::to_owned).collect()
    }

    fn carry_out<'a>(
        self,
        manager: &'a dyn PackageManager,
        tokens: &'a [String],
    ) -> managers::Doing<'a, ()> {
        match self {
            Self::Remove => manager.remove(tokens),
            Self::Install => manager.install(tokens),
        }
    }
}

/// Tokens of the orders. One that begins with a hyphen would be an option to some package manager.
fn tokens(orders: &[Order]) -> impl Iterator<Item = &str> {
    let tokens = orders.iter().map(|order| order.package.trim());
    tokens.filter(|token| !token.is_empty() && !token.starts_with('-'))
}
