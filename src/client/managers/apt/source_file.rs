//! The text of `migas.list` or `migas.sources` (sources.list(5)).

use super::KEYRING;
use crate::client::managers::Sources;
use crate::client::managers::sources::is_plain;
use crate::formats::apt::ExternalLine;

/// Returns the file's text, one line or paragraph per repository in the plan's order; `None` when
/// there is nothing to write. `check-date=no` because a desktop with a wrong clock must still
/// update; what replaces it is the generation that the plan promises. An external source stands as its
/// administrator described it: apt trusts it as it would without us.
pub fn text(sources: &Sources, deb822: bool) -> Option<String> {
    let mut text = String::from("# Written by migas at each synchronisation\n");
    let plain: Vec<_> = sources.repositories.iter().filter(|one| is_plain(one)).collect();
    for repository in &plain {
        let (url, name) = (sources.url(repository), &repository.name);
        if let Some(external) = &repository.external {
            let components = external.components.join(" ");
            let line = ExternalLine {
                options: &external.options,
                uri: &url,
                suite: &external.suite,
                components: &components,
            };
            text += &if deb822 { format!("\n{}", line.paragraph()) } else { format!("{line}\n") };
            continue;
        }
        text += &match deb822 {
            false => format!("deb [signed-by={KEYRING} check-date=no] {url} {name} PKGS\n"),
            true => format!(
                "\nTypes: deb\nURIs: {url}\nSuites: {name}\nComponents: PKGS\n\
                 Signed-By: {KEYRING}\nCheck-Date: no\n"
            ),
        };
    }
    (!plain.is_empty()).then_some(text)
}
