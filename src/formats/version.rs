//! Debian version numbers and their order (Debian Policy 5.6.12).
//!
//! `[epoch:]upstream[-revision]`; the epoch ends at the first colon, the revision begins after the
//! **last** hyphen. Upstream and revision are compared in turns: a part without digits, where `~`
//! sorts before the end and letters before everything else, then a number. Invariants: the order
//! is total over all texts (malformed ones included), and agrees with `dpkg --compare-versions`.

use std::cmp::Ordering;

/// Why a text is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VersionError {
    #[error("the version is empty")]
    Empty,
    #[error("the epoch is not a number")]
    Epoch,
    #[error("the version has nothing between epoch and revision")]
    Upstream,
    #[error("the revision is empty")]
    Revision,
    #[error("the version contains {0:?}")]
    Character(char),
}

/// Parts of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version<'a> {
    pub epoch: u32,
    pub upstream: &'a str,
    /// Empty if there is none, which compares as `0`.
    pub revision: &'a str,
}

impl<'a> Version<'a> {
    /// Reads a version as strictly as `dpkg` does when it unpacks a package.
    ///
    /// # Errors
    /// [`VersionError`] says what is wrong.
    pub fn parse(text: &'a str) -> Result<Self, VersionError> {
        if text.is_empty() {
            return Err(VersionError::Empty);
        }
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (parse_epoch(epoch)?, rest),
            None => (0, text),
        };
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return Err(VersionError::Revision),
            Some((upstream, revision)) => (upstream, revision),
            None => (rest, ""),
        };
        if upstream.is_empty() {
            return Err(VersionError::Upstream);
        }
        let allowed = |c: char, more: &str| {
            c.is_ascii_alphanumeric() || ".+~".contains(c) || more.contains(c)
        };
        let bad = upstream.chars().find(|c| !allowed(*c, "-:"));
        match bad.or_else(|| revision.chars().find(|c| !allowed(*c, ""))) {
            Some(character) => Err(VersionError::Character(character)),
            None => Ok(Self { epoch, upstream, revision }),
        }
    }

    /// Splits any text without judging it, so that even malformed versions have an order.
    fn split(text: &'a str) -> Self {
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => match parse_epoch(epoch) {
                Ok(epoch) => (epoch, rest),
                Err(_) => (0, text),
            },
            None => (0, text),
        };
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        Self { epoch, upstream, revision }
    }
}

fn parse_epoch(text: &str) -> Result<u32, VersionError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(VersionError::Epoch);
    }
    // dpkg holds the epoch in an int.
    text.parse::<i32>().ok().and_then(|n| u32::try_from(n).ok()).ok_or(VersionError::Epoch)
}

/// Compares two versions; older is less.
///
/// ```
/// use std::cmp::Ordering;
/// use migas::formats::version::compare;
/// assert_eq!(compare("1.0~rc1", "1.0"), Ordering::Less);
/// assert_eq!(compare("1:0.9", "2.0"), Ordering::Greater);
/// assert_eq!(compare("1.0-0", "1.0"), Ordering::Equal);
/// ```
pub fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (Version::split(a), Version::split(b));
    a.epoch
        .cmp(&b.epoch)
        .then_with(|| compare_part(a.upstream.as_bytes(), b.upstream.as_bytes()))
        .then_with(|| compare_part(a.revision.as_bytes(), b.revision.as_bytes()))
}

fn compare_part(mut a: &[u8], mut b: &[u8]) -> Ordering {
    loop {
        let (text_a, rest_a) = split_while(a, |byte| !byte.is_ascii_digit());
        let (text_b, rest_b) = split_while(b, |byte| !byte.is_ascii_digit());
        let (number_a, rest_a) = split_while(rest_a, |byte| byte.is_ascii_digit());
        let (number_b, rest_b) = split_while(rest_b, |byte| byte.is_ascii_digit());
        let order = compare_text(text_a, text_b).then_with(|| compare_number(number_a, number_b));
        if order.is_ne() || (rest_a.is_empty() && rest_b.is_empty()) {
            return order;
        }
        (a, b) = (rest_a, rest_b);
    }
}

fn split_while(bytes: &[u8], keep: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !keep(byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// `~` sorts before the end, the end before letters, letters before the rest.
fn weight(byte: Option<&u8>) -> i32 {
    match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(*letter),
        Some(other) => i32::from(*other) + 256,
    }
}

fn compare_text(a: &[u8], b: &[u8]) -> Ordering {
    let longest = a.len().max(b.len());
    (0..longest)
        .map(|at| weight(a.get(at)).cmp(&weight(b.get(at))))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Compares numbers of any length: without leading zeros the longer is the greater.
fn compare_number(a: &[u8], b: &[u8]) -> Ordering {
    let (_, a) = split_while(a, |digit| *digit == b'0');
    let (_, b) = split_while(b, |digit| *digit == b'0');
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests;
