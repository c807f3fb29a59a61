//! `--help` in the reader's language.
//!
//! The English text of a command stands on its arguments, as doc comments; `assets/i18n/<other>/
//! help.ftl` holds the translation under the path of the command: `help-token-create` is its
//! line, `help-token-create-long` the text below, `help-token-create_user` its argument `--user`.
//! Invariant (tested): every command and argument has a translation in every other language.

use std::ffi::OsString;

use clap::{Arg, Command, Parser};

use crate::catalogue::{Lang, find};

/// Returns the command line with its help in `lang`.
pub fn in_language(mut command: Command, lang: Lang) -> Command {
    if lang == Lang::En {
        return command;
    }
    command.build();
    translate(command, lang, "help")
}

/// Reads the arguments of a command that stands by itself, with its help in `lang`; `path` is that
/// of its texts.
///
/// # Errors
/// What the parser says: help, version or a usage error.
pub fn parse_alone<T: Parser>(argv: &[OsString], lang: Lang, path: &str) -> Result<T, clap::Error> {
    let mut command = T::command();
    if lang != Lang::En {
        command.build();
        command = translate(command, lang, path);
    }
    T::from_arg_matches(&command.try_get_matches_from_mut(argv)?)
}

fn translate(mut command: Command, lang: Lang, path: &str) -> Command {
    if let Some(about) = find(lang, path) {
        command = command.about(about.clone()).long_about(about);
    }
    if let Some(long) = find(lang, &format!("{path}-long")) {
        command = command.long_about(long);
    }
    if let Some(examples) = find(lang, &format!("{path}-examples")) {
        command = command.after_help(examples);
    }
    if let Some(heading) = find(lang, "help-commands") {
        command = command.subcommand_help_heading(heading);
    }
    if let Some(template) = find(lang, "help-usage") {
        command = command.help_template(format!(
            "{{about-with-newline}}\n{template} {{usage}}\n\n{{all-args}}{{after-help}}"
        ));
    }
    command = command.mut_args(|arg| translate_arg(arg, lang, path));
    command.mut_subcommands(|sub| {
        let path = format!("{path}-{}", sub.get_name());
        translate(sub, lang, &path)
    })
}

fn translate_arg(arg: Arg, lang: Lang, path: &str) -> Arg {
    let heading = if arg.is_positional() { "help-arguments" } else { "help-options" };
    let arg = match find(lang, heading) {
        Some(heading) => arg.help_heading(heading),
        None => arg,
    };
    match find_arg(lang, path, arg.get_id().as_str()) {
        Some(help) => arg.help(help.clone()).long_help(help),
        None => arg,
    }
}

/// The text of an argument; a global one is told once, at the command that brings it, and
/// `--help` and `--version` say the same everywhere.
fn find_arg(lang: Lang, path: &str, id: &str) -> Option<String> {
    if matches!(id, "help" | "version") {
        return find(lang, &format!("help_{id}"));
    }
    let key = |path: &str| format!("{path}_{}", id.replace('_', "-"));
    let parents = std::iter::successors(Some(path), |path| path.rsplit_once('-').map(|(up, _)| up));
    parents.map(key).find_map(|key| find(lang, &key))
}

#[cfg(test)]
pub(super) mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn missing(command: &Command, lang: Lang, path: &str, found: &mut Vec<String>) {
        let lacks = |key: &String| find(lang, key).is_none();
        found.extend(Some(path.to_owned()).filter(lacks));
        // A text below the first line needs its translation too.
        let (short, long) = (command.get_about(), command.get_long_about());
        if long.is_some_and(|long| short.is_none_or(|short| short.to_string() != long.to_string()))
        {
            found.extend(Some(format!("{path}-long")).filter(lacks));
        }
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            let id = arg.get_id().as_str();
            if find_arg(lang, path, id).is_none() {
                found.push(format!("{path}_{}", id.replace('_', "-")));
            }
        }
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            // clap's own `help` command repeats the tree.
            if sub.get_name() != "help" {
                missing(sub, lang, &format!("{path}-{}", sub.get_name()), found);
            }
        }
    }

    /// What the catalogue lacks of a command that stands by itself.
    pub(crate) fn lacking<T: Parser>(path: &str) -> Vec<String> {
        let (mut command, mut found) = (T::command(), Vec::new());
        command.build();
        missing(&command, Lang::Es, path, &mut found);
        found
    }

    #[test]
    fn d_gen_13_every_command_and_argument_has_a_spanish_text() {
        let mut command = super::super::Args::command();
        command.build();
        let mut found = Vec::new();
        missing(&command, Lang::Es, "help", &mut found);
        assert!(found.is_empty(), "assets/i18n/es/help.ftl lacks:\n{}", found.join("\n"));
    }

    #[test]
    fn help_is_shown_in_the_language_of_the_reader() {
        let text = |lang| {
            let mut command = in_language(super::super::Args::command(), lang);
            command.find_subcommand_mut("serve").unwrap().render_long_help().to_string()
        };
        let (english, spanish) = (text(Lang::En), text(Lang::Es));
        assert!(english.contains("Usage:") && english.contains("Serves the site"));
        assert!(spanish.contains("Uso:") && spanish.contains("Opciones:"), "{spanish}");
        assert!(!spanish.contains("Directory of the site"), "{spanish}");
    }
}
