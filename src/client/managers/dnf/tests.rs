//! What the driver makes of the answers of the family; the words it uses are in `words.rs`.

use std::path::Path;

use super::*;
use crate::client::files;

fn dnf(root: &Path) -> Dnf {
    Dnf::new(Launcher::new(Some(root)), Places::new(Some(root)))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn promised() -> Sources {
    let repository = Repository {
        name: "a".to_owned(),
        path: "/public/fedora-41/REPOSITORIES".to_owned(),
        digest: "00".repeat(32),
        published_at: 100,
        external: None,
    };
    Sources::new("http://srv", None, vec![repository])
}

#[test]
fn what_an_end_of_dnf_means() {
    use Duty::*;
    let script = "warning: %post(x-1-1.noarch) scriptlet failed, exit status 3";
    let dnf5 = "Failed to obtain rpm transaction lock. Another transaction is in progress.";
    let yum = "Another app is currently holding the yum lock; exiting as configured";
    let table = [
        ("D-CLI-08", Install, 0, "Complete!", "done"),
        ("D-CLI-08", Install, 0, script, "script"),
        (
            "D-CLI-08",
            Refresh,
            0,
            "Ignoring repositories: REPO-x\nMetadata cache created.",
            "failed",
        ),
        ("D-CLI-08", Install, 0, "Ignoring repositories: other\nComplete!", "done"),
        ("D-CLI-08", Install, 1, "Error: Unable to find a match: x", "failed"),
        ("D-CLI-08", Upgrade, 200, "", "locked"),
        ("D-CLI-08", Remove, 1, dnf5, "locked"),
        ("D-CLI-08", Remove, 1, yum, "locked"),
    ];
    for (rule, duty, code, output, expected) in table {
        let found = match judge(duty, command::ended(code, output)) {
            Ok(()) => "done",
            Err(ManagerError::Locked { .. }) => "locked",
            Err(ManagerError::Script { .. }) => "script",
            Err(error) if error.is_about_packages() => "failed",
            Err(_) => "something else",
        };
        assert_eq!(found, expected, "{rule}: {duty:?} {code} {output}");
    }
}

#[test]
fn lines_of_queries_lists_and_searches() {
    let found = queried("vim\tThe editor").unwrap();
    assert_eq!((found.name.as_str(), found.description.as_str()), ("vim", "The editor"));
    assert!(found.matches("EDIT") && found.matches("vi") && !found.matches("emacs"));
    assert_eq!(queried("Last metadata expiration check: now"), None);
    let found = searched("python3.11.x86_64 : Snakes : and more").unwrap();
    assert_eq!(
        (found.name.as_str(), found.description.as_str()),
        ("python3.11", "Snakes : and more")
    );
    assert_eq!(searched("======= N/S matched: vim ======="), None);
    assert_eq!(listed("vim-enhanced.x86_64   2:7.4-8.el7   updates"), Some("vim-enhanced"));
    assert_eq!(listed("Available Packages"), None);
}

#[tokio::test]
async fn d_cfg_07_d_repo_02_key_and_sources_are_where_the_family_looks() {
    let root = tempfile::tempdir().unwrap();
    let dnf = dnf(root.path());
    dnf.import_key("-----BEGIN PGP").await.unwrap();
    let key = root.path().join("etc/pki/rpm-gpg/RPM-GPG-KEY-migas");
    assert_eq!(files::mode(&key), Some(0o644));
    dnf.write_sources(&promised()).unwrap();
    let text = std::fs::read_to_string(root.path().join("etc/yum.repos.d/migas.repo")).unwrap();
    assert!(text.contains("\nbaseurl=http://srv/public/fedora-41/REPOSITORIES/a\n"), "{text}");
}

#[test]
fn a_repository_older_than_promised_is_named_whoever_fetched_it() {
    let url = hex::encode(Sha256::digest("http://srv/public/fedora-41/REPOSITORIES/a"));
    let named = format!("REPO-a-{}", &url[..16]);
    let table = [
        ("dnf-3", "dnf", format!("var/cache/dnf/{named}/repodata/repomd.xml")),
        ("dnf5", "dnf", format!("var/cache/libdnf5/{named}/repodata/repomd.xml")),
        ("yum", "yum", "var/cache/yum/x86_64/7/REPO-a/repomd.xml".to_owned()),
    ];
    for (program, called, index) in table {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), &format!("usr/bin/{program}"), "");
        if program != called {
            let link = root.path().join("usr/bin").join(called);
            std::os::unix::fs::symlink(program, link).unwrap();
        }
        let dnf = dnf(root.path());
        let reason = |dnf: &Dnf| dnf.stale(&promised()).first().map(|stale| stale.reason);
        assert_eq!(reason(&dnf), Some("it could not be fetched"), "{program}");
        write(root.path(), &index, "<repomd><revision>99</revision></repomd>");
        let old = Some("what was fetched is older than what the server promised");
        assert_eq!(reason(&dnf), old, "{program}");
        write(root.path(), &index, "<repomd><revision>100</revision></repomd>");
        assert_eq!(reason(&dnf), None, "{program}");
    }
}
