//! Repositories of yum, dnf and zypper (D-REPO-04): `<slug>/repodata/repomd.xml` and what it names.
//!
//! Indexes are packed with gzip alone: it is the one form that every client reads, and
//! `repomd.xml` has room for one of each kind; groups are there plain, too, where yum looked for them
//! first. The names of indexes carry their digests, so a client that holds an older `repomd.xml`
//! still finds what that names. Nothing in them depends on the repository, so its pieces are shared
//! with other repositories.
//!
//! Metadata that was uploaded ([`Kind`]) is an index of its own: what the files of a kind say, one
//! after the other.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::entry::Entry;
use super::format::{Format, Group, Index, Layout, Run, beginning};
use super::generation::{IndexFile, Text};
use super::piece::Form;
use super::signer::Signer;
use crate::formats::openpgp::OpenPgpError;
use crate::formats::yum::metadata::Kind;
use crate::formats::yum::{Data, Elements, Repomd, Table};

/// The folder of all metadata.
const FOLDER: &str = "repodata";
const TABLES: [&str; 3] = ["primary", "filelists", "other"];
/// The one group of packages: they are in every table. Metadata has a group for each kind.
const PACKAGES: &str = "";
const PACKED: [Form; 1] = [Form::Gzip];
const PLAIN_TOO: [Form; 2] = [Form::Plain, Form::Gzip];

/// The layout of yum.
pub(super) struct Yum;

impl Layout for Yum {
    fn forms(&self, group: &str) -> &'static [Form] {
        match Kind::of(group) {
            Some(Kind::Comps) => &PLAIN_TOO,
            _ => &PACKED,
        }
    }

    fn tells_open_digests(&self) -> bool {
        true
    }

    fn group<'e>(&self, entry: &'e Entry) -> &'e str {
        entry.metadata.map_or(PACKAGES, Kind::name)
    }

    fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        a.metadata
            .cmp(&b.metadata)
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.architecture.cmp(&b.architecture))
            .then_with(|| a.file_name.cmp(&b.file_name))
            .then_with(|| a.sha256.cmp(&b.sha256))
    }

    fn rank(&self, entry: &Entry) -> u128 {
        match entry.metadata {
            None => beginning(entry.name.bytes()),
            Some(_) => u128::MAX,
        }
    }

    fn tables(&self, group: &str) -> &'static [&'static str] {
        match Kind::of(group) {
            None => &TABLES,
            Some(Kind::Comps) => &["comps"],
            Some(Kind::Updateinfo) => &["updateinfo"],
            Some(Kind::Modules) => &["modules"],
        }
    }

    fn scope(&self, _slug: &str, table: &str) -> String {
        // No slug contains a slash.
        format!("yum/{table}")
    }

    fn write(&self, _slug: &str, entry: &Entry, fragment: &str, tables: &mut [Vec<u8>]) -> bool {
        if entry.metadata.is_some() {
            tables.iter_mut().for_each(|table| table.extend_from_slice(fragment.as_bytes()));
            return true;
        }
        let Some(elements) = Elements::of(fragment) else { return false };
        if let [primary, filelists, other] = tables {
            let location = Format::Yum.payload_path(&entry.sha256, &entry.file_name);
            elements.write_primary(&location, primary);
            elements.write_filelists(filelists);
            elements.write_other(other);
        }
        true
    }

    fn indexes(&self, groups: &[Group]) -> Vec<Index> {
        let packages = groups.iter().position(|group| group.name == PACKAGES);
        let count = packages.and_then(|at| groups.get(at)).map_or(0, |group| group.count);
        let index = |(table, kind): (usize, Table)| {
            let mut runs = vec![Run::Text(kind.head(count))];
            runs.extend(packages.map(|group| Run::Pieces { group, table }));
            runs.push(Run::Text(kind.tail()));
            Index { stem: format!("{FOLDER}/{}.xml", kind.name()), forms: &PACKED, runs }
        };
        let mut indexes: Vec<Index> = Table::ALL.into_iter().enumerate().map(index).collect();
        for (group, Group { name, .. }) in groups.iter().enumerate() {
            let Some(kind) = Kind::of(name) else { continue };
            let texts = [kind.head(), kind.tail()];
            let [head, tail] = texts.map(|text| (!text.is_empty()).then_some(Run::Text(text)));
            let own = Run::Pieces { group, table: 0 };
            let runs = head.into_iter().chain([own]).chain(tail).collect();
            let stem = format!("{FOLDER}/{}", kind.file_name());
            indexes.push(Index { stem, forms: self.forms(kind.name()), runs });
        }
        indexes
    }

    fn statement(
        &self,
        _slug: &str,
        date: Timestamp,
        _groups: &[Group],
        files: &[IndexFile],
    ) -> String {
        let location = |file: &IndexFile| Format::Yum.index_path(&file.path, &file.sha256);
        let locations: Vec<String> = files.iter().map(location).collect();
        let data = files.iter().zip(&locations).map(|(file, location)| Data {
            kind: kind(&file.path),
            location,
            size_bytes: file.size_bytes,
            sha256: file.sha256,
            open: file.open.map(|open| (open.size_bytes, open.sha256)),
        });
        Repomd { date, data: data.collect() }.text()
    }

    fn is_date(&self, line: &str) -> bool {
        Repomd::is_date(line)
    }

    fn statement_path(&self) -> &'static str {
        "repodata/repomd.xml"
    }

    /// The signature comes before what it signs, so that nobody finds the one without the other.
    fn sign(&self, repomd: String, signer: &mut Signer<'_>) -> Result<Vec<Text>, OpenPgpError> {
        let signature = signer.sign_detached(&repomd)?;
        let key = signer.key.public_armoured()?;
        let text = |path: &str, text| Text { path: path.to_owned(), text };
        Ok(vec![
            text("repodata/repomd.xml.key", key),
            text("repodata/repomd.xml.asc", signature),
            text(self.statement_path(), repomd),
        ])
    }
}

/// The type of an index in `repomd.xml`: `primary` of `repodata/primary.xml.gz`. Groups are called
/// otherwise, and are the only ones whose type tells how they are packed (`createrepo_c`).
fn kind(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    match name {
        "comps.xml" => "group",
        "comps.xml.gz" => "group_gz",
        _ => name.split_once('.').map_or(name, |(kind, _)| kind),
    }
}
