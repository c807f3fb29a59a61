//! One-line sources of `sources.list` (sources.list(5)).

use std::fmt;

/// A source a client writes. No part may contain blanks; a URL has them as `%20`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine<'a> {
    /// Key that must have signed the repository; apt's own keys if absent.
    pub signed_by: Option<&'a str>,
    /// `false`: a desktop with a wrong clock updates all the same.
    pub check_date: bool,
    pub uri: &'a str,
    pub suite: &'a str,
    pub component: &'a str,
}

impl fmt::Display for SourceLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signed_by = self.signed_by.map(|path| format!("signed-by={path}"));
        let check_date = (!self.check_date).then(|| "check-date=no".to_owned());
        let options: Vec<String> = signed_by.into_iter().chain(check_date).collect();
        f.write_str("deb ")?;
        if !options.is_empty() {
            write!(f, "[{}] ", options.join(" "))?;
        }
        write!(f, "{} {} {}", self.uri, self.suite, self.component)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_repo_02_the_line_of_a_deployment() {
        let uri = "http://migas.example/public/debian-12/REPOSITORIES";
        let line = SourceLine {
            signed_by: Some("/etc/apt/keyrings/migas.asc"),
            check_date: false,
            uri,
            suite: "files",
            component: "PKGS",
        };
        assert_eq!(
            line.to_string(),
            format!("deb [signed-by=/etc/apt/keyrings/migas.asc check-date=no] {uri} files PKGS")
        );
        let plain = SourceLine { signed_by: None, check_date: true, ..line };
        assert_eq!(plain.to_string(), format!("deb {uri} files PKGS"));
    }
}
