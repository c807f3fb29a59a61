//! `migas client register`: with the project's own permission, or an account's (D-REG-08).

use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::{Common, output};
use crate::catalogue::Lang;
use crate::cli::CliError;
use crate::client::run::{Client, ClientError};
use crate::client::session::Account;
use crate::t;

/// Runs `migas client register`.
pub fn run(
    common: &Common,
    user: Option<String>,
    password_file: Option<PathBuf>,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let mut client = super::open_or_fail(common, lang)?;
    let lock = client.lock();
    let _lock = lock.map_err(|error| output::failure(&error, Some(&client), lang, common.book))?;
    let is_terminal = std::io::stdin().is_terminal();
    if is_terminal && user.is_none() && !confirmed(&client, lang)? {
        return Err(CliError::failed(t!(lang, "client-register-not-done")).with_status(1));
    }
    let first = match &user {
        Some(name) => account(name, password_file.as_deref(), lang)?,
        None => Account::default(),
    };
    let runtime = crate::cli::small_runtime()?;
    let mut answer = runtime.block_on(client.register(&first));
    if user.is_none() && is_terminal && answer.as_ref().is_err_and(needs_account) {
        let name = prompt(&t!(lang, "client-register-account"), false)?;
        if name.is_empty() {
            let what = t!(lang, "client-register-account");
            return Err(empty(&what, lang));
        }
        let account = account(&name, None, lang)?;
        answer = runtime.block_on(client.register(&account));
    }
    let answer =
        answer.map_err(|error| output::failure(&error, Some(&client), lang, common.book))?;
    match common.json {
        true => output::json(out, &serde_json::json!({"cid": answer.cid})),
        false => output::line(out, &t!(lang, "client-registered", cid = answer.cid)),
    }
}

/// The server wants somebody to vouch for the computer.
fn needs_account(error: &ClientError) -> bool {
    let problem = error.transport().and_then(|error| error.problem_type());
    matches!(problem, Some("can-not-register" | "key-mismatch"))
}

fn confirmed(client: &Client, lang: Lang) -> Result<bool, CliError> {
    let settings = &client.settings;
    let (server, project) = (settings.server.as_str(), settings.project.as_str());
    let question = t!(lang, "client-register-confirm", server = server, project = project);
    let answer = prompt(&question, false)?.to_lowercase();
    Ok(["y", "yes", "s", "si", "sí"].contains(&answer.as_str()))
}

fn account(name: &str, password_file: Option<&Path>, lang: Lang) -> Result<Account, CliError> {
    let password = match password_file {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text =
                text.map_err(|error| CliError::failed(format!("{}: {error}", path.display())))?;
            text.lines().next().unwrap_or_default().to_owned()
        }
        None => prompt(&t!(lang, "client-register-password"), true)?,
    };
    if password.is_empty() {
        return Err(empty(&t!(lang, "client-register-password"), lang));
    }
    Ok(Account { name: name.to_owned(), password })
}

/// An empty answer ends the command (D-CLI-02).
fn empty(what: &str, lang: Lang) -> CliError {
    CliError::failed(t!(lang, "client-register-empty", what = what)).with_status(64)
}

/// Asks on standard error and reads a line; `hidden` does not show what is typed.
pub(crate) fn prompt(question: &str, hidden: bool) -> Result<String, CliError> {
    let mut words = std::io::stderr();
    let _closed_pipe_is_fine = write!(words, "{question}: ").and_then(|()| words.flush());
    let stdin = std::io::stdin();
    let before = if hidden { tcgetattr(&stdin).ok() } else { None };
    if let Some(before) = &before {
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        let _shown_if_it_fails = tcsetattr(&stdin, OptionalActions::Now, &silent);
    }
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    if let Some(before) = &before {
        let _ = tcsetattr(&stdin, OptionalActions::Now, before);
        let _ = writeln!(words);
    }
    read.map_err(CliError::failure)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
