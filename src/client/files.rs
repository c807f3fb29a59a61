//! Files that are replaced whole or not at all, readable by root only.
//!
//! A key, the state and a source list are written to a neighbouring name, flushed and renamed,
//! so that a machine switched off in the middle finds the old file or the new one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

/// Creates `directory` and its parents with mode 0700; existing ones keep their mode.
///
/// # Errors
/// What the file system answers.
pub fn private_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

/// Replaces `path` by `content` with `mode`, in one step.
///
/// # Errors
/// What the file system answers; the old file is then still there.
pub fn replace(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".new");
    let new = path.with_file_name(name);
    // A left-over of an interrupted run may have another mode or be a link.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&new)?;
    file.set_permissions(fs::Permissions::from_mode(mode))?; // whatever the umask says
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    if let Some(directory) = path.parent() {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Reads a file that may be absent.
///
/// # Errors
/// Everything but absence.
pub fn read_if_present(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Permission bits of a file; `None` if it cannot be looked at.
pub fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_with_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let private = directory.path().join("a/b");
        private_directory(&private).unwrap();
        assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o700);
        let path = private.join("key");
        assert_eq!(read_if_present(&path).unwrap(), None);
        replace(&path, b"one", 0o600).unwrap();
        fs::write(private.join("key.new"), b"left over").unwrap();
        replace(&path, b"two", 0o644).unwrap();
        assert_eq!(read_if_present(&path).unwrap().unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
        assert!(!private.join("key.new").exists());
    }
}
