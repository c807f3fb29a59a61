//! Every text a person reads, in English and Spanish.
//!
//! The messages are Fluent files under `assets/i18n/<language>/`, one file per room (`web.ftl`,
//! `client.ftl`…), embedded in the executable. Invariant (tested): both languages have the same
//! keys, and each key the same variables. A missing key shows as the key itself, never as a panic.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "assets/i18n/"]
struct Files;

/// A language of the interface. English is the default (D-GEN-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Lang {
    #[default]
    En,
    Es,
}

impl Lang {
    /// All languages there are.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Es];

    /// The ISO 639-1 code, which is also the folder of the messages.
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }

    /// Reads `en`, `es-MX`, `es_ES.UTF-8`…; `None` for a language we do not speak.
    pub fn parse(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary.trim()))
    }

    /// Chooses by an `Accept-Language` header (RFC 9110, 12.5.4): the known language with the
    /// highest weight, the first of equals; English if there is none.
    pub fn from_accept_language(header: &str) -> Lang {
        let mut best = (Lang::En, 0.0_f32);
        for part in header.split(',').take(32) {
            let mut fields = part.split(';');
            let tag = fields.next().unwrap_or_default();
            let weight = fields
                .find_map(|field| field.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if let Some(lang) = Lang::parse(tag)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }
}

/// A value put into a message.
pub type Arg<'a> = (&'static str, FluentValue<'a>);

/// Returns the message `key` in `lang` with its variables filled in.
///
/// The [`t!`](crate::t) macro is the usual way to call it.
pub fn text(lang: Lang, key: &str, args: &[Arg<'_>]) -> String {
    let bundle = BUNDLES.get(&lang);
    let pattern = bundle.and_then(|b| b.get_message(key)).and_then(|m| m.value());
    let (Some(bundle), Some(pattern)) = (bundle, pattern) else {
        return key.to_owned();
    };
    let args: FluentArgs<'_> = args.iter().cloned().collect();
    let mut errors = Vec::new();
    bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned()
}

/// Returns the message, or `None` where the language lacks it (optional texts such as the
/// translated help of a command).
pub fn find(lang: Lang, key: &str) -> Option<String> {
    find_with(lang, key, &[])
}

/// The same for a message with variables.
pub fn find_with(lang: Lang, key: &str, args: &[Arg<'_>]) -> Option<String> {
    BUNDLES.get(&lang)?.get_message(key)?.value()?;
    Some(text(lang, key, args))
}

/// `t!(lang, "key")` or `t!(lang, "key", count = 3, name = "x")`: a text of the catalogue.
#[macro_export]
macro_rules! t {
    ($lang:expr, $key:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::catalogue::text(
            $lang,
            $key,
            &[$((stringify!($name), fluent_bundle::FluentValue::from($value))),*],
        )
    };
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<BTreeMap<Lang, Bundle>> =
    LazyLock::new(|| Lang::ALL.into_iter().map(|lang| (lang, bundle(lang))).collect());

fn bundle(lang: Lang) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![lang.code().parse().unwrap_or_default()]);
    bundle.set_use_isolating(false); // no invisible marks around values: they end up in terminals
    for source in sources(lang) {
        // A file with a broken line still gives its other messages; the test finds the break.
        let resource = FluentResource::try_new(source).unwrap_or_else(|(partial, _)| partial);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn sources(lang: Lang) -> Vec<String> {
    Files::iter()
        .filter(|path| path.starts_with(lang.code()) && path.ends_with(".ftl"))
        .filter_map(|path| Files::get(&path))
        .map(|file| String::from_utf8_lossy(&file.data).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// key -> names of its variables, as text (`$name`).
    fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let variable = regex::Regex::new(r"\{[^}]*?\$([a-z_-]+)").unwrap();
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for source in sources(lang) {
            FluentResource::try_new(source.clone()).expect("a message file parses");
            let mut key = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if !line.starts_with([' ', '\t', '}'])
                    && let Some((name, _)) = line.split_once('=')
                {
                    key = name.trim().to_owned();
                    let fresh = keys.insert(key.clone(), BTreeSet::new()).is_none();
                    assert!(fresh, "{key} stands twice in {}", lang.code());
                }
                for found in variable.captures_iter(line) {
                    keys.entry(key.clone()).or_default().insert(found[1].to_owned());
                }
            }
        }
        keys
    }

    #[test]
    fn d_gen_13_both_languages_have_the_same_messages_and_variables() {
        let (en, es) = (keys(Lang::En), keys(Lang::Es));
        assert!(!en.is_empty());
        for (key, variables) in &en {
            assert_eq!(Some(variables), es.get(key), "message {key}");
        }
        // English that stands in the source: the help of a command on its arguments
        // (`cli/help.rs`), the reason of a refusal where it is made (`app/reason.rs`).
        let elsewhere = |key: &str| key.starts_with("help") || key.starts_with("reason-");
        for key in es.keys().filter(|key| !elsewhere(key)) {
            assert!(en.contains_key(key), "message {key} is only in Spanish");
        }
    }

    #[test]
    fn accept_language_chooses_the_heaviest_known_language() {
        let table = [
            ("", Lang::En),
            ("es", Lang::Es),
            ("es-MX,es;q=0.9,en;q=0.8", Lang::Es),
            ("fr,en;q=0.5,es;q=0.7", Lang::Es),
            ("en-GB,es", Lang::En),
            ("es;q=0", Lang::En),
            ("de", Lang::En),
        ];
        for (header, lang) in table {
            assert_eq!(Lang::from_accept_language(header), lang, "{header}");
        }
        assert_eq!(Lang::parse("es_ES.UTF-8"), Some(Lang::Es));
        assert_eq!(Lang::parse("C"), None);
    }

    #[test]
    fn a_missing_message_shows_its_key() {
        assert_eq!(t!(Lang::En, "no-such-message"), "no-such-message");
    }
}
