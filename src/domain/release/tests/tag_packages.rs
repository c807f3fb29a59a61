//! Packages that follow a tag: the worked example of D-TAGPKG-06.

use super::*;

const KIDS: i64 = 31;
const PROF: i64 = 32;

fn flavours() -> Snapshot {
    let with_defaults = |name: &str, by, preincluded, included, excluded| Deployment {
        id: DeploymentId(by),
        defaults: Defaults {
            preincluded: words(preincluded),
            included: words(included),
            excluded: words(excluded),
        },
        ..deployment(name, &[by], &[], "2024-01-01")
    };
    snapshot(vec![
        with_defaults("prof", PROF, "", "p c", ""),
        with_defaults("kids", KIDS, "repo-k", "k c", "x"),
        with_defaults("base", ALL, "", "a b", ""),
    ])
}

#[test]
fn packages_follow_the_worked_example() {
    // rule           before   after    preinstall  install      remove
    type Row<'a> = (&'static str, &'a [i64], &'a [i64], &'a str, &'a str, &'a str);
    let table: [Row<'_>; 5] = [
        ("D-TAGPKG-06", &[], &[KIDS], "repo-k", "a b k c", "x"),
        ("D-DIST-03", &[KIDS], &[PROF], "", "x a b p c", "k repo-k"),
        ("D-TAGPKG-06", &[KIDS], &[], "", "x a b", "k c repo-k"),
        ("D-TAGPKG-04", &[KIDS], &[KIDS], "repo-k", "a b k c", "x"),
        ("D-TAGPKG-04", &[], &[], "", "a b", ""),
    ];
    for (rule, before, after, preinstall, install, remove) in table {
        let pool = |tags: &[i64]| set(&[&[ALL], tags].concat());
        let (before, after) = (pool(before), pool(after));
        let today = date("2024-06-05");
        let got = flavours().tag_packages(&subject(&before, today), &subject(&after, today));
        let got = (got.preinstall.join(" "), got.install.join(" "), got.remove.join(" "));
        assert_eq!(
            got,
            (preinstall.to_owned(), install.to_owned(), remove.to_owned()),
            "{rule} {before:?} -> {after:?}"
        );
    }
}

#[test]
fn the_inverse_never_contradicts_the_new_state() {
    let mut lost = deployment("the old one", &[KIDS], &[], "2024-01-01");
    lost.install = words("editor shared");
    lost.remove = words("game");
    let mut new = deployment("new", &[PROF], &[], "2024-01-01");
    new.install = words("shared");
    new.remove = words("game");
    let mut both = deployment("both ways", &[PROF], &[], "2024-01-01");
    both.install = words("odd");
    both.remove = words("odd");
    let (before, after) = (set(&[ALL, KIDS]), set(&[ALL, PROF]));
    let today = date("2024-06-05");
    let got = snapshot(vec![lost, new, both])
        .tag_packages(&subject(&before, today), &subject(&after, today));
    // What the new state wants stays, what it does not want is not brought back; what it orders
    // both ways stays in both lists.
    let table = [
        ("D-TAGPKG-03", got.install, vec!["odd", "shared"]),
        ("D-TAGPKG-02", got.remove, vec!["editor", "odd", "game"]),
    ];
    for (rule, got, expected) in table {
        assert_eq!(got, expected, "{rule}");
    }
}
