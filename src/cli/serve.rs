//! `migas serve`: the site.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use actix_web::web::{Data, ServiceConfig};

use crate::app::first_start::{FirstPassword, Welcome, read_password_file};
use crate::app::{App, Options};
use crate::catalogue::Lang;
use crate::http::limits::Limits;
use crate::http::listener;
use crate::http::metrics::{self, Metrics};
use crate::settings::{Flags, ServerSettings};
use crate::storage::Storage;
use crate::t;

use super::CliError;

/// Serves the site: administration, synchronisation, repositories
///
/// Everything is kept in one file, DIR/migas.db. The first start prints a generated password for
/// the account admin and a link that sets another one.
///
/// Examples:
///   migas serve
///   migas serve --data /srv/migas --listen 192.168.1.10:80
///   migas serve --demo
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct ServeArgs {
    /// Directory of the site [default: /var/lib/migas as root, ./migas-data otherwise]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port [default: [::]:80 as root, [::]:8080 otherwise]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Take the administrator's first password from the first line of FILE
    #[arg(long, value_name = "FILE")]
    admin_password_file: Option<PathBuf>,
    /// A site to try out: accounts of the book with known passwords, loopback only
    #[arg(long)]
    demo: bool,
}

/// Runs `migas serve` until the process is told to stop.
pub fn run(args: ServeArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let flags = Flags {
        data: args.data,
        listen: args.listen,
        admin_password_file: args.admin_password_file,
        demo: args.demo,
    };
    let environment = crate::settings::environment();
    let settings = ServerSettings::load(flags, &environment, crate::settings::is_root())
        .map_err(CliError::failure)?;
    super::log::start(&settings.log);
    prepare_directory(&settings.data, lang)?;
    let first = match &settings.admin_password_file {
        Some(path) if !settings.data.join("migas.db").exists() => {
            read_password_file(path).map_err(CliError::failure)?
        }
        _ => FirstPassword::Generate,
    };
    let listener = listener::bind(settings.listen).map_err(|error| {
        let address = settings.listen.to_string();
        let reason = error.to_string();
        CliError::failed(t!(lang, "serve-cannot-listen", address = address, reason = reason))
    })?;
    let address = listener.local_addr().map_err(CliError::failure)?;
    let now = crate::clock::now();
    let storage = Storage::open(&settings.data).map_err(CliError::failure)?;
    let options = Options {
        time_zone: settings.time_zone.clone(),
        max_package_size: settings.max_package_size,
        demo: settings.demo,
    };
    let app = App::new(storage, options, now).map_err(CliError::failure)?;
    app.check_settings().map_err(CliError::failure)?;
    app.describe_process(super::settings::describe(&settings));
    app.clean_up(now).map_err(CliError::failure)?;
    let welcome = app.first_start(first, now).map_err(CliError::failure)?;
    for group in app.renew_groups(now).map_err(CliError::failure)? {
        tracing::info!(group, "a group has the permissions of this version now");
    }
    greet(&welcome, address, lang, out)?;
    if app.has_demo_accounts().map_err(CliError::failure)? {
        tracing::warn!("accounts with a password that everybody knows are active");
    }
    actix_web::rt::System::new().block_on(async move {
        crate::jobs::start(&app);
        let data = Data::new(app);
        let limits = Data::new(Limits::default());
        let metrics = Data::new(Metrics::default());
        let configure = move |service: &mut ServiceConfig| {
            service
                .app_data(data.clone())
                .app_data(limits.clone())
                .app_data(metrics.clone())
                .configure(routes);
        };
        listener::serve(listener, configure)
            .map_err(CliError::failure)?
            .await
            .map_err(CliError::failure)
    })
}

/// Every edge of the server. Each registers its own paths; `repos` answers `/public` and `/repo`.
pub fn routes(service: &mut ServiceConfig) {
    service
        .configure(crate::http::health::routes)
        .configure(metrics::routes)
        .configure(crate::api::routes)
        .configure(crate::sync::routes)
        .configure(crate::legacy::routes);
    service.configure(crate::repos::routes);
    crate::web::calls(service, crate::api::routes);
    // The pages have every address that nobody else has, so they come last.
    service.configure(crate::web::routes);
}

fn prepare_directory(dir: &Path, lang: Lang) -> Result<(), CliError> {
    use std::os::unix::fs::DirBuilderExt as _;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    made.map_err(|error| {
        let path = dir.display().to_string();
        let reason = error.to_string();
        CliError::failed(t!(lang, "serve-cannot-make-directory", path = path, reason = reason))
    })
}

/// Tells where the site is, and how to get in the first time.
fn greet(
    welcome: &Welcome,
    address: SocketAddr,
    lang: Lang,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let url = format!("http://{}", browsable(address));
    let mut lines = vec![t!(lang, "serve-listening", url = url.clone())];
    match welcome {
        Welcome::Known | Welcome::Given => {}
        Welcome::Demo => lines.push(t!(lang, "serve-demo")),
        Welcome::Generated { password, link } => {
            lines.push(t!(lang, "serve-first-password", password = password.clone()));
            let link = format!("{url}/first-login/{link}");
            lines.push(t!(lang, "serve-first-link", link = link));
        }
    }
    for line in lines {
        writeln!(out, "{line}").map_err(CliError::failure)?;
    }
    out.flush().map_err(CliError::failure)
}

/// An address that a browser on this machine can open.
fn browsable(address: SocketAddr) -> SocketAddr {
    use std::net::{IpAddr, Ipv4Addr};
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    address
}
