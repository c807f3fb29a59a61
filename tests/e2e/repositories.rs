//! Published repositories as apt meets them: while they change, with a wrong clock, by hash.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{DebianRoot, Repository, Site, small_package};

const PROJECT: &str = "debian-12";

/// A site with a deployment `tools`, and a Debian system that knows it by a hand-written source
/// line: no client of ours takes part.
struct Meeting {
    site: Site,
    root: DebianRoot,
    deployment: String,
    _packages: TempDir,
    files: Vec<PathBuf>,
}

impl Meeting {
    fn new(packages: usize) -> Meeting {
        let site = Site::start();
        site.post("/projects", &json!({ "name": PROJECT, "platform": "Linux", "pms": "apt" }));
        let dir = TempDir::new().unwrap();
        let build = |n| small_package(dir.path(), &format!("tool-{n}"), "1.0", &[]);
        let files: Vec<PathBuf> = (0..packages).map(build).collect();
        site.upload(PROJECT, "tools", &files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
        let made = site.post(
            "/deployments",
            &json!({
                "project": PROJECT, "name": "tools", "enabled": true, "start_date": "2024-06-03",
                "included_attributes": ["SET-ALL SYSTEMS"],
                "available_packages": files.iter().map(|file| name(file)).collect::<Vec<_>>(),
            }),
        );
        let root = DebianRoot::new();
        root.write("/etc/apt/keyrings/migas.asc", site.fetch("/get_key_repositories").text());
        let line = format!(
            "deb [signed-by=/etc/apt/keyrings/migas.asc check-date=no] {} tools PKGS\n",
            site.url(&format!("/public/{PROJECT}/REPOSITORIES"))
        );
        root.write("/etc/apt/sources.list.d/migas.list", &line);
        let deployment = format!("/deployments/{}", made["id"]);
        Meeting { site, root, deployment, _packages: dir, files }
    }

    /// `apt-get update`, which must have nothing to complain about.
    fn update(&self) -> String {
        let output = self.root.try_run("apt-get", &["update"]);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && words.is_empty(), "apt-get update: {words}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Names of the packages the deployment offers, as apt lists them.
    fn listed(&self) -> Vec<String> {
        let names = self.root.run("apt-cache", &["pkgnames", "tool-"]);
        let mut names: Vec<String> = names.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    fn offer(&self, files: &[&Path]) {
        let names: Vec<String> = files.iter().map(|file| name(file)).collect();
        self.site.patch(&self.deployment, &json!({ "available_packages": names }));
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn d_repo_03_apt_updates_quietly_and_by_hash() {
    let meeting = Meeting::new(3);
    // Asked to, apt tells its requests on standard error.
    let output = meeting.root.try_run("apt-get", &["update", "-o", "Debug::Acquire::http=true"]);
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("/by-hash/SHA256/"), "{words}");
    assert_eq!(meeting.listed(), ["tool-0", "tool-1", "tool-2"]);
    meeting.root.run("apt-get", &["install", "-y", "tool-0"]);
    assert_eq!(meeting.root.installed("tool-0").as_deref(), Some("1.0"));
    assert_eq!(Repository::check(&meeting.site, PROJECT, "tools").names().len(), 3);
    // Nothing changed: apt asks, and is told so.
    let again = meeting.update();
    let of_ours = again.lines().filter(|line| line.contains("/public/"));
    let of_ours: Vec<&str> = of_ours.filter_map(|line| line.split(':').next()).collect();
    assert_eq!(of_ours, ["Hit"], "{again}");
}

#[test]
fn d_repo_03_an_empty_deployment_is_a_valid_repository() {
    let meeting = Meeting::new(1);
    meeting.offer(&[]);
    meeting.update();
    assert_eq!(meeting.listed(), Vec::<String>::new());
    assert_eq!(Repository::check(&meeting.site, PROJECT, "tools").packages.len(), 0);
}

#[test]
fn a_desktop_whose_clock_is_a_day_behind_updates() {
    let meeting = Meeting::new(1);
    // The archive of the system itself does mind a clock that is behind.
    meeting.root.write("/etc/apt/sources.list", "");
    // Every program in the system is a day behind. (The library lets one user's programs talk to
    // each other only, and apt would fetch as another.)
    meeting.root.write("/etc/apt/apt.conf.d/95one-user", "APT::Sandbox::User \"root\";\n");
    let library = meeting.root.run("sh", &["-c", "ls /usr/lib/*/faketime/libfaketime.so.1"]);
    meeting.root.write("/etc/ld.so.preload", &library);
    meeting.root.write("/etc/faketimerc", "-1d\n");
    let yesterday = meeting.root.run("date", &["+%s"]).trim().parse::<u64>().unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(now - yesterday > 86_000, "the clock of the system is a day behind");
    meeting.update();
    meeting.root.run("apt-get", &["install", "-y", "tool-0"]);
    assert_eq!(meeting.root.installed("tool-0").as_deref(), Some("1.0"));
}

#[test]
fn a_client_never_fails_while_packages_come_go_and_are_replaced() {
    const CHANGES: usize = 30;
    let meeting = Meeting::new(4);
    let over = AtomicBool::new(false);
    let mut rounds = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let newer = TempDir::new().unwrap();
            let mut files: Vec<PathBuf> = meeting.files.clone();
            for change in 0..CHANGES {
                match change % 3 {
                    // A package comes...
                    0 => {
                        let name = format!("tool-new-{change}");
                        let file = small_package(newer.path(), &name, "1.0", &[]);
                        meeting.site.upload(PROJECT, "tools", &[&file]);
                        files.push(file);
                    }
                    // ...one is replaced by a newer version...
                    1 => {
                        let version = format!("1.{change}");
                        let file = small_package(newer.path(), "tool-0", &version, &[]);
                        meeting.site.upload(PROJECT, "tools", &[&file]);
                        files[0] = file;
                    }
                    // ...and one goes.
                    _ => drop(files.remove(1)),
                }
                meeting.offer(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
            }
            over.store(true, Ordering::Relaxed);
        });
        while !over.load(Ordering::Relaxed) || rounds == 0 {
            meeting.update();
            let listed = meeting.listed();
            let names: Vec<&str> = listed.iter().map(String::as_str).collect();
            let args = [&["install", "--download-only", "-y"], &names[..]].concat();
            let output = meeting.root.try_run("apt-get", &args);
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && words.is_empty(), "round {rounds}: {words}");
            meeting.root.run("apt-get", &["clean"]);
            rounds += 1;
        }
    });
    println!("{rounds} rounds during {CHANGES} changes");
    Repository::check(&meeting.site, PROJECT, "tools");
}
