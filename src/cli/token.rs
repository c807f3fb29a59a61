//! `migas token`: bearer tokens for scripts, also beside a running server (D-ACC-07).

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::app::actor::Actor;
use crate::app::tokens::{Token, TokenForm};
use crate::app::{App, Options};
use crate::catalogue::Lang;
use crate::domain::ids::TokenId;
use crate::settings::{Flags, ServerSettings};
use crate::storage::Storage;
use crate::t;

use super::CliError;

/// Tokens read at a time.
const PAGE: u32 = 1_000;

/// Bearer tokens for scripts
#[derive(clap::Subcommand, Debug)]
pub enum TokenCommand {
    /// Prints a new token of an account
    ///
    /// Works while the server runs. The token has the rights of its account, or those of --right
    /// that the account has; it is shown once.
    ///
    /// Examples:
    ///   migas token create --data /var/lib/migas --user admin
    ///   migas token create --user packager --right package:add --right store:add --expires 2027-01-31
    #[command(verbatim_doc_comment)]
    Create(CreateArgs),
    /// Lists tokens, never their secrets
    ///
    /// Example:
    ///   migas token list --json
    #[command(verbatim_doc_comment)]
    List(ListArgs),
    /// Revokes a token: whatever uses it stops working at once
    ///
    /// Example:
    ///   migas token revoke 7
    #[command(verbatim_doc_comment)]
    Revoke(RevokeArgs),
}

/// Arguments of `migas token create`.
#[derive(clap::Args, Debug)]
pub struct CreateArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Account whose rights the token has
    #[arg(long, value_name = "NAME")]
    user: String,
    /// What the token is for, shown in the list of tokens
    #[arg(long, value_name = "TEXT", default_value = "command line")]
    name: String,
    /// Last day on which it works, such as 2027-01-31
    #[arg(long, value_name = "DATE")]
    expires: Option<String>,
    /// What it may do, such as package:add; repeat for more [default: all its account may do]
    #[arg(long, value_name = "RIGHT")]
    right: Vec<String>,
}

/// Arguments of `migas token list`.
#[derive(clap::Args, Debug)]
pub struct ListArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Arguments of `migas token revoke`.
#[derive(clap::Args, Debug)]
pub struct RevokeArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Number of the token in the list
    #[arg(value_name = "ID")]
    id: i64,
}

/// Runs `migas token …`.
pub fn run(command: TokenCommand, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        TokenCommand::Create(args) => create(args, out),
        TokenCommand::List(args) => list(args, lang, out),
        TokenCommand::Revoke(args) => {
            let (app, actor) = open_beside(args.data)?;
            let revoked = app.revoke_token(&actor, TokenId(args.id));
            super::small_runtime()?.block_on(revoked).map_err(CliError::failure)
        }
    }
}

fn create(args: CreateArgs, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let expires_at = args.expires.as_deref().map(|day| app.read_to("expires", day));
    let form = TokenForm {
        username: args.user,
        name: args.name,
        expires_at: expires_at.transpose().map_err(CliError::failure)?,
        rights: (!args.right.is_empty()).then_some(args.right),
    };
    let runtime = super::small_runtime()?;
    let secret = runtime.block_on(app.create_token(&actor, form)).map_err(CliError::failure)?;
    writeln!(out, "{secret}").map_err(CliError::failure)
}

fn list(args: ListArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let runtime = super::small_runtime()?;
    let (mut tokens, mut after) = (Vec::new(), None);
    loop {
        let page =
            runtime.block_on(app.tokens(&actor, None, after, PAGE)).map_err(CliError::failure)?;
        tokens.extend(page.items);
        match page.next.and_then(|id| id.parse().ok()) {
            Some(id) => after = Some(id),
            None => break,
        }
    }
    if args.json {
        let rows: Vec<_> = tokens.iter().map(body).collect();
        serde_json::to_writer_pretty(&mut *out, &rows).map_err(CliError::failure)?;
        return writeln!(out).map_err(CliError::failure);
    }
    for token in &tokens {
        let rights = match &token.rights {
            None => t!(lang, "token-cli-all-rights"),
            Some(rights) => rights.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        };
        let until = token.expires_at.map_or_else(|| "-".to_owned(), |at| app.show(at));
        let used = token.last_used_at.map_or_else(|| "-".to_owned(), |at| app.show(at));
        let (id, username, name) = (token.id, &token.username, &token.name);
        writeln!(out, "{id}\t{username}\t{name}\t{rights}\t{until}\t{used}")
            .map_err(CliError::failure)?;
    }
    Ok(())
}

fn body(token: &Token) -> serde_json::Value {
    let rights = token.rights.as_ref();
    json!({
        "id": token.id,
        "username": token.username,
        "name": token.name,
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "rights": rights.map(|r| r.iter().map(ToString::to_string).collect::<Vec<_>>()),
        "last_used_at": token.last_used_at,
    })
}

/// Opens the database of a site, whether its server runs or not, to act as the system.
pub fn open_beside(data: Option<PathBuf>) -> Result<(App, Actor), CliError> {
    let environment = crate::settings::environment();
    let flags = Flags { data, ..Flags::default() };
    let settings = ServerSettings::load(flags, &environment, crate::settings::is_root())
        .map_err(CliError::failure)?;
    let now = crate::clock::now();
    let storage = Storage::open_existing(&settings.data).map_err(CliError::failure)?;
    let options = Options {
        time_zone: settings.time_zone.clone(),
        max_package_size: settings.max_package_size,
        demo: false,
    };
    let app = App::new(storage, options, now).map_err(CliError::failure)?;
    app.describe_process(super::settings::describe(&settings));
    Ok((app, Actor::system(now)))
}
