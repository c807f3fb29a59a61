//! Every file says what it is, and is named after what it holds.

use crate::source::below;

#[test]
fn a_file_opens_with_what_it_is() {
    let mut silent = below("src");
    silent.extend(below("tests"));
    silent.retain(|file| !file.text.starts_with("//! "));
    let silent: Vec<String> = silent.into_iter().map(|file| file.path).collect();
    assert!(silent.is_empty(), "files that do not open with `//!`:\n{}", silent.join("\n"));
}

#[test]
fn no_file_is_named_after_nothing() {
    let empty_names = ["util", "utils", "helper", "helpers", "manager", "common", "misc"];
    for file in below("src") {
        for part in file.path.trim_end_matches(".rs").split('/') {
            assert!(!empty_names.contains(&part), "{}: what does it hold?", file.path);
        }
    }
}
