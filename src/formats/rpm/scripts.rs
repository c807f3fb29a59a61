//! Scriptlets and triggers: what rpm runs when a package comes and goes.

use super::RpmError;
use super::dependency::{self, Dependency};
use super::header::Header;
use super::tags::{SCRIPTS, TRIGGERS, TriggerTags};
use super::text::clean;

const MAX_SCRIPTS: u32 = 10_000;
const MAX_ARGUMENTS: u32 = 256;
const WHAT: &str = "triggers";

/// When a trigger runs; the bit is in the flags of its conditions.
const MOMENTS: [(u32, &str); 4] = [
    (1 << 25, "triggerprein"),
    (1 << 16, "triggerin"),
    (1 << 17, "triggerun"),
    (1 << 18, "triggerpostun"),
];

/// A scriptlet or trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// As the spec file names it: `pre`, `posttrans`, `triggerin`, `transfiletriggerpostun`…
    pub name: String,
    /// Program that runs it with its arguments, such as `/bin/sh` or `<lua>`.
    pub interpreter: String,
    /// Empty where the program alone is run, such as `/sbin/ldconfig`.
    pub text: String,
    /// Packages, or beginnings of paths, whose coming and going runs a trigger.
    pub conditions: Vec<Dependency>,
}

impl Script {
    /// What stands in the spec file above the text: `%triggerin -p <lua> -- glibc > 2`.
    pub fn title(&self) -> String {
        let conditions: Vec<_> = self.conditions.iter().map(ToString::to_string).collect();
        let mut title = format!("%{}", self.name);
        if !matches!(self.interpreter.as_str(), "" | "/bin/sh") {
            title.push_str(" -p ");
            title.push_str(&self.interpreter);
        }
        if !conditions.is_empty() {
            title.push_str(" -- ");
            title.push_str(&conditions.join(", "));
        }
        title
    }
}

/// Reads all scriptlets, then all triggers.
pub(super) fn read(header: &Header<'_>) -> Result<Vec<Script>, RpmError> {
    let mut scripts = Vec::new();
    for (name, text, interpreter) in SCRIPTS {
        if !header.has(text) && !header.has(interpreter) {
            continue;
        }
        let program = header.strings(interpreter, MAX_ARGUMENTS)?;
        let program: Vec<_> = program.into_iter().map(clean).collect();
        scripts.push(Script {
            name: name.to_owned(),
            interpreter: program.join(" "),
            text: header.text(text)?,
            conditions: Vec::new(),
        });
    }
    for tags in TRIGGERS {
        scripts.extend(triggers(header, tags)?);
    }
    Ok(scripts)
}

/// Reads one family of triggers: a script may have several conditions.
fn triggers(header: &Header<'_>, tags: TriggerTags) -> Result<Vec<Script>, RpmError> {
    let texts = header.strings(tags.scripts, MAX_SCRIPTS)?;
    let interpreters = header.strings(tags.interpreters, MAX_SCRIPTS)?;
    let conditions = dependency::read(header, WHAT, tags.conditions)?;
    let indexes = header.numbers(tags.indexes, MAX_SCRIPTS)?;
    if indexes.len() != conditions.len() {
        return Err(RpmError::Mismatch(WHAT));
    }
    let script = |(at, text): (usize, &[u8])| Script {
        name: String::new(),
        interpreter: interpreters.get(at).map(|program| clean(program)).unwrap_or_default(),
        text: clean(text),
        conditions: Vec::new(),
    };
    let mut scripts: Vec<_> = texts.into_iter().enumerate().map(script).collect();
    for (condition, index) in conditions.into_iter().zip(indexes) {
        let at = usize::try_from(index).map_err(|_| RpmError::Mismatch(WHAT))?;
        let script = scripts.get_mut(at).ok_or(RpmError::Mismatch(WHAT))?;
        let moment = MOMENTS.iter().find(|(bit, _)| condition.flags & bit != 0);
        script.name = format!("{}{}", tags.prefix, moment.map_or("trigger", |(_, name)| name));
        script.conditions.push(condition);
    }
    Ok(scripts)
}
