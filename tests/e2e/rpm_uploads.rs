//! Uploads of damaged, lying and dirty RPM packages: refused with a reason, or cleaned. The
//! repository that is being served stays what it was, and real dnf goes on reading it.

use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use crate::support::{Rpm, Site, migas, small_package, small_rpm};

const PROJECT: &str = "acme-linux";

/// A site that serves a deployment `tools` to dnf.
struct Shop {
    site: Site,
    deployment: String,
    dir: TempDir,
}

impl Shop {
    fn new() -> Shop {
        let site = Site::start();
        site.post("/projects", &json!({ "name": PROJECT, "platform": "Linux", "pms": "dnf" }));
        let dir = TempDir::new().unwrap();
        let good = small_rpm(dir.path(), "tool", "1.0-1", &[]);
        site.upload(PROJECT, "tools", &[&good]);
        let made = site.post(
            "/deployments",
            &json!({
                "project": PROJECT, "name": "tools", "enabled": true, "start_date": "2024-06-03",
                "included_attributes": ["SET-ALL SYSTEMS"], "available_packages": [name(&good)],
            }),
        );
        let deployment = format!("/deployments/{}", made["id"]);
        Shop { site, deployment, dir }
    }

    fn path(&self, below: &str) -> String {
        format!("/public/{PROJECT}/REPOSITORIES/tools/{below}")
    }

    fn repomd(&self) -> Vec<u8> {
        self.site.fetch(&self.path("repodata/repomd.xml")).body
    }

    /// Names and summaries that a fresh dnf finds, signatures checked.
    fn dnf_lists(&self) -> Vec<String> {
        let root = TempDir::new().unwrap();
        let at = |path: &str| root.path().join(path).display().to_string();
        std::fs::create_dir(root.path().join("repos")).unwrap();
        let section = format!(
            "[tools]\nname=tools\nbaseurl={}\nrepo_gpgcheck=1\ngpgcheck=0\ngpgkey={}\n",
            self.site.url(&self.path("")),
            self.site.url("/get_key_repositories"),
        );
        std::fs::write(root.path().join("repos/tools.repo"), section).unwrap();
        let output = Command::new("dnf")
            .args(["-y", "-q", "--noplugins", "--releasever=1", "--installroot", &at("")])
            .arg(format!("--setopt=reposdir={}", at("repos")))
            .arg(format!("--setopt=cachedir={}", at("cache")))
            .args(["--setopt=skip_if_unavailable=0", "repoquery", "--qf", "%{name}|%{summary}"])
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("dnf runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let mut lines: Vec<String> =
            String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    /// Writes bytes under a name of their own.
    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn d_pkg_04_a_bad_upload_never_breaks_the_repository() {
    let shop = Shop::new();
    let before = shop.repomd();
    let files = [("/usr/share/next/file", "text")];
    let next = Rpm { name: "next", evr: "2.0-1", fields: &[], files: &files, rest: "" };
    let good = std::fs::read(next.build(shop.dir.path())).unwrap();
    let package = migas::formats::rpm::parse(&good).unwrap();
    let main = usize::try_from(package.header_range.start).unwrap();
    let payload = usize::try_from(package.header_range.end).unwrap();
    let with = |at: usize, bytes: &[u8]| {
        let mut changed = good.clone();
        changed.splice(at..at + bytes.len(), bytes.iter().copied());
        changed
    };
    let lying = 0x7fff_ffff_u32.to_be_bytes();
    let huge = u32::MAX.to_be_bytes();
    let table: [(&str, Vec<u8>, &str); 10] = [
        ("empty.rpm", Vec::new(), "the package is truncated in the lead"),
        ("text.rpm", b"<html>not found</html>".to_vec(), "its root element is"),
        ("half.rpm", good[..main + 100].to_vec(), "truncated in the main header"),
        ("short.rpm", good[..good.len() - 1].to_vec(), "truncated in the payload"),
        ("long.rpm", [&good[..], b"more"].concat(), "goes on after the"),
        ("header.rpm", with(main + 400, &[0xff]), "the main header differs from its digest"),
        ("payload.rpm", with(payload + 20, &[0xff, 0x00]), "the payload differs from its digest"),
        ("many-tags.rpm", with(main + 8, &huge), "the main header claims 4294967295 tags"),
        ("large-store.rpm", with(main + 12, &lying), "the main header claims 2147483647 bytes"),
        ("signature.rpm", with(96 + 12, &huge), "the signature header claims 4294967295 bytes"),
    ];
    for (name, bytes, expected) in &table {
        let path = shop.file(name, bytes);
        let answer = shop.site.send(shop.site.upload_request(PROJECT, "tools", &path));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text());
        assert!(answer.text().contains(expected), "{name}: {}", answer.text());
    }
    // The command says the reason, too, and that it is a refusal.
    let debian = small_package(shop.dir.path(), "foreign", "1.0", &[]);
    let password = shop.site.password_file();
    let url = shop.site.url("");
    let mut command = migas(["upload", "--server", &url, "--user", "admin", "--password-file"]);
    command.arg(&password).args(["--project", PROJECT, "--store", "tools"]).arg(&debian);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("not an RPM package: it is a Debian package"), "{said}");

    assert_eq!(shop.repomd(), before, "nothing was published");
    let records = shop.site.list("/packages");
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(shop.dnf_lists(), ["tool|Made for a test"]);
}

#[test]
fn control_characters_of_a_package_do_not_reach_the_repository() {
    let shop = Shop::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/rpms");
    let files = ["acme-latin-1-1.noarch.rpm", "acme-full-1.0~rc1-3.x86_64.rpm"];
    let paths: Vec<PathBuf> = files.iter().map(|file| source.join(file)).collect();
    shop.site.upload(PROJECT, "tools", &paths.iter().map(PathBuf::as_path).collect::<Vec<_>>());
    let offered = ["tool-1.0-1.noarch.rpm", files[0], files[1]];
    shop.site.patch(&shop.deployment, &json!({ "available_packages": offered }));
    let listed = shop.dnf_lists();
    assert_eq!(
        listed,
        [
            "acme-full|Everything a header can say, con ñ y €",
            "acme-latin|Café and a bell",
            "tool|Made for a test",
        ]
    );
}
