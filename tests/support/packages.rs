//! Packages of the site's own, as its packagers would build them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// The two versions of the example package, made by our own code.
pub struct AcmeTestFiles {
    _dir: TempDir,
    /// `acme-test-files_1.0-1_all.deb`
    pub first: PathBuf,
    /// `acme-test-files_1.0-2_all.deb`
    pub second: PathBuf,
}

impl AcmeTestFiles {
    /// Builds both.
    pub fn build() -> AcmeTestFiles {
        let dir = TempDir::new().unwrap();
        let build = |revision| {
            let (name, bytes) = migas::formats::deb::write::acme_test_files(revision).unwrap();
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        AcmeTestFiles { first: build(1), second: build(2), _dir: dir }
    }
}

/// Builds a package with one file into `dir`, with Debian's own tool; `fields` are further lines of its control file.
pub fn small_package(dir: &Path, name: &str, version: &str, fields: &[&str]) -> PathBuf {
    let tree = dir.join(format!("{name}-tree"));
    let share = tree.join("usr/share").join(name);
    std::fs::create_dir_all(&share).unwrap();
    std::fs::create_dir_all(tree.join("DEBIAN")).unwrap();
    std::fs::write(share.join("version"), version).unwrap();
    let mut control = format!("Package: {name}\nVersion: {version}\nArchitecture: all\n");
    for field in fields {
        control.push_str(field);
        control.push('\n');
    }
    control.push_str("Maintainer: Tests <tests@example.org>\nDescription: made for a test\n");
    std::fs::write(tree.join("DEBIAN/control"), control).unwrap();
    let package = pack(&tree, dir);
    std::fs::remove_dir_all(tree).unwrap();
    package
}

/// Makes `NAME_VERSION_ARCH.deb` in `dir` from an unpacked tree.
fn pack(tree: &Path, dir: &Path) -> PathBuf {
    let output =
        run(Command::new("dpkg-deb").args(["--root-owner-group", "-b"]).arg(tree).arg(dir));
    // dpkg-deb: building package 'a' in '/dir/a_1_all.deb'.
    let path = output.rsplit('\'').nth(1).unwrap();
    assert!(path.ends_with(".deb"), "{output}");
    PathBuf::from(path)
}

fn run(command: &mut Command) -> String {
    let output = command.env("LC_ALL", "C").output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
