//! Which attributes a computer has at a synchronisation (D-SYNC-20, steps 4 to 6).
//!
//! Pure: the formulas of the site and what the computer said -> a list of [`Wanted`] values. The
//! caller looks each up by (formula, value), exactly and case-sensitively (D-FORM-11), creates
//! what is missing where that is permitted, and stores the pool. Domains, tags and sets (steps 7
//! to 10) join as further sources of the same list.

use std::collections::BTreeMap;

use super::attribute::ALL_SYSTEMS_VALUE;
use super::formula::{Formula, Item, Kind, Sort, cut, expand};
use super::ids::{ComputerId, FormulaId};
use super::pms::Pms;
use super::text;

/// Longest description that is kept, in characters.
pub const MAX_DESCRIPTION: usize = 250;

/// What is known of the computer that synchronises; texts may be empty.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub computer: ComputerId,
    /// Description of its CID attribute (D-CID-01).
    pub cid_description: &'a str,
    pub platform: &'a str,
    pub project: &'a str,
    pub pms: Pms,
    /// As the client reported it.
    pub ip_address: &'a str,
    /// Login of the graphical user.
    pub user: &'a str,
    /// Outputs of client formulas by prefix.
    pub outputs: &'a BTreeMap<String, String>,
}

/// One attribute the computer should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub formula: FormulaId,
    pub prefix: String,
    /// At most 250 characters.
    pub value: String,
    /// Stored when the attribute is created.
    pub description: Option<String>,
    /// The description replaces the stored one at every synchronisation (CID, D-FORM-03).
    pub refresh_description: bool,
    /// An unknown value is added; otherwise it is dropped (D-FORM-09).
    pub may_create: bool,
    /// The value before it was cut, for the notification at its creation (D-FORM-10).
    pub original: Option<String>,
}

/// What becomes of a wanted attribute once it has been looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It exists and joins the pool.
    Joins,
    /// It is created and joins the pool; a cut one makes a notification (D-NOTIF-07).
    Created,
    /// It does not exist and must not be created: the synchronisation goes on without it.
    Dropped,
}

impl Wanted {
    /// Decides what becomes of it.
    pub fn outcome(&self, exists: bool) -> Outcome {
        match (exists, self.may_create) {
            (true, _) => Outcome::Joins,
            (false, true) => Outcome::Created,
            (false, false) => Outcome::Dropped,
        }
    }
}

/// Lists the attributes of a computer: basic ones first, then those of its client formulas in
/// the order of the formulas given.
///
/// Disabled formulas give nothing, except `SET-ALL SYSTEMS`, which every computer has
/// (D-FORM-16). Outputs for unknown prefixes, or for prefixes that are not of sort `client`, are
/// ignored: a client cannot give itself a `CID-…`, a `SET-…` or a tag (D-FORM-12).
pub fn wanted(formulas: &[Formula], facts: &Facts<'_>) -> Vec<Wanted> {
    let basic = formulas.iter().filter(|formula| formula.sort == Sort::Basic);
    let client = formulas.iter().filter(|formula| formula.sort == Sort::Client && formula.enabled);
    let mut wanted: Vec<Wanted> =
        basic.filter_map(|formula| basic_attribute(formula, facts)).collect();
    for formula in client {
        if let Some(output) = facts.outputs.get(&formula.prefix) {
            let items = expand(formula.kind, output);
            wanted
                .extend(items.into_iter().filter_map(|item| want(formula, item, formula.auto_add)));
        }
    }
    // Two long values may be one once they are cut.
    let mut seen = std::collections::BTreeSet::new();
    wanted.retain(|attribute| seen.insert((attribute.formula, attribute.value.clone())));
    wanted
}

/// The attribute of a built-in formula (D-FORM-15); none where the source is empty (D-FORM-18).
fn basic_attribute(formula: &Formula, facts: &Facts<'_>) -> Option<Wanted> {
    let (value, description) = match formula.prefix.as_str() {
        "SET" => (ALL_SYSTEMS_VALUE.to_owned(), None),
        _ if !formula.enabled => return None,
        "CID" => (facts.computer.to_string(), Some(facts.cid_description)),
        "PLT" => (facts.platform.to_owned(), None),
        "PRJ" => (facts.project.to_owned(), None),
        "IP" => (facts.ip_address.to_owned(), None),
        "USR" => (facts.user.to_owned(), None),
        "PMS" => (facts.pms.attribute_value().to_owned(), None),
        _ => return None,
    };
    let description = description.filter(|text| !text.is_empty()).map(str::to_owned);
    let is_cid = formula.prefix == "CID";
    let item = Item { value: value.trim().to_owned(), description };
    want(formula, item, true).map(|wanted| Wanted { refresh_description: is_cid, ..wanted })
}

fn want(formula: &Formula, item: Item, may_create: bool) -> Option<Wanted> {
    let several_lines = formula.kind == Kind::Normal;
    let clean = text::cut(&item.value, usize::MAX, several_lines);
    let (value, is_cut) = cut(clean.trim());
    let value = value.trim_end();
    (!value.is_empty()).then(|| Wanted {
        formula: formula.id,
        prefix: formula.prefix.clone(),
        value: value.to_owned(),
        description: item.description.map(|text| text::cut(&text, MAX_DESCRIPTION, false)),
        refresh_description: false,
        may_create,
        original: is_cut.then(|| clean.trim().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::formula::Language;

    fn formula(id: i64, prefix: &str, sort: Sort) -> Formula {
        Formula {
            id: FormulaId(id),
            prefix: prefix.into(),
            name: prefix.into(),
            enabled: true,
            kind: Kind::Normal,
            sort,
            auto_add: true,
            language: Language::Bash,
            code: String::new(),
        }
    }

    fn basics() -> Vec<Formula> {
        let prefixes = ["SET", "CID", "PLT", "PRJ", "IP", "USR", "PMS"];
        prefixes.iter().zip(1..).map(|(prefix, id)| formula(id, prefix, Sort::Basic)).collect()
    }

    fn facts(outputs: &BTreeMap<String, String>) -> Facts<'_> {
        Facts {
            computer: ComputerId(7),
            cid_description: "pc7",
            platform: "Linux",
            project: "debian-12",
            pms: Pms::AptGet,
            ip_address: "10.0.2.15",
            user: "root",
            outputs,
        }
    }

    fn outputs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(prefix, output)| ((*prefix).into(), (*output).into())).collect()
    }

    fn names(wanted: &[Wanted]) -> Vec<String> {
        wanted.iter().map(|wanted| format!("{}-{}", wanted.prefix, wanted.value)).collect()
    }

    #[test]
    fn basic_attributes_come_from_what_the_server_knows() {
        let none = BTreeMap::new();
        let all = facts(&none);
        let without_user = Facts { user: " ", ip_address: "", ..all.clone() };
        let disabled: Vec<Formula> =
            basics().into_iter().map(|f| Formula { enabled: false, ..f }).collect();
        type Row<'a> = (&'static str, Vec<Formula>, &'a Facts<'a>, &'static [&'static str]);
        let table: [Row<'_>; 3] = [
            (
                "D-FORM-15",
                basics(),
                &all,
                &[
                    "SET-ALL SYSTEMS",
                    "CID-7",
                    "PLT-Linux",
                    "PRJ-debian-12",
                    "IP-10.0.2.15",
                    "USR-root",
                    "PMS-apt",
                ],
            ),
            (
                "D-FORM-18",
                basics(),
                &without_user,
                &["SET-ALL SYSTEMS", "CID-7", "PLT-Linux", "PRJ-debian-12", "PMS-apt"],
            ),
            ("D-FORM-16", disabled, &all, &["SET-ALL SYSTEMS"]),
        ];
        for (rule, formulas, facts, expected) in table {
            assert_eq!(names(&wanted(&formulas, facts)), expected, "{rule}");
        }
    }

    #[test]
    fn d_gen_06_the_pool_is_basic_attributes_and_those_of_the_client() {
        let mut formulas = basics();
        formulas.push(formula(10, "HST", Sort::Client));
        let outputs = outputs(&[("HST", "pc7\n")]);
        let facts = Facts { user: "", ip_address: "", ..facts(&outputs) };
        assert_eq!(
            names(&wanted(&formulas, &facts)),
            ["SET-ALL SYSTEMS", "CID-7", "PLT-Linux", "PRJ-debian-12", "PMS-apt", "HST-pc7"]
        );
    }

    #[test]
    fn d_cid_01_the_description_of_a_cid_follows_the_computer() {
        let none = BTreeMap::new();
        let cid = wanted(&basics(), &facts(&none)).into_iter().find(|w| w.prefix == "CID").unwrap();
        assert_eq!(cid.description.as_deref(), Some("pc7"));
        assert!(cid.refresh_description);
    }

    #[test]
    fn a_client_gives_itself_only_what_its_formulas_may_give() {
        let mut formulas = basics();
        formulas.push(formula(10, "HST", Sort::Client));
        formulas.push(Formula { enabled: false, ..formula(11, "OFF", Sort::Client) });
        formulas.push(formula(12, "TAG", Sort::Server));
        formulas.push(Formula { kind: Kind::AddRight, ..formula(13, "CTX", Sort::Client) });
        // rule         prefix  output         attributes
        let table: &[(&str, &str, &str, &[&str])] = &[
            ("D-FORM-01", "HST", "pc7\n", &["HST-pc7"]),
            ("D-FORM-06", "CTX", "a.b\n", &["CTX-a.b", "CTX-b"]),
            ("D-FORM-08", "HST", "\n", &[]),
            ("D-FORM-12", "XXX", "x", &[]),
            ("D-FORM-12", "OFF", "x", &[]),
            ("D-FORM-12", "TAG", "x", &[]),
            ("D-FORM-12", "CID", "8", &[]),
            ("D-FORM-12", "SET", "FINANCE", &[]),
            ("D-FORM-12", "hst", "pc7", &[]),
        ];
        let none = BTreeMap::new();
        let plain = names(&wanted(&formulas, &facts(&none)));
        for (rule, prefix, output, expected) in table {
            let outputs = outputs(&[(prefix, output)]);
            let mut got = names(&wanted(&formulas, &facts(&outputs)));
            got.retain(|name| !plain.contains(name));
            assert_eq!(got, *expected, "{rule}: {prefix} {output:?}");
        }
    }

    #[test]
    fn unknown_values_are_created_or_dropped() {
        let by_hand = Formula { auto_add: false, ..formula(10, "HST", Sort::Client) };
        let automatic = formula(10, "HST", Sort::Client);
        let outputs = outputs(&[("HST", "pc7")]);
        // rule         formula            exists  outcome
        let table = [
            ("D-FORM-09", &automatic, false, Outcome::Created),
            ("D-FORM-09", &automatic, true, Outcome::Joins),
            ("D-FORM-09", &by_hand, false, Outcome::Dropped),
            ("D-FORM-09", &by_hand, true, Outcome::Joins),
        ];
        for (rule, formula, exists, expected) in table {
            let wanted = wanted(std::slice::from_ref(formula), &facts(&outputs));
            assert_eq!(wanted.len(), 1, "{rule}");
            assert_eq!(wanted[0].outcome(exists), expected, "{rule}: exists {exists}");
        }
    }

    #[test]
    fn d_form_10_long_values_are_cut_and_tell_what_they_were() {
        let formulas = [Formula { kind: Kind::List, ..formula(10, "GRP", Sort::Client) }];
        let long = "ñ".repeat(251);
        let exact = "x".repeat(250);
        let outputs = outputs(&[("GRP", &format!("{long}a,{long}b,{exact}"))]);
        let wanted = wanted(&formulas, &facts(&outputs));
        assert_eq!(wanted.len(), 2, "two values that are one once cut are one");
        assert_eq!(wanted[0].value, "ñ".repeat(250));
        assert_eq!(wanted[0].original.as_deref(), Some(format!("{long}a").as_str()));
        assert_eq!(
            (wanted[1].value.as_str(), wanted[1].original.as_deref()),
            (exact.as_str(), None)
        );
    }

    #[test]
    fn d_sync_23_control_characters_do_not_enter_attributes() {
        let formulas = [formula(10, "HST", Sort::Client)];
        let outputs = outputs(&[("HST", "a\u{0}b\u{1b}[1m\nc\n")]);
        let wanted = wanted(&formulas, &facts(&outputs));
        assert_eq!(names(&wanted), ["HST-ab[1m\nc"]);
    }
}
