//! Instants as people write them: RFC 3339, or a day in the zone of the site (D-GEN-01).

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::reason::reason;
use super::{App, AppError};

impl App {
    /// Reads the beginning of a stretch of time: a day means its first moment.
    ///
    /// # Errors
    /// [`AppError::Invalid`] names `field`.
    pub fn read_from(&self, field: &'static str, text: &str) -> Result<Timestamp, AppError> {
        self.read(text, |day| day).ok_or_else(|| unreadable(field, text))
    }

    /// Reads the end of a stretch of time: a day means the first moment of the next one.
    ///
    /// # Errors
    /// [`AppError::Invalid`] names `field`.
    pub fn read_to(&self, field: &'static str, text: &str) -> Result<Timestamp, AppError> {
        self.read(text, |day| day.tomorrow().unwrap_or(day)).ok_or_else(|| unreadable(field, text))
    }

    /// Shows an instant as `YYYY-MM-DD HH:MM:SS` in the zone of the site (D-GEN-01).
    pub fn show(&self, at: Timestamp) -> String {
        at.to_zoned(self.options().time_zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn read(&self, text: &str, of_day: impl Fn(Date) -> Date) -> Option<Timestamp> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant);
        }
        let local = match text.parse::<Date>() {
            Ok(day) if text.len() <= "YYYY-MM-DD".len() => {
                of_day(day).to_datetime(jiff::civil::Time::MIN)
            }
            _ => text.parse::<DateTime>().ok()?,
        };
        Some(local.to_zoned(self.options().time_zone.clone()).ok()?.timestamp())
    }
}

fn unreadable(field: &'static str, text: &str) -> AppError {
    AppError::invalid(
        field,
        reason!("{text} is no date such as 2026-03-01 or 2026-03-01T08:30:00Z", text = text),
    )
}
