//! What a package requires, provides, conflicts with and so on.

use std::fmt;

use super::RpmError;
use super::header::Header;
use super::tags::DependencyTags;
use super::text::clean;
use crate::formats::evr::Evr;

/// Kernel packages provide some ten thousand symbols.
const MAX_DEPENDENCIES: u32 = 200_000;

const LESS: u32 = 1 << 1;
const GREATER: u32 = 1 << 2;
const EQUAL: u32 = 1 << 3;
/// `PreReq`, `Requires(pre)` and `Requires(post)`.
const PRE: u32 = 1 << 6 | 1 << 9 | 1 << 10;
/// `RPMSENSE_STRONG`: see [`Weak`].
const STRONG: u32 = 1 << 27;

/// A dependency: a name, perhaps compared with a version.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Dependency {
    /// Name of a package or capability, a path, or a whole rich dependency such as `(a or b)`.
    pub name: String,
    /// `RPMSENSE_…` bits of `rpmds.h`.
    pub flags: u32,
    /// `[epoch:]version[-release]`; empty if any will do.
    pub version: String,
}

/// How the version at hand must compare with the dependency's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Dependency {
    /// The comparison; `None` if any version will do.
    pub fn comparison(&self) -> Option<Comparison> {
        if self.version.is_empty() {
            return None;
        }
        let has = |flag| self.flags & flag != 0;
        match (has(LESS), has(EQUAL), has(GREATER)) {
            (true, false, false) => Some(Comparison::Less),
            (true, true, false) => Some(Comparison::LessOrEqual),
            (false, true, false) => Some(Comparison::Equal),
            (false, true, true) => Some(Comparison::GreaterOrEqual),
            (false, false, true) => Some(Comparison::Greater),
            _ => None,
        }
    }

    /// Parts of the version.
    pub fn evr(&self) -> Evr<'_> {
        Evr::split(&self.version)
    }

    /// Whether it must be there before the scriptlets of this package run.
    pub fn is_pre(&self) -> bool {
        self.flags & PRE != 0
    }

    /// Whether it is a boolean expression (rpm's manual, `boolean_dependencies`).
    pub fn is_rich(&self) -> bool {
        self.name.starts_with('(')
    }

    /// Whether it asks for a feature of rpm itself.
    pub fn is_rpmlib(&self) -> bool {
        self.name.starts_with("rpmlib(")
    }
}

impl Comparison {
    /// As a spec file writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
        }
    }
}

/// As a spec file writes it: `glibc >= 2.34`.
impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.comparison() {
            Some(comparison) => write!(f, "{} {} {}", self.name, comparison.as_str(), self.version),
            None => f.write_str(&self.name),
        }
    }
}

/// Reads the dependencies of one kind, in the order of the header.
pub(super) fn read(
    header: &Header<'_>,
    what: &'static str,
    tags: DependencyTags,
) -> Result<Vec<Dependency>, RpmError> {
    let names = header.strings(tags.name, MAX_DEPENDENCIES)?;
    let flags = header.numbers(tags.flags, MAX_DEPENDENCIES)?;
    let versions = header.strings(tags.version, MAX_DEPENDENCIES)?;
    // Packages of the nineties have names alone.
    let fits = |count: usize| count == 0 || count == names.len();
    if !fits(flags.len()) || !fits(versions.len()) {
        return Err(RpmError::Mismatch(what));
    }
    let dependency = |(at, name): (usize, &&[u8])| Dependency {
        name: clean(name),
        flags: flags.get(at).map_or(0, |flags| *flags as u32),
        version: versions.get(at).map(|version| clean(version)).unwrap_or_default(),
    };
    Ok(names.iter().enumerate().map(dependency).collect())
}

/// The weak dependencies of one direction, forward or backward.
#[derive(Debug, Default)]
pub(super) struct Weak {
    /// Recommends, or supplements.
    pub strong: Vec<Dependency>,
    /// Suggests, or enhances.
    pub weak: Vec<Dependency>,
}

impl Weak {
    /// Reads those of today, then those under SUSE's old tags, as libsolv and `createrepo_c` do.
    pub(super) fn read(
        header: &Header<'_>,
        (strong, strong_tags): (&'static str, DependencyTags),
        (weak, weak_tags): (&'static str, DependencyTags),
        old_tags: DependencyTags,
    ) -> Result<Self, RpmError> {
        let mut found = Self {
            strong: read(header, strong, strong_tags)?,
            weak: read(header, weak, weak_tags)?,
        };
        for dependency in read(header, weak, old_tags)? {
            match dependency.flags & STRONG {
                0 => found.weak.push(dependency),
                _ => found.strong.push(dependency),
            }
        }
        Ok(found)
    }
}
