//! The steps of the package manager: sources, indexes, removals, installations, upgrades
//! (D-SYNC-08 to D-SYNC-14).

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{Machine, Observer, Step, SyncError, Synchronisation, chain};
use crate::client::managers::inventory::{change_lines, difference};
use crate::client::managers::{Inventory, ManagerError, Sources};
use crate::wire::sync::{Order, Plan, SoftwareChange};

/// Longest OpenPGP key that is fetched, in bytes.
const MAX_KEY: usize = 256 * 1024;

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
        let after = self.software_after(&before);
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
        let cache = self.options.package_proxy_cache.as_deref();
        let sources = Sources::new(&self.options.base, cache, plan.repositories.clone());
        let manager = self.manager;
        self.begin(Step::Repositories);
        let key = match sources.repositories.is_empty() {
            true => Ok(()),
            false => self.import_key(plan).await,
        };
        let written = manager.write_sources(&sources).map_err(|error| chain(&error));
        self.end_or_error(Step::Repositories, key.and(written));

        self.begin(Step::Refresh);
        let refreshed = self.stoppable(Step::Refresh, manager.refresh()).await?;
        let stale = manager.stale(&sources);
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
        let manager = self.manager;
        let ordered = tokens(orders).filter(|token| manager.satisfies(before, token));
        let ordered: Vec<String> = ordered.map(str::to_owned).collect();
        if ordered.is_empty() {
            return Ok(());
        }
        self.begin(Step::Remove);
        self.observer.line(&ordered.join(" "));
        let removed = self.finish(Step::Remove, manager.remove(&ordered)).await;
        self.end_duty(Step::Remove, removed)
    }

    /// Mandatory installations of what is not installed, after the removals (D-MERGE-03).
    async fn install(&mut self, orders: &[Order]) -> Result<(), SyncError> {
        if orders.is_empty() {
            return Ok(());
        }
        let manager = self.manager;
        let now = match manager.installed() {
            Ok(now) => now,
            Err(error) => {
                self.begin(Step::Install);
                self.end_or_error(Step::Install, Err(chain(&error)));
                return Ok(());
            }
        };
        let ordered = tokens(orders).filter(|token| !manager.satisfies(&now, token));
        let ordered: Vec<String> = ordered.map(str::to_owned).collect();
        if ordered.is_empty() {
            return Ok(());
        }
        self.begin(Step::Install);
        self.observer.line(&ordered.join(" "));
        let installed = self.finish(Step::Install, manager.install(&ordered)).await;
        self.end_duty(Step::Install, installed)
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
    fn software_after(&mut self, before: &Arc<Inventory>) -> Arc<Inventory> {
        match self.manager.installed() {
            Ok(after) => after,
            Err(error) => {
                self.begin(Step::Software);
                self.end_or_error(Step::Software, Err(chain(&error)));
                before.clone()
            }
        }
    }
}

/// Tokens of the orders. One that begins with a hyphen would be an option to some package manager.
fn tokens(orders: &[Order]) -> impl Iterator<Item = &str> {
    let tokens = orders.iter().map(|order| order.package.trim());
    tokens.filter(|token| !token.is_empty() && !token.starts_with('-'))
}
