//! Other spellings of the client's commands become the one that the parser knows.
//!
//! `migas --client X` (the card's), `migas why PACKAGE`, `migas tags`, and the book's options
//! (12.2): `migas -u` or the same program called `migasfree`, `migasfree-info`, `migasfree-tags`. Pure: arguments in, arguments out.

use std::ffi::OsString;
use std::path::Path;

use crate::catalogue::Lang;
use crate::cli::help::parse_alone;

/// Options of the book's client.
#[derive(clap::Parser, Debug)]
#[command(name = "migasfree", version, disable_help_subcommand = true)]
#[command(
    after_help = "Examples:\n  migasfree -u\n  migasfree -s vim\n  migasfree -ip vim\n  migasfree -g --user=admin"
)]
struct BookArgs {
    /// Synchronises this computer
    #[arg(short, long, conflicts_with_all = ["install", "remove", "search", "register"])]
    update: bool,
    /// With -u: upgrades packages even if Auto_Update_Packages is false
    #[arg(short = 'a', long = "force-upgrade", requires = "update")]
    force_upgrade: bool,
    /// Searches packages in the repositories
    #[arg(short, long, value_name = "TEXT", conflicts_with_all = ["install", "remove", "register"])]
    search: Option<String>,
    /// Installs a package
    #[arg(short, long, requires = "package", conflicts_with_all = ["remove", "register"])]
    install: bool,
    /// Removes a package
    #[arg(short, long, requires = "package", conflicts_with = "register")]
    remove: bool,
    /// Package to install or remove
    #[arg(short, long, value_name = "PACKAGE")]
    package: Vec<String>,
    /// Registers this computer
    #[arg(short = 'g', long)]
    register: bool,
    /// With -g: account that may register computers
    #[arg(short = 'e', long, value_name = "NAME", requires = "register")]
    user: Option<String>,
    /// Configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<OsString>,
    /// Works on the system below DIR
    #[arg(long, value_name = "DIR")]
    root: Option<OsString>,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

impl BookArgs {
    /// The arguments of `migas client` that do the same.
    fn translate(self, by_name: bool) -> Vec<OsString> {
        let mut args: Vec<OsString> = Vec::new();
        if self.update {
            args.push("update".into());
            args.extend(self.force_upgrade.then(|| "--force-upgrade".into()));
        } else if let Some(text) = self.search {
            args.extend(["search".into(), "--".into(), text.into()]);
        } else if self.install || self.remove {
            args.push(if self.install { "install".into() } else { "remove".into() });
            args.push("--".into());
            args.extend(self.package.into_iter().map(OsString::from));
        } else if self.register {
            args.push("register".into());
            args.extend(self.user.map(|user| format!("--user={user}").into()));
        } else {
            args.push("--help".into());
        }
        // Options of every command come first, so that `--` does not hide them.
        let mut common: Vec<OsString> = Vec::new();
        common.extend(by_name.then(|| "--book".into()));
        common.extend(self.json.then(|| "--json".into()));
        for (name, value) in [("--config", self.config), ("--root", self.root)] {
            common.extend(value.into_iter().flat_map(|value| [name.into(), value]));
        }
        common.extend(args);
        common
    }
}

fn parse(argv: &[OsString], lang: Lang) -> Result<BookArgs, clap::Error> {
    parse_alone(argv, lang, "help-migasfree")
}

/// Returns `argv` in the spelling `migas client …` where it was another spelling of it.
///
/// # Errors
/// What the book's option parser says: help, version or a usage error (D-CLI-01).
pub fn rewrite(argv: Vec<OsString>, lang: Lang) -> Result<Vec<OsString>, clap::Error> {
    let name = argv.first().map(|name| Path::new(name).file_name().unwrap_or_default().to_owned());
    let name = name.unwrap_or_default();
    let program: OsString = "migas".into();
    let first = argv.get(1).and_then(|arg| arg.to_str()).unwrap_or_default();
    let rest = |from: usize| argv.iter().skip(from).cloned();
    let client =
        |rest: Vec<OsString>| [program.clone(), "client".into()].into_iter().chain(rest).collect();
    match name.to_str().unwrap_or_default() {
        "migasfree" => return Ok(client(parse(&argv, lang)?.translate(true))),
        "migasfree-tags" => {
            let tags = ["--book", "tags"].map(OsString::from).into_iter();
            return Ok(client(tags.chain(rest(1)).collect()));
        }
        "migas-tags" => {
            return Ok(client(std::iter::once("tags".into()).chain(rest(1)).collect()));
        }
        "migasfree-info" | "migas-info" => {
            return Ok(client(std::iter::once("info".into()).chain(rest(1)).collect()));
        }
        _ => {}
    }
    if first == "--client" {
        return Ok(client(rest(2).collect()));
    }
    if first == "tags" {
        return Ok(client(rest(1).collect()));
    }
    // Beside the server `migas why --computer` answers for any computer; that is no client.
    if first == "why" && !rest(2).any(|arg| arg.to_string_lossy().starts_with("--computer")) {
        return Ok(client(rest(1).collect()));
    }
    if is_book_option(first) {
        return Ok(client(parse(&argv, lang)?.translate(false)));
    }
    Ok(argv)
}

/// `-u`, `-ua`, `-ip`, `--update`…, but not `-h`, `-V`, `--help`, `--version`.
fn is_book_option(arg: &str) -> bool {
    let long = ["--update", "--force-upgrade", "--search", "--install", "--remove", "--register"];
    let name = arg.split('=').next().unwrap_or_default();
    let short = arg.strip_prefix('-').and_then(|rest| rest.chars().next());
    long.contains(&name) || short.is_some_and(|letter| "uasirgpe".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(line: &str) -> Result<String, clap::error::ErrorKind> {
        let argv = line.split(' ').map(OsString::from).collect();
        let argv = rewrite(argv, Lang::En).map_err(|error| error.kind())?;
        let words: Vec<String> =
            argv.iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        Ok(words.join(" "))
    }

    #[test]
    fn d_gen_13_the_options_of_the_book_have_a_spanish_text() {
        assert_eq!(crate::cli::help::tests::lacking::<BookArgs>("help-migasfree"), [""; 0]);
        let argv = ["migasfree", "--help"].map(OsString::from).to_vec();
        let help = rewrite(argv, Lang::Es).unwrap_err().to_string();
        assert!(help.contains("Uso:") && help.contains("Sincroniza este ordenador"), "{help}");
        assert!(!help.contains("Examples") && !help.contains("Options"), "{help}");
    }

    #[test]
    fn other_spellings_mean_the_same_command() {
        let table = [
            ("D-CLI-07", "migas -ip vim", "migas client install -- vim"),
            ("D-CLI-07", "migas -rp vim", "migas client remove -- vim"),
            ("D-CLI-07", "migas -i -p vim -p nano", "migas client install -- vim nano"),
            ("D-CLI-07", "migas --install --package=vim", "migas client install -- vim"),
            ("design.md", "migas --client update --json", "migas client update --json"),
            ("D-CFG-09", "migas -u", "migas client update"),
            ("D-CFG-04", "migas -u -a", "migas client update --force-upgrade"),
            ("D-CFG-04", "migas -ua", "migas client update --force-upgrade"),
            ("D-CFG-09", "/usr/bin/migasfree -u", "migas client --book update"),
            ("D-CFG-09", "migasfree --update --json", "migas client --book --json update"),
            ("D-CFG-09", "migasfree-info -u", "migas client info -u"),
            ("D-CFG-09", "migas --search=vim", "migas client search -- vim"),
            ("D-CFG-09", "migasfree -s vim", "migas client --book search -- vim"),
            ("D-REG-08", "migasfree -g -e admin", "migas client --book register --user=admin"),
            ("D-REG-08", "migas --register --user=jo", "migas client register --user=jo"),
            ("D-CLI-06", "migasfree-tags -s LAB-a", "migas client --book tags -s LAB-a"),
            ("D-SCN-12", "/usr/bin/migas-tags -g", "migas client tags -g"),
            ("design.md", "migas tags -a", "migas client tags -a"),
            ("design.md", "migas why vim", "migas client why vim"),
            ("design.md", "migas why --computer 7 vim", "migas why --computer 7 vim"),
            ("design.md", "migas --version", "migas --version"),
            ("design.md", "migas serve", "migas serve"),
        ];
        for (rule, line, expected) in table {
            assert_eq!(rewritten(line).as_deref(), Ok(expected), "{rule}: {line}");
        }
    }

    #[test]
    fn combinations_that_are_usage_errors() {
        use clap::error::ErrorKind::{ArgumentConflict, MissingRequiredArgument};
        let table = [
            ("D-CLI-01", "migas -g -u", ArgumentConflict),
            ("D-CLI-01", "migas -g -s x", ArgumentConflict),
            ("D-CLI-01", "migas -g -i -p x", ArgumentConflict),
            ("D-CLI-01", "migas -g -r -p x", ArgumentConflict),
            ("D-CLI-01", "migas -u -i -p x", ArgumentConflict),
            ("D-CLI-01", "migas -u -r -p x", ArgumentConflict),
            ("D-CLI-01", "migas -u -s x", ArgumentConflict),
            ("D-CLI-01", "migas -s x -i -p x", ArgumentConflict),
            ("D-CLI-01", "migas -s x -r -p x", ArgumentConflict),
            ("D-CLI-01", "migas -i -r -p x", ArgumentConflict),
            ("D-CLI-01", "migas -i", MissingRequiredArgument),
            ("D-CLI-01", "migas -r", MissingRequiredArgument),
        ];
        for (rule, line, expected) in table {
            assert_eq!(rewritten(line), Err(expected), "{rule}: {line}");
        }
    }
}
