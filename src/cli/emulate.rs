//! `migas emulate`: how many computers a server can take.

use std::io::{IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressDrawTarget};

use crate::catalogue::Lang;
use crate::client::emulate::{self, Figures, Load};
use crate::client::transport::Endpoint;
use crate::t;

use super::CliError;

/// Drives a server with synthetic computers and says how fast it was
///
/// Each computer runs the real client code: it registers, synchronises once as a new computer,
/// then as often as asked for with packages upgraded, which fills the histories of the site, and
/// then the synchronisations that change nothing are timed. The computers stay on the server: use
/// a site made for the purpose.
///
/// Exit status: 0 if every synchronisation succeeded, 1 if some failed, 2 if none could be tried.
///
/// Example:
///   migas emulate --server http://127.0.0.1:8080 --project debian-12 --computers 1000
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct EmulateArgs {
    /// Address of the server
    #[arg(long, value_name = "URL")]
    server: String,
    /// Project of the computers
    #[arg(long, value_name = "NAME")]
    project: String,
    /// Number of computers
    #[arg(long, value_name = "N", default_value_t = 100)]
    computers: usize,
    /// Synchronisations of each computer that upgrade packages
    #[arg(long, value_name = "C", default_value_t = 0)]
    changes: usize,
    /// Unchanged synchronisations of each computer
    #[arg(long, value_name = "K", default_value_t = 3)]
    syncs: usize,
    /// Synchronisations in course at once
    #[arg(long, value_name = "P", default_value_t = 16)]
    parallel: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs `migas emulate`.
pub fn run(args: &EmulateArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let server = args.server.trim_end_matches('/');
    let base = if server.contains("://") { server.to_owned() } else { format!("http://{server}") };
    let endpoint = Endpoint::new(&base, None, &[]).map_err(CliError::failure)?;
    let load = Load {
        project: args.project.clone(),
        computers: args.computers,
        changes: args.changes,
        syncs: args.syncs,
        parallel: args.parallel,
        clock: crate::clock::now_ms,
    };
    let total = args.computers * (args.changes + args.syncs + 1);
    let bar = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX));
    if args.json || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let tell = |done: usize| bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    let runtime = super::small_runtime()?;
    let figures =
        runtime.block_on(emulate::run(&endpoint, &load, &tell)).map_err(CliError::failure)?;
    bar.finish_and_clear();
    print(&figures, args, lang, out).map_err(CliError::failure)?;
    match figures.first_failure {
        None => Ok(()),
        Some(reason) => {
            let text = t!(lang, "emulate-failed", count = figures.failed, reason = reason);
            Err(CliError::failed(text).with_status(1))
        }
    }
}

fn print(
    figures: &Figures,
    args: &EmulateArgs,
    lang: Lang,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if args.json {
        let text = serde_json::to_string(figures).map_err(std::io::Error::other)?;
        return writeln!(out, "{text}");
    }
    let number = |value: f64| format!("{value:.1}");
    writeln!(out, "{}", t!(lang, "emulate-computers", count = figures.computers))?;
    let first = number(figures.first_syncs_per_second);
    writeln!(out, "{}", t!(lang, "emulate-first", rate = first))?;
    if args.changes > 0 {
        let rate = number(figures.changing_syncs_per_second);
        writeln!(out, "{}", t!(lang, "emulate-changing", rate = rate))?;
    }
    let rate = number(figures.syncs_per_second);
    writeln!(out, "{}", t!(lang, "emulate-unchanged", rate = rate))?;
    let (p50, p99) = (number(figures.p50_ms), number(figures.p99_ms));
    writeln!(out, "{}", t!(lang, "emulate-latency", p50 = p50, p99 = p99))?;
    Ok(())
}
