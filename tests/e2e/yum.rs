//! Published repositories as dnf and zypper meet them: signed, tampered with, while they change;
//! and their indexes beside those of createrepo_c.
//!
//! The programs are those of this machine, each with a root of its own. No client of ours takes
//! part: the repository files are written by hand (D-REPO-02).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use migas::formats::rpm::write::Recipe;
use serde_json::json;
use tempfile::TempDir;

use crate::support::Site;

const PROJECT: &str = "acme-linux";

/// A site with a deployment `tools`, which offers some packages.
struct Meeting {
    site: Site,
    deployment: String,
    dir: TempDir,
    files: Vec<PathBuf>,
}

impl Meeting {
    fn new(pms: &str, packages: usize) -> Meeting {
        let site = Site::start();
        site.post("/projects", &json!({ "name": PROJECT, "platform": "Linux", "pms": pms }));
        let dir = TempDir::new().unwrap();
        let build = |n| small(dir.path(), &format!("tool-{n}"), "1.0");
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
        let deployment = format!("/deployments/{}", made["id"]);
        Meeting { site, deployment, dir, files }
    }

    fn base(&self) -> String {
        self.site.url(&format!("/public/{PROJECT}/REPOSITORIES/tools"))
    }

    fn offer(&self, files: &[&Path]) {
        let names: Vec<String> = files.iter().map(|file| name(file)).collect();
        self.site.patch(&self.deployment, &json!({ "available_packages": names }));
    }

    fn dnf(&self) -> Client {
        Client::new(Kind::Dnf, &self.base(), &self.site.url("/get_key_repositories"))
    }

    fn zypper(&self) -> Client {
        Client::new(Kind::Zypper, &self.base(), &self.site.url("/get_key_repositories"))
    }
}

/// A package without files, by our own writer: `rpmbuild` takes half a second for each.
fn small(dir: &Path, name: &str, version: &str) -> PathBuf {
    let recipe = Recipe { salt: version.as_bytes().to_vec(), ..Recipe::new(name, version) };
    let path = dir.join(recipe.file_name());
    std::fs::write(&path, recipe.build().unwrap()).unwrap();
    path
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Dnf,
    Zypper,
}

/// A package manager with an empty root and one repository.
struct Client {
    kind: Kind,
    root: TempDir,
}

impl Client {
    fn new(kind: Kind, base: &str, key: &str) -> Client {
        let root = TempDir::new().unwrap();
        // One section for both; each reads what it knows.
        let section = format!(
            "[REPO-tools]\nname=tools\nbaseurl={base}\nenabled=1\nautorefresh=1\n\
             repo_gpgcheck=1\ngpgcheck=0\npkg_gpgcheck=0\ngpgkey={key}\n"
        );
        for folder in ["etc/yum.repos.d", "etc/zypp/repos.d", "var/lib/rpm"] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        let folder = if kind == Kind::Dnf { "etc/yum.repos.d" } else { "etc/zypp/repos.d" };
        std::fs::write(root.path().join(folder).join("migas.repo"), section).unwrap();
        Client { kind, root }
    }

    fn run(&self, args: &[&str]) -> Output {
        let root = self.root.path().to_str().unwrap();
        let at = |path: &str| format!("{root}/{path}");
        let mut command = match self.kind {
            Kind::Dnf => {
                let mut command = Command::new("dnf");
                command.args(["-y", "--noplugins", "--releasever=1", "--installroot", root]);
                command.arg(format!("--setopt=reposdir={}", at("etc/yum.repos.d")));
                command.arg(format!("--setopt=cachedir={}", at("var/cache/dnf")));
                command.arg("--setopt=skip_if_unavailable=0");
                command
            }
            Kind::Zypper => {
                let mut command = Command::new("zypper");
                command.args(["--non-interactive", "--gpg-auto-import-keys", "--root", root]);
                command
            }
        };
        let output = command.args(args).env("LC_ALL", "C.UTF-8").output();
        output.expect("dnf and zypper are installed (`make deps`)")
    }

    fn refresh(&self) -> Output {
        match self.kind {
            Kind::Dnf => self.run(&["makecache", "--refresh"]),
            Kind::Zypper => self.run(&["refresh", "--force"]),
        }
    }

    /// Names of the packages the repository offers.
    fn listed(&self) -> Vec<String> {
        let text = match self.kind {
            Kind::Dnf => self.done(&["-q", "repoquery", "--qf", "%{name}"]),
            // It calls finding nothing a failure.
            Kind::Zypper => said(&self.run(&["--no-refresh", "-q", "search", "-t", "package"])),
        };
        let words = text.split(|c: char| c.is_whitespace() || c == '|');
        let mut names: Vec<String> =
            words.filter(|word| word.starts_with("tool-")).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    }

    /// What the package manager says is installed.
    fn installed(&self) -> String {
        match self.kind {
            Kind::Dnf => self.done(&["-q", "repoquery", "--installed"]),
            Kind::Zypper => self.done(&["--no-refresh", "-q", "search", "-i", "-t", "package"]),
        }
    }

    fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let words = said(&output);
        assert!(output.status.success(), "{args:?}: {words}");
        words
    }

    /// Refreshes; there must be nothing to complain about.
    fn refresh_quietly(&self, when: &str) {
        let output = self.refresh();
        let words = said(&output);
        assert!(output.status.success(), "{when}: {words}");
        for complaint in ["warning", "Warning", "error", "Error", "failed", "invalid"] {
            assert!(!words.contains(complaint), "{when}: {words}");
        }
    }

    /// Fetches packages that the metadata of the last refresh name.
    fn download_all(&self, names: &[String]) {
        let mut args = match self.kind {
            Kind::Dnf => vec!["--downloadonly", "install"],
            Kind::Zypper => vec!["--no-refresh", "install", "--download-only"],
        };
        args.extend(names.iter().map(String::as_str));
        self.done(&args);
    }
}

fn said(output: &Output) -> String {
    let bytes = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn d_repo_02_d_repo_04_dnf_and_zypper_check_the_signature_and_complain_of_nothing() {
    let meeting = Meeting::new("dnf", 3);
    for client in [meeting.dnf(), meeting.zypper()] {
        client.refresh_quietly("first");
        assert_eq!(client.listed(), ["tool-0", "tool-1", "tool-2"]);
        client.refresh_quietly("again");
        client.done(&["install", "tool-1"]);
        let installed = client.installed();
        assert!(installed.contains("tool-1") && !installed.contains("tool-0"), "{installed}");
    }
    let rows = [
        ("D-REPO-04", "repodata/repomd.xml"),
        ("D-REPO-04", "repodata/repomd.xml.asc"),
        ("D-REPO-04", "repodata/repomd.xml.key"),
        ("D-PMS-02", "repodata/primary.xml.gz"),
        ("D-PMS-02", "repodata/filelists.xml.gz"),
        ("D-PMS-02", "repodata/other.xml.gz"),
    ];
    for (rule, path) in rows {
        let path = format!("/public/{PROJECT}/REPOSITORIES/tools/{path}");
        assert_eq!(meeting.site.fetch(&path).status, 200, "{rule} {path}");
    }
}

#[test]
fn d_pms_01_d_repo_04_an_empty_deployment_is_a_valid_repository() {
    let meeting = Meeting::new("zypper", 1);
    meeting.offer(&[]);
    for client in [meeting.dnf(), meeting.zypper()] {
        client.refresh_quietly("empty");
        assert_eq!(client.listed(), Vec::<String>::new());
    }
}

/// A copy of the repository on this disk, where it can be tampered with.
fn copy(meeting: &Meeting, to: &Path) {
    let base = format!("/public/{PROJECT}/REPOSITORIES/tools");
    let fetch = |path: &str| {
        let answer = meeting.site.fetch(&format!("{base}/{path}"));
        assert_eq!(answer.status, 200, "{path}");
        answer.body
    };
    std::fs::create_dir_all(to.join("repodata")).unwrap();
    let repomd = fetch("repodata/repomd.xml");
    let text = String::from_utf8(repomd.clone()).unwrap();
    let hrefs = text.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for path in hrefs.chain(["repodata/repomd.xml.asc", "repodata/repomd.xml.key"]) {
        std::fs::write(to.join(path), fetch(path)).unwrap();
    }
    std::fs::write(to.join("repodata/repomd.xml"), repomd).unwrap();
}

#[test]
fn d_repo_02_tampered_metadata_is_refused_by_both() {
    let meeting = Meeting::new("dnf", 2);
    type Tamper = fn(&Path);
    let tampered: [(&str, Tamper); 3] = [
        ("repomd.xml", |repodata| {
            let path = repodata.join("repomd.xml");
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, text.replace("<revision>", "<revision>9")).unwrap();
        }),
        ("repomd.xml.asc", |repodata| {
            std::fs::remove_file(repodata.join("repomd.xml.asc")).unwrap();
        }),
        ("primary", |repodata| {
            let entries = std::fs::read_dir(repodata).unwrap().map(|entry| entry.unwrap().path());
            let primary = entries.filter(|path| path.to_str().unwrap().contains("-primary"));
            for path in primary {
                let mut bytes = std::fs::read(&path).unwrap();
                bytes[20] ^= 1;
                std::fs::write(&path, bytes).unwrap();
            }
        }),
    ];
    for kind in [Kind::Dnf, Kind::Zypper] {
        let folder = TempDir::new().unwrap();
        copy(&meeting, folder.path());
        let base = format!("file://{}", folder.path().display());
        let key = format!("{base}/repodata/repomd.xml.key");
        Client::new(kind, &base, &key).refresh_quietly("untouched");
        for (what, tamper) in tampered {
            copy(&meeting, folder.path());
            tamper(&folder.path().join("repodata"));
            let client = Client::new(kind, &base, &key);
            let output = client.refresh();
            assert!(!output.status.success(), "{what}: {}", said(&output));
        }
    }
}

#[test]
fn d_repo_04_no_client_fails_while_packages_come_go_and_are_replaced() {
    const CHANGES: usize = 30;
    let meeting = Meeting::new("dnf", 4);
    let over = AtomicBool::new(false);
    let follow = |client: &Client| {
        let mut rounds = 0;
        while !over.load(Ordering::Relaxed) || rounds == 0 {
            client.refresh_quietly(&format!("round {rounds}"));
            let listed = client.listed();
            client.download_all(&listed);
            rounds += 1;
        }
        rounds
    };
    let (dnf, zypper) = (meeting.dnf(), meeting.zypper());
    let rounds = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut files: Vec<PathBuf> = meeting.files.clone();
            for change in 0..CHANGES {
                match change % 3 {
                    // A package comes...
                    0 => {
                        let name = format!("tool-new-{change}");
                        let file = small(meeting.dir.path(), &name, "1.0");
                        meeting.site.upload(PROJECT, "tools", &[&file]);
                        files.push(file);
                    }
                    // ...one is replaced by a newer version...
                    1 => {
                        let version = format!("1.{change}");
                        let file = small(meeting.dir.path(), "tool-0", &version);
                        meeting.site.upload(PROJECT, "tools", &[&file]);
                        files[0] = file;
                    }
                    // ...and one goes.
                    _ => drop(files.remove(1)),
                }
                meeting.offer(&files.iter().map(PathBuf::as_path).collect::<Vec<_>>());
                std::thread::park_timeout(std::time::Duration::from_millis(300));
            }
            over.store(true, Ordering::Relaxed);
        });
        let both = [scope.spawn(|| follow(&dnf)), scope.spawn(|| follow(&zypper))];
        both.map(|thread| thread.join().expect("no round fails"))
    });
    println!("{rounds:?} rounds of dnf and zypper during {CHANGES} changes");
}
