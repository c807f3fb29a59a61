//! The control archive: `control`, `conffiles` and maintainer scripts, bounded.

use super::{DebError, Package, Script};
use crate::formats::deb822::Stanza;
use crate::formats::decompress::Compression;
use crate::formats::tar::{Archive, Kind, Limits, TarError};

/// Packed size of the control archive; the largest in Debian is about 3 MB.
pub(super) const CONTROL_PACKED_LIMIT: u64 = 16 << 20;
/// A control archive has about ten entries; translations of `templates` do not add any.
const LIMITS: Limits = Limits { entries: 1_000, bytes: 64 << 20 };
const CONTROL_LIMIT: u64 = 1 << 20;
const CONFFILES_LIMIT: u64 = 4 << 20;
const SCRIPT_LIMIT: u64 = 4 << 20;
const SCRIPTS: [&str; 6] = ["preinst", "postinst", "prerm", "postrm", "config", "triggers"];

/// Reads a packed control archive.
pub(super) fn read(packed: &[u8], compression: Compression) -> Result<Package, DebError> {
    let input = compression.reader(packed).map_err(|e| DebError::Tar(TarError::Read(e)))?;
    let mut archive = Archive::new(input, LIMITS);
    let (mut control, mut conffiles, mut scripts) = (None, None, Vec::<Script>::new());
    while let Some(entry) = archive.next_entry().map_err(DebError::Tar)? {
        let name = member_name(&entry.path)?;
        if entry.kind != Kind::File {
            continue;
        }
        let repeated = || DebError::Repeated { name: name.to_owned() };
        match name {
            "control" => {
                let bytes = body(&mut archive, name, CONTROL_LIMIT)?;
                let stanza = Stanza::parse(&bytes).map_err(DebError::Control)?;
                if control.replace(stanza).is_some() {
                    return Err(repeated());
                }
            }
            "conffiles" => {
                let bytes = body(&mut archive, name, CONFFILES_LIMIT)?;
                if conffiles.replace(conffile_paths(&bytes)?).is_some() {
                    return Err(repeated());
                }
            }
            script if SCRIPTS.contains(&script) => {
                let bytes = body(&mut archive, name, SCRIPT_LIMIT)?;
                if scripts.iter().any(|old| old.name == script) {
                    return Err(repeated());
                }
                let text = String::from_utf8_lossy(&bytes).into_owned();
                scripts.push(Script { name: script.to_owned(), text });
            }
            _ => {}
        }
    }
    scripts.sort_by_key(|script| SCRIPTS.iter().position(|name| *name == script.name));
    let control = control.ok_or(DebError::Missing("control"))?;
    Package::from_parts(control, conffiles.unwrap_or_default(), scripts)
}

/// `./control` and `control` are the same; a path that leads elsewhere is refused.
fn member_name(path: &str) -> Result<&str, DebError> {
    let leads_out = path.starts_with('/') || path.split('/').any(|part| part == "..");
    if leads_out {
        return Err(DebError::Path(path.to_owned()));
    }
    Ok(path.strip_prefix("./").unwrap_or(path))
}

fn body<R: std::io::Read>(
    archive: &mut Archive<R>,
    name: &str,
    limit: u64,
) -> Result<Vec<u8>, DebError> {
    let body = archive.body(limit).map_err(DebError::Tar)?;
    body.ok_or_else(|| DebError::FileTooLarge { name: name.to_owned(), limit })
}

/// One path for each line; the flag `remove-on-upgrade` (dpkg 1.20) may stand before it.
fn conffile_paths(bytes: &[u8]) -> Result<Vec<String>, DebError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DebError::Utf8("conffiles".to_owned()))?;
    let paths = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    Ok(paths
        .map(|line| line.strip_prefix("remove-on-upgrade ").unwrap_or(line).to_owned())
        .collect())
}
