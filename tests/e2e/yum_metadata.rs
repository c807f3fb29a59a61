//! Package groups, notices of updates and modules, uploaded with `migas upload` and released in a
//! deployment, as real dnf and zypper show them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::support::{Site, migas, small_rpm};

const PROJECT: &str = "acme-linux";

const COMPS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
<comps>
  <group>
    <id>acme-office</id><name>Acme office</name><description>For every desk.</description>
    <default>true</default><uservisible>true</uservisible>
    <packagelist><packagereq type="mandatory">tool</packagereq></packagelist>
  </group>
</comps>
"#;

/// A notice of one update of `tool`.
fn notice(id: &str, title: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><updates><update from="acme@example.org" status="final"
type="security" version="1"><id>{id}</id><title>{title}</title><severity>Important</severity>
<issued date="2026-01-15 10:00:00"/><description>Mended.</description><references/>
<pkglist><collection short="acme"><name>Acme</name>
<package name="tool" version="2.0" release="1" epoch="0" arch="noarch" src="tool-2.0-1.src.rpm">
<filename>tool-2.0-1.noarch.rpm</filename></package></collection></pkglist></update></updates>"#
    )
}

const MODULES: &str = r#"---
document: modulemd
version: 2
data:
  name: acme-module
  stream: "18"
  version: 20260115
  context: c0ffee00
  arch: noarch
  summary: "Module of the tests: \"quoted\", ñ"
  description: >-
    Folded over
    two lines.
  license:
    module: [MIT]
  profiles:
    default:
      rpms: [tool]
...
---
document: modulemd-defaults
version: 1
data:
  module: acme-module
  stream: "18"
  profiles:
    "18": [default]
"#;

/// A package manager of this machine with a root and the one repository.
struct Client {
    root: TempDir,
}

impl Client {
    fn new(site: &Site) -> Client {
        let root = TempDir::new().unwrap();
        let section = format!(
            "[tools]\nname=tools\nbaseurl={}\nenabled=1\nautorefresh=1\nrepo_gpgcheck=1\n\
             gpgcheck=0\npkg_gpgcheck=0\ngpgkey={}\n",
            site.url(&format!("/public/{PROJECT}/REPOSITORIES/tools")),
            site.url("/get_key_repositories"),
        );
        for folder in ["etc/yum.repos.d", "etc/zypp/repos.d", "var/lib/rpm"] {
            std::fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for folder in ["etc/yum.repos.d", "etc/zypp/repos.d"] {
            std::fs::write(root.path().join(folder).join("tools.repo"), &section).unwrap();
        }
        Client { root }
    }

    fn dnf(&self, args: &[&str]) -> String {
        let at = |path: &str| self.root.path().join(path).display().to_string();
        let mut command = Command::new("dnf");
        command
            .args(["-y", "--noplugins", "--releasever=1", "--installroot", &at("")])
            .arg(format!("--setopt=reposdir={}", at("etc/yum.repos.d")))
            .arg(format!("--setopt=cachedir={}", at("var/cache/dnf")))
            .arg("--setopt=skip_if_unavailable=0")
            .arg("--setopt=module_platform_id=platform:acme");
        done(command.args(args))
    }

    fn zypper(&self, args: &[&str]) -> String {
        let root = self.root.path().to_str().unwrap();
        let mut command = Command::new("zypper");
        command.args(["--non-interactive", "--gpg-auto-import-keys", "--root", root]);
        done(command.args(args))
    }
}

fn done(command: &mut Command) -> String {
    let output = command.env("LC_ALL", "C.UTF-8").output().expect("dnf and zypper are installed");
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

fn upload(site: &Site, files: &[&Path]) -> String {
    let password = site.password_file();
    let url = site.url("");
    let mut command = migas(["upload", "--server", &url, "--user", "admin", "--password-file"]);
    command.arg(&password).args(["--project", PROJECT, "--store", "tools"]).args(files);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn contains(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn d_repo_04_groups_notices_and_modules_reach_dnf_and_zypper() {
    let site = Site::start();
    site.post("/projects", &json!({ "name": PROJECT, "platform": "Linux", "pms": "dnf" }));
    let dir = TempDir::new().unwrap();
    let file = |name: &str, text: &str| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let old = small_rpm(dir.path(), "tool", "1.0-1", &[]);
    let comps = file("comps.xml", COMPS);
    let first = file("first.xml", &notice("ACME-2026-1", "The first"));
    let second = file("second.xml", &notice("ACME-2026-2", "The second"));
    let modules = file("modules.yaml", MODULES);
    let said = upload(&site, &[&old, &comps, &first, &second, &modules]);
    contains(&said, &["comps.xml: stored (Package groups)", "(Notices of updates)", "(Modules)"]);
    let made = site.post(
        "/deployments",
        &json!({
            "project": PROJECT, "name": "tools", "enabled": true, "start_date": "2024-06-03",
            "included_attributes": ["SET-ALL SYSTEMS"],
            "available_packages": ["tool-1.0-1.noarch.rpm", "comps.xml", "first.xml", "second.xml",
                "modules.yaml"],
        }),
    );

    let client = Client::new(&site);
    contains(&client.dnf(&["group", "list"]), &["Acme office"]);
    contains(&client.dnf(&["group", "info", "Acme office"]), &["For every desk.", "tool"]);
    let listed = client.dnf(&["module", "list"]);
    contains(&listed, &["acme-module", "18 [d]", "Module of the tests: \"quoted\", ñ"]);
    client.dnf(&["group", "install", "acme-office"]);
    // The newer package comes, and with it the two notices are about something.
    let new = small_rpm(dir.path(), "tool", "2.0-1", &[]);
    upload(&site, &[&new]);
    let path = format!("/deployments/{}", made["id"]);
    site.patch(&path, &json!({ "add_packages": ["tool-2.0-1.noarch.rpm"] }));
    let listed = client.dnf(&["--refresh", "updateinfo", "list"]);
    contains(&listed, &["ACME-2026-1", "ACME-2026-2", "Important/Sec", "tool-2.0-1.noarch"]);
    assert!(!listed.contains("rror"), "{listed}");
    client.dnf(&["upgrade", "--security"]);
    contains(&client.dnf(&["-q", "repoquery", "--installed"]), &["tool-0:2.0-1"]);

    let other = Client::new(&site);
    contains(&other.zypper(&["refresh", "--force"]), &["tools"]);
    let patches = other.zypper(&["--no-refresh", "list-patches", "--all"]);
    contains(&patches, &["ACME-2026-1", "ACME-2026-2"]);
}
