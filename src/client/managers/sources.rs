//! The repositories a plan configures, and their addresses (D-REPO-02, D-REPO-07).

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
}

#[cfg(test)]
mod tests {
    use super::*;

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
    }
}
