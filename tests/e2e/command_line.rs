//! What the executable answers before it does anything, and what it asks.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::{PASSWORD, Site, Terminal, migas, small_package};

#[test]
fn version_and_usage_have_their_exit_status() {
    let table: [(&[&str], i32); 4] =
        [(&["--version"], 0), (&["--help"], 0), (&["no-such-command"], 64), (&["--no-such"], 64)];
    for (args, status) in table {
        let output = migas(args).output().unwrap();
        assert_eq!(output.status.code(), Some(status), "migas {args:?}");
    }
}

/// `migas upload` without anything that can be asked for.
fn upload(site: &Site, file: &Path) -> Command {
    // A packager's own configuration on this machine must not answer in its place.
    let nothing = site.dir().join("no-packager.conf");
    std::fs::write(&nothing, "").unwrap();
    let mut command = migas(["upload", "--server", &site.url(""), "--config"]);
    command.arg(nothing).arg(file);
    command
}

#[test]
fn d_cli_02_what_an_upload_needs_is_asked_for() {
    let site = Site::start();
    site.post("/projects", &json!({ "name": "debian-12", "platform": "Linux", "pms": "apt" }));
    let file = small_package(site.dir(), "acme", "1.0", &[]);

    let mut terminal = Terminal::start(&upload(&site, &file));
    terminal.answer("Account: ", "admin");
    terminal.answer("Password: ", PASSWORD);
    terminal.answer("Project: ", "debian-12");
    terminal.answer("Store: ", "asked");
    let (status, screen) = terminal.end();
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains(PASSWORD), "the password is hidden: {screen}");
    let package = &site.list("/packages")[0];
    assert_eq!(
        (&package["name"], &package["store"]),
        (&json!("acme_1.0_all.deb"), &json!("asked"))
    );
}

#[test]
fn d_cli_02_an_empty_answer_ends_with_what_is_empty() {
    let site = Site::start();
    let file = small_package(site.dir(), "acme", "1.0", &[]);
    let questions = ["Account: ", "Password: ", "Project: ", "Store: "];
    for (number, empty) in questions.iter().enumerate() {
        let mut terminal = Terminal::start(&upload(&site, &file));
        for question in &questions[..number] {
            terminal.answer(question, "x");
        }
        terminal.answer(empty, "");
        let (status, screen) = terminal.end();
        let named = format!("empty {}", empty.trim_end_matches(": "));
        assert!(screen.contains(&named), "{named}: {screen}");
        assert_eq!(status, Some(64), "{screen}");
    }
    // Nobody is asked where nobody can answer.
    let output = upload(&site, &file).output().unwrap();
    assert_eq!(output.status.code(), Some(64));
    assert!(String::from_utf8_lossy(&output.stderr).contains("empty Account"));
    assert_eq!(site.list("/projects").len(), 0);
}
