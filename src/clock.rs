//! The only reader of the clock. Everything else takes `now` as an argument.

use jiff::Timestamp;

/// Returns the present instant.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Returns the present instant in milliseconds since the epoch, as the sync protocol counts.
pub fn now_ms() -> i64 {
    now().as_millisecond()
}
