//! EDGE: the command line. `migas <noun> <verb>`, a file per noun.
//!
//! Data goes to standard output, words to standard error; exit statuses are those of
//! `ARCHITECTURE.md`. A closed pipe counts as success.

mod client;
mod emulate;
mod help;
mod log;
mod repo;
mod serve;
mod settings;
mod token;
mod upload;
mod user;
mod why;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::app::chain;
use crate::catalogue::Lang;
use crate::t;

pub use serve::routes;

/// Deploys software to the Linux machines of a site
#[derive(Parser, Debug)]
#[command(name = "migas", version, arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Client(client::ClientArgs),
    Emulate(emulate::EmulateArgs),
    #[command(subcommand)]
    Repo(repo::RepoCommand),
    Serve(serve::ServeArgs),
    #[command(subcommand)]
    Settings(settings::SettingsCommand),
    #[command(subcommand)]
    Token(token::TokenCommand),
    Upload(upload::UploadArgs),
    #[command(subcommand)]
    User(user::UserCommand),
    Why(why::WhyArgs),
}

/// Why a command failed: what to say, and the exit status.
#[derive(Debug)]
pub struct CliError {
    message: String,
    status: u8,
}

impl CliError {
    /// A failure (status 2) in words for the reader.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: 2 }
    }

    /// A failure (status 2): the error with its causes, chained with colons.
    pub fn failure(error: impl std::error::Error) -> Self {
        Self::failed(chain(&error))
    }

    /// Nothing more to say: whoever failed has said it.
    pub fn silent(status: u8) -> Self {
        Self { message: String::new(), status }
    }

    /// The same with another exit status.
    pub fn with_status(self, status: u8) -> Self {
        Self { status, ..self }
    }
}

/// Runs the program for `argv` and returns its exit status.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    let lang = language();
    let argv = argv.into_iter().collect();
    let argv = upload::rewrite(argv, lang).and_then(|argv| client::rewrite(argv, lang));
    let args = match argv.and_then(|argv| parse(argv, lang)) {
        Ok(args) => args,
        Err(error) => {
            let _closed_pipe_is_fine = error.print();
            return ExitCode::from(if error.use_stderr() { 64 } else { 0 });
        }
    };
    let mut out = std::io::stdout();
    let done = match args.command {
        Command::Client(args) => client::run(args, lang, &mut out),
        Command::Emulate(args) => emulate::run(&args, lang, &mut out),
        Command::Repo(command) => repo::run(command, lang, &mut out),
        Command::Serve(args) => serve::run(args, lang, &mut out),
        Command::Settings(command) => settings::run(command, lang, &mut out),
        Command::Token(command) => token::run(command, lang, &mut out),
        Command::Upload(args) => upload::run(args, lang, &mut out),
        Command::User(command) => user::run(command, lang, &mut out),
        Command::Why(args) => why::run(args, lang, &mut out),
    };
    finish(done)
}

fn parse(argv: Vec<OsString>, lang: Lang) -> Result<Args, clap::Error> {
    let command = help::in_language(Args::command(), lang);
    Args::from_arg_matches(&command.try_get_matches_from(argv)?)
}

/// Says what went wrong and returns the exit status.
fn finish(done: Result<(), CliError>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.message.is_empty() => ExitCode::from(error.status),
        Err(error) => {
            let _closed_pipe_is_fine = writeln!(std::io::stderr(), "migas: {}", error.message);
            ExitCode::from(error.status)
        }
    }
}

/// The language of the terminal: `LC_ALL`, `LC_MESSAGES`, `LANG`, in this order.
fn language() -> Lang {
    let environment = crate::settings::environment();
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| environment.get(name).filter(|value| !value.is_empty()));
    set.and_then(|locale| Lang::parse(locale)).unwrap_or_default()
}

/// A server that cannot be reached (status 69): which, the innermost cause, what to look at.
fn unreachable(server: &str, error: reqwest::Error, lang: Lang) -> CliError {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let reason = cause.to_string();
    let text = t!(lang, "cli-unreachable", server = server, reason = reason);
    CliError::failed(text).with_status(69)
}

/// The address of a server as it was typed, with `http` where it says no scheme.
fn address(server: &str, path: &str, lang: Lang) -> Result<reqwest::Url, CliError> {
    let server = server.trim_end_matches('/');
    let scheme = if server.contains("://") { "" } else { "http://" };
    reqwest::Url::parse(&format!("{scheme}{server}{path}")).map_err(|error| {
        let reason = error.to_string();
        let text = t!(lang, "cli-no-address", server = server, reason = reason);
        CliError::failed(text).with_status(64)
    })
}

/// A file that cannot be read.
fn unreadable(path: &std::path::Path, error: &std::io::Error, lang: Lang) -> CliError {
    let (file, reason) = (path.display().to_string(), error.to_string());
    CliError::failed(t!(lang, "cli-unreadable", file = file, reason = reason))
}

/// The first line of a file that holds a password or a token.
fn first_line(path: &std::path::Path, lang: Lang) -> Result<String, CliError> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error, lang))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

/// A runtime for commands that are no server.
fn small_runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CliError::failure)
}
