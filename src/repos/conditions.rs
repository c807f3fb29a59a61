//! Conditional requests and ranges (RFC 9110, 13 and 14), for a file with a strong `ETag`.

use std::time::SystemTime;

use actix_web::http::header::{self, HeaderMap, HttpDate};

/// What a file is known by.
#[derive(Debug, Clone)]
pub(super) struct Validators {
    /// With its quotes.
    pub etag: String,
    pub modified: HttpDate,
}

/// What to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// Offset and number of bytes.
    Part(u64, u64),
    NotModified,
    /// The range lies outside of the file.
    Unsatisfiable,
}

/// Decides from the headers of a request what to answer of a file of `size` bytes.
pub(super) fn decide(headers: &HeaderMap, validators: &Validators, size: u64) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let unchanged = match (text(header::IF_NONE_MATCH), text(header::IF_MODIFIED_SINCE)) {
        (Some(tags), _) => matches(tags, &validators.etag),
        (None, Some(date)) => since(date).is_some_and(|date| validators.modified <= date),
        (None, None) => false,
    };
    if unchanged {
        return Wanted::NotModified;
    }
    let applies = match text(header::IF_RANGE) {
        None => true,
        Some(tag) if tag.contains('"') => tag == validators.etag,
        Some(date) => since(date).is_some_and(|date| date == validators.modified),
    };
    text(header::RANGE)
        .filter(|_| applies)
        .and_then(|range| part(range, size))
        .unwrap_or(Wanted::All)
}

/// Weak comparison of `If-None-Match`.
fn matches(tags: &str, etag: &str) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

fn since(date: &str) -> Option<HttpDate> {
    date.parse().ok()
}

/// One range of bytes; `None` for what is to be ignored: another unit, several ranges, no range.
fn part(range: &str, size: u64) -> Option<Wanted> {
    let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.trim(), last.trim());
    if first.is_empty() {
        let length: u64 = last.parse().ok()?;
        return Some(match length.min(size) {
            0 => Wanted::Unsatisfiable,
            length => Wanted::Part(size - length, length),
        });
    }
    let first: u64 = first.parse().ok()?;
    let last = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    if first >= size {
        return Some(Wanted::Unsatisfiable);
    }
    Some(Wanted::Part(first, last.min(size - 1) - first + 1))
}

impl Validators {
    /// Validators of a file with this digest, last changed at `modified`.
    pub(super) fn new(sha256: &[u8; 32], modified: SystemTime) -> Self {
        Self { etag: format!("\"{}\"", hex::encode(sha256)), modified: whole_seconds(modified) }
    }

    /// Validators of a file that is known by when it was stored.
    pub(super) fn stored(modified: jiff::Timestamp) -> Self {
        let etag = format!("\"{:x}\"", modified.as_millisecond());
        Self { etag, modified: whole_seconds(modified.into()) }
    }
}

/// HTTP dates have no fractions; comparing must not see any.
fn whole_seconds(time: SystemTime) -> HttpDate {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    HttpDate::from(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(since))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn decided(given: &[(HeaderName, &str)], size: u64) -> Wanted {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        // Sun, 06 Nov 1994 08:49:37 GMT and a half second.
        let modified = SystemTime::UNIX_EPOCH + Duration::from_millis(784_111_777_500);
        let mut validators = Validators::new(&[0; 32], modified);
        validators.etag = "\"a\"".to_owned();
        decide(&headers, &validators, size)
    }

    #[test]
    fn ranges() {
        let table = [
            ("bytes=0-0", Wanted::Part(0, 1)),
            ("bytes=0-", Wanted::Part(0, 100)),
            ("bytes=90-200", Wanted::Part(90, 10)),
            ("bytes=-10", Wanted::Part(90, 10)),
            ("bytes=-1000", Wanted::Part(0, 100)),
            ("bytes=100-", Wanted::Unsatisfiable),
            ("bytes=-0", Wanted::Unsatisfiable),
            ("bytes=5-4", Wanted::All),
            ("bytes=0-1,5-6", Wanted::All),
            ("lines=0-1", Wanted::All),
            ("bytes=x-y", Wanted::All),
        ];
        for (range, expected) in table {
            assert_eq!(decided(&[(header::RANGE, range)], 100), expected, "{range}");
        }
        assert_eq!(decided(&[(header::RANGE, "bytes=0-")], 0), Wanted::Unsatisfiable);
    }

    #[test]
    fn conditions_come_before_ranges() {
        let range = (header::RANGE, "bytes=0-0");
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let before = "Sun, 06 Nov 1994 08:49:36 GMT";
        let table: &[(&[(HeaderName, &str)], Wanted)] = &[
            (&[(header::IF_NONE_MATCH, "\"a\""), range.clone()], Wanted::NotModified),
            (&[(header::IF_NONE_MATCH, "\"b\", W/\"a\"")], Wanted::NotModified),
            (&[(header::IF_NONE_MATCH, "\"b\""), (header::IF_MODIFIED_SINCE, date)], Wanted::All),
            (&[(header::IF_MODIFIED_SINCE, date)], Wanted::NotModified),
            (&[(header::IF_MODIFIED_SINCE, before)], Wanted::All),
            (&[(header::IF_MODIFIED_SINCE, "yesterday")], Wanted::All),
            (&[(header::IF_RANGE, "\"a\""), range.clone()], Wanted::Part(0, 1)),
            (&[(header::IF_RANGE, "\"b\""), range.clone()], Wanted::All),
            (&[(header::IF_RANGE, date), range.clone()], Wanted::Part(0, 1)),
            (&[(header::IF_RANGE, before), range.clone()], Wanted::All),
        ];
        for (headers, expected) in table {
            assert_eq!(decided(headers, 100), *expected, "{headers:?}");
        }
    }
}
