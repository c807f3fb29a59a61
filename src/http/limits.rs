//! Rate limits for what a stranger may try: logging in, registering, uploading.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Computers that register at once from one address before they must take turns.
const FIRST_HOUR: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// One limiter for each kind of attempt, keyed by address (IPv6 by /64) and by account.
#[derive(Debug)]
pub struct Limits {
    logins_by_address: DefaultKeyedRateLimiter<IpAddr>,
    logins_by_account: DefaultKeyedRateLimiter<String>,
    registrations: DefaultKeyedRateLimiter<IpAddr>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            logins_by_address: RateLimiter::keyed(per_minute(20)),
            logins_by_account: RateLimiter::keyed(per_minute(10)),
            // A whole site behind one address may register in its first hour; the limit is for
            // floods that never end.
            registrations: RateLimiter::keyed(per_minute(600).allow_burst(FIRST_HOUR)),
        }
    }
}

/// Too many attempts: how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    pub retry_after: Duration,
}

impl Limits {
    /// Counts an attempt to log in.
    ///
    /// # Errors
    /// [`TooMany`] when the address or the account has used up its attempts.
    pub fn login(&self, address: Option<IpAddr>, account: &str) -> Result<(), TooMany> {
        if let Some(address) = address {
            check(&self.logins_by_address, &network(address))?;
        }
        check(&self.logins_by_account, &account.chars().take(150).collect())
    }

    /// Limits whose attempts do not come back while a test lasts, however slow the machine is.
    #[cfg(test)]
    pub(crate) fn unforgiving() -> Self {
        let daily = |count| {
            let day = Quota::with_period(Duration::from_secs(86_400)).expect("a day is not zero");
            day.allow_burst(NonZeroU32::new(count).expect("some attempts"))
        };
        Self {
            logins_by_address: RateLimiter::keyed(daily(20)),
            logins_by_account: RateLimiter::keyed(daily(10)),
            ..Self::default()
        }
    }

    /// Counts a registration of a computer.
    ///
    /// # Errors
    /// [`TooMany`] when the address has used up its attempts.
    pub fn registration(&self, address: Option<IpAddr>) -> Result<(), TooMany> {
        address.map_or(Ok(()), |address| check(&self.registrations, &network(address)))
    }

    /// Forgets keys that are back at rest, so that memory stays bounded.
    pub fn tidy(&self) {
        self.logins_by_address.retain_recent();
        self.logins_by_account.retain_recent();
        self.registrations.retain_recent();
    }
}

fn per_minute(count: u32) -> Quota {
    Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))
}

fn check<K: Clone + Eq + std::hash::Hash>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
) -> Result<(), TooMany> {
    limiter.check_key(key).map_err(|not_until| TooMany {
        retry_after: not_until.wait_time_from(DefaultClock::default().now()),
    })
}

/// A household of IPv6 has a /64: one key for all of it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_login_to_an_account_waits() {
        let limits = Limits::unforgiving();
        for _ in 0..10 {
            limits.login(None, "admin").unwrap();
        }
        assert!(limits.login(None, "admin").unwrap_err().retry_after > Duration::ZERO);
        limits.login(None, "other").unwrap();
    }
}
