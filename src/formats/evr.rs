//! Versions of RPM packages and their order: `[epoch:]version[-release]` (rpm's manual,
//! `dependencies`, and `rpmvercmp`).
//!
//! A part is read as runs of digits and runs of ASCII letters; all else only separates them. Runs
//! are compared from the left, numbers as numbers; a number is newer than letters, and more runs
//! are newer than fewer. `~` sorts before the end, `^` right after it. Invariants: the order is
//! total over all texts, and agrees with rpm's own.

use std::cmp::Ordering;

/// Parts of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evr<'a> {
    /// Digits; `None` compares as `0`.
    pub epoch: Option<&'a str>,
    pub version: &'a str,
    /// `None` is older than any release.
    pub release: Option<&'a str>,
}

impl<'a> Evr<'a> {
    /// Splits a text; any text has parts.
    ///
    /// ```
    /// use migas::formats::evr::Evr;
    /// let evr = Evr::split("1:2.0~rc1-3.fc40");
    /// assert_eq!((evr.epoch, evr.version, evr.release), (Some("1"), "2.0~rc1", Some("3.fc40")));
    /// ```
    pub fn split(text: &'a str) -> Self {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
                (Some(epoch).filter(|epoch| !epoch.is_empty()), rest)
            }
            _ => (None, text),
        };
        match rest.rsplit_once('-') {
            Some((version, release)) => Self { epoch, version, release: Some(release) },
            None => Self { epoch, version: rest, release: None },
        }
    }
}

/// Compares two versions, older is less.
///
/// ```
/// use std::cmp::Ordering;
/// use migas::formats::evr::compare;
/// assert_eq!(compare("1.0~rc1-1", "1.0-1"), Ordering::Less);
/// assert_eq!(compare("1.0^git1-1", "1.0-1"), Ordering::Greater);
/// assert_eq!(compare("1:0.9-1", "2.0-1"), Ordering::Greater);
/// ```
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Evr::split(a), Evr::split(b));
    compare_part(a.epoch.unwrap_or("0"), b.epoch.unwrap_or("0"))
        .then_with(|| compare_part(a.version, b.version))
        .then_with(|| match (a.release, b.release) {
            (Some(a), Some(b)) => compare_part(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
}

/// Compares two versions or two releases, as `rpmvercmp` does.
pub fn compare_part(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (Runs(a.as_bytes()), Runs(b.as_bytes()));
    loop {
        let (one, other) = (a.next(), b.next());
        let order = one.cmp(&other);
        if order.is_ne() || one == Run::End {
            return order;
        }
    }
}

/// What stands next in a version, in the order of rpm.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Run<'a> {
    Tilde,
    End,
    Caret,
    Letters(&'a [u8]),
    /// How many digits there are without leading zeros, and which.
    Number(usize, &'a [u8]),
}

struct Runs<'a>(&'a [u8]);

impl<'a> Runs<'a> {
    fn next(&mut self) -> Run<'a> {
        self.take(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'~' | b'^'));
        match self.0 {
            [] => Run::End,
            [b'~', rest @ ..] => {
                self.0 = rest;
                Run::Tilde
            }
            [b'^', rest @ ..] => {
                self.0 = rest;
                Run::Caret
            }
            [b'0'..=b'9', ..] => {
                self.take(|byte| *byte == b'0');
                let digits = self.take(u8::is_ascii_digit);
                Run::Number(digits.len(), digits)
            }
            _ => Run::Letters(self.take(u8::is_ascii_alphabetic)),
        }
    }

    fn take(&mut self, keep: impl Fn(&u8) -> bool) -> &'a [u8] {
        let end = self.0.iter().position(|byte| !keep(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(end).unwrap_or((self.0, &[]));
        self.0 = rest;
        taken
    }
}

#[cfg(test)]
mod tests;
