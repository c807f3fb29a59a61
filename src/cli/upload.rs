//! `migas upload`: package files to a store of a site, streamed, or a directory as a package set.

mod book;
mod set;
mod site;

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::catalogue::Lang;
use crate::client::config::{self, Defaults, Packager, Settings};
use crate::client::places::Places;
use crate::domain::package::Format;
use crate::t;

use super::CliError;
use set::Wanted;
use site::{Login, Refusal, Site};

pub use book::rewrite;

/// Uploads package files to a store of a site
///
/// What is not given comes from section [packager] of the client's configuration; what is still
/// missing is asked for. A file of the same name with other content is refused unless --replace
/// is given. The account must be permitted to add and change packages and stores.
///
/// Projects with yum, dnf or zypper take metadata of repositories, too, packed or not: comps.xml,
/// updateinfo.xml and modules.yaml are told by their content and go into deployments like packages.
///
/// With --dir all files of a directory become one package set, their sub-directories kept: a record
/// that deployments take as a whole. Files that are no packages of the project stay plain files. The
/// set appears, or is replaced, when all of it is there; only contents that the server lacks are sent.
///
/// Exit status: 0 if every file is stored; 1 if one was refused (the reason is on standard
/// error); 2 for other failures; 69 if the server cannot be reached.
///
/// Examples:
///   migas upload --server migas.example.org --project debian-12 --store acme acme_1.0_all.deb
///   migas upload --user admin --password-file pw --project debian-12 --store acme *.deb
///   migas upload --token-file token --project fedora-40 --store acme *.rpm comps.xml
///   migas upload --project debian-12 --store frozen --replace -d /srv/mirror -n debian-main
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct UploadArgs {
    /// Files to upload
    #[arg(required_unless_present = "dir", conflicts_with = "dir", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Upload all files below a directory as one package set
    #[arg(short, long, value_name = "DIR", conflicts_with = "regular_file")]
    dir: Option<PathBuf>,
    /// Name of the set, if it is not that of the directory
    #[arg(short, long, value_name = "NAME", requires = "dir", conflicts_with = "files")]
    name: Option<String>,
    /// Address of the server
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Account that uploads
    #[arg(long, value_name = "NAME", conflicts_with = "token_file")]
    user: Option<String>,
    /// Take its password from the first line of FILE
    #[arg(long, value_name = "FILE", conflicts_with = "token_file")]
    password_file: Option<PathBuf>,
    /// Its password, as the book's command takes it
    #[arg(long, value_name = "PASSWORD", hide = true, conflicts_with = "password_file")]
    pwd: Option<String>,
    /// Take a bearer token from the first line of FILE instead of account and password
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Project of the packages
    #[arg(long, value_name = "NAME")]
    project: Option<String>,
    /// Store that takes the files; made if it does not exist
    #[arg(long, value_name = "NAME")]
    store: Option<String>,
    /// Other content takes the place of a file or set of the same name
    #[arg(long)]
    replace: bool,
    /// Store the files as they are, without package records
    #[arg(long)]
    regular_file: bool,
    /// Deployments with a replaced package keep the old one until published again
    #[arg(long)]
    no_create_repo: bool,
    /// Configuration file to take [packager] from
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print one JSON object for each file, or for the set
    #[arg(long)]
    json: bool,
}

/// Runs `migas upload`.
///
/// # Errors
/// [`CliError`] with the exit statuses of the help.
pub fn run(args: UploadArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let site = complete(&args, lang)?;
    let runtime = super::small_runtime()?;
    let mut refused = 0;
    let mut report = |what: &Path, stored: Result<Value, Refusal>| {
        let line = match stored {
            Ok(stored) if args.json => stored.to_string(),
            Ok(stored) => told(&stored, what, lang),
            Err(Refusal::Failed(error)) => return Err(error),
            Err(Refusal::Reason(reason)) => {
                refused += 1;
                let file = what.display().to_string();
                let text = t!(lang, "upload-refused", file = file, reason = reason);
                let _closed_pipe_is_fine = writeln!(std::io::stderr(), "migas: {text}");
                return Ok(());
            }
        };
        writeln!(out, "{line}").map_err(CliError::failure)
    };
    if let Some(dir) = &args.dir {
        let (replace, no_create_repo) = (args.replace, args.no_create_repo);
        let wanted = Wanted { dir, name: args.name.as_deref(), replace, no_create_repo };
        report(dir, runtime.block_on(set::upload(&site, wanted)))?;
    }
    for path in &args.files {
        report(path, runtime.block_on(send(&site, &args, path)))?;
    }
    if refused == 0 { Ok(()) } else { Err(CliError::silent(1)) }
}

/// Sends a package file.
async fn send(site: &Site, args: &UploadArgs, path: &Path) -> Result<Value, Refusal> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut query = vec![("project", site.project.as_str()), ("store", &site.store)];
    for (flag, name) in [
        (args.replace, "replace"),
        (args.regular_file, "regular_file"),
        (args.no_create_repo, "no_create_repo"),
    ] {
        if flag {
            query.push((name, "1"));
        }
    }
    query.push(("name", &name));
    let size_bytes = path.metadata().map(|about| about.len()).unwrap_or_default();
    let bar = site.progress(size_bytes, &name);
    let stored = site.post_file("", &query, path, &bar).await;
    bar.finish_and_clear();
    stored
}

/// One line about a stored file or set.
fn told(stored: &Value, path: &Path, lang: Lang) -> String {
    let text = |field| stored.get(field).and_then(Value::as_str);
    let number = |field| stored.get(field).and_then(Value::as_u64).unwrap_or_default();
    let key = match text("outcome") {
        Some("replaced") => "upload-replaced",
        Some("moved") => "upload-moved",
        Some("unchanged") => "upload-unchanged",
        _ => "upload-stored",
    };
    let file = text("name").map_or_else(|| path.display().to_string(), str::to_owned);
    let told = t!(lang, key, file = file);
    match text("format").and_then(Format::parse) {
        Some(Format::Set) => {
            let (files, packages, sent) = (number("files"), number("packages"), number("sent"));
            t!(lang, "upload-set", told = told, files = files, packages = packages, sent = sent)
        }
        // What was recognised is said where the name of the file does not tell.
        Some(format) if !format.is_package() => {
            let kind = t!(lang, &format!("format-{}", format.as_str()));
            t!(lang, "upload-of-kind", told = told, kind = kind)
        }
        _ => told,
    }
}

/// Puts arguments, configuration and answers to questions together.
fn complete(args: &UploadArgs, lang: Lang) -> Result<Site, CliError> {
    let environment = config::environment();
    let places = Places::new(None);
    let settings =
        Settings::load(&places, args.config.as_deref(), &environment, &Defaults::default())
            .map_err(CliError::failure)?;
    let Packager { user, password, project, store } = settings.packager;
    let login = match &args.token_file {
        Some(path) => Login::Token(super::first_line(path, lang)?),
        None => {
            let user = given(args.user.clone().or(user), "upload-user", false, lang)?;
            let password = match &args.password_file {
                Some(path) => Some(super::first_line(path, lang)?),
                None => args.pwd.clone().or(password),
            };
            let password = given(password, "upload-password", true, lang)?;
            Login::Password { user, password }
        }
    };
    let project = given(args.project.clone().or(project), "upload-project", false, lang)?;
    let store = given(args.store.clone().or(store), "upload-store", false, lang)?;
    let server = args.server.clone().unwrap_or(settings.server);
    let url = super::address(&server, "/api/v1/upload", lang)?;
    let http = reqwest::Client::builder().build().map_err(CliError::failure)?;
    let visible = std::io::stderr().is_terminal() && !args.json;
    Ok(Site { http, server, url, login, project, store, visible, lang })
}

/// The value, or what is answered when it is asked for; an empty one ends (D-CLI-02).
fn given(
    value: Option<String>,
    key: &'static str,
    hidden: bool,
    lang: Lang,
) -> Result<String, CliError> {
    let value = match value {
        Some(value) => value,
        None if std::io::stdin().is_terminal() => super::client::prompt(&t!(lang, key), hidden)?,
        None => String::new(),
    };
    if value.is_empty() {
        let what = t!(lang, key);
        return Err(CliError::failed(t!(lang, "upload-empty", what = what)).with_status(64));
    }
    Ok(value)
}
