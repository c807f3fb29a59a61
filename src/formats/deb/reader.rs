//! Reads a package while it arrives, in constant memory.

use super::ar::{Event, Splitter};
use super::control::{self, CONTROL_PACKED_LIMIT};
use super::{DebError, Package};
use crate::formats::decompress::Compression;

/// Takes a package in slices of any size.
///
/// ```
/// use migas::formats::deb::{DebError, Reader};
/// let mut reader = Reader::default();
/// let refused = reader.push(b"PK\x03\x04 something else").unwrap_err();
/// assert_eq!(refused.to_string(), "not a Debian package: it is a zip file");
/// ```
#[derive(Default)]
pub struct Reader {
    splitter: Splitter,
    members: Members,
}

/// What has been seen of the three members.
#[derive(Default)]
struct Members {
    stage: Stage,
    name: String,
    /// Bytes of `debian-binary` or of the packed control archive.
    held: Vec<u8>,
    package: Option<Package>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing yet; `debian-binary` must be first.
    #[default]
    Start,
    Version,
    /// The control archive must come; members that begin with `_` may stand before it.
    BeforeControl,
    Control(Compression),
    BeforeData,
    /// Only its first bytes are looked at.
    Data(Compression),
    /// A member nobody reads, and where to go on after it.
    Ignored {
        after_data: bool,
        after_control: bool,
    },
    End,
}

const VERSION_LIMIT: u64 = 64;
const MAGIC_BYTES: usize = 6;

impl Reader {
    /// Takes the next bytes of the package.
    ///
    /// # Errors
    /// [`DebError`] as soon as it is certain that this is no package; do not push more then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), DebError> {
        let members = &mut self.members;
        self.splitter.push(bytes, &mut |event| match event {
            Event::Member { name, size_bytes } => members.begin(name, size_bytes),
            Event::Bytes(bytes) => members.bytes(bytes),
            Event::End => members.end(),
        })
    }

    /// Ends the stream and returns what the package says about itself.
    ///
    /// # Errors
    /// [`DebError::Truncated`] or [`DebError::Missing`] if something has not come.
    pub fn finish(self) -> Result<Package, DebError> {
        self.splitter.finish()?;
        let package = self.members.package.ok_or(DebError::Missing("control.tar"))?;
        match self.members.stage {
            Stage::End => Ok(package),
            _ => Err(DebError::Missing("data.tar")),
        }
    }
}

impl Members {
    fn begin(&mut self, name: String, size_bytes: u64) -> Result<(), DebError> {
        self.held.clear();
        let limit = |limit: u64| {
            if size_bytes > limit {
                return Err(DebError::MemberTooLarge { name: name.clone(), limit });
            }
            Ok(())
        };
        self.stage = match self.stage {
            Stage::Start if name == "debian-binary" => {
                limit(VERSION_LIMIT)?;
                Stage::Version
            }
            Stage::Start => {
                return Err(DebError::NotAPackage { found: "it is an ar archive of other things" });
            }
            Stage::BeforeControl if name.starts_with('_') => {
                Stage::Ignored { after_data: false, after_control: false }
            }
            Stage::BeforeControl => {
                let compression = archive(&name, "control.tar")?;
                limit(CONTROL_PACKED_LIMIT)?;
                Stage::Control(compression)
            }
            Stage::BeforeData if name.starts_with('_') => {
                Stage::Ignored { after_data: false, after_control: true }
            }
            Stage::BeforeData => Stage::Data(archive(&name, "data.tar")?),
            // deb(5): members after data.tar are ignored.
            _ => Stage::Ignored { after_data: true, after_control: true },
        };
        self.name = name;
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), DebError> {
        match self.stage {
            Stage::Version | Stage::Control(_) => self.held.extend_from_slice(bytes),
            Stage::Data(_) => {
                let want = MAGIC_BYTES.saturating_sub(self.held.len());
                self.held.extend(bytes.iter().take(want));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), DebError> {
        self.stage = match self.stage {
            Stage::Version => {
                check_version(&self.held)?;
                Stage::BeforeControl
            }
            Stage::Control(compression) => {
                self.check_magic(compression)?;
                self.package = Some(control::read(&self.held, compression)?);
                self.held = Vec::new();
                Stage::BeforeData
            }
            Stage::Data(compression) => {
                self.check_magic(compression)?;
                Stage::End
            }
            Stage::Ignored { after_data: true, .. } => Stage::End,
            Stage::Ignored { after_control: true, .. } => Stage::BeforeData,
            Stage::Ignored { .. } => Stage::BeforeControl,
            other => other,
        };
        Ok(())
    }

    fn check_magic(&self, compression: Compression) -> Result<(), DebError> {
        if self.held.starts_with(compression.magic()) {
            return Ok(());
        }
        Err(DebError::Mislabelled { name: self.name.clone() })
    }
}

/// How the archive `stem` is packed, by its member's name.
fn archive(name: &str, stem: &'static str) -> Result<Compression, DebError> {
    let extension = name.strip_prefix(stem).and_then(Compression::from_extension);
    extension.ok_or_else(|| match stem {
        _ if !name.starts_with(stem) && name.ends_with("data.tar") => DebError::Missing(stem),
        "control.tar" if name.starts_with("data.tar") => DebError::Missing(stem),
        _ => DebError::Member { name: name.to_owned() },
    })
}

/// deb(5): the first line is `2.` and a minor number that readers ignore.
fn check_version(bytes: &[u8]) -> Result<(), DebError> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let minor = line.strip_prefix(b"2.").filter(|minor| !minor.is_empty());
    match minor {
        Some(minor) if minor.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(DebError::FormatVersion(String::from_utf8_lossy(line).into_owned())),
    }
}
