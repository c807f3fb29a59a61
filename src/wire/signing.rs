//! What is signed on the way between a computer and its server, and the headers that carry it.
//!
//! A request signs BLAKE2b-512 of
//! `"migas-sync-v1\n" method "\n" path?query "\n" hex(BLAKE2b-512(body)) "\n" time "\n" nonce`,
//! an answer BLAKE2b-512 of `status "\n" hex(BLAKE2b-512(body)) "\n" nonce of the request`
//! (`design.md`, "Signing"). The nonce binds an answer to its question.

use blake2::{Blake2b512, Digest as _};

/// Key id of the signer, 16 hex digits.
pub const KEY_HEADER: &str = "Migas-Key";
/// Milliseconds since the epoch of the sender.
pub const TIME_HEADER: &str = "Migas-Time";
/// 16 random bytes, base64.
pub const NONCE_HEADER: &str = "Migas-Nonce";
/// Ed25519 signature, base64.
pub const SIGNATURE_HEADER: &str = "Migas-Signature";

/// A time further off than this is refused with problem `clock`.
pub const MAX_CLOCK_SKEW_MS: i64 = 300_000;

/// Returns the 64 bytes that the signature of a request covers.
pub fn request_digest(
    method: &str,
    path_and_query: &str,
    body: &[u8],
    time_ms: i64,
    nonce: &str,
) -> [u8; 64] {
    let body = hex::encode(Blake2b512::digest(body));
    let text = format!("migas-sync-v1\n{method}\n{path_and_query}\n{body}\n{time_ms}\n{nonce}");
    Blake2b512::digest(text.as_bytes()).into()
}

/// Returns the 64 bytes that the signature of an answer covers.
pub fn answer_digest(status: u16, body: &[u8], nonce: &str) -> [u8; 64] {
    let body = hex::encode(Blake2b512::digest(body));
    Blake2b512::digest(format!("{status}\n{body}\n{nonce}").as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_request_changes_what_is_signed() {
        let base = request_digest("POST", "/sync/v1/sync", b"{}", 1, "n");
        for other in [
            request_digest("GET", "/sync/v1/sync", b"{}", 1, "n"),
            request_digest("POST", "/sync/v1/sync?x", b"{}", 1, "n"),
            request_digest("POST", "/sync/v1/sync", b"{ }", 1, "n"),
            request_digest("POST", "/sync/v1/sync", b"{}", 2, "n"),
            request_digest("POST", "/sync/v1/sync", b"{}", 1, "m"),
        ] {
            assert_ne!(base, other);
        }
        assert_ne!(answer_digest(200, b"", "n"), answer_digest(500, b"", "n"));
    }
}
