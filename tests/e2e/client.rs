//! The client on real systems, where no server is needed or none answers.

use crate::support::{Desktop, PackageSystem, Terminal};

/// A computer whose server is not there.
fn lonely(packages: PackageSystem) -> Desktop {
    let desktop = Desktop::unconfigured_with(packages);
    // Port 9, discard: nobody listens.
    let chosen = packages.chosen_by();
    desktop.configure(&format!(
        "Server = 127.0.0.1:9\nProject = debian-12\nPackage_Manager = {chosen}\n"
    ));
    desktop
}

#[test]
fn d_cli_07_the_same_words_work_with_apt() {
    the_same_words_work(PackageSystem::Apt);
}

#[test]
fn d_cli_07_d_cli_08_the_same_words_work_with_dnf() {
    the_same_words_work(PackageSystem::Dnf);
}

#[test]
fn d_cli_07_d_cli_08_the_same_words_work_with_zypper() {
    the_same_words_work(PackageSystem::Zypper);
}

fn the_same_words_work(packages: PackageSystem) {
    let desktop = lonely(packages);
    let found = desktop.run(&["search", "nano"]);
    assert_eq!(found.status, Some(0), "{}", found.words);
    assert!(found.output.contains("nano"), "{}", found.output);
    let nothing = desktop.run(&["search", "no-such-package-anywhere"]);
    assert_eq!(nothing.status, Some(1), "{}", nothing.words);

    for (args, package) in [(["install", "vim"], "vim-tiny"), (["remove", "nano"], "nano")] {
        let mut terminal = Terminal::start(&desktop.client(&args));
        terminal.answer(packages.question(), "y");
        let (status, screen) = terminal.end();
        assert_eq!(status, Some(0), "{screen}");
        assert_eq!(desktop.root.installed(package).is_some(), args[0] == "install");
    }
    let refused = desktop.run(&["install", "no-such-package-anywhere"]);
    assert_eq!(refused.status, Some(1), "{}{}", refused.output, refused.words);
}

#[test]
fn d_cli_05_a_server_that_is_away_has_its_own_exit_status() {
    let desktop = lonely(PackageSystem::Apt);
    let run = desktop.run(&["update"]);
    assert_eq!(run.status, Some(69), "{}{}", run.output, run.words);
    assert_eq!(desktop.sources(), "");
    assert_eq!(desktop.run(&["no-such-command"]).status, Some(64));
}
