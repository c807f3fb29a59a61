//! External deployments: real clients install through the cache of the site, also when the public
//! repository is gone.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{
    Desktop, Http, PackageSystem, Says, Site, SmallDisk, Upstream, migas, small_package, wait_for,
};

/// How long the server may take to notice something.
const PATIENCE: Duration = Duration::from_secs(20);

/// A public repository, signed by a key that is none of the site's: a folder made by
/// `migas repo build`, served from loopback.
struct Public {
    folder: PathBuf,
    upstream: Upstream,
    _dir: TempDir,
}

impl Public {
    fn new(packages: PackageSystem) -> Public {
        let dir = TempDir::new().unwrap();
        let (files, folder) = (dir.path().join("packages"), dir.path().join("out"));
        std::fs::create_dir(&files).unwrap();
        packages.acme_test_files(&files);
        let key = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/openpgp/repository.secret.asc");
        let output = migas(["repo", "build", "--suite", "lab", "--key", key, "--packages"])
            .arg(&files)
            .arg("--out")
            .arg(&folder)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Public { upstream: Upstream::of_folder(&folder), folder, _dir: dir }
    }

    fn key(&self) -> String {
        std::fs::read_to_string(self.folder.join("migas.asc")).unwrap()
    }
}

fn project(site: &Site, name: &str, pms: &str) {
    site.post("/projects", &json!({ "name": name, "platform": "Linux", "pms": pms }));
}

/// The id of an external deployment for all computers of a project.
fn deploy(site: &Site, project: &str, base_url: &str, more: &serde_json::Value) -> i64 {
    let mut fields = json!({
        "project": project, "name": "Public packages", "source": "E", "base_url": base_url,
        "start_date": "2024-06-03", "included_attributes": ["SET-ALL SYSTEMS"],
    });
    let more = more.as_object().unwrap().clone();
    fields.as_object_mut().unwrap().extend(more);
    site.post("/deployments", &fields)["id"].as_i64().unwrap()
}

#[test]
fn d_ext_03_d_ext_07_d_pkg_09_apt_installs_from_a_frozen_source_that_is_switched_off() {
    let site = Site::start();
    project(&site, "debian-12", "apt-get");
    let mut public = Public::new(PackageSystem::Apt);
    let keyring = "/etc/apt/keyrings/public.asc";
    let options = format!("[signed-by={keyring}]");
    let source = json!({
        "suite": "lab", "components": "PKGS", "options": options, "frozen": true,
        "packages_to_install": ["acme-test-files"],
    });
    let id = deploy(&site, "debian-12", &public.upstream.url(), &source);

    let first = Desktop::new(&site, "debian-12");
    first.root.write(keyring, &public.key());
    first.sync();
    assert_eq!(first.root.installed("acme-test-files").as_deref(), Some("1.0-2"));
    let address = site.url("/src/debian-12/EXTERNAL/public-packages");
    let line = format!("deb {options} {address} lab PKGS\n");
    assert!(first.sources().contains(&line), "{}", first.sources());
    let signed = std::fs::read(public.folder.join("dists/lab/InRelease")).unwrap();
    let passed = site.fetch("/src/debian-12/EXTERNAL/public-packages/dists/lab/InRelease");
    assert_eq!(passed.body, signed, "what others signed is passed on as it is");

    // The public repository is gone; who comes now is served all the same.
    public.upstream.stop();
    let second = Desktop::new(&site, "debian-12");
    second.root.write(keyring, &public.key());
    second.sync();
    assert_eq!(second.root.installed("acme-test-files").as_deref(), Some("1.0-2"));
    let cache = &site.get(&format!("/deployments/{id}"))["cache"];
    assert!(cache["files"].as_u64() >= Some(3), "{cache}");
    assert!(cache["size_bytes"].as_u64() > Some(1_000), "{cache}");

    // Without its cache nobody can help; the other steps of the synchronisation go on.
    let path = format!("/deployments/{id}/cache");
    assert_eq!(site.call(Method::DELETE, &path, None).status, StatusCode::NO_CONTENT);
    assert_eq!(site.get(&format!("/deployments/{id}"))["cache"]["files"], 0);
    let third = Desktop::new(&site, "debian-12");
    third.root.write(keyring, &public.key());
    let run = third.run(&["update"]);
    assert_eq!(run.status, Some(1), "{}", run.words);
    assert_eq!(third.root.installed("acme-test-files"), None);
    let told = site.list("/notifications").into_iter().map(|one| one["message"].to_string());
    let url = public.upstream.url();
    assert!(told.into_iter().any(|text| text.contains(&url)), "D-NOTIF-10");
}

#[test]
fn d_ext_03_d_ext_11_dnf_installs_through_the_cache() {
    let site = Site::start();
    project(&site, "acme-9", "yum");
    let mut public = Public::new(PackageSystem::Dnf);
    let base = public.upstream.url();
    let key = "/etc/pki/rpm-gpg/public.asc";
    let source = json!({
        "suite": "lab", "frozen": true, "packages_to_install": ["acme-test-files"],
        "options": format!("repo_gpgcheck=1 gpgcheck=0 gpgkey=file://{key}"),
    });
    deploy(&site, "acme-9", &base, &source);
    for is_last in [false, true] {
        let desktop = Desktop::with(PackageSystem::Dnf, &site, "acme-9");
        desktop.root.write(key, &public.key());
        desktop.sync();
        assert_eq!(desktop.root.installed("acme-test-files").as_deref(), Some("1.0-2"));
        let text = desktop.sources();
        assert!(text.contains("[EXTERNAL-public-packages]\n"), "{text}");
        assert!(is_last || text.contains("repo_gpgcheck=1\n"), "{text}");
        public.upstream.stop();
    }
}

#[test]
fn d_ext_11_another_site_is_a_source() {
    let (upper, lower) = (Site::start(), Site::start());
    project(&upper, "debian-12", "apt-get");
    let dir = TempDir::new().unwrap();
    upper.upload("debian-12", "acme", &[&small_package(dir.path(), "tool", "1.0", &[])]);
    upper.post(
        "/deployments",
        &json!({ "project": "debian-12", "name": "tools", "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"], "available_packages": ["tool_1.0_all.deb"] }),
    );
    project(&lower, "branch", "apt-get");
    let keyring = "/etc/apt/keyrings/upper.asc";
    let source = json!({
        "suite": "tools", "components": "PKGS", "options": format!("[signed-by={keyring}]"),
        "frozen": false, "expire": 1440, "packages_to_install": ["tool"],
    });
    let base = upper.url("/public/debian-12/REPOSITORIES");
    deploy(&lower, "branch", &base, &source);
    let desktop = Desktop::new(&lower, "branch");
    desktop.root.write(keyring, upper.fetch("/get_key_repositories").text());
    desktop.sync();
    assert_eq!(desktop.root.installed("tool").as_deref(), Some("1.0"));
}

/// Asks for a path of the deployment from many threads at once.
fn ask_from_many(site: &Site, path: &str, clients: usize) -> Vec<Vec<u8>> {
    thread::scope(|scope| {
        let ask = || {
            scope.spawn(|| {
                let http = Http::new();
                let answer = http.send(http.request(Method::GET, &site.url(path))).unwrap();
                assert_eq!(answer.status, StatusCode::OK);
                answer.body
            })
        };
        let asked: Vec<_> = (0..clients).map(|_| ask()).collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn d_ext_08_fifty_clients_cause_one_download() {
    let site = Site::start();
    project(&site, "debian-12", "apt-get");
    let upstream = Upstream::start();
    let package: Vec<u8> = (0..8_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    upstream.put("/pool/big_1_all.deb", Says::Pauses(package.clone()));
    deploy(&site, "debian-12", &upstream.url(), &json!({ "suite": "x", "components": "main" }));
    let path = "/src/debian-12/EXTERNAL/public-packages/pool/big_1_all.deb";
    let answers = thread::scope(|scope| {
        scope.spawn(|| {
            // All of them have asked, as far as one can know, before the second half comes.
            wait_for("the first question", PATIENCE, || {
                (upstream.asked("/pool/big_1_all.deb") > 0).then_some(())
            });
            thread::park_timeout(Duration::from_millis(500));
            upstream.go_on();
        });
        ask_from_many(&site, path, 50)
    });
    assert_eq!(answers.len(), 50);
    assert!(answers.iter().all(|answer| *answer == package));
    assert_eq!(upstream.asked("/pool/big_1_all.deb"), 1, "one download for all");
}

#[test]
fn d_ext_08_d_ext_09_a_source_that_fails_lies_or_fills_the_disk_leaves_nothing_half() {
    let disk = SmallDisk::new(32);
    let site = Site::start_on(disk.path());
    project(&site, "debian-12", "apt-get");
    let mut upstream = Upstream::start();
    deploy(&site, "debian-12", &upstream.url(), &json!({ "suite": "x", "components": "main" }));
    let root = "/src/debian-12/EXTERNAL/public-packages";
    let fetch = |path: &str| site.try_send(site.request(Method::GET, &format!("{root}{path}")));
    let kept = || files_below(&site.data().join("cache"));

    upstream.put("/pool/lie.deb", Says::Lies(vec![7; 100_000]));
    upstream.put("/pool/broken.deb", Says::BreaksChunks(vec![7; 100_000]));
    upstream.put("/pool/huge.deb", Says::Zeros(64 << 20));
    upstream.put("/pool/refused.deb", Says::Status(403));
    for path in ["/pool/lie.deb", "/pool/broken.deb", "/pool/huge.deb"] {
        // It breaks off, or is refused where the end was known before the answer had begun.
        let whole = fetch(path).is_ok_and(|answer| answer.status.is_success());
        assert!(!whole, "{path} was taken for a whole file");
        wait_for("nothing to be left", PATIENCE, || kept().is_empty().then_some(()));
    }
    assert_eq!(fetch("/pool/refused.deb").unwrap().status, StatusCode::FORBIDDEN);
    // The site lives on, and the same file is had once the source is well.
    assert_eq!(site.fetch("/healthz").status, StatusCode::OK);
    upstream.put("/pool/lie.deb", Says::File(vec![7; 100_000]));
    assert_eq!(fetch("/pool/lie.deb").unwrap().body, vec![7; 100_000]);
    upstream.stop();
    assert_eq!(fetch("/pool/other.deb").unwrap().status, StatusCode::NOT_FOUND);
    assert_eq!(fetch("/pool/lie.deb").unwrap().body.len(), 100_000);
    let told = site.list("/notifications").into_iter().map(|one| one["message"].to_string());
    let told: Vec<String> = told.filter(|text| text.contains("/pool/")).collect();
    for part in ["lie.deb", "broken.deb", "refused.deb", "status 403"] {
        assert!(told.iter().any(|text| text.contains(part)), "D-NOTIF-10: {part} in {told:?}");
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_path_buf()]);
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files
}
