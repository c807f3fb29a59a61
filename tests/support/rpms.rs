//! Packages of the site's own, built by the real rpmbuild.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A package to build.
#[derive(Debug, Clone, Copy)]
pub struct Rpm<'a> {
    pub name: &'a str,
    /// `[epoch:]version-release`
    pub evr: &'a str,
    /// Further lines of the preamble, such as `Requires: acme-base >= 2`.
    pub fields: &'a [&'a str],
    /// Absolute paths and what the files hold.
    pub files: &'a [(&'a str, &'a str)],
    /// Whatever else the spec file says: scriptlets, triggers, a changelog.
    pub rest: &'a str,
}

impl Rpm<'_> {
    /// Builds it into `dir`, without architecture and packed with gzip; the same bytes each time.
    pub fn build(&self, dir: &Path) -> PathBuf {
        let work = tempfile::tempdir().unwrap();
        let spec = work.path().join("package.spec");
        std::fs::write(&spec, self.spec()).unwrap();
        let define = |name: &str, value: &Path| format!("{name} {}", value.display());
        let output = Command::new("rpmbuild")
            .args(["-bb", "--quiet"])
            .args(["--define", &define("_topdir", work.path())])
            .args(["--define", &define("_rpmdir", dir)])
            .args(["--define", "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm"])
            .args(["--define", "_binary_payload w6.gzdio"])
            .args(["--define", "_buildhost builder.example.org"])
            .args(["--define", "use_source_date_epoch_as_buildtime 1"])
            .args(["--define", "clamp_mtime_to_source_date_epoch 1"])
            .args(["--define", "source_date_epoch_from_changelog 0"])
            .arg(spec)
            .env("SOURCE_DATE_EPOCH", "1768435200")
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("rpmbuild runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let version = self.evr.split_once(':').map_or(self.evr, |(_, version)| version);
        let path = dir.join(format!("{}-{version}.noarch.rpm", self.name));
        assert!(path.is_file(), "{} is missing", path.display());
        path
    }

    fn spec(&self) -> String {
        let (epoch, rest) = self.evr.split_once(':').unwrap_or(("", self.evr));
        let (version, release) = rest.rsplit_once('-').expect("version-release");
        let mut spec = format!("Name: {}\nVersion: {version}\nRelease: {release}\n", self.name);
        if !epoch.is_empty() {
            let _infallible = writeln!(spec, "Epoch: {epoch}");
        }
        spec.push_str("Summary: Made for a test\nLicense: MIT\nBuildArch: noarch\n");
        self.fields.iter().for_each(|field| spec.push_str(&format!("{field}\n")));
        spec.push_str("%description\nMade for a test.\n%prep\n%build\n%install\n");
        for (path, text) in self.files {
            let _infallible = writeln!(
                spec,
                "mkdir -p \"$(dirname '%{{buildroot}}{path}')\"\n\
                 cat > '%{{buildroot}}{path}' <<'END_OF_FILE'\n{text}\nEND_OF_FILE"
            );
        }
        let _infallible = writeln!(spec, "{}\n%files", self.rest);
        self.files.iter().for_each(|(path, _)| spec.push_str(&format!("\"{path}\"\n")));
        spec
    }
}

/// Builds a package with one file, `/usr/share/NAME/version`, into `dir`; `evr` is
/// `[epoch:]version-release`, `fields` are further lines of its preamble.
pub fn small_rpm(dir: &Path, name: &str, evr: &str, fields: &[&str]) -> PathBuf {
    let path = format!("/usr/share/{name}/version");
    Rpm { name, evr, fields, files: &[(&path, evr)], rest: "" }.build(dir)
}

#[test]
fn a_built_package_is_what_was_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let path = small_rpm(dir.path(), "acme-small", "1:2.0~rc1-3", &["Requires: acme-base >= 2"]);
    let package = migas::formats::rpm::parse(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!((&*package.name, &*package.evr()), ("acme-small", "1:2.0~rc1-3"));
    assert!(package.requires.iter().any(|required| required.to_string() == "acme-base >= 2"));
    assert!(package.files.iter().any(|file| file.path == "/usr/share/acme-small/version"));
}
