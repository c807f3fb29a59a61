//! Which generation of a repository a client is in the middle of, so that a signature and what it
//! signs belong together.
//!
//! `repomd.xml` and `repomd.xml.asc` are two requests: dnf asks for the statement first, zypper for
//! the signature. If the repository changed between them, the client would hold a text and the
//! signature of another one, and would refuse the repository. A signature file cannot help by
//! holding both: gpg stops at the first that does not fit. So who has one half gets the other half
//! of the same generation, for some seconds, and so do requests that follow at once. zypper looks at
//! the statement before it fetches both, and asks with HEAD between the two: with that, a client
//! begins anew. A client is an address and a `User-Agent`; those who share both meet what everybody
//! met before.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::domain::ids::ProjectId;

/// How long a client may take from one half to the other.
const HALF_MS: i64 = 5_000;
/// What follows sooner is part of the same run of requests.
const RUN_MS: i64 = 300;
/// A client that asks without a pause is not kept from a new generation longer than this.
const LONGEST_MS: i64 = 10_000;
/// Clients that are remembered; more of them in a few seconds are told apart no longer.
const MAX_CLIENTS: usize = 8192;

/// Who fetches a file, and when.
#[derive(Debug, Clone)]
pub struct Reader {
    pub address: Option<IpAddr>,
    /// `User-Agent`
    pub agent: String,
    pub at: Timestamp,
    /// It asks whether the file is there, with HEAD.
    pub only_looks: bool,
}

/// One of the two files that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Statement,
    Signature,
}

/// A repository as a client of it is remembered.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    address: Option<IpAddr>,
    agent: String,
    project: ProjectId,
    slug: String,
}

/// What a client was given.
#[derive(Debug, Clone, Copy)]
struct Pair {
    generation: i64,
    since: Timestamp,
    last: Timestamp,
    /// The halves it has; both once it has the other one.
    has: Half,
    is_whole: bool,
}

/// The pairs that were handed out in the last seconds.
#[derive(Debug, Default)]
pub(super) struct Handed(Mutex<HashMap<Key, Pair>>);

impl Handed {
    /// The generation of which this client gets `half`: `current`, or the one it is in the middle
    /// of.
    pub(super) fn generation(
        &self,
        reader: &Reader,
        (project, slug): (ProjectId, &str),
        half: Half,
        current: i64,
    ) -> i64 {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Longer ones are nobody's package manager.
        let agent = reader.agent.chars().take(200).collect();
        let key = Key { address: reader.address, agent, project, slug: slug.to_owned() };
        let at = reader.at;
        if reader.only_looks {
            clients.remove(&key);
            return current;
        }
        if let Some(pair) = clients.get_mut(&key).filter(|pair| pair.goes_on(half, at)) {
            pair.is_whole |= pair.has != half;
            pair.last = at;
            return pair.generation;
        }
        if clients.len() >= MAX_CLIENTS {
            clients.retain(|_, pair| between(pair.last, at) <= HALF_MS);
        }
        if clients.len() < MAX_CLIENTS {
            let (since, last) = (at, at);
            let new = Pair { generation: current, since, last, has: half, is_whole: false };
            clients.insert(key, new);
        }
        current
    }
}

impl Pair {
    fn goes_on(&self, half: Half, at: Timestamp) -> bool {
        let is_other_half = !self.is_whole && self.has != half;
        let pause = between(self.last, at);
        (is_other_half && pause <= HALF_MS)
            || (pause <= RUN_MS && between(self.since, at) <= LONGEST_MS)
    }
}

fn between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.as_millisecond().saturating_sub(earlier.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::Half::{Signature, Statement};
    use super::*;

    /// A repository that changes, and clients that ask at milliseconds of one minute.
    #[derive(Default)]
    struct Lab {
        handed: Handed,
        current: i64,
    }

    impl Lab {
        fn look(&self, agent: &str) {
            let reader = Reader {
                address: Some("10.0.0.1".parse().unwrap()),
                agent: agent.to_owned(),
                at: Timestamp::UNIX_EPOCH,
                only_looks: true,
            };
            self.handed.generation(&reader, (ProjectId(1), "tools"), Statement, self.current);
        }

        fn ask(&self, agent: &str, half: Half, at_ms: i64) -> i64 {
            let reader = Reader {
                address: Some("10.0.0.1".parse().unwrap()),
                agent: agent.to_owned(),
                at: Timestamp::from_millisecond(at_ms).unwrap(),
                only_looks: false,
            };
            self.handed.generation(&reader, (ProjectId(1), "tools"), half, self.current)
        }
    }

    #[test]
    fn halves_belong_together_in_either_order() {
        let mut lab = Lab { current: 1, ..Lab::default() };
        assert_eq!(lab.ask("libdnf", Statement, 0), 1);
        assert_eq!(lab.ask("ZYpp", Statement, 0), 1, "it looks whether there is anything new");
        lab.look("ZYpp");
        assert_eq!(lab.ask("ZYpp", Signature, 100), 1);
        lab.current = 2;
        assert_eq!(lab.ask("libdnf", Signature, 4_000), 1);
        assert_eq!(lab.ask("ZYpp", Statement, 2_000), 1);
        assert_eq!(lab.ask("somebody else", Signature, 200), 2);
        // The next time, all is new.
        assert_eq!(lab.ask("libdnf", Statement, 5_000), 2);
        assert_eq!(lab.ask("ZYpp", Signature, 2_900), 2);
        lab.current = 3;
        assert_eq!(lab.ask("ZYpp", Statement, 3_000), 2);
        assert_eq!(lab.ask("ZYpp", Signature, 4_000), 3);
    }

    #[test]
    fn who_only_looks_at_the_statement_sees_it_change() {
        let mut lab = Lab { current: 1, ..Lab::default() };
        assert_eq!(lab.ask("ZYpp", Statement, 0), 1);
        lab.current = 2;
        assert_eq!(lab.ask("ZYpp", Statement, 400), 2);
    }

    #[test]
    fn who_asks_without_a_pause_or_comes_late_gets_what_is_current() {
        let mut lab = Lab { current: 1, ..Lab::default() };
        lab.ask("curl", Statement, 0);
        lab.current = 2;
        let mut at_ms = 0;
        while lab.ask("curl", Statement, at_ms) == 1 {
            at_ms += 250;
        }
        assert_eq!(at_ms, 10_250);
        lab.ask("wget", Statement, 0);
        lab.current = 3;
        assert_eq!(lab.ask("wget", Signature, 5_001), 3);
    }

    #[test]
    fn memory_is_bounded_and_freed_by_time() {
        let mut lab = Lab { current: 1, ..Lab::default() };
        for n in 0..MAX_CLIENTS {
            lab.ask(&n.to_string(), Statement, 0);
        }
        lab.ask("one more", Statement, 1);
        lab.current = 2;
        assert_eq!(lab.ask("one more", Signature, 2), 2, "it was not remembered");
        lab.ask("later", Statement, 6_000);
        lab.current = 3;
        assert_eq!(lab.ask("later", Signature, 6_001), 2);
    }
}
