//! The outer archive, fed in slices of any size (ar(5), the common subset deb(5) allows).
//!
//! A header is 60 bytes: name (16), date (12), owner (6), group (6), mode (8), size (10), all
//! text, then a grave accent and a newline; a body of odd length is followed by one newline.

use super::DebError;

const MAGIC: &[u8; 8] = b"!<arch>\n";
const HEADER: usize = 60;
/// A package has three members, signed ones some more.
const MAX_MEMBERS: usize = 32;

/// What [`Splitter::push`] reports, in order.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    Member { name: String, size_bytes: u64 },
    Bytes(&'a [u8]),
    End,
}

/// Cuts a stream of bytes into members.
#[derive(Default)]
pub(super) struct Splitter {
    state: State,
    offset: u64,
    members: usize,
}

enum State {
    Magic { buffer: Vec<u8> },
    Header { buffer: Vec<u8> },
    Body { left: u64, padded: bool },
    Padding,
}

impl Default for State {
    fn default() -> Self {
        Self::Magic { buffer: Vec::new() }
    }
}

impl Splitter {
    /// Takes the next bytes and reports what they complete.
    ///
    /// # Errors
    /// [`DebError`] of the archive, or what `report` returned.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        report: &mut dyn FnMut(Event<'_>) -> Result<(), DebError>,
    ) -> Result<(), DebError> {
        loop {
            if let State::Body { left: 0, padded } = self.state {
                report(Event::End)?;
                self.state =
                    if padded { State::Padding } else { State::Header { buffer: Vec::new() } };
            }
            if bytes.is_empty() {
                return Ok(());
            }
            let before = bytes.len();
            match &mut self.state {
                State::Magic { buffer } => {
                    bytes = fill(buffer, MAGIC.len(), bytes);
                    if buffer.len() == MAGIC.len() {
                        check_magic(buffer)?;
                        self.state = State::Header { buffer: Vec::new() };
                    }
                }
                State::Header { buffer } => {
                    bytes = fill(buffer, HEADER, bytes);
                    if let Some(header) = buffer.first_chunk::<HEADER>() {
                        if self.members == MAX_MEMBERS {
                            return Err(DebError::TooManyMembers { limit: MAX_MEMBERS });
                        }
                        self.members += 1;
                        let (name, size_bytes) =
                            parse_header(header).ok_or(DebError::ArHeader {
                                offset: self.offset + (before - bytes.len()) as u64 - HEADER as u64,
                            })?;
                        self.state = State::Body { left: size_bytes, padded: size_bytes % 2 == 1 };
                        report(Event::Member { name, size_bytes })?;
                    }
                }
                State::Body { left, .. } => {
                    let take = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    let (body, rest) = bytes.split_at_checked(take).unwrap_or((bytes, &[]));
                    *left -= take as u64;
                    bytes = rest;
                    report(Event::Bytes(body))?;
                }
                State::Padding => {
                    bytes = bytes.split_first().map_or(&[], |(_, rest)| rest);
                    self.state = State::Header { buffer: Vec::new() };
                }
            }
            self.offset += (before - bytes.len()) as u64;
        }
    }

    /// Where the stream ended: `Err` in the middle of something.
    ///
    /// # Errors
    /// [`DebError::Truncated`] names what is incomplete.
    pub(super) fn finish(&self) -> Result<(), DebError> {
        let inside = match &self.state {
            State::Magic { buffer } => {
                check_magic(buffer)?;
                "the ar magic"
            }
            State::Header { buffer } if !buffer.is_empty() => "an ar header",
            State::Body { .. } => "a member",
            // A last member of odd size without its padding byte is accepted, as dpkg does.
            State::Header { .. } | State::Padding => return Ok(()),
        };
        Err(DebError::Truncated { inside })
    }
}

/// Moves bytes into `buffer` until it holds `size`; returns the rest.
fn fill<'a>(buffer: &mut Vec<u8>, size: usize, bytes: &'a [u8]) -> &'a [u8] {
    let want = size.saturating_sub(buffer.len()).min(bytes.len());
    let (taken, rest) = bytes.split_at_checked(want).unwrap_or((bytes, &[]));
    buffer.extend_from_slice(taken);
    rest
}

pub(super) fn parse_header(header: &[u8; HEADER]) -> Option<(String, u64)> {
    if header.get(58..)? != b"`\n" {
        return None;
    }
    let text = |from: usize, to: usize| std::str::from_utf8(header.get(from..to)?).ok();
    let name = text(0, 16)?.trim_end_matches(' ');
    let size = text(48, 58)?.trim_end_matches(' ');
    if size.is_empty() || !size.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let name = name.strip_suffix('/').unwrap_or(name);
    Some((name.to_owned(), size.parse().ok()?))
}

/// Accepts the magic or its beginning.
fn check_magic(start: &[u8]) -> Result<(), DebError> {
    if MAGIC.starts_with(start) {
        return Ok(());
    }
    Err(DebError::NotAPackage { found: describe(start) })
}

/// Names what was uploaded instead of a package, by its first bytes.
fn describe(start: &[u8]) -> &'static str {
    match start {
        [0xed, 0xab, 0xee, 0xdb, ..] => "it is an RPM package",
        [0x1f, 0x8b, ..] => "it is a gzip file",
        [b'P', b'K', 3, 4, ..] => "it is a zip file",
        [0xfd, b'7', b'z', ..] => "it is an xz file",
        [0x7f, b'E', b'L', b'F', ..] => "it is a program",
        [b'<', ..] => "it looks like a page of a web site",
        _ => "it is no ar archive",
    }
}
