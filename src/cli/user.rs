//! `migas user`: accounts that administer the site, also beside a running server (6.2).

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::app::accounts::{AccountForm, AccountShown};
use crate::app::actor::Actor;
use crate::app::first_start::{FirstPassword, read_password_file};
use crate::app::passwords::random_password;
use crate::app::{App, AppError};
use crate::catalogue::Lang;
use crate::domain::ids::AccountId;
use crate::t;

use super::CliError;
use super::token::open_beside;

/// Accounts that administer the site
#[derive(clap::Subcommand, Debug)]
pub enum UserCommand {
    /// Lists accounts with their groups
    ///
    /// Example:
    ///   migas user list --json
    #[command(verbatim_doc_comment)]
    List(ListArgs),
    /// Adds an account
    ///
    /// Works while the server runs. Without --password-file a password is generated and shown
    /// this once.
    ///
    /// Examples:
    ///   migas user add ana --group Reader --group Packager
    ///   migas user add root2 --superuser --password-file /root/secret
    #[command(verbatim_doc_comment)]
    Add(AddArgs),
    /// Sets another password; sessions of the account end
    ///
    /// Works while the server runs. Without --password-file a password is generated and shown
    /// this once: also the way back in for who has forgotten theirs.
    ///
    /// Example:
    ///   migas user password admin
    #[command(verbatim_doc_comment)]
    Password(PasswordArgs),
    /// Replaces the groups of an account
    ///
    /// Example:
    ///   migas user groups ana Reader Liberator
    #[command(verbatim_doc_comment)]
    Groups(GroupsArgs),
    /// Deactivates an account: it neither logs in nor uses tokens
    Disable(NameArgs),
    /// Activates an account again
    Enable(NameArgs),
}

/// Arguments of `migas user list`.
#[derive(clap::Args, Debug)]
pub struct ListArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Arguments of `migas user add`.
#[derive(clap::Args, Debug)]
pub struct AddArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the account
    #[arg(value_name = "NAME")]
    name: String,
    /// Group to put it into; repeat for more
    #[arg(long, value_name = "GROUP")]
    group: Vec<String>,
    /// May do everything
    #[arg(long)]
    superuser: bool,
    /// Take the password from the first line of FILE
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Arguments of `migas user password`.
#[derive(clap::Args, Debug)]
pub struct PasswordArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the account
    #[arg(value_name = "NAME")]
    name: String,
    /// Take the password from the first line of FILE
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// Arguments of `migas user groups`.
#[derive(clap::Args, Debug)]
pub struct GroupsArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the account
    #[arg(value_name = "NAME")]
    name: String,
    /// Groups it is in afterwards; none: no group
    #[arg(value_name = "GROUP")]
    groups: Vec<String>,
}

/// Arguments of `migas user disable` and `enable`.
#[derive(clap::Args, Debug)]
pub struct NameArgs {
    /// Directory of the site
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Name of the account
    #[arg(value_name = "NAME")]
    name: String,
}

/// Runs `migas user …`.
pub fn run(command: UserCommand, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        UserCommand::List(args) => list(args, out),
        UserCommand::Add(args) => add(args, lang, out),
        UserCommand::Password(args) => password(args, lang, out),
        UserCommand::Groups(args) => {
            change(args.data, &args.name, |form| AccountForm { groups: args.groups, ..form })
        }
        UserCommand::Disable(args) => {
            change(args.data, &args.name, |form| AccountForm { is_active: false, ..form })
        }
        UserCommand::Enable(args) => {
            change(args.data, &args.name, |form| AccountForm { is_active: true, ..form })
        }
    }
}

fn list(args: ListArgs, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let accounts = super::small_runtime()?.block_on(app.accounts(&actor));
    let accounts = accounts.map_err(CliError::failure)?;
    let details = accounts.iter().filter_map(|shown| match shown {
        AccountShown::Whole(detail) => Some(detail),
        AccountShown::Name { .. } => None,
    });
    if args.json {
        let rows: Vec<_> = details
            .map(|detail| json!({ "id": detail.account.id, "account": AccountForm::from(&**detail) }))
            .collect();
        serde_json::to_writer_pretty(&mut *out, &rows).map_err(CliError::failure)?;
        return writeln!(out).map_err(CliError::failure);
    }
    for detail in details {
        let account = &detail.account;
        let state = if account.is_active { "+" } else { "-" };
        let groups = match account.is_superuser {
            true => "*".to_owned(),
            false => detail.groups.join(", "),
        };
        writeln!(out, "{state} {}\t{groups}", account.username).map_err(CliError::failure)?;
    }
    Ok(())
}

fn add(args: AddArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let (password, generated) = password_of(args.password_file)?;
    let form = AccountForm {
        username: args.name,
        is_active: true,
        is_staff: true,
        is_superuser: args.superuser,
        groups: args.group,
        ..AccountForm::default()
    };
    let added = app.add_account(&actor, form, password.clone());
    super::small_runtime()?.block_on(added).map_err(CliError::failure)?;
    tell(generated, &password, lang, out)
}

fn password(args: PasswordArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let (app, actor) = open_beside(args.data)?;
    let (password, generated) = password_of(args.password_file)?;
    let set = async {
        let id = app.account_named(&actor, &args.name).await?;
        app.set_password(&actor, id, password.clone()).await
    };
    super::small_runtime()?.block_on(set).map_err(CliError::failure)?;
    tell(generated, &password, lang, out)
}

/// The password of the file, or a generated one.
fn password_of(file: Option<PathBuf>) -> Result<(String, bool), CliError> {
    let Some(file) = file else { return Ok((random_password(), true)) };
    match read_password_file(&file).map_err(CliError::failure)? {
        FirstPassword::Given(password) => Ok((password, false)),
        FirstPassword::Generate => Ok((random_password(), true)),
    }
}

/// A generated password is the data of the command; one that was given is not repeated.
fn tell(generated: bool, password: &str, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    if !generated {
        return Ok(());
    }
    let text = t!(lang, "user-generated-password", password = password);
    writeln!(out, "{text}").map_err(CliError::failure)
}

fn change(
    data: Option<PathBuf>,
    name: &str,
    edit: impl FnOnce(AccountForm) -> AccountForm,
) -> Result<(), CliError> {
    let (app, actor) = open_beside(data)?;
    let changed = changed(&app, &actor, name, edit);
    super::small_runtime()?.block_on(changed).map(drop).map_err(CliError::failure)
}

async fn changed(
    app: &App,
    actor: &Actor,
    name: &str,
    edit: impl FnOnce(AccountForm) -> AccountForm,
) -> Result<AccountId, AppError> {
    let id = app.account_named(actor, name).await?;
    let form = AccountForm::from(&app.account_detail(actor, id).await?);
    Ok(app.change_account(actor, id, edit(form)).await?.account.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::token::{self, TokenCommand};
    use crate::storage::Storage;

    #[derive(clap::Parser, Debug)]
    struct Line {
        #[command(subcommand)]
        noun: Noun,
    }

    #[derive(clap::Subcommand, Debug)]
    enum Noun {
        #[command(subcommand)]
        User(UserCommand),
        #[command(subcommand)]
        Token(TokenCommand),
    }

    fn site() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let options = crate::app::Options {
            time_zone: jiff::tz::TimeZone::UTC,
            max_package_size: 1 << 20,
            demo: false,
        };
        let now = crate::clock::now();
        let app = App::new(Storage::open(dir.path()).unwrap(), options, now).unwrap();
        app.first_start(FirstPassword::Given("a long password".into()), now).unwrap();
        dir
    }

    fn migas(dir: &tempfile::TempDir, line: &str) -> Result<String, CliError> {
        use clap::Parser as _;
        let words = line.split(' ').map(str::to_owned);
        let data = ["--data".to_owned(), dir.path().display().to_string()];
        let words = std::iter::once("migas".to_owned()).chain(words).chain(data);
        let mut out = Vec::new();
        match Line::try_parse_from(words).unwrap().noun {
            Noun::User(command) => run(command, Lang::En, &mut out)?,
            Noun::Token(command) => token::run(command, Lang::En, &mut out)?,
        }
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn d_acc_01_accounts_are_made_and_deactivated_from_the_command_line() {
        let dir = site();
        let told = migas(&dir, "user add ana --group Reader --group Packager").unwrap();
        assert!(told.starts_with("Password: "), "{told}");
        assert!(migas(&dir, "user add ana").is_err(), "the name is taken");
        assert!(migas(&dir, "user add eva --group Nobody").is_err(), "no such group");
        let listed = migas(&dir, "user list").unwrap();
        assert_eq!(listed, "+ admin\t*\n+ ana\tPackager, Reader\n");
        migas(&dir, "user groups ana Liberator").unwrap();
        migas(&dir, "user disable ana").unwrap();
        assert!(migas(&dir, "user list").unwrap().contains("- ana\tLiberator\n"));
        migas(&dir, "user enable ana").unwrap();
        let json: serde_json::Value =
            serde_json::from_str(&migas(&dir, "user list --json").unwrap()).unwrap();
        assert_eq!(json[1]["account"]["is_active"], true);
        assert!(!json.to_string().contains("argon2"));
        assert!(migas(&dir, "user password ana").unwrap().starts_with("Password: "));
        assert!(migas(&dir, "user password nobody").is_err());
    }

    #[test]
    fn d_acc_07_tokens_are_made_listed_and_revoked_from_the_command_line() {
        let dir = site();
        let line =
            "token create --user admin --name nightly --right package:add --expires 2099-01-31";
        let secret = migas(&dir, line).unwrap();
        assert!(migas(&dir, "token create --user admin --right package:eat").is_err());
        assert!(migas(&dir, "token create --user admin --expires 1999-01-31").is_err());
        let listed = migas(&dir, "token list").unwrap();
        assert!(listed.contains("admin\tnightly\tpackage:add\t2099-02-01 00:00:00\t-"), "{listed}");
        let json = migas(&dir, "token list --json").unwrap();
        assert!(!json.contains(secret.trim()), "never a secret");
        migas(&dir, "token revoke 1").unwrap();
        assert_eq!(migas(&dir, "token list").unwrap(), "");
        assert!(migas(&dir, "token revoke 1").is_err());
    }
}
