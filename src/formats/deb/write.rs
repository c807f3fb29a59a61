//! Writes packages, reproducibly: the same recipe gives the same bytes.
//!
//! For tests, benchmarks and the demonstration, whose packages must not depend on a tool of the
//! machine. `dpkg-deb` accepts the result and finds nothing to complain about (tested).

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use ::tar::{EntryType, Header};
use md5::{Digest as _, Md5};

use crate::formats::deb822::Stanza;
use crate::formats::decompress::Compression;

/// What goes into a package.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Fields; `Installed-Size` is computed if it is absent.
    pub control: Stanza,
    /// Maintainer scripts: name and text.
    pub scripts: Vec<(String, String)>,
    pub conffiles: Vec<String>,
    pub files: Vec<RecipeFile>,
    /// Time of every entry, in seconds since the epoch.
    pub mtime: u64,
    /// How both archives are packed: [`Compression::None`], `Gzip`, `Xz` or `Zstd`.
    pub compression: Compression,
}

/// A file of the payload.
#[derive(Debug, Clone)]
pub struct RecipeFile {
    /// Without leading slash: `usr/share/x`.
    pub path: String,
    pub mode: u32,
    pub body: Vec<u8>,
}

impl Recipe {
    /// A recipe of nothing but fields, for a package without files.
    pub fn of(control: Stanza) -> Self {
        Self {
            control,
            scripts: Vec::new(),
            conffiles: Vec::new(),
            files: Vec::new(),
            mtime: 0,
            compression: Compression::Gzip,
        }
    }

    /// Adds a file with mode 0644.
    pub fn file(mut self, path: &str, body: impl Into<Vec<u8>>) -> Self {
        self.files.push(RecipeFile { path: path.to_owned(), mode: 0o644, body: body.into() });
        self
    }

    /// `name_version_architecture.deb`, the version without its epoch.
    pub fn file_name(&self) -> String {
        let get = |field| self.control.get(field).unwrap_or_default();
        let version = get("Version");
        let version = version.split_once(':').map_or(version, |(_, rest)| rest);
        format!("{}_{version}_{}.deb", get("Package"), get("Architecture"))
    }

    /// The package.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] for a compression we do not write, or a path no archive holds.
    pub fn build(&self) -> io::Result<Vec<u8>> {
        let suffix = match self.compression {
            Compression::None => "",
            Compression::Gzip => ".gz",
            Compression::Xz => ".xz",
            Compression::Zstd => ".zst",
            Compression::Bzip2 | Compression::Lzma => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "bzip2 and lzma"));
            }
        };
        let control = pack(&self.control_archive()?, self.compression)?;
        let data = pack(&self.data_archive()?, self.compression)?;
        let mut package = ar::Builder::new(Vec::new());
        for (name, body) in [
            ("debian-binary".to_owned(), &b"2.0\n"[..]),
            (format!("control.tar{suffix}"), &control),
            (format!("data.tar{suffix}"), &data),
        ] {
            let mut header = ar::Header::new(name.into_bytes(), body.len() as u64);
            header.set_mode(0o100_644);
            header.set_mtime(self.mtime);
            package.append(&header, body)?;
        }
        package.into_inner()
    }

    fn control_archive(&self) -> io::Result<Vec<u8>> {
        let mut control = self.control.clone();
        if control.get("Installed-Size").is_none() {
            let kib: u64 =
                self.files.iter().map(|file| file.body.len().div_ceil(1024) as u64).sum();
            control.set("Installed-Size", &kib.to_string()).map_err(io::Error::other)?;
        }
        let mut tar = Tar::new(self.mtime);
        tar.directory("")?;
        tar.file("control", 0o644, control.to_string().as_bytes())?;
        if !self.conffiles.is_empty() {
            let text: String = self.conffiles.iter().map(|path| format!("{path}\n")).collect();
            tar.file("conffiles", 0o644, text.as_bytes())?;
        }
        if !self.files.is_empty() {
            let sum = |file: &RecipeFile| {
                format!("{}  {}\n", hex::encode(Md5::digest(&file.body)), file.path)
            };
            let sums: String = self.files.iter().map(sum).collect();
            tar.file("md5sums", 0o644, sums.as_bytes())?;
        }
        for (name, text) in &self.scripts {
            tar.file(name, 0o755, text.as_bytes())?;
        }
        tar.finish()
    }

    fn data_archive(&self) -> io::Result<Vec<u8>> {
        // Sorted by path, each directory before what it holds.
        let mut entries: BTreeMap<&str, Option<&RecipeFile>> = BTreeMap::from([("", None)]);
        for file in &self.files {
            for (slash, _) in file.path.match_indices('/') {
                entries.entry(file.path.get(..slash).unwrap_or_default()).or_insert(None);
            }
            entries.insert(&file.path, Some(file));
        }
        let mut tar = Tar::new(self.mtime);
        for (path, file) in entries {
            match file {
                Some(file) => tar.file(path, file.mode, &file.body)?,
                None => tar.directory(path)?,
            }
        }
        tar.finish()
    }
}

/// The book's `acme-test-files`, revision 1 (1.0-1) or 2 (1.0-2), from `testdata/`.
///
/// # Errors
/// Those of [`Recipe::build`].
pub fn acme_test_files(revision: u32) -> io::Result<(String, Vec<u8>)> {
    let control = Stanza::parse(include_bytes!("../../../testdata/acme-test-files/control"));
    let mut control = control.map_err(io::Error::other)?;
    control.set("Version", &format!("1.0-{revision}")).map_err(io::Error::other)?;
    let changelog = match revision {
        1 => include_str!("../../../testdata/acme-test-files/changelog-1.0-1"),
        _ => include_str!("../../../testdata/acme-test-files/changelog-1.0-2"),
    };
    let doc = "usr/share/doc/acme-test-files";
    let share = "usr/share/acme-test-files";
    let mut recipe = Recipe::of(control)
        .file(&format!("{doc}/changelog.Debian.gz"), pack(changelog.as_bytes(), Compression::Gzip)?)
        .file(
            &format!("{doc}/copyright"),
            include_str!("../../../testdata/acme-test-files/copyright"),
        )
        .file(
            &format!("{share}/example.csv"),
            include_str!("../../../testdata/acme-test-files/example.csv"),
        )
        .file(
            &format!("{share}/example.txt"),
            include_str!("../../../testdata/acme-test-files/example.txt"),
        );
    if revision > 1 {
        let drawing = include_str!("../../../testdata/acme-test-files/tux.svg");
        recipe = recipe.file(&format!("{share}/tux.svg"), drawing);
    }
    recipe.mtime = 1_486_144_140; // 3 February 2017, 17:49 UTC
    Ok((recipe.file_name(), recipe.build()?))
}

/// Packs bytes without any time or name in the stream.
fn pack(bytes: &[u8], compression: Compression) -> io::Result<Vec<u8>> {
    match compression {
        Compression::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            writer.write_all(bytes)?;
            writer.finish()
        }
        Compression::Xz => liblzma::encode_all(bytes, 6),
        Compression::Zstd => zstd::encode_all(bytes, 19),
        _ => Ok(bytes.to_vec()),
    }
}

/// A tar archive whose entries differ in name, mode and body only.
struct Tar {
    builder: ::tar::Builder<Vec<u8>>,
    mtime: u64,
}

impl Tar {
    fn new(mtime: u64) -> Self {
        Self { builder: ::tar::Builder::new(Vec::new()), mtime }
    }

    fn file(&mut self, path: &str, mode: u32, body: &[u8]) -> io::Result<()> {
        self.append(&format!("./{path}"), EntryType::Regular, mode, body)
    }

    fn directory(&mut self, path: &str) -> io::Result<()> {
        let slash = if path.is_empty() { "" } else { "/" };
        self.append(&format!("./{path}{slash}"), EntryType::Directory, 0o755, &[])
    }

    fn append(&mut self, path: &str, kind: EntryType, mode: u32, body: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_username("root")?;
        header.set_groupname("root")?;
        header.set_mtime(self.mtime);
        header.set_size(body.len() as u64);
        // The crate would normalise `./x` to `x`; dpkg-deb writes the dot, and so do we.
        if let Some(field) = header.as_mut_bytes().get_mut(..path.len().min(100))
            && path.len() <= 100
        {
            field.copy_from_slice(path.as_bytes());
            header.set_cksum();
            return self.builder.append(&header, body);
        }
        header.set_cksum();
        self.builder.append_data(&mut header, path, body)
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        self.builder.into_inner()
    }
}
