//! `migas repo build`: what it writes, real apt accepts.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{AcmeTestFiles, DebianRoot, Repository, migas, small_package};

/// Runs `migas repo build --json` with a key of the tests.
fn build(packages: &Path, out: &Path) -> Value {
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/openpgp/repository.secret.asc");
    let output = migas(["repo", "build", "--json", "--suite", "lab", "--key", key, "--packages"])
        .arg(packages)
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn d_repo_03_apt_installs_from_a_static_repository() {
    let (packages, root) = (TempDir::new().unwrap(), DebianRoot::new());
    let acme = AcmeTestFiles::build();
    std::fs::copy(&acme.first, packages.path().join("first.deb")).unwrap();
    let out = root.path().join("srv/repo");
    build(packages.path(), &out);
    assert_eq!(Repository::check_folder(&out, "lab").names(), ["acme-test-files 1.0-1"]);
    let line = "deb [signed-by=/srv/repo/migas.asc] file:/srv/repo lab PKGS\n";
    root.write("/etc/apt/sources.list.d/lab.list", line);
    let install = |version: &str| {
        for args in [&["update"][..], &["install", "-y", "acme-test-files"]] {
            let output = root.try_run("apt-get", args);
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && words.is_empty(), "apt-get {args:?}: {words}");
        }
        assert_eq!(root.installed("acme-test-files").as_deref(), Some(version));
    };
    install("1.0-1");

    std::fs::copy(&acme.second, packages.path().join("second.deb")).unwrap();
    build(packages.path(), &out);
    assert_eq!(Repository::check_folder(&out, "lab").packages.len(), 2);
    install("1.0-2");
}

#[test]
fn d_repo_03_a_run_without_changes_writes_nothing() {
    let dir = TempDir::new().unwrap();
    let (packages, out) = (dir.path().join("packages"), dir.path().join("out"));
    std::fs::create_dir(&packages).unwrap();
    small_package(&packages, "a", "1.0", &[]);
    build(&packages, &out);
    let written = |name: &str| std::fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let before = written("dists/lab/InRelease");
    build(&packages, &out);
    assert_eq!(written("dists/lab/InRelease"), before);

    small_package(&packages, "b", "1:2.0", &["Depends: a"]);
    std::fs::remove_file(packages.join("a_1.0_all.deb")).unwrap();
    build(&packages, &out);
    assert_eq!(Repository::check_folder(&out, "lab").names(), ["b 1:2.0"]);
}
