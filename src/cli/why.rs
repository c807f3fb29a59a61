//! `migas why --computer CID PACKAGE`: beside the database, or asked of a server.
//!
//! On a desktop `migas why PACKAGE` is short for `migas client why PACKAGE`.

use std::io::Write;
use std::path::PathBuf;

use crate::app::why::{Reason, Why};
use crate::catalogue::Lang;
use crate::domain::computer::parse_cid;
use crate::domain::ids::ComputerId;
use crate::t;

use super::CliError;

/// Longest answer of a server, in bytes.
const MAX_ANSWER: usize = 16 << 20;

/// Says why a package is, or is not, for a computer
///
/// Beside the server it reads the database, whether the server runs or not. With --server it asks
/// over the network, with a bearer token from `migas token create` in the environment variable
/// MIGAS_TOKEN or in the first line of a file.
///
/// Exit status: 0 if some deployment names or offers the package, 1 if none does.
///
/// Examples:
///   migas why --computer CID-7 vim
///   migas why --computer 7 --server https://migas.example.org --token-file token vim
#[derive(clap::Args, Debug)]
#[command(verbatim_doc_comment)]
pub struct WhyArgs {
    /// Name of the package
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// The computer, CID-7 or 7
    #[arg(long, value_name = "CID", value_parser = read_cid)]
    computer: ComputerId,
    /// Directory of the site
    #[arg(long, value_name = "DIR", conflicts_with = "server")]
    data: Option<PathBuf>,
    /// Address of the server to ask instead
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Bearer token for the server
    #[arg(long, value_name = "TOKEN", requires = "server")]
    token: Option<String>,
    /// Read the bearer token from the first line of FILE
    #[arg(long, value_name = "FILE", requires = "server", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

fn read_cid(text: &str) -> Result<ComputerId, String> {
    parse_cid(text).ok_or_else(|| format!("{text} is not CID-7 or 7"))
}

/// Runs `migas why --computer`.
pub fn run(args: WhyArgs, lang: Lang, out: &mut dyn Write) -> Result<(), CliError> {
    let runtime = super::small_runtime()?;
    let why = match &args.server {
        Some(server) => runtime.block_on(ask(server, &token(&args, lang)?, &args, lang))?,
        None => {
            let (app, actor) = super::token::open_beside(args.data)?;
            let asked = app.why(&actor, args.computer, &args.package);
            runtime.block_on(asked).map_err(CliError::failure)?
        }
    };
    if args.json {
        let text = serde_json::to_string(&why).map_err(CliError::failure)?;
        return writeln!(out, "{text}").map_err(CliError::failure);
    }
    for reason in &why.reasons {
        writeln!(out, "{}", line(reason, lang)).map_err(CliError::failure)?;
    }
    if why.reasons.is_empty() {
        let text = t!(lang, "client-why-nothing", package = why.package);
        return Err(CliError::failed(text).with_status(1));
    }
    Ok(())
}

/// The part of one deployment or policy, in the reader's language.
fn line(reason: &Reason, lang: Lang) -> String {
    let effects: Vec<String> = reason.effects.iter().map(|effect| words(effect, lang)).collect();
    let detail = reason.detail.clone();
    let since = reason.since.clone().unwrap_or_default();
    let because = match reason.condition.as_str() {
        "included" => t!(lang, "why-included", attribute = detail),
        "delayed" => t!(lang, "why-delayed", attribute = detail, date = since),
        "group" => t!(lang, "why-group", attribute = detail),
        "no_group" => t!(lang, "why-no-group"),
        "outside_domain" => t!(lang, "why-outside-domain", domain = detail),
        "excluded" => t!(lang, "why-excluded", attribute = detail),
        "not_included" => t!(lang, "why-not-included"),
        "not_started" => t!(lang, "why-not-started", date = since),
        "disabled" => t!(lang, "why-disabled"),
        other => other.to_owned(),
    };
    let name = match reason.kind.as_str() {
        "policy" => t!(lang, "why-policy", name = reason.name.as_str()),
        _ => reason.name.clone(),
    };
    let chain: String =
        reason.chain.iter().skip(1).map(|link| format!(" ← {}", link.attribute)).collect();
    format!("{name}: {} — {because}{chain}", effects.join(", "))
}

/// `installs vim` in the reader's language.
fn words(effect: &str, lang: Lang) -> String {
    match effect.split_once(' ') {
        Some(("installs", package)) => t!(lang, "why-installs", package = package),
        Some(("removes", package)) => t!(lang, "why-removes", package = package),
        Some(("offers", version)) => t!(lang, "why-offers", version = version),
        _ => effect.to_owned(),
    }
}

fn token(args: &WhyArgs, lang: Lang) -> Result<String, CliError> {
    let from_file = |path: &PathBuf| Ok(super::first_line(path, lang)?.trim().to_owned());
    let given = match (&args.token, &args.token_file) {
        (Some(token), _) => Some(token.clone()),
        (None, Some(path)) => Some(from_file(path)?),
        (None, None) => crate::settings::environment().remove("MIGAS_TOKEN"),
    };
    given
        .filter(|token| !token.is_empty())
        .ok_or_else(|| CliError::failed(t!(lang, "why-no-token")).with_status(64))
}

/// Asks a server over its API.
async fn ask(server: &str, token: &str, args: &WhyArgs, lang: Lang) -> Result<Why, CliError> {
    let path = format!("/api/v1/computers/{}/why", args.computer);
    let mut address = super::address(server, &path, lang)?;
    address.query_pairs_mut().append_pair("package", &args.package);
    let away = |error| super::unreachable(server, error, lang);
    let client = reqwest::Client::builder().build().map_err(CliError::failure)?;
    let mut answer = client.get(address).bearer_auth(token).send().await.map_err(away)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(away)? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(CliError::failed(format!("{server}: the answer is too long")));
        }
        body.extend_from_slice(&chunk);
    }
    if !status.is_success() {
        let problem: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let detail = problem.get("detail").and_then(|detail| detail.as_str());
        return Err(CliError::failed(format!("{server}: {}", detail.unwrap_or(status.as_str()))));
    }
    serde_json::from_slice(&body).map_err(CliError::failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_told_in_the_language_of_the_reader() {
        let reason = Reason {
            kind: "deployment".into(),
            id: 1,
            name: "editors".into(),
            available: false,
            effects: vec!["installs vim".into(), "offers 9.0".into()],
            condition: "not_started".into(),
            detail: "SET-slow".into(),
            since: Some("2024-06-08".into()),
            chain: ["SET-slow", "NET-10.0.0.0/8"]
                .map(|attribute| crate::app::why::Link {
                    attribute: attribute.into(),
                    origin: "set".into(),
                })
                .into(),
        };
        let english = line(&reason, Lang::En);
        assert!(english.starts_with("editors: installs ") && english.contains("vim"), "{english}");
        assert!(english.ends_with("2024-06-08 ← NET-10.0.0.0/8"), "{english}");
        let spanish = line(&reason, Lang::Es);
        assert!(spanish.starts_with("editors: instala ") && spanish.contains("9.0"), "{spanish}");
    }
}
