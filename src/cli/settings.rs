//! `migas settings`: settings of the site, also beside a running server (D-SRV-30).

use std::io::Write;
use std::path::PathBuf;

use crate::app::site_settings::{Origin, SettingView};
use crate::catalogue::Lang;
use crate::settings::{self, ServerSettings};
use crate::t;

use super::CliError;
use super::token::open_beside;

/// Settings of the site
#[derive(clap::Subcommand, Debug)]
pub enum SettingsCommand {
    /// Shows every setting with its value and where that comes from
    ///
    /// Settings of the process (listen, log, time zone…) are shown as this command reads them
    /// from migas.toml and its own environment; a server that runs may have been started with
    /// others.
    ///
    /// Examples:
    ///   migas settings show --data /var/lib/migas
    ///   migas settings show --json
    #[command(verbatim_doc_comment)]
    Show(ShowArgs),
    /// Prints the value of one setting
    ///
    /// Example:
    ///   migas settings get ORGANIZATION
    #[command(verbatim_doc_comment)]
    Get(GetArgs),
    /// Changes a setting of the site, effective at once
    ///
    /// Works while the server runs. The change is recorded in the audit log.
    ///
    /// Examples:
    ///   migas settings set ORGANIZATION "Town hall"
    ///   migas settings set COMPUTER_SEARCH_FIELDS name,ip_address
    ///   migas settings set HW_PERIOD --default
    #[command(verbatim_doc_comment)]
    Set(SetArgs),
}

/// Arguments of `migas settings show`.
#[derive(clap::Args, Debug)]
pub struct ShowArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Arguments of `migas settings get`.
#[derive(clap::Args, Debug)]
pub struct GetArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the setting
    #[arg(value_name = "NAME")]
    name: String,
}

/// Arguments of `migas settings set`.
#[derive(clap::Args, Debug)]
pub struct SetArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the setting
    #[arg(value_name = "NAME")]
    name: String,
    /// New value
    #[arg(value_name = "VALUE", required_unless_present = "default")]
    value: Option<String>,
    /// Return to the default
    #[arg(long, conflicts_with = "value")]
    default: bool,
}

/// Runs `migas settings …`.
pub fn run(command: SettingsCommand, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        SettingsCommand::Show(args) => show(args, lang, out),
        SettingsCommand::Get(args) => get(args, out),
        SettingsCommand::Set(args) => set(args, lang, out),
    }
}

fn show(args: ShowArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let all = super::small_runtime()?.block_on(app.settings(&actor)).map_err(CliError::failure)?;
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &all).map_err(CliError::failure)?;
        return writeln!(out).map_err(CliError::failure);
    }
    let width = all.iter().map(|view| view.name.len()).max().unwrap_or_default();
    for view in &all {
        let origin = origin_text(view.origin, lang);
        writeln!(out, "{:width$}  {}  ({origin})", view.name, view.value)
            .map_err(CliError::failure)?;
    }
    Ok(())
}

fn get(args: GetArgs, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let name = args.name.to_uppercase();
    let found = super::small_runtime()?.block_on(app.setting(&actor, &name));
    writeln!(out, "{}", found.map_err(CliError::failure)?.value).map_err(CliError::failure)
}

fn set(args: SetArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let name = args.name.to_uppercase();
    let value = args.value.filter(|_| !args.default);
    let changed = super::small_runtime()?.block_on(app.change_setting(&actor, &name, value));
    let SettingView { name, value, .. } = changed.map_err(CliError::failure)?;
    writeln!(out, "{}", t!(lang, "settings-now", name = name, value = value))
        .map_err(CliError::failure)
}

fn origin_text(origin: Origin, lang: Lang) -> String {
    match origin {
        Origin::Default => t!(lang, "settings-from-default"),
        Origin::Site => t!(lang, "settings-from-site"),
        Origin::File => t!(lang, "settings-from-file"),
        Origin::Environment => t!(lang, "settings-from-environment"),
        Origin::Flag => t!(lang, "settings-from-flag"),
    }
}

/// The settings of the process, for the settings page and `migas settings show`.
pub fn describe(process: &ServerSettings) -> Vec<SettingView> {
    let zone = process.time_zone.iana_name().unwrap_or("UTC").to_owned();
    let size = |bytes: u64| bytes.to_string();
    let rows = [
        ("DATA", process.data.display().to_string(), "/var/lib/migas".to_owned()),
        ("LISTEN", process.listen.to_string(), "[::]:8080".to_owned()),
        ("LOG", process.log.clone(), "info".to_owned()),
        ("TIME_ZONE", zone, String::new()),
        ("MAX_PACKAGE_SIZE", size(process.max_package_size), size(settings::MAX_PACKAGE_SIZE)),
    ];
    let view = |(name, value, default): (&'static str, String, String)| SettingView {
        origin: match process.origins.get(name) {
            None => Origin::Default,
            Some(settings::Origin::File) => Origin::File,
            Some(settings::Origin::Environment) => Origin::Environment,
            Some(settings::Origin::Flag) => Origin::Flag,
        },
        name: name.to_owned(),
        value,
        default,
        editable: false,
    };
    rows.into_iter().map(view).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;

    fn print(command: SettingsCommand) -> Result<String, CliError> {
        let mut out = Vec::new();
        run(command, Lang::En, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn d_srv_30_settings_are_shown_set_and_returned_to_their_default() {
        let dir = tempfile::tempdir().unwrap();
        drop(Storage::open(dir.path()).unwrap());
        let data = || Some(dir.path().to_owned());
        let set = |name: &str, value: Option<&str>| {
            print(SettingsCommand::Set(SetArgs {
                data: data(),
                name: name.into(),
                value: value.map(Into::into),
                default: value.is_none(),
            }))
        };
        let get =
            |name: &str| print(SettingsCommand::Get(GetArgs { data: data(), name: name.into() }));
        assert_eq!(get("organization").unwrap(), "My Organization\n");
        set("ORGANIZATION", Some("Town hall")).unwrap();
        assert_eq!(get("MIGASFREE_ORGANIZATION").unwrap(), "Town hall\n");
        let shown = print(SettingsCommand::Show(ShowArgs { data: data(), json: false }));
        let shown = shown.unwrap();
        let line = shown.lines().find(|line| line.starts_with("ORGANIZATION")).unwrap();
        assert!(line.ends_with("Town hall  (set for this site)"), "{line}");
        assert!(shown.lines().any(|line| line.starts_with("LISTEN")), "{shown}");
        let json = print(SettingsCommand::Show(ShowArgs { data: data(), json: true }));
        let json: serde_json::Value = serde_json::from_str(&json.unwrap()).unwrap();
        assert_eq!(json[0]["origin"], "site");
        set("ORGANIZATION", None).unwrap();
        assert_eq!(get("ORGANIZATION").unwrap(), "My Organization\n");
        assert!(set("HW_PERIOD", Some("soon")).is_err());
        assert!(set("LISTEN", Some("127.0.0.1:1")).is_err());
        assert!(get("TEA").is_err());
    }
}
