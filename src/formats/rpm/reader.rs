//! Reads a package while it arrives: headers are kept one at a time, the payload only hashed.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::header::{Header, INTRO_BYTES, Shape};
use super::{Package, RpmError, tags};

const LEAD_BYTES: usize = 96;
const LEAD_MAGIC: [u8; 4] = [0xed, 0xab, 0xee, 0xdb];
const SIGNATURE: &str = "the signature header";
const MAIN: &str = "the main header";

/// Takes a package in slices of any size.
///
/// ```
/// use migas::formats::rpm::Reader;
/// let mut reader = Reader::default();
/// let refused = reader.push(b"!<arch>\ndebian-binary").unwrap_err();
/// assert_eq!(refused.to_string(), "not an RPM package: it is a Debian package");
/// ```
#[derive(Default)]
pub struct Reader {
    stage: Stage,
    /// Bytes of the part that is arriving.
    held: Vec<u8>,
    /// Bytes of the parts before it.
    offset: u64,
    /// Intro and body of the signature header, until the main header is there.
    signature: Vec<u8>,
    package: Option<Package>,
    payload: Payload,
}

#[derive(Default, Clone, Copy)]
enum Stage {
    #[default]
    Lead,
    /// Of the signature header if `true`, else of the main header.
    Intro(bool),
    /// The signature header is padded to a multiple of 8 bytes.
    Body(bool, Shape),
    Payload,
}

/// What the headers say about the bytes that follow.
#[derive(Default)]
struct Payload {
    /// Bytes of main header and payload, if announced.
    announced: Option<u64>,
    /// Bytes of the main header.
    header_bytes: u64,
    bytes: u64,
    digest: Digest,
}

#[derive(Default)]
enum Digest {
    #[default]
    None,
    Sha256 {
        running: Sha256,
        expected: Vec<u8>,
    },
    /// Of main header and payload; all that packages before rpm 4.14 have.
    Md5 {
        running: Md5,
        expected: Vec<u8>,
    },
}

/// Reads a whole package from a slice.
///
/// # Errors
/// [`RpmError`] says what is wrong with it.
pub fn parse(bytes: &[u8]) -> Result<Package, RpmError> {
    let mut reader = Reader::default();
    reader.push(bytes)?;
    reader.finish()
}

impl Reader {
    /// Takes the next bytes of the package.
    ///
    /// # Errors
    /// [`RpmError`] as soon as it is certain that this is no package; do not push more then.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), RpmError> {
        while !bytes.is_empty() {
            let want = match self.stage {
                Stage::Lead => LEAD_BYTES,
                Stage::Intro(_) => INTRO_BYTES,
                Stage::Body(is_signature, shape) => body_bytes(is_signature, shape),
                Stage::Payload => {
                    self.payload.update(bytes);
                    return self.payload.check_length(false);
                }
            };
            let missing = want.saturating_sub(self.held.len()).min(bytes.len());
            let (taken, rest) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.held.extend_from_slice(taken);
            bytes = rest;
            if matches!(self.stage, Stage::Lead) {
                check_lead(&self.held)?;
            }
            if self.held.len() == want {
                self.advance()?;
            }
        }
        Ok(())
    }

    /// Goes on behind the part that is complete. A header keeps its intro before its body.
    fn advance(&mut self) -> Result<(), RpmError> {
        if let Stage::Intro(is_signature) = self.stage {
            let shape = Shape::read(if is_signature { SIGNATURE } else { MAIN }, &self.held)?;
            self.stage = Stage::Body(is_signature, shape);
            if body_bytes(is_signature, shape) > INTRO_BYTES {
                return Ok(());
            }
        }
        let held = std::mem::take(&mut self.held);
        self.offset += held.len() as u64;
        match self.stage {
            Stage::Lead => self.stage = Stage::Intro(true),
            Stage::Body(true, _) => {
                self.signature = held;
                self.stage = Stage::Intro(false);
            }
            Stage::Body(false, shape) => {
                self.read_headers(shape, &held)?;
                self.signature = Vec::new();
                self.stage = Stage::Payload;
            }
            Stage::Intro(_) | Stage::Payload => {}
        }
        Ok(())
    }

    /// Both headers are there.
    fn read_headers(&mut self, shape: Shape, main: &[u8]) -> Result<(), RpmError> {
        let signature_shape = Shape::read(SIGNATURE, &self.signature)?;
        let signature = self.signature.get(INTRO_BYTES..).unwrap_or_default();
        let signature = signature.get(..signature_shape.body_bytes()).unwrap_or_default();
        let signature = Header::parse(SIGNATURE, signature_shape, signature)?;
        check_header(&signature, main)?;
        let body = main.get(INTRO_BYTES..).unwrap_or_default();
        let header = Header::parse(MAIN, shape, body)?;
        let range = self.offset - main.len() as u64..self.offset;
        self.payload = Payload::expected(&signature, &header, main)?;
        self.package = Some(Package::read(&signature, &header, range)?);
        Ok(())
    }

    /// What the headers say, once they are there; the payload is not needed for that.
    pub fn headers(&self) -> Option<&Package> {
        self.package.as_ref()
    }

    /// Ends the stream and returns what the package says about itself.
    ///
    /// # Errors
    /// [`RpmError::Truncated`] if something has not come, [`RpmError::Damaged`] or
    /// [`RpmError::TooLong`] if the payload is not the one the headers speak of.
    pub fn finish(self) -> Result<Package, RpmError> {
        let inside = match self.stage {
            Stage::Lead => "the lead",
            Stage::Intro(true) | Stage::Body(true, _) => SIGNATURE,
            Stage::Intro(false) | Stage::Body(false, _) => MAIN,
            Stage::Payload => "the payload",
        };
        let package = self.package.ok_or(RpmError::Truncated { inside })?;
        self.payload.check_length(true)?;
        self.payload.check_digest()?;
        Ok(package)
    }
}

/// Bytes of a whole header, intro and padding included.
fn body_bytes(is_signature: bool, shape: Shape) -> usize {
    let bytes = INTRO_BYTES + shape.body_bytes();
    if is_signature { bytes.next_multiple_of(8) } else { bytes }
}

/// Looks at what has come of the lead. Only magic and format version mean something today.
fn check_lead(lead: &[u8]) -> Result<(), RpmError> {
    if !lead.starts_with(&LEAD_MAGIC) && !LEAD_MAGIC.starts_with(lead) {
        return Err(RpmError::NotAPackage { found: describe(lead) });
    }
    match lead.get(4) {
        None | Some(3..=6) => Ok(()),
        Some(other) => Err(RpmError::FormatVersion(*other)),
    }
}

/// Names what was uploaded instead of a package, by its first bytes.
fn describe(start: &[u8]) -> &'static str {
    match start {
        [b'!', b'<', b'a', b'r', ..] => "it is a Debian package",
        [0x1f, 0x8b, ..] => "it is a gzip file",
        [b'P', b'K', 3, 4, ..] => "it is a zip file",
        [0xfd, b'7', b'z', ..] => "it is an xz file",
        [0x7f, b'E', b'L', b'F', ..] => "it is a program",
        [b'<', ..] => "it looks like a page of a web site",
        _ => "it has no lead",
    }
}

/// Compares the main header with the digests in the signature header.
fn check_header(signature: &Header<'_>, main: &[u8]) -> Result<(), RpmError> {
    let expected = signature.text(tags::SIG_SHA256)?;
    if !expected.is_empty() && hex::encode(Sha256::digest(main)) != expected {
        return Err(RpmError::Damaged { part: MAIN });
    }
    let expected = signature.text(tags::SIG_SHA1)?;
    if !expected.is_empty() && hex::encode(Sha1::digest(main)) != expected {
        return Err(RpmError::Damaged { part: MAIN });
    }
    Ok(())
}

impl Payload {
    fn expected(
        signature: &Header<'_>,
        header: &Header<'_>,
        main: &[u8],
    ) -> Result<Self, RpmError> {
        let announced = match signature.number(tags::SIG_LONG_SIZE)? {
            Some(bytes) => Some(bytes),
            None => signature.number(tags::SIG_SIZE)?,
        };
        let header_bytes = main.len() as u64;
        Ok(Self {
            announced,
            header_bytes,
            bytes: 0,
            digest: Digest::expected(signature, header, main)?,
        })
    }

    fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        match &mut self.digest {
            Digest::None => {}
            Digest::Sha256 { running, .. } => running.update(bytes),
            Digest::Md5 { running, .. } => running.update(bytes),
        }
    }

    /// Compares with the announced length; too few bytes are an error at the end only.
    fn check_length(&self, is_end: bool) -> Result<(), RpmError> {
        let found = self.header_bytes + self.bytes;
        match self.announced {
            Some(announced) if found > announced => Err(RpmError::TooLong { announced }),
            Some(announced) if is_end && found < announced => {
                Err(RpmError::Truncated { inside: "the payload" })
            }
            _ => Ok(()),
        }
    }

    fn check_digest(self) -> Result<(), RpmError> {
        let is_right = match self.digest {
            Digest::None => true,
            Digest::Sha256 { running, expected } => running.finalize().as_slice() == expected,
            Digest::Md5 { running, expected } => running.finalize().as_slice() == expected,
        };
        if is_right { Ok(()) } else { Err(RpmError::Damaged { part: "the payload" }) }
    }
}

impl Digest {
    /// Number of SHA-256 among OpenPGP's hash functions.
    const SHA256: u64 = 8;

    fn expected(
        signature: &Header<'_>,
        header: &Header<'_>,
        main: &[u8],
    ) -> Result<Self, RpmError> {
        let algorithm = header.number(tags::PAYLOAD_DIGEST_ALGORITHM)?.unwrap_or(Self::SHA256);
        let digests = header.strings(tags::PAYLOAD_DIGEST, 64)?;
        if let (Some(digest), Self::SHA256) = (digests.first(), algorithm) {
            let expected = hex::decode(digest);
            let expected = expected.map_err(|_| RpmError::Damaged { part: MAIN })?;
            return Ok(Self::Sha256 { running: Sha256::new(), expected });
        }
        let Some(expected) = signature.binary(tags::SIG_MD5)? else { return Ok(Self::None) };
        let running = Md5::new_with_prefix(main);
        Ok(Self::Md5 { running, expected: expected.to_vec() })
    }
}
