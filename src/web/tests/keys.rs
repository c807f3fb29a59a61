//! Texts of the pages are in the catalogue: every key that a source file names by itself.

use std::path::Path;

use crate::catalogue::{self, Lang};

#[test]
fn d_gen_13_every_text_named_in_the_pages_is_in_the_catalogue() {
    let patterns = [
        r#"t!\(\s*[a-z_.()]+,\s*"([a-z][a-z-]+)""#,
        r#"\.(?:label|hint)\("((?:field|hint)-[a-z-]+)"\)"#,
        r#""((?:nav|done|loss|error|computer|menu|checks|machine|origin|alert)-[a-z]+(?:-[a-z]+)*)""#,
    ]
    .map(|pattern| regex::Regex::new(pattern).unwrap());
    let mut missing = Vec::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web"), &mut |path, text| {
        for found in patterns.iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let key = &found[1];
            if catalogue::find(Lang::En, key).is_none() {
                missing.push(format!("{}: {key}", path.display()));
            }
        }
    });
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

fn visit(dir: &Path, each: &mut impl FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "tests") {
                visit(&path, each);
            }
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            each(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
