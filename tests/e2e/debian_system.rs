//! The Debian system of the tests is what they take it for: real apt, quiet and without network.

use crate::support::{AcmeTestFiles, DebianRoot, in_network, small_package, with_host_name};

#[test]
fn apt_updates_installs_and_removes_without_a_warning() {
    let root = DebianRoot::new();
    assert!(root.installed("nano").is_some());
    assert_eq!(root.installed("vim"), None);
    for args in [&["update"][..], &["install", "-y", "vim"], &["purge", "-y", "nano"]] {
        let output = root.try_run("apt-get", args);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "apt-get {args:?}: {words}");
        assert_eq!(words, "", "apt-get {args:?} complains");
    }
    assert!(root.installed("vim-tiny").is_some(), "vim stands for Debian's own vim-tiny");
    assert_eq!(root.installed("nano"), None);
}

#[test]
fn packages_made_for_the_tests_are_packages() {
    let root = DebianRoot::new();
    let acme = AcmeTestFiles::build();
    for (package, version) in [(&acme.first, "1.0-1"), (&acme.second, "1.0-2")] {
        let inside = root.path().join("tmp/acme.deb");
        std::fs::copy(package, inside).unwrap();
        root.run("dpkg", &["-i", "/tmp/acme.deb"]);
        assert_eq!(root.installed("acme-test-files").as_deref(), Some(version));
    }
    let dir = tempfile::TempDir::new().unwrap();
    let package = small_package(dir.path(), "a", "1:2.0", &["Depends: dpkg"]);
    assert_eq!(package.file_name().unwrap(), "a_2.0_all.deb");
}

#[test]
fn a_computer_can_have_another_address_and_another_name() {
    let test = "debian_system::a_computer_can_have_another_address_and_another_name";
    in_network(test, "192.168.92.10/24", || {
        let root = DebianRoot::new();
        let mut python = root.command("python3");
        python.args(["-c", "import platform; print(platform.node())"]);
        let named = with_host_name("PC13098", &python).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&named.stdout), "PC13098\n");
    });
}
