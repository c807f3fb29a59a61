//! `migas client …`: the desktop. Also `migas --client …`, `migas why`, `migas tags`, and the book's
//! options (`migas -u`, and `migasfree` by name; D-CLI, 12.2).

mod book;
mod output;
mod register;
mod tags;
mod update;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use super::CliError;
use crate::catalogue::Lang;
use crate::client::config;
use crate::client::facts::{names, people};
use crate::client::hardware;
use crate::client::launcher;
use crate::client::managers::{Asked, Found};
use crate::client::run::{Choice, Client, ClientError};
use crate::client::sync::chain;
use crate::t;

pub use book::rewrite;
pub(crate) use register::prompt;

/// Works as the client of a site on this computer
#[derive(clap::Args, Debug)]
pub struct ClientArgs {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: ClientCommand,
}

/// Options of every client command.
#[derive(clap::Args, Debug, Default, Clone)]
pub struct Common {
    /// Configuration file (default /etc/migas.conf)
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Works on the system below DIR: an image, a chroot
    #[arg(long, value_name = "DIR", global = true)]
    root: Option<PathBuf>,
    /// Prints one JSON object
    #[arg(long, global = true)]
    json: bool,
    /// Logs in detail and keeps temporary files
    #[arg(long, global = true)]
    debug: bool,
    /// Exit statuses of the book's client; set by its names.
    #[arg(long, global = true, hide = true)]
    book: bool,
}

#[derive(clap::Subcommand, Debug)]
enum ClientCommand {
    /// Synchronises this computer with its server
    ///
    /// Evaluates formulas, configures repositories, removes, installs and upgrades packages, and
    /// reports. Exit status: 0 done, 1 a step failed, 2 refused, 13 not root, 69 server cannot be
    /// reached, 75 another run is going on, 130 interrupted.
    ///
    /// Example:
    ///   migas client update --json
    #[command(verbatim_doc_comment)]
    Update {
        /// Upgrades packages even if Auto_Update_Packages is false
        #[arg(short = 'a', long)]
        force_upgrade: bool,
    },
    /// Searches packages in the repositories
    Search {
        /// Part of a name or description
        text: String,
    },
    /// Installs packages
    Install {
        #[arg(required = true, value_name = "PACKAGE")]
        packages: Vec<String>,
        /// Does not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Removes packages
    Remove {
        #[arg(required = true, value_name = "PACKAGE")]
        packages: Vec<String>,
        /// Does not ask
        #[arg(short, long)]
        yes: bool,
    },
    /// Registers this computer at its server
    ///
    /// Asks for an account if the project does not register computers by itself.
    ///
    /// Example:
    ///   migas client register --user admin --password-file /root/password
    #[command(verbatim_doc_comment)]
    Register {
        /// Account that may register computers
        #[arg(short = 'e', long, value_name = "NAME")]
        user: Option<String>,
        /// File whose first line is its password
        #[arg(long, value_name = "FILE", requires = "user")]
        password_file: Option<PathBuf>,
    },
    /// Prints who this computer is: all, or one value
    Info(InfoArgs),
    /// Says why a package is, or is not, for this computer
    Why { package: String },
    /// Shows and sets the tags of this computer
    ///
    /// With --set: tells the server, synchronises, removes what the old tags wanted and the new
    /// ones do not, and installs what the new ones want.
    ///
    /// Example:
    ///   migas client tags --set LAB-one FLV-KIDS
    #[command(verbatim_doc_comment)]
    Tags(tags::TagsArgs),
    /// Prints the hardware of this computer as its server sees it, in JSON
    Hardware,
    /// Prints the user of the graphical session, `login~full name`
    ///
    /// For formulas and scripts. Exit status 1 without a graphical session.
    GraphicalUser,
    /// Runs a program inside another root.
    #[command(hide = true)]
    ExecIn {
        #[arg(long, default_value = "/")]
        directory: PathBuf,
        root: PathBuf,
        #[arg(last = true, required = true)]
        program: Vec<OsString>,
    },
}

#[derive(clap::Args, Debug)]
#[group(multiple = false)]
struct InfoArgs {
    /// Value the server's people search this computer by
    #[arg(short, long)]
    search: bool,
    /// Number of this computer at its server
    #[arg(short, long)]
    id: bool,
    /// UUID
    #[arg(short, long)]
    uuid: bool,
    /// Name
    #[arg(short, long)]
    name: bool,
}

/// Runs `migas client …`.
pub fn run(args: ClientArgs, lang: Lang, out: &mut (dyn Write + Send)) -> Result<(), CliError> {
    let ClientArgs { common, command } = args;
    match command {
        ClientCommand::ExecIn { directory, root, program } => exec_in(&directory, &root, &program),
        ClientCommand::GraphicalUser => graphical_user(out),
        ClientCommand::Update { force_upgrade } => update::run(&common, force_upgrade, lang, out),
        ClientCommand::Search { text } => search(&common, &text, lang, out),
        ClientCommand::Install { packages, yes } => {
            ask(&common, Asked::Install(packages), yes, lang)
        }
        ClientCommand::Remove { packages, yes } => ask(&common, Asked::Remove(packages), yes, lang),
        ClientCommand::Register { user, password_file } => {
            register::run(&common, user, password_file, lang, out)
        }
        ClientCommand::Hardware => {
            let kernel = hardware::Kernel::new(std::path::Path::new("/"));
            output::json(out, &hardware::tree(&kernel, &names::host_name()))
        }
        ClientCommand::Info(which) => info(&common, &which, lang, out),
        ClientCommand::Tags(args) => tags::run(&common, args, lang, out),
        ClientCommand::Why { package } => why(&common, &package, lang, out),
    }
}

fn open(common: &Common) -> Result<Client, ClientError> {
    let choice =
        Choice { config: common.config.clone(), root: common.root.clone(), debug: common.debug };
    Client::open(&choice, &config::environment(), crate::clock::now_ms)
}

/// Opens the client for a command of this terminal.
fn open_or_fail(common: &Common, lang: Lang) -> Result<Client, CliError> {
    open(common).map_err(|error| output::failure(&error, None, lang, common.book))
}

fn exec_in(
    directory: &std::path::Path,
    root: &std::path::Path,
    program: &[OsString],
) -> Result<(), CliError> {
    let Some((program, arguments)) = program.split_first() else {
        return Err(CliError::failed("no program").with_status(64));
    };
    let error = launcher::exec_in(root, directory, program, arguments);
    let text = format!("{} in {}: {error}", program.to_string_lossy(), root.display());
    Err(CliError::failed(text).with_status(127)) // as a shell that does not find a program
}

fn graphical_user(out: &mut dyn Write) -> Result<(), CliError> {
    match people::graphical_user() {
        Some(user) => output::line(out, &user.as_item()),
        None => Err(CliError::silent(1)),
    }
}

fn search(common: &Common, text: &str, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let client = open_or_fail(common, lang)?;
    let searched = super::small_runtime()?.block_on(client.manager.search(text, &client.terminal));
    let found: Vec<Found> = searched.map_err(CliError::failure)?;
    if common.json {
        output::json(out, &found)?;
    } else {
        for Found { name, description } in &found {
            let line = if description.is_empty() {
                name.clone()
            } else {
                format!("{name} - {description}")
            };
            output::line(out, &line)?;
        }
    }
    match found.is_empty() {
        true => Err(CliError::failed(t!(lang, "client-search-nothing")).with_status(1)),
        false => Ok(()),
    }
}

/// Installs or removes at the wish of whoever sits at the terminal (D-CLI-07).
fn ask(common: &Common, asked: Asked, yes: bool, lang: Lang) -> Result<(), CliError> {
    let client = open_or_fail(common, lang)?;
    let fail = |error: ClientError| output::failure(&error, Some(&client), lang, common.book);
    let _lock = client.lock().map_err(fail)?;
    let runtime = super::small_runtime()?;
    let done = runtime.block_on(async {
        match (&asked, yes) {
            (Asked::Install(packages), true) => {
                client.manager.install(packages).await.map(|()| true)
            }
            (Asked::Remove(packages), true) => client.manager.remove(packages).await.map(|()| true),
            _ => client.manager.ask(&asked, &client.terminal).await,
        }
    });
    let failed = if common.book { output::BOOK_PACKAGES_FAILED } else { 1 };
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(CliError::silent(failed)), // the package manager has said why
        Err(error) => Err(CliError::failed(chain(&error)).with_status(failed)),
    }
}

fn info(
    common: &Common,
    which: &InfoArgs,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let client = open_or_fail(common, lang)?;
    let cid = Some(client.state.cid).filter(|cid| *cid > 0).map(|cid| cid.to_string());
    let cid = cid.unwrap_or_default();
    let search = match client.state.search.is_empty() {
        true => cid.clone(),
        false => client.state.search.clone(),
    };
    let values = [
        (which.search, "search", t!(lang, "client-info-search"), search),
        (which.id, "id", t!(lang, "client-info-id"), cid),
        (which.uuid, "uuid", t!(lang, "client-info-uuid"), client.uuid().to_owned()),
        (which.name, "name", t!(lang, "client-info-name"), client.settings.computer_name.clone()),
    ];
    if common.json {
        let object: std::collections::BTreeMap<_, _> =
            values.iter().map(|(_, key, _, value)| (*key, value)).collect();
        return output::json(out, &object);
    }
    if let Some((.., value)) = values.iter().find(|(wanted, ..)| *wanted) {
        return output::line(out, value);
    }
    values
        .iter()
        .try_for_each(|(_, _, label, value)| output::line(out, &format!("{label}: {value}")))
}

fn why(common: &Common, package: &str, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let mut client = open_or_fail(common, lang)?;
    let fail = |error: ClientError, client: &Client| {
        output::failure(&error, Some(client), lang, common.book)
    };
    client.require_root().map_err(|error| fail(error, &client))?;
    let runtime = super::small_runtime()?;
    let answer = runtime.block_on(async {
        let mut session = client.session(&mut crate::client::sync::Silent).await?;
        client.why(&mut session, package).await
    });
    let answer = answer.map_err(|error| fail(error, &client))?;
    if common.json {
        return output::json(out, &answer);
    }
    for line in &answer.lines {
        let reaches = match line.available {
            true => t!(lang, "client-why-applies"),
            false => t!(lang, "client-why-not"),
        };
        let chain = line.chain.iter().skip(1).map(String::as_str).collect::<Vec<_>>().join(" ← ");
        let reason = [&line.condition, &line.detail, &line.since, &chain];
        let reason: Vec<&str> =
            reason.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let reason =
            if reason.is_empty() { String::new() } else { format!(" ({})", reason.join(": ")) };
        let effects = line.effects.join(", ");
        output::line(out, &format!("{}: {effects}; {reaches}{reason}", line.deployment))?;
    }
    match answer.lines.is_empty() {
        true => {
            let text = t!(lang, "client-why-nothing", package = package);
            Err(CliError::failed(text).with_status(1))
        }
        false => Ok(()),
    }
}
