//! `migas upload`: package files to a store of a site, streamed.

mod book;

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{Stream, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reqwest::{StatusCode, Url, header};
use tokio::io::AsyncReadExt as _;

use crate::catalogue::Lang;
use crate::client::config::{self, Defaults, Packager, Settings};
use crate::client::places::Places;
use crate::domain::package::Format;
use crate::t;

use super::CliError;

pub use book::rewrite;

/// Bytes read of a file at once.
const READ_BYTES: usize = 256 * 1024;
/// Longest answer of a server, in bytes.
const MAX_ANSWER: usize = 1 << 20;

/// Uploads package files to a store of a site
///
/// What is not given comes from section [packager] of the client's configuration; what is still
/// missing is asked for. A file of the same name with other content is refused unless --replace
/// is given. The account must be permitted to add and change packages and stores.
///
/// Projects with yum, dnf or zypper take metadata of repositories, too, packed or not: comps.xml,
/// updateinfo.xml and modules.yaml are told by their content and go into deployments like packages.
///
/// Exit status: 0 if every file is stored; 1 if one was refused (the reason is on standard
/// error); 2 for other failures; 69 if the server cannot be reached.
///
/// Examples:
///   migas upload --server migas.example.org --project debian-12 --store acme acme_1.0_all.deb
///   migas upload --user admin --password-file pw --project debian-12 --store acme *.deb
///   migas upload --token-file token --project fedora-40 --store acme *.rpm comps.xml
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct UploadArgs {
    /// Files to upload
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
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
    /// Other content takes the place of a file of the same name
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
    /// Print one JSON object for each file
    #[arg(long)]
    json: bool,
}

/// Everything an upload needs, complete.
struct Target {
    /// As it was given.
    server: String,
    url: Url,
    login: Login,
    visible: bool,
    lang: Lang,
}

enum Login {
    Password { user: String, password: String },
    Token(String),
}

/// Runs `migas upload`.
///
/// # Errors
/// [`CliError`] with the exit statuses of the help.
pub fn run(args: UploadArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let target = complete(&args, lang)?;
    let http = reqwest::Client::builder().build().map_err(CliError::failure)?;
    let runtime = super::small_runtime()?;
    let mut refused = 0;
    for path in &args.files {
        match runtime.block_on(send(&http, &target, path))? {
            Ok(stored) if args.json => writeln!(out, "{stored}").map_err(CliError::failure)?,
            Ok(stored) => {
                writeln!(out, "{}", told(&stored, path, lang)).map_err(CliError::failure)?
            }
            Err(reason) => {
                refused += 1;
                let file = path.display().to_string();
                let text = t!(lang, "upload-refused", file = file, reason = reason);
                let _closed_pipe_is_fine = writeln!(std::io::stderr(), "migas: {text}");
            }
        }
    }
    if refused == 0 { Ok(()) } else { Err(CliError::silent(1)) }
}

/// One line about a stored file.
fn told(stored: &serde_json::Value, path: &Path, lang: Lang) -> String {
    let text = |field| stored.get(field).and_then(|value| value.as_str());
    let key = match text("outcome") {
        Some("replaced") => "upload-replaced",
        Some("moved") => "upload-moved",
        Some("unchanged") => "upload-unchanged",
        _ => "upload-stored",
    };
    let file = text("name").map_or_else(|| path.display().to_string(), str::to_owned);
    let told = t!(lang, key, file = file);
    // What was recognised is said where the name of the file does not tell.
    match text("format").and_then(Format::parse).filter(|format| !format.is_package()) {
        Some(format) => {
            let kind = t!(lang, &format!("format-{}", format.as_str()));
            t!(lang, "upload-of-kind", told = told, kind = kind)
        }
        None => told,
    }
}

/// Puts arguments, configuration and answers to questions together.
fn complete(args: &UploadArgs, lang: Lang) -> Result<Target, CliError> {
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
    let mut url = super::address(&server, "/api/v1/upload", lang)?;
    url.query_pairs_mut().append_pair("project", &project).append_pair("store", &store);
    for (flag, name) in [
        (args.replace, "replace"),
        (args.regular_file, "regular_file"),
        (args.no_create_repo, "no_create_repo"),
    ] {
        if flag {
            url.query_pairs_mut().append_pair(name, "1");
        }
    }
    let visible = std::io::stderr().is_terminal() && !args.json;
    Ok(Target { server, url, login, visible, lang })
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

/// Sends a file; the inner error is the server's reason to refuse it.
async fn send(
    http: &reqwest::Client,
    target: &Target,
    path: &Path,
) -> Result<Result<serde_json::Value, String>, CliError> {
    let unreadable = |error: std::io::Error| super::unreadable(path, &error, target.lang);
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let about = file.metadata().await.map_err(unreadable)?;
    if !about.is_file() {
        let text = t!(target.lang, "upload-no-file", file = path.display().to_string());
        return Err(CliError::failed(text));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bar = progress(target.visible, about.len(), &name);
    let mut url = target.url.clone();
    url.query_pairs_mut().append_pair("name", &name);
    let request = http
        .post(url)
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .header(header::CONTENT_LENGTH, about.len());
    let request = match &target.login {
        Login::Password { user, password } => request.basic_auth(user, Some(password)),
        Login::Token(token) => request.bearer_auth(token),
    };
    let body = reqwest::Body::wrap_stream(pieces(file, bar.clone()));
    let sent = request.body(body).send().await;
    bar.finish_and_clear();
    let away = |error| super::unreachable(&target.server, error, target.lang);
    let mut answer = sent.map_err(away)?;
    let status = answer.status();
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(away)? {
        if bytes.len() + piece.len() > MAX_ANSWER {
            return Err(CliError::failed(t!(target.lang, "upload-strange-answer")));
        }
        bytes.extend_from_slice(&piece);
    }
    let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if status.is_success() {
        return Ok(Ok(body));
    }
    let detail = body.get("detail").and_then(|detail| detail.as_str());
    let detail = detail.unwrap_or(status.as_str());
    let (lang, server) = (target.lang, target.server.as_str());
    Ok(Err(match (status, &target.login) {
        (StatusCode::UNAUTHORIZED, Login::Password { user, .. }) => {
            t!(lang, "upload-wrong-password", server = server, user = user.as_str())
        }
        (StatusCode::UNAUTHORIZED, Login::Token(_)) => {
            t!(lang, "upload-unknown-token", server = server)
        }
        (StatusCode::NOT_FOUND, _) => t!(lang, "upload-not-found", reason = detail),
        _ => detail.to_owned(),
    }))
}

/// The bytes of a file, piece by piece; what is read moves the bar.
fn pieces(
    file: tokio::fs::File,
    bar: ProgressBar,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((file, bar), |(mut file, bar)| async move {
        let mut buffer = Vec::with_capacity(READ_BYTES);
        let read = (&mut file).take(READ_BYTES as u64).read_to_end(&mut buffer).await?;
        bar.inc(read as u64);
        Ok((read > 0).then(|| (Bytes::from(buffer), (file, bar))))
    })
}

/// A bar on a terminal; nothing when piped.
fn progress(visible: bool, size_bytes: u64, name: &str) -> ProgressBar {
    let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(size_bytes), target).with_message(name.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {bytes}/{total_bytes} {eta}")
    {
        bar.set_style(style);
    }
    bar
}
