//! Pools as tables: named attributes instead of numbers.

use proptest::prelude::*;

use super::*;
use crate::domain::formula::{Kind, expand};
use crate::domain::ids::AttributeSetId;

/// Numbers for names, `ALL` being 1.
#[derive(Default)]
struct Names(Vec<String>);

impl Names {
    fn id(&mut self, name: &str) -> AttributeId {
        if name == "ALL" {
            return ALL_SYSTEMS;
        }
        let place = self.0.iter().position(|known| known == name).unwrap_or_else(|| {
            self.0.push(name.into());
            self.0.len() - 1
        });
        AttributeId(place as i64 + 2)
    }

    fn ids(&mut self, names: &str) -> Vec<AttributeId> {
        names.split_whitespace().map(|name| self.id(name)).collect()
    }

    fn target(&mut self, included: &str, excluded: &str) -> Target {
        Target::new(self.ids(included), self.ids(excluded))
    }

    fn set(&mut self, name: &str, included: &str, excluded: &str) -> AttributeSet {
        let attribute = self.id(&format!("SET-{name}"));
        AttributeSet {
            id: AttributeSetId(attribute.0),
            name: name.into(),
            description: String::new(),
            enabled: true,
            attribute,
            target: self.target(included, excluded),
        }
    }

    fn domain(&mut self, name: &str, included: &str, excluded: &str) -> DomainRule {
        let attribute = self.id(&format!("DMN-{name}"));
        let mut target = self.target(included, excluded);
        // D-DOM-02: its own tag is among its included attributes.
        target.included.insert(attribute);
        let id = DomainId(attribute.0);
        DomainRule { id, name: name.into(), attribute, target, tags: BTreeSet::new() }
    }

    fn tag(&mut self, prefix: &str, kind: Kind, value: &str) -> TagRule {
        let items = expand(kind, value);
        let gives = items.iter().map(|item| self.id(&format!("{prefix}-{}", item.value))).collect();
        TagRule { tag: self.id(&format!("{prefix}-{value}")), gives }
    }

    fn text(&self, pool: &Pool) -> String {
        let name = |id: &AttributeId| match id.0 {
            1 => "ALL".to_owned(),
            id => self.0[id as usize - 2].clone(),
        };
        let mut names: Vec<String> = pool.iter().map(name).collect();
        names.sort();
        names.join(" ")
    }
}

struct Case {
    names: Names,
    classification: Classification,
}

impl Case {
    /// The site of the worked examples; sets are given in the wrong order on purpose.
    fn new() -> Self {
        let mut n = Names::default();
        let sets = vec![
            n.set("A-RAPIDA", "ALL", "SET-RED-LENTA"),
            n.set("RED-LENTA", "NET-192.168.1.0/24 NET-192.168.8.0/24", ""),
            n.set("NO-MEDIA", "NET-192.168.100.0/24 GRP-NO-MEDIA CID-1291", "CID-3245"),
            AttributeSet { enabled: false, ..n.set("OFF", "ALL", "") },
            n.set("USES-OFF", "SET-OFF", ""),
            n.set("BUT-OFF", "GRP-X", "SET-OFF"),
            n.set("ROUND", "SET-ROUND", ""),
            n.set("AFTER-ROUND", "SET-ROUND ALL", ""),
            n.set("GOYANS", "DMN-GOYA", ""),
        ];
        let domains = vec![
            n.domain("GOYA", "CID-7", ""),
            n.domain("SLOW", "SET-RED-LENTA", ""),
            n.domain("MADRID", "UBI-MADRID", ""),
        ];
        let tags = vec![
            n.tag("UBI", Kind::AddRight, "PLANTA-1.SEDE_CENTRAL.MADRID"),
            n.tag("UBI", Kind::AddRight, "MADRID"),
            n.tag("DMN", Kind::AddLeft, "GOYA.AULA.A"),
        ];
        let disabled = n.id("OLD-TAG");
        Self { classification: Classification::new(tags, domains, &sets, [disabled]), names: n }
    }

    fn pool(&mut self, own: &str, tags: &str) -> String {
        let own = self.names.ids(own).into_iter().collect();
        let tags = self.names.ids(tags).into_iter().collect();
        self.names.text(&self.classification.pool(own, &tags))
    }
}

#[test]
fn pools_follow_the_worked_examples() {
    // rule        own attributes               tags                              derived ones
    let table = [
        ("D-ASET-06", "ALL NET-192.168.8.0/24", "", "DMN-SLOW SET-RED-LENTA"),
        ("D-ASET-06", "ALL NET-10.0.0.0/8", "", "SET-A-RAPIDA"),
        ("D-ASET-07", "NET-192.168.100.0/24 CID-3245", "", ""),
        ("D-ASET-07", "NET-10.0.0.0/8 CID-1291", "", "SET-NO-MEDIA"),
        ("D-SCN-05", "GRP-NO-MEDIA CID-5", "", "SET-NO-MEDIA"),
        (
            "D-TAG-02",
            "CID-5",
            "UBI-PLANTA-1.SEDE_CENTRAL.MADRID",
            "DMN-MADRID UBI-MADRID UBI-PLANTA-1.SEDE_CENTRAL.MADRID UBI-SEDE_CENTRAL.MADRID",
        ),
        ("D-TAG-08", "CID-5", "UBI-MADRID", "DMN-MADRID UBI-MADRID"),
        ("D-TAG-03", "CID-5", "OLD-TAG", ""),
        // Disabled: as included it contributes nothing, as excluded it excludes nobody.
        ("D-ASET-05", "GRP-X", "", "SET-BUT-OFF"),
        // Sets in a cycle, and those that name them, are skipped; the others work.
        ("D-ASET-04", "ALL", "", "SET-A-RAPIDA"),
        ("D-DOM-03", "CID-7", "", "DMN-GOYA SET-GOYANS"),
        (
            "D-DOM-03",
            "CID-5",
            "DMN-GOYA.AULA.A",
            "DMN-GOYA DMN-GOYA.AULA DMN-GOYA.AULA.A SET-GOYANS",
        ),
        // A domain that names a set comes last, and does not wake sets again.
        ("D-SYNC-20", "NET-192.168.1.0/24", "", "DMN-SLOW SET-RED-LENTA"),
        ("D-GEN-06", "CID-5", "", ""),
    ];
    for (rule, own, tags, derived) in table {
        let mut case = Case::new();
        let mut expected: Vec<&str> =
            own.split_whitespace().chain(derived.split_whitespace()).collect();
        expected.sort_unstable();
        assert_eq!(case.pool(own, tags), expected.join(" "), "{rule} {own} + {tags}");
    }
}

#[test]
fn d_sync_20_the_own_attributes_are_found_again_in_a_stored_pool() {
    let mut case = Case::new();
    let own: Pool = case.names.ids("ALL CID-7 NET-192.168.8.0/24").into_iter().collect();
    let tags = case.names.ids("DMN-GOYA.AULA.A UBI-MADRID").into_iter().collect();
    let pool = case.classification.pool(own.clone(), &tags);
    assert_eq!(case.classification.own(&pool), own);
    assert_eq!(case.classification.pool(case.classification.own(&pool), &tags), pool);
}

#[test]
fn where_an_attribute_comes_from() {
    let mut case = Case::new();
    let own: Pool = case.names.ids("ALL CID-7 NET-192.168.8.0/24").into_iter().collect();
    let tags: BTreeSet<_> =
        case.names.ids("UBI-PLANTA-1.SEDE_CENTRAL.MADRID").into_iter().collect();
    let pool = case.classification.pool(own, &tags);
    let tag = *tags.first().unwrap();
    let net = case.names.id("NET-192.168.8.0/24");
    let lenta = case.names.id("SET-RED-LENTA");
    let goya = case.names.id("CID-7");
    let table = [
        ("NET-192.168.8.0/24", Origin::Own),
        ("UBI-MADRID", Origin::Tag(tag)),
        ("SET-RED-LENTA", Origin::Set(net)),
        ("DMN-SLOW", Origin::Domain(lenta)),
        ("DMN-GOYA", Origin::Domain(goya)),
    ];
    for (name, expected) in table {
        let id = case.names.id(name);
        assert_eq!(case.classification.origin(id, &pool, &tags), expected, "{name}");
    }
}

proptest! {
    /// Whatever the names and the order of creation, a set is decided after those it names.
    #[test]
    fn d_aset_03_the_order_of_creation_does_not_matter(
        shuffle in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle(),
        own in prop::collection::btree_set(1i64..5, 0..5),
    ) {
        let mut n = Names::default();
        let rows = [("a", "ALL", ""), ("b", "SET-a", "SET-c"), ("c", "NET-1", ""), ("d", "SET-b SET-e", ""),
            ("e", "NET-2", "SET-a"), ("f", "SET-d", "SET-e")];
        let sets: Vec<AttributeSet> = rows.iter().map(|(name, i, e)| n.set(name, i, e)).collect();
        let nets = ["ALL", "NET-1", "NET-2", "NET-3"];
        let own: Pool = own.iter().map(|place| n.id(nets[*place as usize - 1])).collect();
        let shuffled: Vec<AttributeSet> = shuffle.iter().map(|place| sets[*place].clone()).collect();
        let one = Classification::new(Vec::new(), Vec::new(), &sets, []);
        let other = Classification::new(Vec::new(), Vec::new(), &shuffled, []);
        let tags = BTreeSet::new();
        prop_assert_eq!(one.pool(own.clone(), &tags), other.pool(own, &tags));
    }
}
