//! What the driver says to zypper, and what it makes of its answers.

use super::*;

#[test]
fn what_an_end_of_zypper_means() {
    use Duty::*;
    // rule       duty     status  outcome
    let table = [
        ("D-CLI-08", Install, 0, "done"),
        ("D-CLI-08", Install, 102, "done"),
        ("D-CLI-08", Upgrade, 103, "done"),
        ("D-CLI-08", Install, 4, "failed"),
        ("D-CLI-08", Install, 8, "failed"),
        ("D-CLI-08", Install, 104, "failed"),
        ("D-CLI-08", Install, 105, "failed"),
        ("D-CLI-08", Install, 106, "done"),
        ("D-CLI-08", Refresh, 106, "failed"),
        ("D-CLI-08", Refresh, 6, "done"),
        ("D-CLI-08", Install, 6, "failed"),
        ("D-CLI-08", Remove, 7, "locked"),
        ("D-CLI-08", Install, 107, "script"),
    ];
    for (rule, duty, code, expected) in table {
        let found = match duty.judge(command::ended(code, "words")) {
            Ok(()) => "done",
            Err(ManagerError::Locked { .. }) => "locked",
            Err(ManagerError::Script { .. }) => "script",
            Err(error) if error.is_about_packages() => "failed",
            Err(_) => "something else",
        };
        assert_eq!(found, expected, "{rule}: {duty:?} {code}");
    }
}

#[test]
fn a_rolling_distribution_is_upgraded_as_a_whole() {
    // rule        os-release                                                            command
    let table = [
        ("D-CLI-08", "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", "dup"),
        (
            "D-CLI-08",
            "ID=opensuse-slowroll\nID_LIKE=\"suse opensuse opensuse-tumbleweed\"\n",
            "dup",
        ),
        ("D-CLI-08", "ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "update"),
        ("D-CLI-08", "ID=\"sles\"\nID_LIKE=\"suse\"\nVERSION_ID=\"15.6\"\n", "update"),
        ("D-CLI-08", "", "update"),
    ];
    for (rule, text, command) in table {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/os-release"), text).unwrap();
        let duty = Duty::upgrade_of(&os_release::families(root.path()));
        assert!(duty.arguments().contains(&command), "{rule}: {text}");
    }
}

#[test]
fn d_cli_08_silent_runs_ask_nothing_and_take_no_key_from_a_repository() {
    for duty in [Duty::Refresh, Duty::Install, Duty::Remove, Duty::Upgrade, Duty::Follow] {
        assert_eq!(duty.arguments()[0], "--non-interactive");
        assert!(duty.arguments().contains(&match duty {
            Duty::Upgrade => "update",
            Duty::Follow => "dup",
            _ => duty.name(),
        }));
        let refused = ["--gpg-auto-import-keys", "--no-gpg-checks", "--allow-unsigned-rpm"];
        assert!(duty.arguments().iter().all(|word| !refused.contains(word)));
    }
}

#[test]
fn rows_of_a_search_are_packages() {
    let found = row("i+ | vim    | Vi | Improved        | package").unwrap();
    assert_eq!((found.name.as_str(), found.description.as_str()), ("vim", "Vi | Improved"));
    let table = ["S  | Name | Summary | Type", "---+------+---------+-----", "", "Loading…"];
    assert!(table.into_iter().all(|line| row(line).is_none()));
}

#[test]
fn a_repository_older_than_promised_is_named() {
    let root = tempfile::tempdir().unwrap();
    let zypper = Zypper::new(Launcher::new(Some(root.path())), Places::new(Some(root.path())));
    let repository = Repository {
        name: "a".to_owned(),
        digest: "00".repeat(32),
        published_at: 100,
        ..Repository::default()
    };
    let sources = Sources::new("http://srv", None, vec![repository]);
    let reason = || zypper.stale(&sources).first().map(|stale| stale.reason);
    assert_eq!(reason(), Some("it could not be fetched"));
    let directory = root.path().join("var/cache/zypp/raw/REPO-a/repodata");
    std::fs::create_dir_all(&directory).unwrap();
    let write = |text: &str| std::fs::write(directory.join("repomd.xml"), text).unwrap();
    write("<repomd><revision>99</revision></repomd>");
    assert_eq!(reason(), Some("what was fetched is older than what the server promised"));
    write("<repomd><revision>100</revision></repomd>");
    assert_eq!(reason(), None);
}
