//! `migas repo`: repositories without a site.

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::CliError;
use crate::app::chain;
use crate::catalogue::Lang;
use crate::formats::apt::SourceLine;
use crate::formats::yum::Section;
use crate::publish::Format;
use crate::publish::folder::{FolderError, Options, Progress, Report, build};
use crate::t;

/// Repositories without a site
#[derive(clap::Subcommand, Debug)]
pub enum RepoCommand {
    /// Makes a signed apt or yum repository of a folder of packages
    ///
    /// Reads every .deb, or every .rpm, below DIR (sub-folders too) and writes a static repository
    /// for a web server or a stick. A second run reads only what changed, and writes nothing if nothing
    /// did. Payloads become hard links where the file system has them, copies elsewhere. What is
    /// replaced stays for a day, so that a computer in the middle of an update never fails.
    ///
    /// The first run makes a signing key (RSA-4096) beside the state file unless --key names
    /// one; keep it: computers trust it. The public key is OUT/migas.asc.
    ///
    /// Exit status: 0 if the repository holds every package; 1 if some were refused (the others
    /// are in it; the reasons are on standard error); 2 for other errors; 75 if another build is
    /// running.
    ///
    /// Examples:
    ///   migas repo build --packages incoming --out /var/www/html/apt
    ///   migas repo build --packages debs --out /media/stick/apt --suite lab --key lab.asc --json
    ///   migas repo build --packages rpms --out /var/www/html/yum --format yum
    #[command(verbatim_doc_comment)]
    Build(BuildArgs),
}

/// Arguments of `migas repo build`.
#[derive(clap::Args, Debug)]
pub struct BuildArgs {
    /// Folder with the packages
    #[arg(long, value_name = "DIR")]
    packages: PathBuf,
    /// Root of the repository; made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What is remembered between runs [default: OUT.migas-state]
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Armoured secret key without password; made if it does not exist [default: STATE.key.asc]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Name of the repository: in the source line, and of its folder
    #[arg(long, value_name = "NAME", default_value = "stable")]
    suite: String,
    /// Packages to publish: apt (.deb) or yum (.rpm) [default: what DIR has]
    #[arg(long, value_parser = ["apt", "yum"], hide_possible_values = true)]
    format: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs `migas repo …`.
///
/// # Errors
/// [`CliError`] with the exit statuses of the help.
pub fn run(command: RepoCommand, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let RepoCommand::Build(args) = command;
    let options = Options {
        packages: args.packages,
        out: args.out,
        state: args.state,
        key: args.key,
        suite: args.suite,
        format: args
            .format
            .and_then(|code| Format::ALL.into_iter().find(|format| format.code() == code)),
    };
    let mut bar = Bar::new(lang, args.json);
    let built = build(&options, crate::clock::now(), rand::rngs::OsRng, &mut |step| bar.show(step));
    bar.bar.finish_and_clear();
    let report = built.map_err(|error| match error {
        FolderError::Locked(_) => CliError::failure(error).with_status(75),
        FolderError::NotADirectory(_) | FolderError::Mixed(_) => {
            CliError::failure(error).with_status(64)
        }
        error => CliError::failed(chain(&error)),
    })?;
    let printed = match args.json {
        true => print_json(&options, &report, out),
        false => print_text(lang, &options, &report, out),
    };
    // A reader that went away has seen enough.
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            return Err(CliError::failure(error));
        }
        _ => {}
    }
    if report.refused.is_empty() {
        return Ok(());
    }
    let text = t!(lang, "repo-refused", count = report.refused.len());
    Err(CliError::failed(text).with_status(1))
}

/// What a client on this machine would write: a line for `sources.list`, or a section of a
/// `.repo` file.
fn source(options: &Options, format: Format) -> std::io::Result<String> {
    let out = options.out.canonicalize()?;
    let uri = format!("file://{}", out.display()).replace(' ', "%20");
    match format {
        Format::Apt => Ok(source_line(options, &out, &uri)),
        Format::Yum => {
            let (base_url, key_url) =
                (format!("{uri}/{}", options.suite), format!("{uri}/migas.asc"));
            let key_url = Some(key_url.as_str());
            let section = Section { slug: &options.suite, base_url: &base_url, key_url };
            Ok(section.to_string().trim_end().to_owned())
        }
    }
}

fn source_line(options: &Options, out: &Path, uri: &str) -> String {
    let key = out.join("migas.asc").display().to_string();
    let key = Some(key.as_str()).filter(|key| !key.contains(' '));
    let suite = &options.suite;
    SourceLine { signed_by: key, check_date: true, uri, suite, component: "PKGS" }.to_string()
}

fn print_text(
    lang: Lang,
    options: &Options,
    report: &Report,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut words = std::io::stderr().lock();
    if let Some(path) = &report.made_key {
        writeln!(words, "{}", t!(lang, "repo-key-made", path = path.display().to_string()))?;
    }
    for refused in &report.refused {
        let (path, reason) = (refused.path.as_str(), refused.reason.as_str());
        writeln!(words, "{}", t!(lang, "repo-refused-file", path = path, reason = reason))?;
    }
    let (count, fingerprint) = (report.packages, report.fingerprint.as_str());
    if report.changed {
        let (added, removed) = (report.added, report.removed);
        let text = t!(lang, "repo-built", count = count, added = added, removed = removed);
        writeln!(words, "{text}")?;
        writeln!(words, "{}", t!(lang, "repo-signed", fingerprint = fingerprint))?;
    } else {
        writeln!(words, "{}", t!(lang, "repo-unchanged", count = count))?;
    }
    writeln!(out, "{}", source(options, report.format)?)
}

fn print_json(options: &Options, report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|refused| serde_json::json!({"file": refused.path, "reason": refused.reason}))
        .collect();
    let object = serde_json::json!({
        "suite": options.suite,
        "changed": report.changed,
        "packages": report.packages,
        "added": report.added,
        "removed": report.removed,
        "refused": refused,
        "format": report.format.code(),
        // Of InRelease or repomd.xml, which name all the rest.
        "sha256": report.digest,
        "key": report.fingerprint,
        "made_key": report.made_key,
        "state": report.state,
        "source": source(options, report.format)?,
    });
    writeln!(out, "{object}")
}

/// A bar on a terminal; nothing when piped.
struct Bar {
    bar: ProgressBar,
    lang: Lang,
}

impl Bar {
    fn new(lang: Lang, json: bool) -> Self {
        let visible = std::io::stderr().is_terminal() && !json;
        let target =
            if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bar: ProgressBar::with_draw_target(None, target), lang }
    }

    fn show(&mut self, step: Progress) {
        match step {
            Progress::MakingKey => {
                self.bar.set_message(t!(self.lang, "repo-making-key"));
                self.bar.tick();
            }
            Progress::Reading { bytes, .. } => {
                self.bar.set_length(bytes);
                self.bar.set_message(t!(self.lang, "repo-reading"));
                let style = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";
                if let Ok(style) = ProgressStyle::with_template(style) {
                    self.bar.set_style(style);
                }
            }
            Progress::Read { bytes } => self.bar.inc(bytes),
            Progress::Publishing => self.bar.set_message(t!(self.lang, "repo-publishing")),
        }
    }
}
