//! Tags (4.3): attributes that people give to computers by hand, how a list of them is read, and
//! which of them a computer is offered.

use std::collections::{BTreeMap, BTreeSet};

use super::classification::DomainRule;
use super::formula::{Item, Kind, expand};
use super::ids::AttributeId;

/// Prefix of the category whose tags put computers into domains (D-DOM-02).
pub const DOMAIN_PREFIX: &str = "DMN";

/// Why a value cannot be a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    #[error("the value of a tag has no ~ and no line break")]
    Value,
    #[error("in a category of this kind that value stands for nothing")]
    Nothing,
}

/// The attributes that a tag stands for, those that are made with it (D-TAG-02).
///
/// # Errors
/// [`TagError`] says what is wrong with the value.
pub fn expansion(
    kind: Kind,
    value: &str,
    description: Option<&str>,
) -> Result<Vec<Item>, TagError> {
    if value.contains('~') || value.chars().any(char::is_control) {
        return Err(TagError::Value);
    }
    let output = match description.filter(|text| !text.contains('~')) {
        Some(description) => format!("{value}~{description}"),
        None => value.to_owned(),
    };
    let items = expand(kind, &output);
    if items.is_empty() { Err(TagError::Nothing) } else { Ok(items) }
}

/// Reads a list of tags, prefix and value of each: split at the first `-` (D-TAG-04); what has
/// none, such as the empty text, is no tag (D-TAG-06).
pub fn read_list<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<(&'a str, &'a str)> {
    names.into_iter().filter_map(|name| name.trim().split_once('-')).collect()
}

/// A tag of an enabled category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    pub id: AttributeId,
    pub prefix: String,
    /// Name of its category.
    pub category: String,
    pub value: String,
}

impl Tag {
    /// `PREFIX-value`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.prefix, self.value)
    }
}

/// What decides which tags a computer is offered.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    /// Included attributes of the enabled deployments of its project.
    pub included: &'a BTreeSet<AttributeId>,
    /// Domains that it belongs to.
    pub domains: Vec<&'a DomainRule>,
    /// Domains of the site.
    pub all_domains: Vec<&'a DomainRule>,
    /// Tags it was given.
    pub held: &'a BTreeSet<AttributeId>,
}

/// The tags offered to a computer among `tags`, by name of their category (D-TAG-05).
pub fn available(tags: &[Tag], offer: &Offer<'_>) -> BTreeMap<String, Vec<String>> {
    let is_held = |tag: &&Tag| tag.prefix == DOMAIN_PREFIX && offer.held.contains(&tag.id);
    // `GOYA` of DMN-GOYA.AULA.A: a domain that the computer was put into by hand.
    let chosen: BTreeSet<&str> =
        tags.iter().filter(is_held).filter_map(|tag| tag.value.split('.').next()).collect();
    let by_choice = offer.all_domains.iter().filter(|domain| chosen.contains(domain.name.as_str()));
    let domains = offer.domains.iter().chain(by_choice);
    let of_domains: BTreeSet<AttributeId> =
        domains.flat_map(|domain| domain.tags.iter().copied()).collect();
    let within_chosen = |tag: &Tag| {
        tag.prefix == DOMAIN_PREFIX
            && tag.value.split('.').next().is_some_and(|domain| chosen.contains(domain))
    };
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for tag in tags {
        let is_offered =
            offer.included.contains(&tag.id) || of_domains.contains(&tag.id) || within_chosen(tag);
        if is_offered {
            found.entry(tag.category.clone()).or_default().insert(tag.name());
        }
    }
    found.into_iter().map(|(category, names)| (category, names.into_iter().collect())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DomainId;
    use crate::domain::target::Target;

    #[test]
    #[rustfmt::skip]
    fn tags_stand_for_attributes() {
        let three: &[&str] = &["PLANTA-1.SEDE_CENTRAL.MADRID", "SEDE_CENTRAL.MADRID", "MADRID"];
        // rule        kind            value                           attributes
        type Row<'a> = (&'a str, Kind, &'a str, Result<&'a [&'a str], TagError>);
        let table: &[Row<'_>] = &[
            ("D-TAG-02",  Kind::AddRight, "PLANTA-1.SEDE_CENTRAL.MADRID", Ok(three)),
            ("D-DOM-03",  Kind::AddLeft,  "GOYA.AULA.A", Ok(&["GOYA", "GOYA.AULA", "GOYA.AULA.A"])),
            ("D-TAG-02",  Kind::Normal,   "A.B",         Ok(&["A.B"])),
            ("D-FORM-08", Kind::AddRight, "",            Err(TagError::Nothing)),
            ("D-FORM-08", Kind::List,     ", ,",         Err(TagError::Nothing)),
            ("D-FORM-08", Kind::AddRight, "A.",          Ok(&["A."])),
            ("D-FORM-08", Kind::AddLeft,  ".A",          Ok(&[".A"])),
            ("D-FORM-03", Kind::Normal,   "a~b",         Err(TagError::Value)),
            ("D-TAG-04",  Kind::Normal,   "a\nb",        Err(TagError::Value)),
        ];
        for (rule, kind, value, expected) in table {
            let items = expansion(*kind, value, Some("x"));
            let values = items.as_ref().map(|items| items.iter().map(|i| &*i.value).collect::<Vec<_>>());
            assert_eq!(values, expected.as_ref().map(|e| e.to_vec()), "{rule} {value:?}");
        }
    }

    #[test]
    fn lists_of_tags_are_read() {
        type Row<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);
        let table: &[Row<'_>] = &[
            ("D-TAG-04", &["UBI-PLANTA-1.X"], &[("UBI", "PLANTA-1.X")]),
            ("D-TAG-06", &[""], &[]),
            ("D-TAG-06", &["UBI", " UBI-A "], &[("UBI", "A")]),
        ];
        for (rule, names, expected) in table {
            assert_eq!(read_list(names.iter().copied()), *expected, "{rule} {names:?}");
        }
    }

    fn tag(id: i64, prefix: &str, value: &str) -> Tag {
        let category = if prefix == "DMN" { "DOMAIN" } else { "CLASSROOM" };
        let (prefix, value) = (prefix.into(), value.into());
        Tag { id: AttributeId(id), prefix, category: category.into(), value }
    }

    fn domain(id: i64, name: &str, tags: &[i64]) -> DomainRule {
        DomainRule {
            id: DomainId(id),
            name: name.into(),
            attribute: AttributeId(100 + id),
            target: Target::default(),
            tags: tags.iter().copied().map(AttributeId).collect(),
        }
    }

    #[test]
    fn a_computer_is_offered_tags() {
        let tags = [
            tag(1, "LAB", "one"),
            tag(2, "LAB", "two"),
            tag(3, "LAB", "three"),
            tag(11, "DMN", "GOYA"),
            tag(12, "DMN", "GOYA.AULA"),
            tag(13, "DMN", "GOYA.AULA.A"),
            tag(14, "DMN", "GOYAX"),
        ];
        let (goya, other) = (domain(1, "GOYA", &[3]), domain(2, "OTHER", &[2]));
        let all_goya = ["DMN-GOYA", "DMN-GOYA.AULA", "DMN-GOYA.AULA.A"];
        // rule, included by deployments, domains it belongs to, tags it has, offered
        type Row<'a> = (&'a str, &'a [i64], Vec<&'a DomainRule>, &'a [i64], Vec<&'a str>);
        let table: &[Row<'_>] = &[
            ("D-TAG-05", &[1, 77], vec![], &[], vec!["LAB-one"]),
            ("D-TAG-05", &[2], vec![&other], &[1], vec!["LAB-two"]),
            ("D-TAG-05", &[], vec![], &[13], [&["LAB-three"][..], &all_goya].concat()),
            ("D-TAG-05", &[11], vec![&goya], &[], vec!["LAB-three", "DMN-GOYA"]),
            ("D-TAG-03", &[99], vec![], &[99], vec![]),
        ];
        for (rule, included, domains, held, expected) in table {
            let ids = |ids: &[i64]| ids.iter().copied().map(AttributeId).collect::<BTreeSet<_>>();
            let (included, held) = (ids(included), ids(held));
            let offer = Offer {
                included: &included,
                domains: domains.clone(),
                all_domains: vec![&goya, &other],
                held: &held,
            };
            let found: Vec<String> = available(&tags, &offer).into_values().flatten().collect();
            assert_eq!(found, *expected, "{rule} {included:?} {held:?}");
        }
    }
}
