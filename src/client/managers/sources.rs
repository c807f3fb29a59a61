//! The repositories a plan configures: their addresses (D-REPO-02, D-REPO-07), the files that name
//! them, and whether what was fetched from one is what the server promised.

use std::io;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::ManagerError;
use crate::client::files;
use crate::wire::sync::Repository;

/// All managed sources of one synchronisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    /// `http://host[:port]`
    base: String,
    proxy_cache: Option<String>,
    pub repositories: Vec<Repository>,
}

impl Sources {
    /// Repositories of the server at `base`, fetched through `proxy_cache` if there is one.
    pub fn new(base: &str, proxy_cache: Option<&str>, repositories: Vec<Repository>) -> Self {
        let proxy_cache = proxy_cache.map(|cache| {
            let cache = cache.split_once("://").map_or(cache, |(_, rest)| rest);
            cache.trim_end_matches('/').to_owned()
        });
        Self { base: base.trim_end_matches('/').to_owned(), proxy_cache, repositories }
    }

    /// Address below which `repository` lies; with a cache the server becomes a folder of it
    /// (D-REPO-07).
    pub fn url(&self, repository: &Repository) -> String {
        let (scheme, server) = self.base.split_once("://").unwrap_or(("http", &self.base));
        let path = repository.path.trim_end_matches('/');
        match &self.proxy_cache {
            Some(cache) => format!("{scheme}://{cache}/{server}{path}"),
            None => format!("{scheme}://{server}{path}"),
        }
    }

    /// The same sources without the repositories called `names`.
    pub fn without(&self, names: &[&str]) -> Self {
        let keep = |repository: &&Repository| !names.contains(&repository.name.as_str());
        let repositories = self.repositories.iter().filter(keep).cloned().collect();
        Self { repositories, ..self.clone() }
    }
}

/// Says whether a repository's fields can stand in a source file: what comes from the server is
/// signed, but a slip there must not become another source here.
pub fn is_plain(repository: &Repository) -> bool {
    let plain = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    plain(&repository.name, "-_.")
        && plain(&repository.path, "-_.+~%/")
        && repository.path.starts_with('/')
        && repository.external.as_ref().is_none_or(|external| {
            let word = |text: &String| plain(text, "-_.+~:/$");
            (external.suite.is_empty() || word(&external.suite))
                && external.components.iter().all(word)
                && are_plain_options(&external.options)
        })
}

/// Options stay on their line: no brackets but those around all of them.
fn are_plain_options(options: &str) -> bool {
    let inner = match options.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').unwrap_or("["),
        None => options,
    };
    inner.chars().all(|c| (c.is_ascii_graphic() || c == ' ') && !"[]#".contains(c))
}

/// Makes `path` say `text`, or takes it away. Everybody may read it: package managers check
/// signatures as a user of their own. A file that says it already is not written again.
///
/// # Errors
/// [`ManagerError::File`].
pub fn place(path: &Path, text: Option<&str>) -> Result<(), ManagerError> {
    let error = |source| ManagerError::File { path: path.to_path_buf(), source };
    let Some(text) = text else {
        return match std::fs::remove_file(path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(error(source)),
            _ => Ok(()),
        };
    };
    let old = files::read_if_present(path).map_err(error)?;
    if old.as_deref() == Some(text.as_bytes()) && files::mode(path) == Some(0o644) {
        return Ok(());
    }
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory).map_err(error)?;
    }
    files::replace(path, text.as_bytes(), 0o644).map_err(error)
}

/// Says why the index that was fetched from a repository is not the promised generation or a later
/// one; `None` if it is. `date` reads the index's own date, seconds since the epoch.
pub fn why_stale(
    index: Option<&[u8]>,
    date: fn(&str) -> Option<i64>,
    promised: &Repository,
) -> Option<&'static str> {
    if promised.digest.is_empty() {
        return None; // nothing was promised: not one of our own repositories
    }
    let Some(index) = index else { return Some("it could not be fetched") };
    if hex::encode(Sha256::digest(index)).eq_ignore_ascii_case(&promised.digest) {
        return None;
    }
    match date(&String::from_utf8_lossy(index)) {
        Some(date) if date >= promised.published_at => None,
        Some(_) => Some("what was fetched is older than what the server promised"),
        None => Some("what was fetched has no date"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::sync::ExternalSource;

    fn repository(name: &str) -> Repository {
        let path = "/public/debian-12/REPOSITORIES".to_owned();
        Repository { name: name.to_owned(), path, ..Repository::default() }
    }

    #[test]
    fn addresses_of_repositories() {
        let table = [
            ("D-REPO-02", None, "http://srv:8080/public/debian-12/REPOSITORIES"),
            (
                "D-REPO-07",
                Some("cache:3142"),
                "http://cache:3142/srv:8080/public/debian-12/REPOSITORIES",
            ),
            (
                "D-REPO-07",
                Some("http://cache/"),
                "http://cache/srv:8080/public/debian-12/REPOSITORIES",
            ),
        ];
        for (rule, cache, expected) in table {
            let sources = Sources::new("http://srv:8080", cache, Vec::new());
            assert_eq!(sources.url(&repository("x")), expected, "{rule}: {cache:?}");
        }
    }

    #[test]
    fn only_plain_words_reach_a_source_file() {
        assert!(is_plain(&repository("sustituir-nano-por-vim")));
        assert!(!is_plain(&repository("a b")));
        assert!(!is_plain(&repository("a\ndeb http://evil x y")));
        assert!(!is_plain(&repository("")));
        assert!(!is_plain(&Repository { path: "x".to_owned(), ..repository("a") }));
        let external = |suite: &str, component: &str, options: &str| Repository {
            external: Some(ExternalSource {
                suite: suite.to_owned(),
                components: vec![component.to_owned()],
                options: options.to_owned(),
            }),
            ..repository("a")
        };
        assert!(is_plain(&external("./", "main", "[arch=amd64 lang=es]")));
        assert!(is_plain(&external("", "os/$basearch", "gpgkey=http://a/b?c gpgcheck=1")));
        assert!(!is_plain(&external("a b", "main", "")));
        assert!(!is_plain(&external("a", "main\n", "")));
        assert!(!is_plain(&external("a", "main", "[a=b] http://evil x [c=d]")));
        assert!(!is_plain(&external("a", "main", "[a=b")));
        assert!(!is_plain(&external("a", "main", "a=b\nbaseurl=http://evil")));
    }

    #[test]
    fn an_old_repository_is_told_from_the_promised_one() {
        let index = b"date 100".as_slice();
        let date = |text: &str| text.strip_prefix("date ")?.parse().ok();
        let digest = hex::encode(Sha256::digest(index));
        let promised = |digest: &str, published_at: i64| Repository {
            digest: digest.to_owned(),
            published_at,
            ..Repository::default()
        };
        let table = [
            (Some(index), promised(&digest, 160), true),
            (Some(index), promised("00", 100), true),
            (Some(index), promised("00", 99), true),
            (Some(index), promised("00", 101), false),
            (Some(b"Origin: x".as_slice()), promised("00", 100), false),
            (None, promised("00", 100), false),
            (None, promised("", 100), true),
        ];
        for (fetched, promised, fresh) in table {
            assert_eq!(why_stale(fetched, date, &promised).is_none(), fresh, "{promised:?}");
        }
    }
}
