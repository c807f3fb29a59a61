//! Settings of the server process: defaults < `<data>/migas.toml` < environment < flags.
//!
//! Checked once at start into one struct that is handed down. Settings of the site (organisation,
//! automatic registration…) are rows of the database, see `domain/site_settings.rs`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use serde::Deserialize;

/// Largest upload unless set otherwise, 8 GiB.
pub const MAX_PACKAGE_SIZE: u64 = 8 << 30;

/// What the command line says; `None` leaves the decision to environment, file and defaults.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub data: Option<PathBuf>,
    pub listen: Option<String>,
    pub admin_password_file: Option<PathBuf>,
    pub demo: bool,
}

/// Everything the server process needs to know before it opens the database.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    pub data: PathBuf,
    pub listen: SocketAddr,
    pub admin_password_file: Option<PathBuf>,
    pub demo: bool,
    pub log: String,
    pub time_zone: TimeZone,
    pub max_package_size: u64,
    /// Where each value comes from, by the name of its setting; the rest are defaults.
    pub origins: BTreeMap<&'static str, Origin>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    File,
    Environment,
    Flag,
}

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("cannot read {path}", path = path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}: {reason}", path = path.display())]
    Syntax { path: PathBuf, reason: String },
    #[error("{name}: {value} is not {expected}")]
    Value { name: &'static str, value: String, expected: &'static str },
    #[error("--demo listens on the loopback address only, not on {0}: its passwords are known")]
    DemoOutside(IpAddr),
}

/// `<data>/migas.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    admin_password_file: Option<PathBuf>,
    log: Option<String>,
    time_zone: Option<String>,
    max_package_size: Option<u64>,
}

impl ServerSettings {
    /// Puts the four sources together.
    ///
    /// # Errors
    /// [`SettingsError`] names the file and line, or the setting and its value.
    pub fn load(
        flags: Flags,
        environment: &BTreeMap<String, String>,
        is_root: bool,
    ) -> Result<Self, SettingsError> {
        let variable =
            |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let data_flag = flags.data.is_some();
        let data =
            flags.data.or_else(|| variable("MIGAS_DATA").map(PathBuf::from)).unwrap_or_else(|| {
                if is_root { "/var/lib/migas".into() } else { "./migas-data".into() }
            });
        let file = read_file(&data.join("migas.toml"))?;
        let mut origins = BTreeMap::new();
        let mut note = |name, flag: bool, variables: &[&str], file: bool| {
            let set = variables.iter().any(|name| variable(name).is_some());
            let origin = match (flag, set) {
                (true, _) => Some(Origin::Flag),
                (false, true) => Some(Origin::Environment),
                (false, false) => file.then_some(Origin::File),
            };
            if let Some(origin) = origin {
                origins.insert(name, origin);
            }
        };
        note("DATA", data_flag, &["MIGAS_DATA"], false);
        note("LISTEN", flags.listen.is_some(), &["MIGAS_LISTEN"], file.listen.is_some());
        note("LOG", false, &["MIGAS_LOG"], file.log.is_some());
        let zones = ["MIGAS_TIME_ZONE", "MIGASFREE_TIME_ZONE", "TZ"];
        note("TIME_ZONE", false, &zones, file.time_zone.is_some());
        let size = file.max_package_size.is_some();
        note("MAX_PACKAGE_SIZE", false, &["MIGAS_MAX_PACKAGE_SIZE"], size);
        let listen = flags.listen.or_else(|| variable("MIGAS_LISTEN")).or(file.listen);
        let listen = match listen {
            Some(text) => parse_listen(&text)?,
            None if flags.demo => SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            None => SocketAddr::from((Ipv6Addr::UNSPECIFIED, if is_root { 80 } else { 8080 })),
        };
        if flags.demo && !listen.ip().is_loopback() {
            return Err(SettingsError::DemoOutside(listen.ip()));
        }
        let zone = variable("MIGAS_TIME_ZONE").or_else(|| variable("MIGASFREE_TIME_ZONE"));
        let zone = zone.or(file.time_zone).or_else(|| variable("TZ"));
        let size = match variable("MIGAS_MAX_PACKAGE_SIZE") {
            Some(text) => Some(text.parse().map_err(|_| SettingsError::Value {
                name: "MIGAS_MAX_PACKAGE_SIZE",
                value: text,
                expected: "a number of bytes",
            })?),
            None => file.max_package_size,
        };
        Ok(Self {
            data,
            listen,
            admin_password_file: flags
                .admin_password_file
                .or_else(|| variable("MIGAS_ADMIN_PASSWORD_FILE").map(PathBuf::from))
                .or(file.admin_password_file),
            demo: flags.demo,
            log: variable("MIGAS_LOG").or(file.log).unwrap_or_else(|| "info".into()),
            time_zone: parse_zone(zone)?,
            max_package_size: size.unwrap_or(MAX_PACKAGE_SIZE),
            origins,
        })
    }
}

fn read_file(path: &Path) -> Result<File, SettingsError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| SettingsError::Syntax {
            path: path.to_owned(),
            reason: error.to_string(),
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(source) => Err(SettingsError::Read { path: path.to_owned(), source }),
    }
}

/// `ADDR:PORT`, `:PORT` or a bare port.
fn parse_listen(text: &str) -> Result<SocketAddr, SettingsError> {
    let port = text.strip_prefix(':').unwrap_or(text).parse::<u16>();
    match (text.parse(), port) {
        (Ok(address), _) => Ok(address),
        (_, Ok(port)) => Ok(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))),
        _ => Err(SettingsError::Value {
            name: "listen",
            value: text.to_owned(),
            expected: "an address and port such as 127.0.0.1:8080 or [::]:80",
        }),
    }
}

/// The named zone, else the system's, else UTC (D-SRV-20).
fn parse_zone(name: Option<String>) -> Result<TimeZone, SettingsError> {
    match name {
        Some(name) => TimeZone::get(&name).map_err(|_| SettingsError::Value {
            name: "TIME_ZONE",
            value: name,
            expected: "an IANA time zone such as Europe/Madrid",
        }),
        None => Ok(TimeZone::try_system().unwrap_or(TimeZone::UTC)),
    }
}

/// Reads the environment of the process; a name or value that is no UTF-8 is left out.
pub fn environment() -> BTreeMap<String, String> {
    let text = |value: std::ffi::OsString| value.into_string().ok();
    std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?))).collect()
}

/// Says whether this process is root, from the owner of `/proc/self`.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(
        flags: Flags,
        environment: &[(&str, &str)],
        file: &str,
    ) -> Result<ServerSettings, SettingsError> {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("migas.toml"), file).unwrap();
        let environment =
            environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let flags = Flags { data: Some(dir.path().to_owned()), ..flags };
        ServerSettings::load(flags, &environment, false)
    }

    #[test]
    fn d_srv_30_flags_beat_environment_beats_file_beats_default() {
        let listen = |flags: Option<&str>, env: &[(&str, &str)], file: &str| {
            let flags = Flags { listen: flags.map(Into::into), ..Flags::default() };
            load(flags, env, file).unwrap().listen.to_string()
        };
        let env = [("MIGAS_LISTEN", "127.0.0.1:2")];
        let file = "listen = '127.0.0.1:1'";
        assert_eq!(listen(None, &[], ""), "[::]:8080");
        assert_eq!(listen(None, &[], file), "127.0.0.1:1");
        assert_eq!(listen(None, &env, file), "127.0.0.1:2");
        assert_eq!(listen(Some("127.0.0.1:3"), &env, file), "127.0.0.1:3");
        assert_eq!(listen(Some(":81"), &env, file), "[::]:81");
    }

    #[test]
    fn d_srv_30_a_value_tells_where_it_comes_from() {
        let origin = |flags: Flags, env: &[(&str, &str)], file: &str| {
            load(flags, env, file).unwrap().origins.get("LISTEN").copied()
        };
        let file = "listen = '127.0.0.1:1'";
        let env = [("MIGAS_LISTEN", "127.0.0.1:2")];
        let flag = Flags { listen: Some(":81".into()), ..Flags::default() };
        assert_eq!(origin(Flags::default(), &[], ""), None);
        assert_eq!(origin(Flags::default(), &[], file), Some(Origin::File));
        assert_eq!(origin(Flags::default(), &env, file), Some(Origin::Environment));
        assert_eq!(origin(flag, &env, file), Some(Origin::Flag));
    }

    #[test]
    fn d_srv_30_an_error_names_file_line_or_setting() {
        let error = |env: &[(&str, &str)], file: &str| {
            load(Flags::default(), env, file).unwrap_err().to_string()
        };
        let text = error(&[], "lisen = 'x'");
        assert!(text.contains("migas.toml") && text.contains("unknown field `lisen`"), "{text}");
        assert!(text.contains("line 1"), "{text}");
        let text = error(&[("TZ", "Mars/Olympus")], "");
        assert!(text.contains("Mars/Olympus is not an IANA time zone"), "{text}");
    }

    #[test]
    fn d_acc_02_a_demo_is_refused_outside_loopback() {
        let flags = Flags { demo: true, listen: Some("0.0.0.0:80".into()), ..Flags::default() };
        assert!(matches!(load(flags, &[], ""), Err(SettingsError::DemoOutside(_))));
        let flags = Flags { demo: true, ..Flags::default() };
        assert_eq!(load(flags, &[], "").unwrap().listen.to_string(), "127.0.0.1:8080");
    }

    #[test]
    fn d_srv_20_faq_05_the_time_zone_is_a_setting() {
        let zone = |env: &[(&str, &str)], file: &str| {
            let zone = load(Flags::default(), env, file).unwrap().time_zone;
            zone.iana_name().map(str::to_owned)
        };
        assert_eq!(zone(&[], "time_zone = 'Europe/Madrid'").as_deref(), Some("Europe/Madrid"));
        let mexico = zone(&[("TZ", "America/Mexico_City")], "");
        assert_eq!(mexico.as_deref(), Some("America/Mexico_City"));
    }
}
