//! What is kept of a package that was read: its identity, its index entry, and the fields of the
//! information page (D-PMS-03).

use jiff::Timestamp;

use crate::domain::package::{Format, Identity};
use crate::formats::digests::Digests;
use crate::formats::package::Package;
use crate::formats::rpm::Dependency;
use crate::formats::yum::metadata::{Kind, Metadata};
use crate::formats::{apt, deb, rpm, yum};
use crate::storage::headers::Header;

/// The header of a package of any format.
pub(super) fn header(package: &Package, digests: &Digests) -> Header {
    match package {
        Package::Deb(package) => deb_header(package, digests),
        Package::Rpm(package) => rpm_header(package, digests),
        Package::Metadata(metadata) => metadata_header(metadata),
    }
}

/// Metadata has no identity; what it says in short stands where packages have their fields.
fn metadata_header(metadata: &Metadata) -> Header {
    let sections = metadata.summary.iter();
    let control = sections.map(|section| (section.name.to_owned(), section.lines.join("\n")));
    Header {
        format: match metadata.kind {
            Kind::Comps => Format::Comps,
            Kind::Updateinfo => Format::Updateinfo,
            Kind::Modules => Format::Modules,
        },
        identity: Identity::default(),
        fragment: metadata.fragment.clone(),
        control: control.collect(),
        scripts: Vec::new(),
        conffiles: Vec::new(),
    }
}

/// Which metadata of a repository a format is; `None` for packages.
pub(super) fn metadata_kind(format: Format) -> Option<Kind> {
    match format {
        Format::Deb | Format::Rpm | Format::Set => None,
        Format::Comps => Some(Kind::Comps),
        Format::Updateinfo => Some(Kind::Updateinfo),
        Format::Modules => Some(Kind::Modules),
    }
}

fn deb_header(package: &deb::Package, digests: &Digests) -> Header {
    let fields = package.control.fields().iter();
    let scripts = package.scripts.iter();
    Header {
        format: Format::Deb,
        identity: Identity {
            name: package.name.clone(),
            version: package.version.clone(),
            architecture: package.architecture.clone(),
        },
        fragment: apt::fragment(package, digests),
        control: fields.map(|field| (field.name.clone(), field.value.clone())).collect(),
        scripts: scripts.map(|script| (script.name.clone(), script.text.clone())).collect(),
        conffiles: package.conffiles.clone(),
    }
}

fn rpm_header(package: &rpm::Package, digests: &Digests) -> Header {
    let scripts = package.scripts.iter();
    let settings = package.files.iter().filter(|file| file.is_config());
    Header {
        format: Format::Rpm,
        identity: Identity {
            name: package.name.clone(),
            version: package.evr(),
            architecture: package.arch.clone(),
        },
        fragment: yum::fragment(package, &digests.sha256, digests.size_bytes),
        control: rpm_fields(package),
        scripts: scripts.map(|script| (script.title(), script.text.clone())).collect(),
        conffiles: settings.map(|file| file.path.clone()).collect(),
    }
}

/// The fields as `rpm -qi` names them, then one for each kind of dependency, an entry a line.
fn rpm_fields(package: &rpm::Package) -> Vec<(String, String)> {
    let date = date(package.build_time, "%Y-%m-%d %H:%M UTC");
    let fields = [
        ("Name", package.name.clone()),
        ("Epoch", package.epoch.map(|epoch| epoch.to_string()).unwrap_or_default()),
        ("Version", package.version.clone()),
        ("Release", package.release.clone()),
        ("Architecture", package.arch.clone()),
        ("Summary", package.summary.clone()),
        ("Group", package.group.clone()),
        ("Size", package.installed_bytes.to_string()),
        ("License", package.license.clone()),
        ("URL", package.url.clone()),
        ("Vendor", package.vendor.clone()),
        ("Packager", package.packager.clone()),
        ("Build Host", package.build_host.clone()),
        ("Build Date", date),
        ("Source RPM", package.source_rpm.clone()),
        ("Module", package.modularity_label.clone()),
        ("Description", package.description.clone()),
        ("Requires", entries(&package.requires)),
        ("Recommends", entries(&package.recommends)),
        ("Suggests", entries(&package.suggests)),
        ("Supplements", entries(&package.supplements)),
        ("Enhances", entries(&package.enhances)),
        ("Provides", entries(&package.provides)),
        ("Obsoletes", entries(&package.obsoletes)),
        ("Conflicts", entries(&package.conflicts)),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn entries(dependencies: &[Dependency]) -> String {
    let lines: Vec<_> = dependencies.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The changelog as a spec file has it, newest first, `limit_bytes` of it at most.
pub(super) fn rpm_changelog(package: &rpm::Package, limit_bytes: usize) -> String {
    let mut text = String::new();
    for change in &package.changelog {
        let date = date(change.time, "%a %b %d %Y");
        let entry = format!("* {date} {}\n{}\n\n", change.author, change.text.trim_end());
        if text.len() + entry.len() > limit_bytes {
            break;
        }
        text.push_str(&entry);
    }
    text.truncate(text.trim_end().len());
    text
}

/// A time of a header in UTC; empty where it is beyond all calendars.
fn date(seconds: u64, format: &str) -> String {
    let time = i64::try_from(seconds).ok().and_then(|time| Timestamp::from_second(time).ok());
    time.map(|time| time.strftime(format).to_string()).unwrap_or_default()
}
