//! The three helps of every page (D-UI-07): the data model of what it lists, the API, and the page
//! of the guide for the menu one is in. One table says which; tests compare it with the schema, the
//! menus, the guide and the API.

use maud::{Markup, html};

use super::components::icon::icon;
use super::urls;
use crate::catalogue::Lang;
use crate::t;

/// The helps of a list and of all pages below it.
#[derive(Debug)]
pub struct Help {
    pub list: &'static str,
    /// Its tables, the first one first.
    pub tables: &'static [&'static str],
    /// Page of the guide, with the part of it.
    pub guide: &'static str,
    /// Section of the API; empty where none is about it.
    pub section: &'static str,
}

const fn help(
    list: &'static str,
    guide: &'static str,
    section: &'static str,
    tables: &'static [&'static str],
) -> Help {
    Help { list, tables, guide, section }
}

/// Start page, and whatever is not below a list.
const START: Help = help(urls::HOME, "", "", &[]);

/// Every list of the menus.
#[rustfmt::skip]
pub const HELP: &[Help] = &[
    help(urls::FORMULAS, "attributes", "formulas", &["formula", "attribute"]),
    help(urls::TAG_CATEGORIES, "attributes#tags", "tags", &["formula", "attribute"]),
    help(urls::ATTRIBUTE_SETS, "attributes#attribute-sets", "attribute sets",
        &["attribute_set", "attribute_set_attribute", "attribute"]),
    help(urls::FAULT_DEFINITIONS, "errors#on-the-servers-pages", "fault definitions",
        &["fault_definition", "fault_definition_attribute", "fault_definition_account"]),
    help(urls::AUTO_CHECK, "errors#on-the-servers-pages", "errors", &["auto_check_error"]),
    help(urls::PROJECTS, "first-site#let-the-first-computer-in", "projects", &["project", "platform"]),
    help(urls::PLATFORMS, "first-site#let-the-first-computer-in", "projects", &["platform", "project"]),
    help(urls::ACCOUNTS, "accounts#accounts-and-groups", "accounts",
        &["account", "account_member", "account_permission", "domain_administrator"]),
    help(urls::GROUPS, "accounts#accounts-and-groups", "accounts",
        &["account_group", "group_permission", "account_member"]),
    help(urls::DOMAINS, "accounts#domains", "accounts",
        &["domain", "domain_attribute", "domain_tag", "domain_administrator"]),
    help(urls::SCOPES, "accounts#domains", "accounts", &["scope", "scope_attribute"]),
    help(urls::TOKENS, "accounts#tokens", "accounts", &["token"]),
    help(urls::SETTINGS, "server#settings-of-the-site", "site", &["setting"]),
    help(urls::AUDIT, "preview-and-undo#undo", "site", &["audit"]),
    help(urls::DEPLOYMENTS, "releasing#deploy", "deployments",
        &["deployment", "deployment_attribute", "deployment_package"]),
    help(urls::SCHEDULES, "releasing#spread-it-over-days", "schedules",
        &["schedule", "schedule_delay", "schedule_delay_attribute"]),
    help(urls::STORES, "releasing#upload", "packages", &["store", "package"]),
    help(urls::PACKAGES, "releasing#upload", "packages",
        &["package", "payload", "payload_package", "payload_set", "payload_set_file"]),
    help(urls::BROWSE, "releasing#upload", "packages",
        &["payload_package", "payload_header", "payload_contents", "package"]),
    help(urls::APPLICATIONS, "applications-and-policies#applications", "applications",
        &["application", "application_attribute", "application_project"]),
    help(urls::POLICIES, "applications-and-policies#policies", "policies",
        &["policy", "policy_attribute", "policy_group", "policy_group_attribute",
          "policy_group_application"]),
    help(urls::COMPUTERS, "synchronisation", "computers",
        &["computer", "computer_attribute", "computer_tag", "computer_setting", "hardware_node",
          "software_list", "software_list_item", "software", "software_history", "software_change"]),
    help(urls::USERS, "synchronisation", "users", &["user"]),
    help(urls::ATTRIBUTES, "attributes", "attributes", &["attribute", "computer_attribute"]),
    help(urls::TAGS, "attributes#tags", "tags", &["attribute", "computer_tag"]),
    help(urls::SYNCHRONIZATIONS, "synchronisation", "events", &["synchronization"]),
    help(urls::ERRORS, "errors", "errors", &["error"]),
    help(urls::FAULTS, "errors", "faults", &["fault"]),
    help(urls::STATUS_LOGS, "synchronisation", "events", &["status_log"]),
    help(urls::MIGRATIONS, "synchronisation", "events", &["migration"]),
    help(urls::NOTIFICATIONS, "errors#on-the-servers-pages", "notifications", &["notification"]),
    help(urls::MESSAGES, "synchronisation", "events", &["computer"]),
];

/// Tables that only the program reads: they stand on no page.
#[cfg(test)]
const INTERNAL: &[&str] = &[
    "change",
    "change_payload",
    "generation",
    "generation_file",
    "index_piece",
    "login_link",
    "payload_chunk",
    "regeneration",
    "repository_payload",
    "revision",
    "session",
    "site_key",
];

impl Help {
    /// The address of its data model.
    pub fn model_url(&self) -> String {
        match self.list {
            urls::HOME => urls::DATA_MODEL.to_owned(),
            list => format!("{}{list}", urls::DATA_MODEL),
        }
    }

    fn guide_url(&self) -> String {
        if self.guide.is_empty() {
            return urls::GUIDE.to_owned();
        }
        urls::object(urls::GUIDE, self.guide)
    }

    fn api_url(&self) -> String {
        if self.section.is_empty() {
            return urls::DOCS.to_owned();
        }
        format!("{}#{}", urls::DOCS, self.section.replace(' ', "-"))
    }
}

/// The helps of a list.
pub fn find(list: &str) -> Option<&'static Help> {
    HELP.iter().find(|help| help.list == list)
}

/// The helps of a page.
fn of(path: &str) -> &'static Help {
    let list = path.match_indices('/').nth(1).and_then(|(end, _)| path.get(..end));
    find(list.unwrap_or(path)).unwrap_or(&START)
}

/// The row of icons.
pub fn icons(lang: Lang, path: &str) -> Markup {
    let help = of(path);
    let links = [
        (help.model_url(), "tables", t!(lang, "nav-data-model")),
        (help.api_url(), "code", t!(lang, "nav-api")),
        (help.guide_url(), "book", t!(lang, "nav-guide")),
    ];
    html! {
        nav.helps aria-label=(t!(lang, "ui-help")) {
            @for (url, name, text) in links {
                a href=(url) title=(text) { (icon(name)) span.hidden-text { (text) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::actor::Actor;
    use crate::catalogue;
    use crate::http::reference::Reference;
    use crate::storage::{Storage, schema};
    use crate::web::{guide, menu};

    #[test]
    fn d_ui_07_every_list_of_the_menus_has_its_helps() {
        let menus = menu::menus(&Actor::system(jiff::Timestamp::UNIX_EPOCH));
        for entry in menus.into_iter().flat_map(|menu| menu.entries) {
            let help = find(entry.url).unwrap_or_else(|| panic!("{} has no help", entry.url));
            assert!(!help.tables.is_empty() && !help.guide.is_empty(), "{help:?}");
            let sections = &Reference::get().sections;
            assert!(sections.iter().any(|one| one.name == help.section), "{help:?}");
            assert!(guide::leads_somewhere(&help.guide_url()), "{help:?}");
        }
        let table = [
            ("/", "/guide"),
            ("/alerts", "/guide"),
            ("/schedules", "/guide/releasing#spread-it-over-days"),
            ("/schedules/1/delays/2", "/guide/releasing#spread-it-over-days"),
            ("/packages/orphans", "/guide/releasing#upload"),
        ];
        for (path, expected) in table {
            assert_eq!(of(path).guide_url(), expected, "{path}");
        }
    }

    #[test]
    fn d_ui_07_d_qry_05_every_table_is_explained_or_the_programs_own() {
        let dir = tempfile::tempdir().unwrap();
        let tables = Storage::open(dir.path()).unwrap().read_now(schema::tables).unwrap();
        let known: Vec<&str> = HELP.iter().flat_map(|help| help.tables).copied().collect();
        for name in known.iter().chain(INTERNAL) {
            assert!(tables.iter().any(|table| table.name == *name), "there is no table {name}");
        }
        for table in &tables {
            let (shown, own) =
                (known.contains(&table.name.as_str()), INTERNAL.contains(&table.name.as_str()));
            assert!(shown != own, "table {} is to stand in web/help.rs, once", table.name);
            if own {
                continue;
            }
            for lang in Lang::ALL {
                let key = format!("model-table-{}", table.name.replace('_', "-"));
                assert!(catalogue::find(lang, &key).is_some(), "{key} says what it is");
                for column in &table.columns {
                    let is_told = crate::web::pages::data_model::meaning(lang, table, column);
                    assert!(is_told.is_some(), "{}.{} is not told", table.name, column.name);
                }
            }
        }
    }
}
