//! The settings: file, drop-ins, environment, defaults.

use super::*;

struct Machine {
    directory: tempfile::TempDir,
}

impl Machine {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self { directory }
    }

    fn load(&self, environment: &[(&str, &str)]) -> Settings {
        self.try_load(None, environment).unwrap()
    }

    fn try_load(
        &self,
        explicit: Option<&Path>,
        environment: &[(&str, &str)],
    ) -> Result<Settings, ConfigError> {
        let environment =
            environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let defaults =
            Defaults { project: "debian-12".to_owned(), computer_name: "pc1".to_owned() };
        let places = Places::new(Some(self.directory.path()));
        Settings::load(&places, explicit, &environment, &defaults)
    }
}

#[test]
fn d_cfg_01_without_anything_the_defaults_hold() {
    let settings = Machine::new(&[]).load(&[]);
    assert_eq!(settings.server, "localhost");
    assert_eq!(settings.base_url(), "http://localhost");
    assert_eq!(settings.project, "debian-12");
    assert_eq!(settings.computer_name, "pc1");
    assert!(!settings.debug);
    assert!(settings.gui_verbose && settings.auto_update_packages && settings.manage_devices);
    assert_eq!(settings.proxy, None);
    assert_eq!(settings.file, None);
}

#[test]
fn where_a_value_comes_from() {
    let file = "[Client]\nSERVER = a:8080\nproject=one\nProxy = p:1\n[packager]\nUser=jdoe\n";
    let machine = Machine::new(&[("etc/migas.conf", file)]);
    type Read = fn(&Settings) -> Option<&str>;
    let server: Read = |s| Some(&s.server);
    let project: Read = |s| Some(&s.project);
    let proxy: Read = |s| s.proxy.as_deref();
    let user: Read = |s| s.packager.user.as_deref();
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Read, Option<&'a str>);
    let table: [Row<'_>; 12] = [
        ("D-CFG-02", &[], server, Some("a:8080")),
        ("D-CFG-01", &[("MIGASFREE_CLIENT_SERVER", "b")], server, Some("b")),
        ("D-CFG-01", &[("MIGAS_CLIENT_SERVER", "c")], server, Some("c")),
        (
            "D-CFG-01",
            &[("MIGASFREE_CLIENT_SERVER", "b"), ("MIGAS_CLIENT_SERVER", "c")],
            server,
            Some("c"),
        ),
        ("D-CFG-01", &[], project, Some("one")),
        ("D-CFG-02", &[("MIGASFREE_CLIENT_VERSION", "two")], project, Some("two")),
        ("D-CFG-01", &[("MIGASFREE_PROXY", "q:2")], proxy, Some("q:2")),
        (
            "D-CFG-01",
            &[("MIGASFREE_PROXY", "q:2"), ("MIGASFREE_CLIENT_PROXY", "r:3")],
            proxy,
            Some("r:3"),
        ),
        ("D-CFG-01", &[("MIGAS_CLIENT_PROXY", "")], proxy, None),
        ("D-CFG-01", &[], user, Some("jdoe")),
        ("D-CFG-01", &[("MIGASFREE_PACKAGER_USER", "ann")], user, Some("ann")),
        ("D-CFG-01", &[("MIGAS_PACKAGER_USER", "bob")], user, Some("bob")),
    ];
    for (rule, environment, read, expected) in table {
        let settings = machine.load(environment);
        assert_eq!(read(&settings), expected, "{rule}: {environment:?}");
    }
}

#[test]
fn d_cfg_02_version_is_an_old_name_of_project() {
    let machine = Machine::new(&[("etc/migas.conf", "[client]\nVersion = AZ-15\n")]);
    assert_eq!(machine.load(&[]).project, "AZ-15");
}

#[test]
fn switches_follow_the_general_rule() {
    let table = [
        ("D-GEN-07", "no", false),
        ("D-GEN-07", "OFF", false),
        ("D-GEN-07", "0", false),
        ("D-GEN-07", "Yes", true),
        ("D-GEN-07", "perhaps", true),
        ("D-CFG-04", "False", false),
    ];
    for (rule, text, expected) in table {
        let file = format!("[client]\nAuto_Update_Packages = {text}\n");
        let machine = Machine::new(&[("etc/migas.conf", &file)]);
        assert_eq!(machine.load(&[]).auto_update_packages, expected, "{rule}: {text}");
    }
}

#[test]
fn d_cfg_09_the_books_file_is_read_when_ours_is_absent() {
    let book = ("etc/migasfree.conf", "[client]\nServer = old\n");
    assert_eq!(Machine::new(&[book]).load(&[]).server, "old");
    let ours = ("etc/migas.conf", "[client]\nServer = new\n");
    assert_eq!(Machine::new(&[book, ours]).load(&[]).server, "new");
}

#[test]
fn d_cfg_08_drop_in_files_add_to_the_file_in_name_order() {
    let machine = Machine::new(&[
        ("etc/migas.conf", "[client]\nServer = a\nProject = p\n"),
        ("etc/migas.conf.d/20-site.conf", "[client]\nServer = c\n"),
        ("etc/migas.conf.d/10-site.conf", "[client]\nServer = b\nDebug = yes\n"),
        ("etc/migas.conf.d/README", "no settings"),
    ]);
    let settings = machine.load(&[]);
    assert_eq!(
        (settings.server.as_str(), settings.project.as_str(), settings.debug),
        ("c", "p", true)
    );
}

#[test]
fn d_cfg_01_another_file_can_be_named() {
    let machine = Machine::new(&[
        ("etc/migas.conf", "[client]\nServer = a\n"),
        ("etc/migas.conf.d/10.conf", "[client]\nProject = p\n"),
        ("other.conf", "[client]\nServer = b\n"),
        ("third.conf", "[client]\nServer = c\n"),
    ]);
    let other = machine.directory.path().join("other.conf");
    let third = machine.directory.path().join("third.conf");
    let variable = [("MIGASFREE_CONF", other.to_str().unwrap())];
    let settings = machine.load(&variable);
    assert_eq!((settings.server.as_str(), settings.project.as_str()), ("b", "debian-12"));
    assert_eq!(settings.file, Some(other.clone()));
    assert_eq!(machine.try_load(Some(&third), &variable).unwrap().server, "c");
    let absent = machine.directory.path().join("absent.conf");
    let error = machine.try_load(Some(&absent), &[]).unwrap_err();
    assert!(matches!(error, ConfigError::Read { path, .. } if path == absent));
}

#[test]
fn a_server_that_is_no_address_is_refused() {
    for server in ["a b", "user@host", "a?b", "a#b"] {
        let file = format!("[client]\nServer = {server}\n");
        let loaded = Machine::new(&[("etc/migas.conf", &file)]).try_load(None, &[]);
        // rust-ini may take what follows a mark as a comment; what is left must still be clean.
        assert!(loaded.is_err() || loaded.unwrap().server == "a", "{server}");
    }
}
