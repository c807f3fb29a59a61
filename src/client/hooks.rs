//! Local programs before and after a synchronisation (D-SYNC-05, D-SYNC-15).
//!
//! Executable files of `/etc/migas/pre-sync.d` and `post-sync.d`, in name order, each with the
//! rules of a formula's program except that it may take ten minutes. Files with a dot (packages'
//! leftovers such as `.dpkg-old`) and files that are not executable are passed over, as run-parts(8) does.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::places::{HookStage, Places};
use super::programs::{MAX_OUTPUT, Runner, run_command};

const TIMEOUT: Duration = Duration::from_secs(600);

/// The hooks of a stage in name order.
pub fn list(places: &Places, stage: HookStage) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(places.hooks(stage)) else { return Vec::new() };
    let is_hook = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let metadata = path.metadata();
        plain && metadata.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    let mut hooks: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_hook(path)).collect();
    hooks.sort();
    hooks
}

/// Runs the hooks of a stage and returns what went wrong, one text each.
pub async fn run(runner: &Runner, stage: HookStage) -> Vec<String> {
    let mut failures = Vec::new();
    for hook in list(&runner.places, stage) {
        let mut command = runner.launcher.command(runner.launcher.inside(&hook));
        command
            .env("MIGAS_USER", &runner.user.login)
            .env("MIGAS_USER_FULLNAME", &runner.user.fullname);
        if let Err(error) = run_command(command, TIMEOUT, MAX_OUTPUT).await {
            let name = hook.file_name().unwrap_or_default().to_string_lossy().into_owned();
            failures.push(format!("hook {name}: {}", crate::domain::text::chain(&error)));
        }
    }
    failures
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::facts::people::Person;
    use crate::client::launcher::Launcher;

    #[tokio::test]
    async fn d_sync_05_hooks_run_in_name_order_and_say_what_failed() {
        let root = tempfile::tempdir().unwrap();
        let places = Places::new(Some(root.path()));
        let directory = places.hooks(HookStage::Pre);
        std::fs::create_dir_all(&directory).unwrap();
        let seen = root.path().join("seen");
        for (name, mode, code) in [
            ("20-second", 0o755, format!("echo two >> {}", seen.display())),
            ("10-first", 0o755, format!("echo one >> {}", seen.display())),
            ("30-bad", 0o755, "echo no good >&2; exit 4".to_owned()),
            ("40-old.dpkg-old", 0o755, "exit 1".to_owned()),
            ("50-not-executable", 0o644, "exit 1".to_owned()),
        ] {
            let path = directory.join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{code}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        assert_eq!(list(&places, HookStage::Pre).len(), 3);
        assert_eq!(list(&places, HookStage::Post), Vec::<PathBuf>::new());
        let runner = Runner {
            launcher: Launcher::new(None),
            places,
            user: Person::default(),
            timeout: TIMEOUT,
            keep_files: false,
        };
        let failures = run(&runner, HookStage::Pre).await;
        assert_eq!(failures, ["hook 30-bad: ended with exit status: 4: no good"]);
        assert_eq!(std::fs::read_to_string(seen).unwrap(), "one\ntwo\n");
    }
}
