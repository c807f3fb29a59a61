//! The server as an administrator meets it: starts, stops, refuses, survives.

use crate::support::{Site, migas};

#[test]
fn a_server_stops_when_told_and_starts_again_with_what_it_knew() {
    let mut site = Site::start_first_time();
    assert_eq!(site.fetch("/healthz").status, 200);
    assert_eq!(site.stop().code(), Some(0));
    let site = site.start_again();
    assert_eq!(site.fetch("/healthz").status, 200);
}

#[test]
fn a_server_that_cannot_work_says_why() {
    let site = Site::start_first_time();
    let data = tempfile::TempDir::new().unwrap();
    let password = site.password_file();
    let listen = site.address();
    let empty = data.path().join("empty");
    std::fs::write(&empty, "").unwrap();
    let file = data.path().join("file");
    std::fs::write(&file, "").unwrap();
    // what is wrong       data directory            listen         password file  what it names
    let table = [
        ("port taken", data.path().join("a"), listen, &password, listen),
        ("no directory", file.join("below"), "127.0.0.1:0", &password, "below"),
        ("no password", data.path().join("b"), "127.0.0.1:0", &empty, "empty"),
        ("no address", data.path().join("c"), "nonsense", &password, "nonsense"),
    ];
    for (what, data, listen, password, named) in table {
        let output = migas(["serve", "--listen", listen, "--data"])
            .arg(data)
            .arg("--admin-password-file")
            .arg(password)
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{what}: {words}");
        assert!(words.contains(named), "{what}: {words}");
    }
}
