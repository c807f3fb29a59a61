//! Gzip, xz and zstd behind one `Read`, with bounds on the memory a stream may ask for.
//!
//! A stream says how large its window is, so a hostile one could ask for gigabytes. The limits
//! below are what `dpkg-deb` itself can produce (`xz -9`, `zstd --ultra -22`); the allocation is
//! touched only as far as data really comes.

use std::io::{self, Read};

/// How the bytes of a member or an index are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    Gzip,
    Xz,
    Zstd,
    Bzip2,
    Lzma,
}

/// 64 MiB dictionary of `xz -9`, and what surrounds it.
const XZ_MEMORY_BYTES: u64 = 80 << 20;
/// 128 MiB window of `zstd --ultra -22`.
const ZSTD_WINDOW_LOG: u32 = 27;
/// `LZMA_CONCATENATED`: a file may be several streams, as `xz` itself accepts.
const XZ_CONCATENATED: u32 = 0x08;

impl Compression {
    /// Reads the ending of a member's name: `tar`, `tar.gz`, `tar.xz`…; `None` if unknown.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "" => Some(Self::None),
            ".gz" => Some(Self::Gzip),
            ".xz" => Some(Self::Xz),
            ".zst" => Some(Self::Zstd),
            ".bz2" => Some(Self::Bzip2),
            ".lzma" => Some(Self::Lzma),
            _ => None,
        }
    }

    /// First bytes of every stream of this kind; empty where there is nothing fixed.
    pub fn magic(self) -> &'static [u8] {
        match self {
            Self::None | Self::Lzma => b"",
            Self::Gzip => b"\x1f\x8b",
            Self::Xz => b"\xfd7zXZ\0",
            Self::Zstd => b"\x28\xb5\x2f\xfd",
            Self::Bzip2 => b"BZh",
        }
    }

    /// Unpacks `packed` while it is read.
    ///
    /// # Errors
    /// [`io::ErrorKind::Unsupported`] for bzip2 and lzma, which `dpkg-deb` stopped writing in
    /// 2015; damage shows when reading.
    pub fn reader<'a>(self, packed: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Self::None => Box::new(packed),
            Self::Gzip => Box::new(flate2::read::MultiGzDecoder::new(packed)),
            Self::Xz => {
                let stream =
                    liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY_BYTES, XZ_CONCATENATED)
                        .map_err(io::Error::other)?;
                Box::new(liblzma::read::XzDecoder::new_stream(packed, stream))
            }
            Self::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(packed)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Box::new(decoder)
            }
            Self::Bzip2 | Self::Lzma => {
                return Err(io::Error::new(io::ErrorKind::Unsupported, "bzip2 and lzma"));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn each_kind_unpacks_and_shows_its_magic() {
        let text = b"the same text ".repeat(1000);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).unwrap();
        let packed = [
            (Compression::None, text.clone()),
            (Compression::Gzip, gzip.finish().unwrap()),
            (Compression::Xz, liblzma::encode_all(&text[..], 1).unwrap()),
            (Compression::Zstd, zstd::encode_all(&text[..], 1).unwrap()),
        ];
        for (kind, bytes) in packed {
            assert!(bytes.starts_with(kind.magic()), "{kind:?}");
            // Two streams one after the other are one file, as index pieces need it.
            let twice = [bytes.clone(), bytes].concat();
            let mut read = Vec::new();
            kind.reader(&twice[..]).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read.len(), text.len() * 2, "{kind:?}");
        }
        assert!(Compression::Bzip2.reader(&b"BZh"[..]).is_err());
    }
}
