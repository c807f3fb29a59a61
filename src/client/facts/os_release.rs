//! `/etc/os-release` (os-release(5)): which distribution this is.

use std::path::Path;

/// Default project of a machine that has none configured (D-PRJ-05): `debian-12`.
///
/// `etc` and `usr/lib` are looked up below `root`, in this order.
pub fn default_project(root: &Path) -> String {
    let text = read(root);
    let id = field(&text, "ID").unwrap_or_else(|| "linux".to_owned());
    let name = match field(&text, "VERSION_ID") {
        Some(version) => format!("{id}-{version}"),
        None => id,
    };
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// The distribution's own name and those of its relatives, nearest first: `ID` and `ID_LIKE`.
pub fn families(root: &Path) -> Vec<String> {
    let text = read(root);
    let names = ["ID", "ID_LIKE"].map(|name| field(&text, name).unwrap_or_default().to_lowercase());
    names.iter().flat_map(|names| names.split_whitespace()).map(str::to_owned).collect()
}

fn read(root: &Path) -> String {
    let mut paths = ["etc/os-release", "usr/lib/os-release"].iter();
    let text = paths.find_map(|path| std::fs::read_to_string(root.join(path)).ok());
    text.unwrap_or_default()
}

/// Value of `NAME=value`, without the quotes a shell would take away; `None` if empty.
fn field(text: &str, name: &str) -> Option<String> {
    let value = text.lines().rev().find_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        (key == name).then_some(value)
    })?;
    let quote = value.chars().next().filter(|c| ['"', '\''].contains(c));
    let inner = match quote {
        Some(quote) => value.get(1..)?.split(quote).next()?,
        None => value,
    };
    Some(inner.trim().replace('\\', "")).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_project_follows_the_distribution() {
        let table = [
            ("D-PRJ-05", "ID=debian\nVERSION_ID=\"12\"\n", "debian-12"),
            ("D-PRJ-05", "ID=ubuntu\nVERSION_ID=\"24.04\"\n", "ubuntu-24.04"),
            ("D-PRJ-05", "NAME=x\nID=debian\nVERSION_ID=9.3\n", "debian-9.3"),
            ("D-PRJ-05", "ID=arch\n", "arch"),
            ("D-PRJ-05", "ID=\"openSUSE Leap\"\nVERSION_ID='15.6'\n", "opensuse-leap-15.6"),
            ("D-PRJ-05", "ID=debian\nVERSION_ID=\n", "debian"),
            ("D-PRJ-05", "", "linux"),
        ];
        for (rule, text, expected) in table {
            let root = tempfile::tempdir().unwrap();
            std::fs::create_dir_all(root.path().join("usr/lib")).unwrap();
            std::fs::write(root.path().join("usr/lib/os-release"), text).unwrap();
            assert_eq!(default_project(root.path()), expected, "{rule}: {text}");
        }
    }
}
