//! What a person sees of a run: a title and *Ok* or *Failed* per step (D-CLI-03, D-CLI-04).
//!
//! Every text is in the catalogue (`client.ftl`). A closed pipe ends the output, not the run.

use std::collections::BTreeMap;
use std::io::Write;

use super::run::Client;
use super::sync::{Banner, Observer, Step};
use crate::catalogue::Lang;
use crate::t;
use crate::wire::sync::Plan;

/// Titles of the steps in `lang`.
pub fn titles(lang: Lang) -> BTreeMap<Step, String> {
    Step::ALL.into_iter().map(|step| (step, title(lang, step))).collect()
}

fn title(lang: Lang, step: Step) -> String {
    crate::catalogue::text(lang, &format!("client-step-{}", step.name()), &[])
}

/// Lines at the start of a run.
pub fn banner(lang: Lang, client: &Client) -> Banner {
    let settings = &client.settings;
    let yes_no = |value: bool| match value {
        true => t!(lang, "client-yes"),
        false => t!(lang, "client-no"),
    };
    let unset = || t!(lang, "client-unset");
    let text = |value: &Option<String>| value.clone().unwrap_or_else(unset);
    let file = settings.file.as_ref().map(|path| path.display().to_string());
    let server_version = Some(client.state.server_version.clone()).filter(|v| !v.is_empty());
    let user = client.desktop.graphical_user.as_ref().map(|user| user.as_item());
    let tls = settings.server.starts_with("https://");
    vec![
        (t!(lang, "client-banner-version"), env!("CARGO_PKG_VERSION").to_owned()),
        (t!(lang, "client-banner-server-version"), text(&server_version)),
        (t!(lang, "client-banner-config"), text(&file)),
        (t!(lang, "client-banner-project"), settings.project.clone()),
        (t!(lang, "client-banner-server"), settings.server.clone()),
        (t!(lang, "client-banner-auto-update"), yes_no(settings.auto_update_packages)),
        (t!(lang, "client-banner-devices"), yes_no(settings.manage_devices)),
        (t!(lang, "client-banner-proxy"), text(&settings.proxy)),
        (t!(lang, "client-banner-tls"), yes_no(tls)),
        (t!(lang, "client-banner-cache"), text(&settings.package_proxy_cache)),
        (t!(lang, "client-banner-debug"), yes_no(settings.debug)),
        (t!(lang, "client-banner-computer"), settings.computer_name.clone()),
        (t!(lang, "client-banner-gui-verbose"), yes_no(settings.gui_verbose)),
        (t!(lang, "client-banner-pms"), client.manager.pms().to_owned()),
        (
            t!(lang, "client-banner-user"),
            user.unwrap_or_else(|| t!(lang, "client-no-graphical-session")),
        ),
    ]
}

/// Writes a run to a terminal or a file.
pub struct Console<'a> {
    out: &'a mut (dyn Write + Send),
    lang: Lang,
    /// Bold titles, coloured results.
    colour: bool,
}

impl<'a> Console<'a> {
    /// Writes to `out` in `lang`, with colours if `colour`.
    pub fn new(out: &'a mut (dyn Write + Send), lang: Lang, colour: bool) -> Self {
        Self { out, lang, colour }
    }

    /// Writes the lines at the start of a run.
    pub fn banner(&mut self, banner: &Banner) {
        let width = banner.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, value) in banner {
            let pad = " ".repeat(width - label.chars().count());
            self.write(&format!("{label}:{pad} {value}"));
        }
    }

    /// Writes a line.
    pub fn write(&mut self, line: &str) {
        let _closed_pipe_is_fine = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
    }

    fn painted(&self, code: &str, text: &str) -> String {
        match self.colour {
            true => format!("\x1b[{code}m{text}\x1b[0m"),
            false => text.to_owned(),
        }
    }
}

impl Observer for Console<'_> {
    fn begin(&mut self, step: Step) {
        let line = self.painted("1", &title(self.lang, step));
        self.write(&line);
    }

    fn end(&mut self, _step: Step, result: Result<(), &str>) {
        let line = match result {
            Ok(()) => self.painted("32", &t!(self.lang, "client-ok")),
            Err(reason) => self.painted("31", &t!(self.lang, "client-failed", reason = reason)),
        };
        self.write(&format!("  {line}"));
    }

    fn plan(&mut self, plan: &Plan) {
        let line = match plan.organization.is_empty() {
            true => t!(self.lang, "client-plan", cid = plan.cid),
            false => t!(
                self.lang,
                "client-plan-organization",
                cid = plan.cid,
                organization = plan.organization.as_str()
            ),
        };
        self.write(&format!("  {line}"));
    }

    fn line(&mut self, text: &str) {
        self.write(&format!("  {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d_cli_04_each_step_has_a_title_and_a_result() {
        let mut out = Vec::new();
        let mut console = Console::new(&mut out, Lang::En, false);
        console.begin(Step::Install);
        console.line("vim");
        console.end(Step::Install, Err("no such package"));
        console.begin(Step::Upgrade);
        console.end(Step::Upgrade, Ok(()));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Installing mandatory packages\n  vim\n  Failed: no such package\n\
             Upgrading packages\n  Ok\n"
        );
    }

    #[test]
    fn d_cli_04_every_step_has_a_title_in_both_languages() {
        for lang in Lang::ALL {
            for (step, title) in titles(lang) {
                assert_ne!(title, format!("client-step-{}", step.name()), "{lang:?}");
            }
        }
    }
}
