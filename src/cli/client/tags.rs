//! `migas client tags`: which tags this computer has, may have, and shall have (D-CLI-06).

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write};

use super::register::prompt;
use super::{Common, output, update};
use crate::catalogue::Lang;
use crate::cli::CliError;
use crate::client::run::{Client, ClientError};
use crate::client::sync::Silent;
use crate::t;
use crate::wire::tags::{TagPackages, TagsAnswer};

/// Options of `migas client tags`: one of them.
#[derive(clap::Args, Debug)]
#[group(required = true, multiple = false)]
pub struct TagsArgs {
    /// Prints the tags this computer is offered, in JSON by category
    #[arg(short, long)]
    available: bool,
    /// Prints the tags of this computer, one in a line, in quotes
    #[arg(short, long)]
    get: bool,
    /// Gives this computer these tags, synchronises, and installs and removes what follows; asks without any, "" takes all away
    #[arg(short, long, value_name = "TAG", num_args = 0..)]
    set: Option<Vec<String>>,
    /// Gives this computer these tags at the server only
    #[arg(short, long, value_name = "TAG", num_args = 0..)]
    communicate: Option<Vec<String>>,
}

/// Runs `migas client tags`.
pub fn run(
    common: &Common,
    args: TagsArgs,
    lang: Lang,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    let mut client = super::open_or_fail(common, lang)?;
    let ready = client.require_root();
    ready.map_err(|error| output::failure(&error, Some(&client), lang, common.book))?;
    match (args.set, args.communicate) {
        (Some(named), _) => {
            let lock = client.lock();
            let lock =
                lock.map_err(|error| output::failure(&error, Some(&client), lang, common.book))?;
            let packages = set(&mut client, common, named, lang)?;
            update::run_locked(&mut client, lock, common, false, Some(packages), lang, out)
        }
        (None, Some(named)) => {
            let packages = set(&mut client, common, named, lang)?;
            if common.json { output::json(out, &packages) } else { Ok(()) }
        }
        (None, None) => {
            let TagsAnswer { available, selected } = ask(&mut client, common, lang)?;
            match (args.available, common.json) {
                (true, _) => output::json(out, &available),
                (false, true) => output::json(out, &selected),
                (false, false) => {
                    selected.iter().try_for_each(|tag| output::line(out, &format!("\"{tag}\"")))
                }
            }
        }
    }
}

fn ask(client: &mut Client, common: &Common, lang: Lang) -> Result<TagsAnswer, CliError> {
    let answer: Result<_, ClientError> = crate::cli::small_runtime()?.block_on(async {
        let mut session = client.session(&mut Silent).await?;
        client.tags(&mut session).await
    });
    answer.map_err(|error| output::failure(&error, Some(client), lang, common.book))
}

/// Tells the server which tags this computer has; without any named, whoever sits at the terminal
/// chooses.
fn set(
    client: &mut Client,
    common: &Common,
    named: Vec<String>,
    lang: Lang,
) -> Result<TagPackages, CliError> {
    let wanted = match named.is_empty() {
        true => chosen(ask(client, common, lang)?, lang)?,
        false => named,
    };
    let packages: Result<_, ClientError> = crate::cli::small_runtime()?.block_on(async {
        let mut session = client.session(&mut Silent).await?;
        client.set_tags(&mut session, wanted).await
    });
    packages.map_err(|error| output::failure(&error, Some(client), lang, common.book))
}

/// Lets somebody tick tags at the terminal.
fn chosen(answer: TagsAnswer, lang: Lang) -> Result<Vec<String>, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::failed(t!(lang, "client-tags-no-terminal")).with_status(64));
    }
    let mut choice = Choice::new(answer);
    let mut words = std::io::stderr();
    loop {
        let _closed_pipe_is_fine = write!(words, "{}", choice.shown());
        let line = prompt(&t!(lang, "client-tags-choose"), false)?;
        if line.trim().is_empty() {
            return Ok(choice.into_tags());
        }
        if !choice.toggle(&line) {
            let _closed_pipe_is_fine = writeln!(words, "{}", t!(lang, "client-tags-unknown"));
        }
    }
}

/// Tags by category, and which are ticked.
#[derive(Debug)]
struct Choice {
    /// Category and tag, in the order shown.
    lines: Vec<(String, String)>,
    ticked: BTreeSet<usize>,
}

impl Choice {
    fn new(answer: TagsAnswer) -> Self {
        let TagsAnswer { available, selected } = answer;
        let mut lines: Vec<(String, String)> = available
            .into_iter()
            .flat_map(|(category, tags)| tags.into_iter().map(move |tag| (category.clone(), tag)))
            .collect();
        // What the computer has without being offered it stays, unless somebody unticks it.
        for tag in &selected {
            if lines.iter().all(|(_, known)| known != tag) {
                lines.push((String::new(), tag.clone()));
            }
        }
        let is_ticked = |(_, (_, tag)): &(usize, &(String, String))| selected.contains(tag);
        let ticked = lines.iter().enumerate().filter(is_ticked).map(|(place, _)| place).collect();
        Self { lines, ticked }
    }

    /// The list, numbered from 1.
    fn shown(&self) -> String {
        let mut text = String::new();
        let mut last = "";
        for (place, (category, tag)) in self.lines.iter().enumerate() {
            if category != last {
                text.push_str(&format!("{category}\n"));
                last = category;
            }
            let mark = if self.ticked.contains(&place) { 'x' } else { ' ' };
            text.push_str(&format!("{:>4} [{mark}] {tag}\n", place + 1));
        }
        text
    }

    /// Ticks or unticks the numbers of a line; says whether it was understood.
    fn toggle(&mut self, line: &str) -> bool {
        let numbers: Result<Vec<usize>, _> =
            line.split([' ', ',']).filter(|word| !word.is_empty()).map(str::parse).collect();
        let Ok(numbers) = numbers else { return false };
        if numbers.iter().any(|number| !(1..=self.lines.len()).contains(number)) {
            return false;
        }
        for place in numbers.into_iter().map(|number| number - 1) {
            if !self.ticked.remove(&place) {
                self.ticked.insert(place);
            }
        }
        true
    }

    /// What is ticked; the empty text, if nothing is, takes all away (D-TAG-06).
    fn into_tags(self) -> Vec<String> {
        let Self { lines, ticked } = self;
        let tags = lines.into_iter().enumerate().filter(|(place, _)| ticked.contains(place));
        let tags: Vec<String> = tags.map(|(_, (_, tag))| tag).collect();
        if tags.is_empty() { vec![String::new()] } else { tags }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_tag_05_d_tag_06_tags_are_ticked_by_their_numbers() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let available = [("B", names(&["LAB-one", "LAB-two"])), ("A", names(&["UBI-x"]))];
        let available = available.map(|(category, tags)| (category.to_owned(), tags)).into();
        let answer = TagsAnswer { available, selected: names(&["LAB-two", "OLD-y"]) };
        let mut choice = Choice::new(answer);
        assert_eq!(
            choice.shown(),
            "A\n   1 [ ] UBI-x\nB\n   2 [ ] LAB-one\n   3 [x] LAB-two\n\n   4 [x] OLD-y\n"
        );
        for wrong in ["5", "0", "x", "1 9"] {
            assert!(!choice.toggle(wrong), "{wrong}");
        }
        assert!(choice.toggle("1, 3"));
        assert!(choice.toggle("4"));
        assert_eq!(choice.into_tags(), ["UBI-x"]);
        assert_eq!(Choice::new(TagsAnswer::default()).into_tags(), [""]);
    }
}
