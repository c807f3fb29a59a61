//! The key that signs the site's repositories: `/etc/pki/rpm-gpg/RPM-GPG-KEY-migas` (D-CFG-07).
//!
//! dnf reads it from there, because the `.repo` file says so, and trusts it for those repositories
//! alone. zypper trusts what rpm trusts, and would otherwise ask, or take whatever key the
//! repository itself brings; so for zypper the key goes into rpm's database, and one that the site
//! does not use any more leaves it.

use std::path::Path;

use crate::client::files;
use crate::client::launcher::Launcher;
use crate::client::managers::{ManagerError, command, sources};
use crate::formats::openpgp;

/// Where the key is, inside the root.
pub const KEY: &str = "/etc/pki/rpm-gpg/RPM-GPG-KEY-migas";

/// Keeps the key at `path`, which is [`KEY`] as this process sees it.
///
/// # Errors
/// [`ManagerError::File`].
pub fn write(path: &Path, armoured: &str) -> Result<(), ManagerError> {
    sources::place(path, Some(armoured))
}

/// Keeps the key at `path` and lets rpm trust it, in place of the one that was kept there.
///
/// # Errors
/// [`ManagerError::File`], [`ManagerError::Failed`] if rpm will not have it.
pub async fn trust(launcher: &Launcher, path: &Path, armoured: &str) -> Result<(), ManagerError> {
    let error = |source| ManagerError::File { path: path.to_path_buf(), source };
    let old = files::read_if_present(path).map_err(error)?;
    let old = old.and_then(|old| String::from_utf8(old).ok()).unwrap_or_default();
    write(path, armoured)?;
    let trusted = trusted(launcher).await?;
    if old != armoured {
        for package in trusted.iter().filter(|package| is_of(package, &old)) {
            let mut command = launcher.command("rpm");
            command.args(["--erase", "--allmatches", package]);
            command::read("rpm", command).await?;
        }
    }
    if old == armoured && trusted.iter().any(|package| is_of(package, armoured)) {
        return Ok(());
    }
    let mut command = launcher.command("rpm");
    command.args(["--import", KEY]);
    command::read("rpm", command).await.map(|_| ())
}

/// The names of the packages by which rpm keeps the keys it trusts.
async fn trusted(launcher: &Launcher) -> Result<Vec<String>, ManagerError> {
    let mut command = launcher.command("rpm");
    command.args(["-qa", "gpg-pubkey*", "--queryformat", r"%{NAME}-%{VERSION}-%{RELEASE}\n"]);
    let names = command::read("rpm", command).await?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// Says whether rpm keeps the key `armoured` as `package`: `gpg-pubkey-545dc4dd-6b01a9d5`, whose
/// version is the last eight digits of the fingerprint (all of it from rpm 6 on).
fn is_of(package: &str, armoured: &str) -> bool {
    let Some(fingerprint) = openpgp::public_fingerprint(armoured) else { return false };
    let version = package.strip_prefix("gpg-pubkey-").and_then(|rest| rest.split('-').next());
    version.is_some_and(|version| {
        version.len() >= 8 && fingerprint.to_lowercase().ends_with(&version.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rpm_keeps_a_key_as_a_package() {
        let secret = include_str!("../../../../testdata/openpgp/repository.secret.asc");
        let armoured = &openpgp::SigningKey::parse(secret).unwrap().public_armoured().unwrap();
        let fingerprint = openpgp::public_fingerprint(armoured).unwrap().to_lowercase();
        let short = &fingerprint[fingerprint.len() - 8..];
        assert!(is_of(&format!("gpg-pubkey-{short}-6b01a9d5"), armoured));
        assert!(is_of(&format!("gpg-pubkey-{fingerprint}-6b01a9d5"), armoured));
        assert!(!is_of("gpg-pubkey-00000000-6b01a9d5", armoured));
        assert!(!is_of("gpg-pubkey--6b01a9d5", armoured));
        assert!(!is_of(&format!("gpg-pubkey-{short}-6b01a9d5"), "no key"));
    }
}
