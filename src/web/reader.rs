//! Who reads a page: the language, the zone of times, and what time it is.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::catalogue::Lang;

/// What every text of a page depends on.
#[derive(Debug, Clone)]
pub struct Reader {
    pub lang: Lang,
    /// Zone of the site: all times are shown in it (D-GEN-01).
    pub zone: TimeZone,
    /// When the page is made; ages count from it.
    pub now: Timestamp,
}

impl Reader {
    /// `YYYY-MM-DD HH:MM:SS` in the zone of the site.
    pub fn date_time(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The day it is in the zone of the site.
    pub fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// Whole days from `at` to now; 0 for what lies ahead.
    pub fn days_since(&self, at: Timestamp) -> i64 {
        (self.now.as_second().saturating_sub(at.as_second()) / 86_400).max(0)
    }
}

/// `HH:MM:SS`, with the days before it from one day on (D-COMP-05).
pub fn duration(lang: Lang, seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let clock = format!("{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60);
    if days == 0 { clock } else { crate::t!(lang, "ui-days-and-time", days = days, time = clock) }
}

/// A size in the unit that reads best, powers of 1024: `1.4 GiB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut unit = 0;
    let mut scale = 1_u64;
    while unit < UNITS.len() - 1 && bytes / scale >= 1024 {
        unit += 1;
        scale = scale.saturating_mul(1024);
    }
    let name = UNITS.get(unit).copied().unwrap_or("B");
    if unit == 0 {
        return format!("{bytes} {name}");
    }
    let tenths = u128::from(bytes) * 10 / u128::from(scale);
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_comp_05_durations_name_days_from_one_day_on() {
        let table = [
            (Lang::En, 59, "00:00:59"),
            (Lang::En, 86_399, "23:59:59"),
            (Lang::En, 86_400, "1 day, 00:00:00"),
            (Lang::En, 200_000, "2 days, 07:33:20"),
            (Lang::Es, 200_000, "2 días, 07:33:20"),
            (Lang::En, -5, "00:00:00"),
        ];
        for (lang, seconds, expected) in table {
            assert_eq!(duration(lang, seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn d_gen_01_times_are_shown_in_the_zone_of_the_site() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let at: Timestamp = "2024-06-05T22:30:00Z".parse().unwrap();
        let reader = Reader { lang: Lang::En, zone, now: at };
        assert_eq!(reader.date_time(at), "2024-06-06 00:30:00");
    }

    #[test]
    fn sizes_read_well() {
        let table = [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1_572_864, "1.5 MiB"),
            (u64::MAX, "16383.9 PiB"),
        ];
        for (bytes, expected) in table {
            assert_eq!(size(bytes), expected);
        }
    }
}
