//! The cache over a source on loopback that behaves, and one that does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::fake::{Says, Upstream};
use super::*;
use crate::domain::external::{External, SourcePath};
use crate::domain::ids::DeploymentId;

/// A cache on a disk of its own, and a source.
struct Lab {
    cache: Cache,
    upstream: Upstream,
    failures: Arc<AtomicUsize>,
    _dir: tempfile::TempDir,
}

impl Lab {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (long, stall) = (Duration::from_secs(10), Duration::from_millis(150));
        let patience = Patience { connect: long, answer: long, stall };
        let cache = Cache::new(dir.path().join("cache"), patience).unwrap();
        let (upstream, failures) = (Upstream::start(), Arc::default());
        Self { cache, upstream, failures, _dir: dir }
    }

    fn external(&self) -> External {
        External { base_url: self.upstream.url(), ..External::default() }
    }

    fn folder(&self) -> Folder {
        Folder::of(DeploymentId(1), &self.external())
    }

    fn asked(&self, path: &str) -> Asked {
        let path = SourcePath::parse(path).unwrap();
        Asked {
            folder: self.folder(),
            url: self.external().url_of(&path),
            path,
            permitted: Vec::new(),
            limit: 1 << 20,
            at: Timestamp::from_second(1_717_581_600).unwrap(),
        }
    }

    async fn fetch_as(&self, asked: Asked) -> Result<Found, Failure> {
        let failures = Arc::clone(&self.failures);
        let failed = async move |_| {
            failures.fetch_add(1, Ordering::Relaxed);
        };
        self.cache.fetch(asked, |_| true, failed).await
    }

    async fn fetch(&self, path: &str) -> Result<Vec<u8>, Failure> {
        read(self.fetch_as(self.asked(path)).await?).await
    }

    async fn stored(&self, path: &str) -> Option<Vec<u8>> {
        let path = SourcePath::parse(path).unwrap();
        let stored = self.cache.find(&self.folder(), &path).await.unwrap()?;
        Some(read(Found::Stored(stored)).await.unwrap())
    }

    /// Waits until nothing is being fetched: the end of a fetch is a little after its last byte.
    async fn quiet(&self, path: &str) {
        for _ in 0..2000 {
            if !self.cache.is_fetching(&self.asked(path)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        panic!("{path} is still being fetched");
    }
}

async fn read(found: Found) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match found {
        Found::Stored(file) => {
            for stretch in file.stretches(0, file.length) {
                bytes.extend(file.read(stretch).await.unwrap());
            }
        }
        Found::Arriving(mut follower) => {
            while let Some(stretch) = follower.next().await {
                bytes.extend(stretch?);
            }
        }
    }
    Ok(bytes)
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

#[tokio::test]
async fn d_ext_01_a_file_is_fetched_once_and_then_comes_from_the_disk() {
    let mut lab = Lab::new();
    for (path, says) in [
        ("a/one", Says::File(content(700_000))),
        ("a/two", Says::Chunks(content(70_000))),
        ("empty", Says::File(Vec::new())),
    ] {
        lab.upstream.put(&format!("/{path}"), says);
    }
    assert_eq!(lab.fetch("a/one").await.unwrap(), content(700_000));
    assert_eq!(lab.fetch("a/two").await.unwrap(), content(70_000));
    assert_eq!(lab.fetch("empty").await.unwrap(), Vec::<u8>::new());
    for path in ["a/one", "a/two", "empty"] {
        lab.quiet(path).await;
    }
    lab.upstream.stop();
    assert_eq!(lab.fetch("a/one").await.unwrap(), content(700_000));
    assert_eq!(lab.stored("a/two").await.unwrap(), content(70_000));
    assert_eq!(lab.stored("empty").await.unwrap(), Vec::<u8>::new());
    let usage = lab.cache.usage(&lab.folder()).await.unwrap();
    assert_eq!(usage, Usage { files: 3, size_bytes: 770_000 });
    let head = &lab.upstream.heads()[0];
    assert!(head.contains("accept-encoding: identity") && head.contains("user-agent: migas/"));

    lab.cache.empty(lab.folder()).await.unwrap();
    assert_eq!(lab.stored("a/one").await, None);
    assert_eq!(lab.cache.folders().await.unwrap(), []);
    assert!(matches!(lab.fetch("a/one").await, Err(Failure::Unreachable(_))));
}

#[tokio::test]
async fn d_ext_08_many_share_one_download_while_it_comes() {
    let lab = Lab::new();
    lab.upstream.put("/big.deb", Says::Pauses(content(100_000)));
    let mut early = match lab.fetch_as(lab.asked("big.deb")).await.unwrap() {
        Found::Arriving(follower) => follower,
        Found::Stored(_) => panic!("it cannot be there yet"),
    };
    assert_eq!(early.length(), Some(100_000));
    let first = early.next().await.unwrap().unwrap();
    assert_eq!(first, content(100_000)[..first.len()], "bytes are there before the file is whole");
    assert_eq!(lab.stored("big.deb").await, None);
    // Whoever hangs up keeps nobody waiting.
    drop(early);
    let all = futures_util::future::join_all((0..50).map(|_| async {
        let found = lab.fetch_as(lab.asked("big.deb")).await.unwrap();
        lab.upstream.go_on();
        read(found).await.unwrap()
    }));
    for bytes in all.await {
        assert_eq!(bytes, content(100_000));
    }
    assert_eq!(lab.upstream.asked("/big.deb"), 1);
}

#[tokio::test]
async fn d_ext_08_what_is_not_whole_is_never_kept() {
    let lab = Lab::new();
    let table = [
        ("D-EXT-08", "lies", Says::Lies(content(1_000)), Failure::Broken),
        ("D-EXT-08", "stalls", Says::Stalls(content(1_000)), Failure::Stalled),
        ("D-EXT-08", "chunks", Says::BreaksChunks(content(1_000)), Failure::Broken),
        ("D-EXT-08", "large", Says::Zeros((1 << 20) + 1), Failure::TooLarge(1 << 20)),
        ("D-EXT-09", "gone", Says::Status(410), Failure::Status(410)),
        ("D-EXT-09", "busy", Says::Status(503), Failure::Status(503)),
        ("D-EXT-09", "partial", Says::Status(206), Failure::Status(206)),
    ];
    for (nth, (rule, path, says, failure)) in table.into_iter().enumerate() {
        lab.upstream.put(&format!("/{path}"), says);
        assert_eq!(lab.fetch(path).await, Err(failure), "{rule}: {path}");
        lab.quiet(path).await;
        assert_eq!(lab.stored(path).await, None, "{rule}: {path}");
        // Told once, a little later.
        while lab.failures.load(Ordering::Relaxed) <= nth {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(lab.failures.load(Ordering::Relaxed), nth + 1, "{rule}: {path}");
    }
    // An end that cannot be told from a broken line: it is handed on and not kept.
    lab.upstream.put("/x", Says::NoLength(content(1_000)));
    assert_eq!(lab.fetch("x").await.unwrap(), content(1_000));
    lab.quiet("x").await;
    assert_eq!(lab.stored("x").await, None);
    let left = std::fs::read_dir(lab._dir.path().join("cache/tmp")).unwrap().count();
    assert_eq!(left, 0, "nothing half-way is left");
    // Later it may be well again.
    lab.upstream.put("/lies", Says::File(content(10)));
    assert_eq!(lab.fetch("lies").await.unwrap(), content(10));
}

#[tokio::test]
async fn d_ext_02_redirects_are_followed_but_not_to_neighbours() {
    let lab = Lab::new();
    let neighbour = Upstream::start();
    neighbour.put("/secret", Says::File(b"secret".to_vec()));
    lab.upstream.put("/real", Says::File(b"real".to_vec()));
    let port = neighbour.port();
    let table = [
        ("D-EXT-02", "same", "/real".to_owned(), None),
        ("D-EXT-02", "same-host", format!("{}/real", lab.upstream.url()), None),
        ("D-EXT-02", "relative", "real".to_owned(), None),
        ("D-EXT-02", "twice", "/same".to_owned(), None),
        ("D-EXT-02", "v4", format!("http://127.0.0.2:{port}/secret"), Some("127.0.0.2")),
        ("D-EXT-02", "hex", format!("http://0x7f000002:{port}/secret"), Some("127.0.0.2")),
        ("D-EXT-02", "v6", format!("http://[::1]:{port}/secret"), Some("[::1]")),
        ("D-EXT-02", "mapped", format!("http://[::ffff:7f00:2]:{port}/"), Some("[::ffff:7f00:2]")),
        ("D-EXT-02", "cloud", "http://169.254.169.254/latest".to_owned(), Some("169.254.169.254")),
        ("D-EXT-02", "file", "file:///etc/passwd".to_owned(), Some("file")),
    ];
    for (rule, path, location, refused) in table {
        lab.upstream.put(&format!("/{path}"), Says::Redirect(location.clone()));
        let expected = match refused {
            None => Ok(b"real".to_vec()),
            Some(host) => Err(Failure::Redirect(host.to_owned())),
        };
        assert_eq!(lab.fetch(path).await, expected, "{rule}: {location}");
    }
    // A name that leads to this machine is refused where its addresses are known.
    let location = format!("http://localhost:{port}/secret");
    lab.upstream.put("/name", Says::Redirect(location));
    assert!(matches!(lab.fetch("name").await, Err(Failure::Unreachable(_))));
    assert_eq!(neighbour.asked_at_all(), 0, "nobody has called the neighbour");

    let permitted = Asked { permitted: vec!["localhost".into()], ..lab.asked("name") };
    let bytes = read(lab.fetch_as(permitted).await.unwrap()).await;
    assert_eq!(bytes.unwrap(), b"secret", "the site permits it");
    lab.upstream.put("/loop", Says::Redirect("/loop".into()));
    assert_eq!(lab.fetch("loop").await, Err(Failure::Redirects));
}

#[tokio::test]
async fn the_cache_may_be_deleted_at_any_moment() {
    let lab = Lab::new();
    lab.upstream.put("/a", Says::Pauses(content(1_000)));
    let found = lab.fetch_as(lab.asked("a")).await.unwrap();
    std::fs::remove_dir_all(lab._dir.path().join("cache")).unwrap();
    lab.upstream.go_on();
    assert_eq!(read(found).await.unwrap(), content(1_000), "who asked gets it");
    lab.quiet("a").await;
    assert_eq!(lab.stored("a").await, None);
    assert_eq!(lab.fetch("a").await.unwrap(), content(1_000), "and it is fetched anew");
}

#[tokio::test]
async fn d_ext_08_a_full_disk_keeps_nothing_half() {
    let lab = Lab::new();
    // A file stands where the directory of arriving files would be.
    std::fs::create_dir_all(lab._dir.path().join("cache")).unwrap();
    std::fs::write(lab._dir.path().join("cache/tmp"), "").unwrap();
    lab.upstream.put("/a", Says::File(content(1_000)));
    assert!(matches!(lab.fetch("a").await, Err(Failure::Disk(_))));
    assert_eq!(lab.stored("a").await, None);
}
