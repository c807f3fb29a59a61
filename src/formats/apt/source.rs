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

/// A source that is not ours, as an administrator described it (D-EXT-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalLine<'a> {
    /// `[name=value …]` or nothing.
    pub options: &'a str,
    pub uri: &'a str,
    pub suite: &'a str,
    /// Between blanks.
    pub components: &'a str,
}

impl fmt::Display for ExternalLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { options, uri, suite, components } = self;
        let words = ["deb", options, uri, suite, components];
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        f.write_str(&words.join(" "))
    }
}

impl ExternalLine<'_> {
    /// The same source as a paragraph, the form that apt prefers since version 3. Options have
    /// longer names there, and blanks between their values.
    pub fn paragraph(&self) -> String {
        let mut text = format!("Types: deb\nURIs: {}\nSuites: {}\n", self.uri, self.suite);
        if !self.components.is_empty() {
            text += &format!("Components: {}\n", self.components);
        }
        let options = self.options.trim_start_matches('[').trim_end_matches(']');
        for option in options.split_whitespace() {
            let Some((name, value)) = option.split_once('=') else { continue };
            let (name, more) = match (name.strip_suffix('+'), name.strip_suffix('-')) {
                (Some(name), _) => (name, "-Add"),
                (_, Some(name)) => (name, "-Remove"),
                _ => (name, ""),
            };
            let name = match name {
                "arch" => "Architectures",
                "lang" => "Languages",
                "target" => "Targets",
                name => name,
            };
            text += &format!("{name}{more}: {}\n", value.replace(',', " "));
        }
        text
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

    #[test]
    fn d_ext_03_the_line_of_an_external_deployment() {
        let uri = "http://migas.example/src/bionic/EXTERNAL/security";
        let line = ExternalLine {
            options: "[arch=amd64,i386 lang-=de by-hash=yes]",
            uri,
            suite: "bionic-security",
            components: "main universe multiverse",
        };
        assert_eq!(
            line.to_string(),
            format!(
                "deb [arch=amd64,i386 lang-=de by-hash=yes] {uri} bionic-security \
                 main universe multiverse"
            )
        );
        assert_eq!(
            line.paragraph(),
            format!(
                "Types: deb\nURIs: {uri}\nSuites: bionic-security\n\
                 Components: main universe multiverse\nArchitectures: amd64 i386\n\
                 Languages-Remove: de\nby-hash: yes\n"
            )
        );
        let flat = ExternalLine { options: "", uri, suite: "./", components: "" };
        assert_eq!(flat.to_string(), format!("deb {uri} ./"));
        assert_eq!(flat.paragraph(), format!("Types: deb\nURIs: {uri}\nSuites: ./\n"));
    }
}
