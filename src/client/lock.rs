//! One run at a time (D-CLI-05): a lock that dies with its holder.
//!
//! The kernel holds it (`flock`), the file only says who: a lock left by a process that was
//! killed is no lock (12.2, "stale locks ignored").

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// Why the lock was not had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another run is going on (process {pid})")]
    Held { pid: String },
    #[error("lock file cannot be written")]
    Io(#[source] io::Error),
}

/// The held lock; dropping it releases it.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

/// Released by name and not only by closing the file: a program that another thread is just
/// starting holds a copy of the descriptor until it runs.
impl Drop for Lock {
    fn drop(&mut self) {
        let _a_file_system_without_locks = self.file.unlock();
    }
}

impl Lock {
    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`LockError`]; nothing waits.
    pub fn take(path: &Path) -> Result<Self, LockError> {
        if let Some(directory) = path.parent() {
            std::fs::create_dir_all(directory).map_err(LockError::Io)?;
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(LockError::Io)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _unreadable_is_unknown = file.read_to_string(&mut pid);
                return Err(LockError::Held { pid: pid.trim().to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(LockError::Io)?;
        Ok(Self { file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_cli_05_only_one_run_at_a_time_and_a_stale_lock_is_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run/migas.lock");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "999999\n").unwrap();
        let lock = Lock::take(&path).unwrap();
        let own = std::process::id().to_string();
        assert!(matches!(Lock::take(&path), Err(LockError::Held { pid }) if pid == own));
        drop(lock);
        Lock::take(&path).unwrap();
    }
}
