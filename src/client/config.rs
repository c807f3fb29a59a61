//! The desktop's settings: `/etc/migas.conf`, its drop-in directory, the environment.
//!
//! ```ini
//! [client]
//! Server = migas.example.org:8080
//! Project = debian-12
//! Auto_Update_Packages = False
//! ```
//! Keys and sections are case-insensitive, unknown ones are left alone, since a configuration file
//! is delivered as a package to clients of several ages. Environment beats file beats default
//! (D-CFG-01). This is the only file of the room that reads the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ini::{Ini, ParseOption};

use super::places::Places;

/// Why the settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("configuration file {} cannot be read", .path.display())]
    Read { path: PathBuf, source: std::io::Error },
    #[error("configuration file {} is not in INI format", .path.display())]
    Format { path: PathBuf, source: ini::ParseError },
    #[error("server {server:?} in the configuration is not an address")]
    Server { server: String },
}

/// Section `[client]` and `[packager]`, checked and complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Host, or host and port; may carry `http://` in front.
    pub server: String,
    pub project: String,
    pub computer_name: String,
    pub debug: bool,
    pub gui_verbose: bool,
    pub auto_update_packages: bool,
    pub manage_devices: bool,
    /// For talking to the server (D-CFG-05).
    pub proxy: Option<String>,
    /// For repository addresses only (D-REPO-07).
    pub package_proxy_cache: Option<String>,
    pub packager: Packager,
    /// The server's public key, when it is delivered with the configuration and not taken at
    /// first use.
    pub server_key: Option<String>,
    /// Identity given by hand, for images and tests that share one mainboard.
    pub computer_uuid: Option<String>,
    /// `apt`, `dnf`, `yum`, `zypper`, or `emulated`; found out when unset.
    pub package_manager: Option<String>,
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
}

/// Section `[packager]`: what `migas upload` uses when it is not told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packager {
    pub user: Option<String>,
    pub password: Option<String>,
    pub project: Option<String>,
    pub store: Option<String>,
}

/// Values for what nobody configured.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// D-PRJ-05
    pub project: String,
    /// Host name without domain.
    pub computer_name: String,
}

/// The environment as a value, so that everything below it can be tested.
pub type Environment = BTreeMap<String, String>;

/// Returns the environment of this process (what is not UTF-8 is left out).
pub fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

impl Settings {
    /// Reads the file (`explicit`, else the variable `MIGAS_CONF`, else the usual places), its
    /// drop-in directory `FILE.d` and the environment.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that is named but absent, unreadable or malformed.
    pub fn load(
        places: &Places,
        explicit: Option<&Path>,
        environment: &Environment,
        defaults: &Defaults,
    ) -> Result<Self, ConfigError> {
        let named = explicit.map(Path::to_path_buf).or_else(|| {
            let value = environment.get("MIGAS_CONF").or_else(|| environment.get("MIGASFREE_CONF"));
            value.filter(|path| !path.is_empty()).map(PathBuf::from)
        });
        let (file, drop_ins) = match named {
            Some(path) => {
                let mut directory = path.clone().into_os_string();
                directory.push(".d");
                (Some(path), PathBuf::from(directory))
            }
            None => {
                let usual = [places.config(), places.book_config()];
                (usual.into_iter().find(|path| path.exists()), places.config_directory())
            }
        };
        let mut values = Values { environment, file: BTreeMap::new() };
        if let Some(path) = &file {
            values.read(path)?;
        }
        for path in drop_in_files(&drop_ins) {
            values.read(&path)?;
        }
        values.settings(file, defaults)
    }

    /// `http://host[:port]`, without a slash at the end.
    pub fn base_url(&self) -> String {
        match self.server.contains("://") {
            true => self.server.trim_end_matches('/').to_owned(),
            false => format!("http://{}", self.server.trim_end_matches('/')),
        }
    }

    /// Host and port as they stand in addresses and directory names.
    pub fn server_authority(&self) -> &str {
        let server = self.server.split_once("://").map_or(self.server.as_str(), |(_, rest)| rest);
        server.trim_end_matches('/')
    }
}

/// `*.conf` of a drop-in directory in name order; an absent directory is an empty one.
fn drop_in_files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "conf"))
        .collect();
    files.sort();
    files
}

/// Raw values by (section, key) in lower case, before defaults.
struct Values<'a> {
    environment: &'a Environment,
    file: BTreeMap<(String, String), String>,
}

impl Values<'_> {
    fn read(&mut self, path: &Path) -> Result<(), ConfigError> {
        let bytes = std::fs::read(path)
            .map_err(|source| ConfigError::Read { path: path.to_path_buf(), source })?;
        let option =
            ParseOption { enabled_quote: false, enabled_escape: false, ..ParseOption::default() };
        let ini = Ini::load_from_str_opt(&String::from_utf8_lossy(&bytes), option)
            .map_err(|source| ConfigError::Format { path: path.to_path_buf(), source })?;
        for (section, properties) in &ini {
            let section = section.unwrap_or_default().to_lowercase();
            for (key, value) in properties {
                let key = match key.to_lowercase().as_str() {
                    "version" => "project".to_owned(), // its name in old files (D-CFG-02)
                    other => other.to_owned(),
                };
                self.file.insert((section.clone(), key), value.trim().to_owned());
            }
        }
        Ok(())
    }

    /// The value of a key; `None` when unset or set to nothing.
    fn get(&self, section: &str, key: &str) -> Option<String> {
        let name = format!("{section}_{key}").to_uppercase();
        let mut names = vec![format!("MIGAS_{name}"), format!("MIGASFREE_{name}")];
        match (section, key) {
            ("client", "proxy") => names.extend(["MIGAS_PROXY", "MIGASFREE_PROXY"].map(Into::into)),
            (_, "project") => {
                let old = format!("{section}_version").to_uppercase();
                names.extend([format!("MIGAS_{old}"), format!("MIGASFREE_{old}")]);
            }
            _ => {}
        }
        let found = names.iter().find_map(|name| self.environment.get(name)).cloned();
        let key = (section.to_owned(), key.to_owned());
        let value = found.or_else(|| self.file.get(&key).cloned())?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn settings(
        &self,
        file: Option<PathBuf>,
        defaults: &Defaults,
    ) -> Result<Settings, ConfigError> {
        let text = |key| self.get("client", key);
        let flag = |key, default| text(key).and_then(|value| parse_bool(&value)).unwrap_or(default);
        let server = text("server").unwrap_or_else(|| "localhost".to_owned());
        if server.chars().any(|c| c.is_whitespace() || c.is_control() || "@?#\\".contains(c)) {
            return Err(ConfigError::Server { server });
        }
        Ok(Settings {
            server,
            project: text("project").unwrap_or_else(|| defaults.project.clone()),
            computer_name: text("computer_name").unwrap_or_else(|| defaults.computer_name.clone()),
            debug: flag("debug", false),
            gui_verbose: flag("gui_verbose", true),
            auto_update_packages: flag("auto_update_packages", true),
            manage_devices: flag("manage_devices", true),
            proxy: text("proxy"),
            package_proxy_cache: text("package_proxy_cache"),
            packager: Packager {
                user: self.get("packager", "user"),
                password: self.get("packager", "password"),
                project: self.get("packager", "project"),
                store: self.get("packager", "store"),
            },
            server_key: text("server_key"),
            computer_uuid: text("computer_uuid"),
            package_manager: text("package_manager").map(|name| name.to_lowercase()),
            file,
        })
    }
}

/// Reads a switch (D-GEN-07); `None` for anything that is neither on nor off.
fn parse_bool(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "false" | "off" | "no" | "n" | "0" => Some(false),
        "true" | "on" | "yes" | "y" | "1" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
