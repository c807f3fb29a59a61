//! `migas token`: bearer tokens for scripts, also beside a running server.

use std::io::Write;
use std::path::PathBuf;

use crate::app::actor::Actor;
use crate::app::{App, Options};
use crate::settings::{Flags, ServerSettings};
use crate::storage::Storage;

use super::CliError;

/// Bearer tokens for scripts
#[derive(clap::Subcommand, Debug)]
pub enum TokenCommand {
    /// Prints a new token of an account
    ///
    /// Works while the server runs. The token has the rights of its account; it is shown once.
    ///
    /// Example:
    ///   migas token create --data /var/lib/migas --user admin
    #[command(verbatim_doc_comment)]
    Create(CreateArgs),
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
}

/// Runs `migas token …`.
pub fn run(command: TokenCommand, out: &mut dyn Write) -> Result<(), CliError> {
    let TokenCommand::Create(args) = command;
    let (app, actor) = open_beside(args.data)?;
    let runtime = super::small_runtime()?;
    let secret = runtime
        .block_on(app.create_token(&actor, &args.user, &args.name))
        .map_err(CliError::failure)?;
    writeln!(out, "{secret}").map_err(CliError::failure)
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
