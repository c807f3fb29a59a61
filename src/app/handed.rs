//! Which statement of a repository a client was given last, so that it gets the signature of it.
//!
//! `repomd.xml` and `repomd.xml.asc` are two requests. If the repository changes between them, the
//! client would hold a text and the signature of another one, and dnf and zypper would refuse the
//! repository. A signature file cannot help by holding both: gpg stops at the first that does not
//! fit. So for a minute the signature follows the statement that the same client was given. A
//! client is an address and a `User-Agent`; whoever shares both meets what everybody met before.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::domain::ids::ProjectId;

/// How long a client may take from the statement to the signature.
const KEPT_SECONDS: i64 = 60;
/// Clients that are remembered; more of them in a minute are not told apart from strangers.
const MAX_CLIENTS: usize = 8192;

/// Who fetches a file, and when.
#[derive(Debug, Clone)]
pub struct Reader {
    pub address: Option<IpAddr>,
    /// `User-Agent`
    pub agent: String,
    pub at: Timestamp,
}

/// A repository as a client of it is remembered.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    address: Option<IpAddr>,
    agent: String,
    project: ProjectId,
    slug: String,
}

/// The statements given in the last minute: generation and time.
#[derive(Debug, Default)]
pub(super) struct Handed(Mutex<HashMap<Key, (i64, Timestamp)>>);

impl Handed {
    /// Remembers that the statement of a generation was given.
    pub(super) fn note(&self, reader: &Reader, project: ProjectId, slug: &str, generation: i64) {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if clients.len() >= MAX_CLIENTS {
            clients.retain(|_, (_, at)| is_recent(*at, reader.at));
        }
        if clients.len() < MAX_CLIENTS {
            clients.insert(key(reader, project, slug), (generation, reader.at));
        }
    }

    /// The generation whose statement was given to this client, if that was a moment ago.
    pub(super) fn find(&self, reader: &Reader, project: ProjectId, slug: &str) -> Option<i64> {
        let clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (generation, at) = clients.get(&key(reader, project, slug))?;
        is_recent(*at, reader.at).then_some(*generation)
    }
}

fn key(reader: &Reader, project: ProjectId, slug: &str) -> Key {
    // Longer ones are nobody's package manager.
    let agent = reader.agent.chars().take(200).collect();
    Key { address: reader.address, agent, project, slug: slug.to_owned() }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.as_second().saturating_sub(at.as_second()) <= KEPT_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(address: &str, agent: &str, at: &str) -> Reader {
        Reader {
            address: Some(address.parse().unwrap()),
            agent: agent.to_owned(),
            at: format!("2024-06-05T10:{at}Z").parse().unwrap(),
        }
    }

    #[test]
    fn a_client_is_remembered_for_a_minute() {
        let handed = Handed::default();
        let project = ProjectId(1);
        handed.note(&reader("10.0.0.1", "libdnf", "00:00"), project, "tools", 7);
        let find =
            |address, agent, at, slug| handed.find(&reader(address, agent, at), project, slug);
        assert_eq!(find("10.0.0.1", "libdnf", "00:59", "tools"), Some(7));
        assert_eq!(find("10.0.0.1", "libdnf", "01:01", "tools"), None);
        assert_eq!(find("10.0.0.1", "ZYpp", "00:01", "tools"), None);
        assert_eq!(find("10.0.0.2", "libdnf", "00:01", "tools"), None);
        assert_eq!(find("10.0.0.1", "libdnf", "00:01", "other"), None);
        handed.note(&reader("10.0.0.1", "libdnf", "00:30"), project, "tools", 8);
        assert_eq!(find("10.0.0.1", "libdnf", "00:31", "tools"), Some(8));
    }

    #[test]
    fn memory_is_bounded_and_freed_by_time() {
        let handed = Handed::default();
        let project = ProjectId(1);
        for n in 0..=MAX_CLIENTS {
            handed.note(&reader("10.0.0.1", &n.to_string(), "00:00"), project, "tools", 1);
        }
        let late = reader("10.0.0.2", "x", "00:01");
        handed.note(&late, project, "tools", 1);
        assert_eq!(handed.find(&late, project, "tools"), None);
        let later = reader("10.0.0.2", "x", "02:00");
        handed.note(&later, project, "tools", 1);
        assert_eq!(handed.find(&later, project, "tools"), Some(1));
    }
}
