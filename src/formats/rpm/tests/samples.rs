//! Packages made by rpmbuild (`testdata/rpms/`), and what rpm itself says of them.

use std::path::PathBuf;
use std::process::Command;

use super::super::*;

fn sample_path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/rpms").join(name)
}

pub(super) fn sample(name: &str) -> Vec<u8> {
    std::fs::read(sample_path(name)).expect(name)
}

pub(super) const SAMPLES: [&str; 6] = [
    "acme-full-1.0~rc1-3.x86_64.rpm",
    "acme-full-1.0~rc1-3.src.rpm",
    "acme-full-data-1.0-1.noarch.rpm",
    "acme-latin-1-1.noarch.rpm",
    "acme-plain-1.0-1.noarch.rpm",
    "acme-plain-1.1^git20260115-1.noarch.rpm",
];

fn full() -> Package {
    parse(&sample(SAMPLES[0])).unwrap()
}

fn shown(dependencies: &[Dependency]) -> Vec<String> {
    dependencies.iter().map(ToString::to_string).collect()
}

#[test]
fn a_package_says_what_its_spec_file_says() {
    let package = full();
    assert_eq!(package.evr(), "2:1.0~rc1-3");
    let table = [
        (&package.name, "acme-full"),
        (&package.version, "1.0~rc1"),
        (&package.release, "3"),
        (&package.arch, "x86_64"),
        (&package.summary, "Everything a header can say, con ñ y €"),
        (&package.license, "GPL-3.0-or-later AND MIT"),
        (&package.url, "https://acme.example.org/full?a=1&b=2"),
        (&package.group, "Applications/System"),
        (&package.vendor, "Acme & Söhne <vendor@example.org>"),
        (&package.packager, "Ana Núñez <ana@example.org>"),
        (&package.build_host, "builder.example.org"),
        (&package.source_rpm, "acme-full-1.0~rc1-3.src.rpm"),
        (&package.modularity_label, ""),
    ];
    for (said, expected) in table {
        assert_eq!(said, expected);
    }
    assert!(package.description.contains("ñandú, 日本語 and €"), "{}", package.description);
    assert!(!package.is_source);
    assert_eq!(package.build_time, 1_768_435_200);
    assert!(shown(&package.recommends).contains(&"(acme-x or acme-y)".to_owned()));
    assert_eq!(shown(&package.suggests), ["acme-games >= 1"]);
    assert_eq!(shown(&package.supplements), ["(acme-base and acme-desktop)"]);
    assert_eq!(shown(&package.enhances), ["acme-editor > 2"]);
    let required = |name: &str| package.requires.iter().find(|required| required.name == name);
    let base = required("acme-base").unwrap();
    assert_eq!(base.comparison(), Some(Comparison::GreaterOrEqual));
    assert_eq!((base.evr().epoch, base.evr().version), (Some("1"), "2.0"));
    assert!(required("acme-accounts").unwrap().is_pre());
    assert!(!base.is_pre() && !base.is_rich() && !base.is_rpmlib());
    assert!(required("(acme-gtk if acme-desktop else acme-tui)").unwrap().is_rich());
    assert!(package.requires.iter().any(Dependency::is_rpmlib));
    let dates: Vec<_> = package.changelog.iter().map(|change| change.time).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older), "newest first: {dates:?}");
}

#[test]
fn files_have_kinds_modes_and_links() {
    let package = full();
    let table = [
        ("/usr/bin/acme-full", FileKind::File, 0o755, ""),
        ("/usr/bin/acme", FileKind::File, 0o777, "acme-full"),
        ("/etc/acme", FileKind::Directory, 0o750, ""),
        ("/etc/acme/full.conf", FileKind::File, 0o640, ""),
        ("/usr/share/acme-full/café & <co>.txt", FileKind::File, 0o644, ""),
        ("/usr/share/acme-full/deep/er", FileKind::Directory, 0o755, ""),
        ("/var/log/acme/full.log", FileKind::Ghost, 0o644, ""),
        ("/var/log/acme", FileKind::Directory, 0o755, ""),
    ];
    for (path, kind, mode, link) in table {
        let Some(file) = package.files.iter().find(|file| file.path == path) else {
            // rpmbuild refuses ghosts that are not there, except where it makes them.
            panic!("{path} is missing among {:?}", package.files);
        };
        assert_eq!((file.kind(), &*file.link), (kind, link), "{path}");
        if kind != FileKind::Ghost {
            assert_eq!(file.mode & 0o7777, mode, "{path}");
        }
        assert_eq!(file.is_symlink(), !link.is_empty(), "{path}");
    }
}

#[test]
fn scripts_carry_interpreter_and_conditions() {
    let package = full();
    let titles: Vec<_> = package.scripts.iter().map(Script::title).collect();
    assert_eq!(
        titles,
        [
            "%pretrans -p <lua>",
            "%pre",
            "%post -p /sbin/ldconfig",
            "%preun",
            "%postun",
            "%posttrans",
            "%verifyscript",
            "%triggerin -- acme-base > 1, acme-lib",
            "%triggerun -p /usr/bin/perl -- acme-editor",
            "%triggerpostun -- acme-old < 0.8",
            // rpmbuild sorts the paths of a file trigger.
            "%filetriggerin -- /usr/share/acme-data, /usr/share/acme-full",
            "%transfiletriggerpostun -- /usr/lib/acme",
        ]
    );
    let postun = package.scripts.iter().find(|script| script.name == "postun").unwrap();
    assert!(postun.text.contains("echo \"gone & <done>\""), "{}", postun.text);
}

#[test]
fn a_source_package_is_one() {
    let source = parse(&sample(SAMPLES[1])).unwrap();
    assert!(source.is_source);
    assert_eq!((&*source.arch, &*source.source_rpm), ("src", ""));
    assert!(source.files.iter().any(|file| file.path == "acme-full.spec"));
}

#[test]
fn old_texts_are_cleaned() {
    let latin = parse(&sample("acme-latin-1-1.noarch.rpm")).unwrap();
    assert_eq!(latin.summary, "Café and a bell");
    assert!(latin.files.iter().any(|file| file.path == "/usr/share/acme-latin/café"));
    assert!(latin.changelog.iter().any(|change| change.author.starts_with("José")));
}

#[test]
fn slices_of_any_size_give_the_same() {
    for name in SAMPLES {
        let bytes = sample(name);
        let whole = parse(&bytes).unwrap();
        for size in [1, 7, 95, 96, 97, 4096] {
            let mut reader = Reader::default();
            bytes.chunks(size).for_each(|slice| reader.push(slice).unwrap());
            assert_eq!(reader.finish().unwrap(), whole, "{name} in slices of {size}");
        }
    }
}

/// What `rpm` answers about a sample, a line each; `None` without rpm.
fn rpm(name: &str, arguments: &[&str]) -> Option<Vec<String>> {
    let output = Command::new("rpm")
        .args(["--query", "--nosignature", "--package"])
        .args(arguments)
        .arg(sample_path(name))
        .env("LC_ALL", "C.UTF-8")
        .output();
    let Ok(output) = output else {
        assert!(option_env!("CI").is_none(), "CI has rpm");
        eprintln!("skipped: this machine has no rpm to compare with");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = text::clean(&output.stdout);
    Some(text.lines().map(|line| line.trim_end().to_owned()).collect())
}

#[test]
fn rpm_says_the_same() {
    for name in SAMPLES {
        let package = parse(&sample(name)).unwrap();
        let kinds = [
            ("--requires", &package.requires),
            ("--provides", &package.provides),
            ("--conflicts", &package.conflicts),
            ("--obsoletes", &package.obsoletes),
            ("--recommends", &package.recommends),
            ("--suggests", &package.suggests),
            ("--supplements", &package.supplements),
            ("--enhances", &package.enhances),
        ];
        for (option, ours) in kinds {
            let Some(theirs) = rpm(name, &[option]) else { return };
            let mut ours = shown(ours);
            ours.sort_unstable();
            let mut theirs = theirs;
            theirs.sort_unstable();
            assert_eq!(ours, theirs, "{name} {option}");
        }
        let format = "[%{FILENAMES}|%{FILEMODES}|%{FILEFLAGS}|%{LONGFILESIZES}|%{FILELINKTOS}\n]";
        let theirs = rpm(name, &["--queryformat", format]).unwrap();
        let line = |file: &File| {
            let File { path, mode, flags, size_bytes, link } = file;
            format!("{path}|{mode}|{flags}|{size_bytes}|{link}")
        };
        assert_eq!(package.files.iter().map(line).collect::<Vec<_>>(), theirs, "{name}");
        let format = "%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{LONGSIZE}|%{LONGARCHIVESIZE}|\
                      %{BUILDTIME}|%{SUMMARY}\n";
        let theirs = rpm(name, &["--queryformat", format]).unwrap();
        let epoch = package.epoch.map_or("(none)".to_owned(), |epoch| epoch.to_string());
        let ours = format!(
            "{}|{epoch}|{}|{}|{}|{}|{}|{}",
            package.name,
            package.version,
            package.release,
            package.installed_bytes,
            package.archive_bytes,
            package.build_time,
            package.summary
        );
        assert_eq!(theirs, [ours], "{name}");
        let theirs =
            rpm(name, &["--queryformat", "[%{CHANGELOGTIME}|%{CHANGELOGNAME}\n]"]).unwrap();
        let ours =
            package.changelog.iter().map(|change| format!("{}|{}", change.time, change.author));
        assert_eq!(ours.collect::<Vec<_>>(), theirs, "{name}");
    }
}
