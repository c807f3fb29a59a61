//! Lists of names in a text area: one in a line.

/// One name in a line.
pub fn join(names: &[String]) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

/// The names of a text area; empty lines and repetitions are left out.
pub fn split(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if seen.insert(line) {
            names.push(line.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_the_way_to_the_browser_and_back() {
        let names = split("SET-ALL SYSTEMS\r\n\r\n  NET-10.0.0.0/24 \r\nSET-ALL SYSTEMS");
        assert_eq!(names, ["SET-ALL SYSTEMS", "NET-10.0.0.0/24"]);
        assert_eq!(split(&join(&names)), names);
    }
}
