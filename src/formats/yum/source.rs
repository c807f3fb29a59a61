//! Sections of a `.repo` file, as yum, dnf and zypper read them (`dnf.conf(5)`, `zypper(8)`).

use std::fmt;

/// A repository as a client configures it. No part may contain a line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    /// Slug of the deployment; the section is `REPO-<slug>`.
    pub slug: &'a str,
    /// Where `repodata` is.
    pub base_url: &'a str,
    /// Where the key is that must have signed the metadata; unsigned metadata will do if absent.
    pub key_url: Option<&'a str>,
}

impl fmt::Display for Section<'_> {
    /// What is checked is the signature of the metadata, which names every package by its digest:
    /// packages need none of their own. zypper reads `gpgcheck` for both unless told apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slug, base_url, key_url } = self;
        let checked = u8::from(key_url.is_some());
        write!(
            f,
            "[REPO-{slug}]\nname={slug}\nbaseurl={base_url}\nenabled=1\n\
             repo_gpgcheck={checked}\ngpgcheck=0\npkg_gpgcheck=0\n"
        )?;
        match key_url {
            Some(url) => writeln!(f, "gpgkey={url}"),
            None => Ok(()),
        }
    }
}

/// A repository that is not ours, as an administrator described it (D-EXT-03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalSection<'a> {
    /// `EXTERNAL-<slug>[-<component>]`
    pub id: &'a str,
    pub base_url: &'a str,
    /// `name=value` between blanks: a line each.
    pub options: &'a str,
}

impl ExternalSection<'_> {
    /// The section, with `defaults` (lines) where the options say nothing else.
    pub fn with_defaults(&self, defaults: &str) -> String {
        let Self { id, base_url, options } = self;
        let given: Vec<(&str, &str)> =
            options.split_whitespace().filter_map(|option| option.split_once('=')).collect();
        let mut text = format!("[{id}]\n");
        let base = format!("name={id}\nbaseurl={base_url}\nenabled=1\n{defaults}");
        for line in base.lines() {
            let name = line.split_once('=').map_or(line, |(name, _)| name);
            if !given.iter().any(|(given, _)| *given == name) {
                text += &format!("{line}\n");
            }
        }
        for (name, value) in given {
            text += &format!("{name}={value}\n");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_repo_02_the_section_of_a_deployment() {
        let section = Section {
            slug: "files",
            base_url: "http://migas.example/public/acme-9/REPOSITORIES/files",
            key_url: Some("http://migas.example/get_key_repositories"),
        };
        assert_eq!(
            section.to_string(),
            "[REPO-files]\nname=files\n\
             baseurl=http://migas.example/public/acme-9/REPOSITORIES/files\nenabled=1\n\
             repo_gpgcheck=1\ngpgcheck=0\npkg_gpgcheck=0\n\
             gpgkey=http://migas.example/get_key_repositories\n"
        );
    }

    #[test]
    fn d_ext_03_the_section_of_an_external_deployment() {
        let section = ExternalSection {
            id: "EXTERNAL-centos-BaseOS-x86_64-os",
            base_url: "http://migas.example/src/centos-8/EXTERNAL/centos/8/BaseOS/x86_64/os",
            options: "gpgcheck=1 skip_if_unavailable=0",
        };
        assert_eq!(
            section.with_defaults("skip_if_unavailable=1\n"),
            "[EXTERNAL-centos-BaseOS-x86_64-os]\nname=EXTERNAL-centos-BaseOS-x86_64-os\n\
             baseurl=http://migas.example/src/centos-8/EXTERNAL/centos/8/BaseOS/x86_64/os\n\
             enabled=1\ngpgcheck=1\nskip_if_unavailable=0\n"
        );
    }
}
