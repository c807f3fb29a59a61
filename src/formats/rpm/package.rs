//! What the headers of a package say, as one value.

use std::ops::Range;

use super::RpmError;
use super::dependency::{self, Dependency, Weak};
use super::files::{self, File};
use super::header::Header;
use super::scripts::{self, Script};
use super::tags;
use super::text::clean;

const MAX_CHANGES: u32 = 50_000;

/// What a package says about itself; texts that are absent are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    pub epoch: Option<u32>,
    pub version: String,
    pub release: String,
    /// `src` for a source package, whatever machine built it.
    pub arch: String,
    pub is_source: bool,
    pub summary: String,
    pub description: String,
    pub url: String,
    pub license: String,
    pub vendor: String,
    pub group: String,
    pub packager: String,
    pub build_host: String,
    /// File name of the source package; empty in one.
    pub source_rpm: String,
    /// Seconds since 1970.
    pub build_time: u64,
    /// Bytes of the files once installed.
    pub installed_bytes: u64,
    /// Bytes of the payload once unpacked.
    pub archive_bytes: u64,
    /// Where the main header stands in the file, in bytes: clients fetch it alone.
    pub header_range: Range<u64>,
    pub requires: Vec<Dependency>,
    pub provides: Vec<Dependency>,
    pub conflicts: Vec<Dependency>,
    pub obsoletes: Vec<Dependency>,
    pub recommends: Vec<Dependency>,
    pub suggests: Vec<Dependency>,
    pub supplements: Vec<Dependency>,
    pub enhances: Vec<Dependency>,
    pub files: Vec<File>,
    /// In the order of the header: newest first.
    pub changelog: Vec<Change>,
    pub scripts: Vec<Script>,
    /// `name:stream:version:context` of the module it was built for; empty if for none.
    pub modularity_label: String,
}

/// An entry of the changelog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who, and often of which version: `Ana <ana@example.org> - 1.0-2`.
    pub author: String,
    /// Seconds since 1970.
    pub time: u64,
    pub text: String,
}

impl Package {
    /// `[epoch:]version-release`.
    pub fn evr(&self) -> String {
        match self.epoch {
            Some(epoch) => format!("{epoch}:{}-{}", self.version, self.release),
            None => format!("{}-{}", self.version, self.release),
        }
    }

    /// Takes everything out of the headers.
    pub(super) fn read(
        signature: &Header<'_>,
        main: &Header<'_>,
        header_range: Range<u64>,
    ) -> Result<Self, RpmError> {
        // SOURCERPM is what rpm itself went by before SOURCEPACKAGE existed.
        let source_rpm = main.text(tags::SOURCE_RPM)?;
        let is_source = main.has(tags::SOURCE_PACKAGE) || source_rpm.is_empty();
        let dependencies = |what, tags| dependency::read(main, what, tags);
        let forward = Weak::read(
            main,
            ("recommends", tags::RECOMMENDS),
            ("suggests", tags::SUGGESTS),
            tags::OLD_SUGGESTS,
        )?;
        let backward = Weak::read(
            main,
            ("supplements", tags::SUPPLEMENTS),
            ("enhances", tags::ENHANCES),
            tags::OLD_ENHANCES,
        )?;
        Ok(Self {
            name: word(main, "the name", tags::NAME, "-._+~^%{}:")?,
            epoch: epoch(main)?,
            version: word(main, "the version", tags::VERSION, "._+~^%{}")?,
            release: word(main, "the release", tags::RELEASE, "._+~^%{}")?,
            arch: match is_source {
                true => "src".to_owned(),
                false => word(main, "the architecture", tags::ARCH, "_-")?,
            },
            is_source,
            summary: main.text(tags::SUMMARY)?,
            description: main.text(tags::DESCRIPTION)?,
            url: main.text(tags::URL)?,
            license: main.text(tags::LICENSE)?,
            vendor: main.text(tags::VENDOR)?,
            group: main.text(tags::GROUP)?,
            packager: main.text(tags::PACKAGER)?,
            build_host: main.text(tags::BUILD_HOST)?,
            source_rpm,
            build_time: main.number(tags::BUILD_TIME)?.unwrap_or_default(),
            installed_bytes: first_number(&[(main, tags::LONG_SIZE), (main, tags::SIZE)])?,
            archive_bytes: first_number(&[
                (signature, tags::SIG_LONG_ARCHIVE_SIZE),
                (signature, tags::SIG_PAYLOAD_SIZE),
                (main, tags::UNPACKED_PAYLOAD_SIZE),
                (main, tags::ARCHIVE_SIZE),
            ])?,
            header_range,
            requires: dependencies("requires", tags::REQUIRES)?,
            provides: dependencies("provides", tags::PROVIDES)?,
            conflicts: dependencies("conflicts", tags::CONFLICTS)?,
            obsoletes: dependencies("obsoletes", tags::OBSOLETES)?,
            recommends: forward.strong,
            suggests: forward.weak,
            supplements: backward.strong,
            enhances: backward.weak,
            files: files::read(main)?,
            changelog: changelog(main)?,
            scripts: scripts::read(main)?,
            modularity_label: main.text(tags::MODULARITY_LABEL)?,
        })
    }
}

/// A part of the identity: letters, digits and `more`. It stands in file names and URLs, so what
/// rpmbuild refuses is refused here, too.
fn word(
    header: &Header<'_>,
    field: &'static str,
    tag: u32,
    more: &str,
) -> Result<String, RpmError> {
    let value = header.text(tag)?;
    if value.is_empty() {
        return Err(RpmError::Missing(field));
    }
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || more.contains(c);
    let is_hidden = value.starts_with(['.', '-']);
    if is_hidden || value.contains("..") || value.len() > 255 || !value.chars().all(is_allowed) {
        return Err(RpmError::Field { field, value });
    }
    Ok(value)
}

fn epoch(header: &Header<'_>) -> Result<Option<u32>, RpmError> {
    let Some(epoch) = header.number(tags::EPOCH)? else { return Ok(None) };
    let malformed = |_| RpmError::Field { field: "the epoch", value: epoch.to_string() };
    u32::try_from(epoch).map(Some).map_err(malformed)
}

fn first_number(places: &[(&Header<'_>, u32)]) -> Result<u64, RpmError> {
    for (header, tag) in places {
        if let Some(number) = header.number(*tag)? {
            return Ok(number);
        }
    }
    Ok(0)
}

fn changelog(header: &Header<'_>) -> Result<Vec<Change>, RpmError> {
    let times = header.numbers(tags::CHANGELOG_TIME, MAX_CHANGES)?;
    let names = header.strings(tags::CHANGELOG_NAME, MAX_CHANGES)?;
    let texts = header.strings(tags::CHANGELOG_TEXT, MAX_CHANGES)?;
    if times.len() != names.len() || times.len() != texts.len() {
        return Err(RpmError::Mismatch("changes"));
    }
    let entries = times.into_iter().zip(names).zip(texts);
    let change = |((time, name), text)| Change { author: clean(name), time, text: clean(text) };
    Ok(entries.map(change).collect())
}
