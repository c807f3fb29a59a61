//! Opening `migas.db`, and the two ways in: `read` and `write`.
//!
//! Pages of 16 KiB because package bytes live here too (`docs/adr/0001-one-file.md`). The file is
//! 0600. A database of a newer program is refused untouched.

use std::path::{Path, PathBuf};

use r2d2::{CustomizeConnection, Pool};
use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use tokio::sync::oneshot;

use super::writer::{Fate, Writer};
use super::{ReadTx, StorageError, WriteTx, changes};

/// "miga" in ASCII: tells our file from others (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x6d69_6761;
const FILE_NAME: &str = "migas.db";

/// Append-only; `user_version` counts them.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_site.sql"),
    include_str!("migrations/0002_computers.sql"),
    include_str!("migrations/0003_release.sql"),
    include_str!("migrations/0004_marks.sql"),
    include_str!("migrations/0005_repodata.sql"),
    include_str!("migrations/0006_release_control.sql"),
    include_str!("migrations/0007_regeneration.sql"),
    include_str!("migrations/0008_offered.sql"),
    include_str!("migrations/0009_group_modified.sql"),
    include_str!("migrations/0010_repository_metadata.sql"),
    include_str!("migrations/0011_unchecked_counts.sql"),
    include_str!("migrations/0012_package_sets.sql"),
    include_str!("migrations/0013_list_orders.sql"),
];

const EVERY_CONNECTION: &str = "
    PRAGMA busy_timeout = 5000;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;";

/// Counted in pages of the size that holds when it is said: not before the size of a new file is.
const CACHE_OF_READER: &str = "PRAGMA cache_size = -8192";
/// Less: most of what the writer writes are bytes of packages, which it never looks at again.
const CACHE_OF_WRITER: &str = "PRAGMA cache_size = -2048";

/// The database of a site. Cloned handles share it through an `Arc` at their owner.
#[derive(Debug)]
pub struct Storage {
    path: PathBuf,
    readers: Pool<SqliteConnectionManager>,
    writer: Writer,
}

impl Storage {
    /// Opens `dir/migas.db`, makes it if absent, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StorageError::Open`] names the file; [`StorageError::Newer`] leaves it untouched.
    pub fn open(dir: &Path) -> Result<Self, StorageError> {
        let path = dir.join(FILE_NAME);
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| StorageError::Open {
            path: path.clone(),
            source,
        };
        let connection = open_writer(&path)?;
        let writer = Writer::start(connection).map_err(|error| failed(error.into()))?;
        let readers = std::thread::available_parallelism().map_or(2, |n| n.get()) + 2;
        let manager = SqliteConnectionManager::file(&path).with_flags(
            OpenFlags::SQLITE_OPEN_READ_ONLY
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
                | OpenFlags::SQLITE_OPEN_URI,
        );
        let readers = Pool::builder()
            .max_size(u32::try_from(readers).unwrap_or(4))
            .min_idle(Some(1))
            .connection_customizer(Box::new(Prepare))
            .build(manager)
            .map_err(|error| failed(error.into()))?;
        Ok(Self { path, readers, writer })
    }

    /// Opens the database beside a running server for one short change of its own.
    ///
    /// # Errors
    /// [`StorageError::Open`] where there is no database yet: this never makes one.
    pub fn open_existing(dir: &Path) -> Result<Self, StorageError> {
        let path = dir.join(FILE_NAME);
        if !path.exists() {
            let source = "there is no database here; `migas serve` makes it".into();
            return Err(StorageError::Open { path, source });
        }
        Self::open(dir)
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes still free on the disk of the database; `None` where the system does not tell.
    pub fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(&self.path).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Bytes within the file that deleted rows left, and that new ones take before it grows.
    ///
    /// # Errors
    /// [`StorageError`] if the database cannot be asked.
    pub fn reusable_bytes(&self) -> Result<u64, StorageError> {
        self.read_now(|tx| {
            let pragma = |name: &str| -> Result<u64, StorageError> {
                let value = tx.sql().pragma_query_value(None, name, |row| row.get::<_, i64>(0))?;
                Ok(value.cast_unsigned())
            };
            Ok(pragma("freelist_count")?.saturating_mul(pragma("page_size")?))
        })
    }

    /// Reads on the blocking pool.
    ///
    /// # Errors
    /// What `query` returns, or the pool's failure.
    pub async fn read<T, E, F>(&self, query: F) -> Result<T, E>
    where
        F: FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let pool = self.readers.clone();
        let (reply, answer) = oneshot::channel();
        // Boxed: a task of its own type for each query would be a megabyte of tokio's code.
        let work: Box<dyn FnOnce() + Send> = Box::new(move || {
            let _the_caller_may_have_gone = reply.send(read_from(&pool, query));
        });
        tokio::task::spawn_blocking(work);
        answer.await.unwrap_or_else(|_| Err(StorageError::Abandoned.into()))
    }

    /// Reads on this thread: for point reads by key, and where there is no runtime.
    ///
    /// # Errors
    /// What `query` returns, or the pool's failure.
    pub fn read_now<T, E>(&self, query: impl FnOnce(&ReadTx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        read_from(&self.readers, query)
    }

    /// Changes the database; resolves when the change is on disk, or rolled back.
    ///
    /// # Errors
    /// What `change` returns; [`StorageError::Busy`] with a full queue.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let receiver = self.writer.submit(change, Fate::Stays)?;
        receiver.await.unwrap_or_else(|_| Err(StorageError::Abandoned.into()))
    }

    /// [`Storage::write`] for what nothing refers to yet, such as bytes of an upload: it is on disk
    /// once a later [`Storage::write`] is, and a power failure before that undoes it.
    ///
    /// # Errors
    /// As [`Storage::write`].
    pub async fn write_ahead<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let receiver = self.writer.submit(change, Fate::StaysLater)?;
        receiver.await.unwrap_or_else(|_| Err(StorageError::Abandoned.into()))
    }

    /// Makes a change and rolls it back: what it returns says what it would do.
    ///
    /// # Errors
    /// As [`Storage::write`].
    pub async fn try_out<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let receiver = self.writer.submit(change, Fate::TriedOut)?;
        receiver.await.unwrap_or_else(|_| Err(StorageError::Abandoned.into()))
    }

    /// Changes the database soon, and nobody waits for it: for notes that may get lost.
    ///
    /// # Errors
    /// [`StorageError::Busy`] with a full queue.
    pub fn note<F>(&self, change: F) -> Result<(), StorageError>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<(), StorageError> + Send + 'static,
    {
        self.writer.submit(change, Fate::Stays).map(drop)
    }

    /// [`Storage::write`] for threads without a runtime; never call it from async code.
    ///
    /// # Errors
    /// As [`Storage::write`].
    pub fn write_now<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        let receiver = self.writer.submit(change, Fate::Stays)?;
        receiver.blocking_recv().unwrap_or_else(|_| Err(StorageError::Abandoned.into()))
    }
}

fn read_from<T, E>(
    pool: &Pool<SqliteConnectionManager>,
    query: impl FnOnce(&ReadTx<'_>) -> Result<T, E>,
) -> Result<T, E>
where
    E: From<StorageError>,
{
    let connection = pool.get().map_err(|_| StorageError::Busy)?;
    // A transaction, so that several statements see one state of the database.
    let tx = connection.unchecked_transaction().map_err(StorageError::from)?;
    query(&ReadTx::new(&tx))
}

/// Sets up each reader.
#[derive(Debug)]
struct Prepare;

impl CustomizeConnection<Connection, rusqlite::Error> for Prepare {
    fn on_acquire(&self, connection: &mut Connection) -> Result<(), rusqlite::Error> {
        connection.set_prepared_statement_cache_capacity(128);
        connection.execute_batch(EVERY_CONNECTION)?;
        connection.execute_batch(CACHE_OF_READER)
    }
}

fn open_writer(path: &Path) -> Result<Connection, StorageError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| StorageError::Open {
        path: path.to_owned(),
        source,
    };
    keep_private(path).map_err(|error| failed(error.into()))?;
    let mut connection = Connection::open(path).map_err(|error| failed(error.into()))?;
    connection.set_prepared_statement_cache_capacity(128);
    check_ours(&connection, path)?;
    connection
        .execute_batch(EVERY_CONNECTION)
        .and_then(|()| {
            connection.execute_batch(
                "PRAGMA page_size = 16384;
                 PRAGMA auto_vacuum = INCREMENTAL;
                 PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA recursive_triggers = ON;
                 PRAGMA journal_size_limit = 67108864;",
            )
        })
        .and_then(|()| connection.execute_batch(CACHE_OF_WRITER))
        .map_err(|error| failed(error.into()))?;
    migrate(&mut connection, MIGRATIONS).map_err(|error| failed(error.into()))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    changes::watch(&connection)?;
    Ok(connection)
}

/// Makes an absent file with mode 0600 before SQLite would make it readable to others.
fn keep_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Refuses a foreign file and one of a newer program, without touching them.
fn check_ours(connection: &Connection, path: &Path) -> Result<(), StorageError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let foreign = |_| StorageError::Foreign { path: path.to_owned() };
    let version = pragma("user_version").map_err(foreign)?;
    let application = pragma("application_id").map_err(foreign)?;
    if (version != 0 || application != 0) && application != APPLICATION_ID {
        return Err(StorageError::Foreign { path: path.to_owned() });
    }
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version > known {
        return Err(StorageError::Newer { path: path.to_owned(), found: version, known });
    }
    Ok(())
}

fn migrate(connection: &mut Connection, sql: &[&str]) -> Result<(), rusqlite_migration::Error> {
    Migrations::new(sql.iter().map(|sql| M::up(sql)).collect()).to_latest(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(dir: &Path) -> Result<Storage, StorageError> {
        Storage::open(dir)
    }

    fn put(storage: &Storage, name: &'static str, value: &'static str) -> Result<(), StorageError> {
        storage.write_now(move |tx| super::super::settings::put(tx, name, value))
    }

    #[test]
    fn a_change_that_fails_or_panics_leaves_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let storage = open(dir.path()).unwrap();
        put(&storage, "A", "1").unwrap();
        let failed: Result<(), StorageError> = storage.write_now(|tx| {
            super::super::settings::put(tx, "B", "2")?;
            Err(StorageError::Busy)
        });
        assert!(matches!(failed, Err(StorageError::Busy)));
        let died: Result<(), StorageError> = storage.write_now(|tx| {
            super::super::settings::put(tx, "C", "3")?;
            panic!("on purpose")
        });
        assert!(matches!(died, Err(StorageError::Abandoned)));
        put(&storage, "D", "4").unwrap();
        let all: Result<_, StorageError> = storage.read_now(super::super::settings::all);
        let names: Vec<String> = all.unwrap().into_keys().collect();
        assert_eq!(names, ["A", "D"]);
    }

    #[test]
    fn changes_with_and_without_a_flush_take_turns() {
        let dir = tempfile::tempdir().unwrap();
        let storage = open(dir.path()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let put =
            |name: String| move |tx: &WriteTx<'_>| super::super::settings::put(tx, &name, "1");
        runtime.block_on(async {
            let ahead =
                (0..40).map(|n| storage.write_ahead::<(), StorageError, _>(put(format!("A{n}"))));
            let flushed =
                (0..40).map(|n| storage.write::<(), StorageError, _>(put(format!("B{n}"))));
            let all = ahead.zip(flushed).map(|(a, b)| futures_util::future::join(a, b));
            for (a, b) in futures_util::future::join_all(all).await {
                a.unwrap();
                b.unwrap();
            }
        });
        drop(storage);
        let all: Result<_, StorageError> =
            open(dir.path()).unwrap().read_now(super::super::settings::all);
        assert_eq!(all.unwrap().len(), 80);
    }

    #[test]
    fn what_was_answered_is_there_after_opening_again() {
        let dir = tempfile::tempdir().unwrap();
        put(&open(dir.path()).unwrap(), "A", "1").unwrap();
        let storage = open(dir.path()).unwrap();
        let all: Result<_, StorageError> = storage.read_now(super::super::settings::all);
        assert_eq!(all.unwrap().len(), 1);
    }

    #[test]
    fn a_newer_or_foreign_database_is_refused_untouched() {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()).unwrap());
        let path = dir.path().join(FILE_NAME);
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 999).unwrap();
        drop(connection);
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(open(dir.path()), Err(StorageError::Newer { found: 999, .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);

        std::fs::write(&path, "hello, this is no database at all, but long enough").unwrap();
        assert!(matches!(open(dir.path()), Err(StorageError::Foreign { .. })));
    }

    #[test]
    fn every_migration_runs_from_every_earlier_version() {
        for done in 1..=MIGRATIONS.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, &MIGRATIONS[..done]).unwrap();
            migrate(&mut connection, MIGRATIONS).unwrap();
            let version: i64 =
                connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
            assert_eq!(usize::try_from(version), Ok(MIGRATIONS.len()));
        }
    }

    #[test]
    fn the_file_is_private_and_has_large_pages() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let storage = open(dir.path()).unwrap();
        let mode = std::fs::metadata(storage.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let pages: Result<i64, StorageError> = storage
            .read_now(|tx| Ok(tx.sql().pragma_query_value(None, "page_size", |row| row.get(0))?));
        assert_eq!(pages.unwrap(), 16384);
    }
}
