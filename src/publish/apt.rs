//! Repositories of apt (D-REPO-03): `dists/<slug>/Release`, `PKGS/binary-<architecture>/Packages`.
//!
//! Packages for all architectures stand first in the index of each, so that what the indexes
//! share is hashed once.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;

use super::entry::Entry;
use super::format::{Format, Group, Index, Layout, Run, beginning};
use super::generation::{IndexFile, Text};
use super::piece::Form;
use super::signer::Signer;
use crate::formats::apt::{IndexDigest, Release, write_entry};
use crate::formats::openpgp::{OpenPgpError, SignedRelease};

/// The one component of every repository.
const COMPONENT: &str = "PKGS";
/// Architecture of packages that are in every index.
const ALL: &str = "all";
/// Architectures that always have an index.
const ALWAYS: [&str; 2] = ["amd64", "i386"];
/// Origin and Label of every repository. apt refuses an update when they change, so they depend
/// on nothing.
const ORIGIN: &str = "migas";

/// The layout of apt.
pub(super) struct Apt;

impl Layout for Apt {
    fn forms(&self, _group: &str) -> &'static [Form] {
        &Form::ALL
    }

    fn group<'e>(&self, entry: &'e Entry) -> &'e str {
        &entry.architecture
    }

    fn order(&self, a: &Entry, b: &Entry) -> Ordering {
        let groups = || {
            let key = |entry: &Entry| entry.architecture != ALL;
            key(a).cmp(&key(b)).then_with(|| a.architecture.cmp(&b.architecture))
        };
        // Most neighbours are of one group: one comparison instead of four.
        let group = if a.architecture == b.architecture { Ordering::Equal } else { groups() };
        group
            .then_with(|| a.name.cmp(&b.name))
            .then_with(|| a.file_name.cmp(&b.file_name))
            .then_with(|| a.sha256.cmp(&b.sha256))
    }

    fn rank(&self, entry: &Entry) -> u128 {
        if entry.architecture == ALL {
            return beginning(entry.name.bytes());
        }
        // The end of the architecture sorts before any byte of a longer one.
        1 << 127 | beginning(entry.architecture.bytes().chain([0]).chain(entry.name.bytes()))
    }

    fn tables(&self, _group: &str) -> &'static [&'static str] {
        &["Packages"]
    }

    /// Every stanza says `Filename: dists/<slug>/…`: pieces are not shared between repositories.
    fn scope(&self, slug: &str, _table: &str) -> String {
        slug.to_owned()
    }

    fn write(&self, slug: &str, entry: &Entry, fragment: &str, tables: &mut [Vec<u8>]) -> bool {
        let Entry { sha256, file_name, .. } = entry;
        let folder = Format::Apt.folder(slug);
        let path = format!("{folder}/{}", Format::Apt.payload_path(sha256, file_name));
        if let [packages] = tables {
            write_entry(fragment, &path, packages);
        }
        !fragment.is_empty()
    }

    fn indexes(&self, groups: &[Group]) -> Vec<Index> {
        let place = |name: &str| groups.iter().position(|group| group.name == name);
        let all = place(ALL);
        let mut indexes = Vec::new();
        for architecture in architectures(groups) {
            let there = [all, place(&architecture)].into_iter().flatten();
            let mut runs: Vec<Run> = there.map(|group| Run::Pieces { group, table: 0 }).collect();
            if runs.is_empty() {
                runs.push(Run::Text(String::new()));
            }
            let stem = format!("{COMPONENT}/binary-{architecture}/Packages");
            indexes.push(Index { stem, forms: &Form::ALL, runs });
        }
        let stem = format!("{COMPONENT}/source/Sources");
        let runs = vec![Run::Text(String::new())];
        indexes.push(Index { stem, forms: &Form::ALL, runs });
        indexes
    }

    fn statement(
        &self,
        suite: &str,
        date: Timestamp,
        groups: &[Group],
        files: &[IndexFile],
    ) -> String {
        let architectures: Vec<String> = architectures(groups).into_iter().collect();
        let index = |file: &'_ IndexFile| {
            let IndexFile { path, size_bytes, sha256, .. } = file;
            (path.clone(), *size_bytes, *sha256)
        };
        let named: Vec<_> = files.iter().map(index).collect();
        let indexes = named
            .iter()
            .map(|(path, size_bytes, sha256)| IndexDigest {
                path,
                size_bytes: *size_bytes,
                sha256: *sha256,
            })
            .collect();
        let (component, architectures) = (COMPONENT, &*architectures);
        Release { origin: ORIGIN, label: ORIGIN, suite, date, architectures, component, indexes }
            .text()
    }

    fn is_date(&self, line: &str) -> bool {
        line.starts_with("Date: ")
    }

    fn statement_path(&self) -> &'static str {
        "Release"
    }

    fn sign(&self, release: String, signer: &mut Signer<'_>) -> Result<Vec<Text>, OpenPgpError> {
        let SignedRelease { in_release, release_gpg } = signer.sign_release(&release)?;
        let text = |path: &str, text| Text { path: path.to_owned(), text };
        Ok(vec![
            text(self.statement_path(), release),
            text("Release.gpg", release_gpg),
            text("InRelease", in_release),
        ])
    }
}

/// Those that have an index.
fn architectures(groups: &[Group]) -> BTreeSet<String> {
    let own = groups.iter().map(|group| group.name.as_str()).filter(|name| *name != ALL);
    own.chain(ALWAYS).map(str::to_owned).collect()
}
