//! The frame of every page: organisation, menus, quick search, alerts, account, messages.

use maud::{DOCTYPE, Markup, Render, html};

use super::components::icon::icon;
use super::components::related::{Related, related};
use super::components::status::Level;
use super::flash::Flash;
use super::menu::{self, Menu};
use super::reader::Reader;
use super::related::{Around, Only};
use super::urls::Query;
use super::{assets, help, selection, urls};
use crate::app::actor::Actor;
use crate::app::scopes::Choices;
use crate::catalogue::Lang;
use crate::domain::account::{Action, Model};
use crate::t;

/// What surrounds a page of somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Frame {
    pub reader: Reader,
    pub organization: String,
    pub actor: Actor,
    /// Token that the forms of the page carry.
    pub csrf: String,
    /// Path of the page, for the menu and for coming back.
    pub path: String,
    /// Number in the bar (5.5).
    pub alerts: u64,
    /// Domain and scope: what can be selected and what is (D-DOM-04).
    pub choices: Choices,
    /// Accounts with known passwords are active (D-ACC-03).
    pub demo: bool,
    pub flash: Option<Flash>,
    /// What belongs to the object of the page (D-UI-06).
    pub around: Around,
    /// Address of the page with its filters.
    pub query: Query,
    /// Rows of a list (D-SRV-24).
    pub page_size: u32,
    /// Seconds after which a synchronisation counts as delayed (D-SRV-08).
    pub patience_seconds: i64,
}

/// What a page puts into its frame.
pub struct Content {
    pub title: String,
    /// Which view of the thing, where it has several: part of the title of the window.
    pub view: Option<String>,
    /// Lists above the page: address and name.
    pub crumbs: Vec<(String, String)>,
    /// Other views of the object, before what belongs to it.
    pub views: Vec<Related>,
    /// Buttons beside the title.
    pub actions: Option<Markup>,
    pub body: Markup,
}

impl Content {
    /// A page directly below the start.
    pub fn new(title: impl Into<String>, body: impl Render) -> Self {
        let body = body.render();
        let (crumbs, views) = (Vec::new(), Vec::new());
        Self { title: title.into(), view: None, crumbs, views, actions: None, body }
    }

    /// Puts the page below a list.
    #[must_use]
    pub fn below(mut self, url: impl Into<String>, name: impl Into<String>) -> Self {
        self.crumbs.push((url.into(), name.into()));
        self
    }

    /// Says which view of the thing it is.
    #[must_use]
    pub fn seen_as(mut self, view: Option<String>) -> Self {
        self.view = view;
        self
    }

    /// Puts other views of the object before what belongs to it.
    #[must_use]
    pub fn with_views(mut self, views: Vec<Related>) -> Self {
        self.views = views;
        self
    }

    /// Puts buttons beside the title.
    #[must_use]
    pub fn with_actions(mut self, actions: impl Render) -> Self {
        self.actions = Some(actions.render());
        self
    }
}

impl Frame {
    /// The language of the page.
    pub fn lang(&self) -> Lang {
        self.reader.lang
    }

    /// Whether to show a button (D-PERM-04); the operation checks for itself.
    pub fn may(&self, model: Model, action: Action) -> bool {
        self.actor.may(model, action)
    }

    /// The whole document.
    pub fn page(&self, content: Content) -> Markup {
        let lang = self.lang();
        let body = html! {
            a.skip href="#main" { (t!(lang, "ui-skip")) }
            (self.bar())
            (selection::strip(self))
            @if self.demo {
                aside.site-warning aria-label=(t!(lang, "ui-warning")) {
                    p { (icon("warning")) " " (t!(lang, "demo-accounts-warning")) }
                }
            }
            main id="main" tabindex="-1" {
                div.where {
                    @if self.path != urls::HOME { (crumbs(lang, &content)) }
                    (help::icons(lang, &self.path))
                }
                @if let Some(flash) = &self.flash { (told(lang, flash)) }
                div.head {
                    h1 { (content.title) }
                    @if let Some(actions) = &content.actions { div.actions { (actions) } }
                }
                @let lists = [content.views.as_slice(), &self.around.lists].concat();
                @if !lists.is_empty() { (related(lang, &lists)) }
                @if let Some(only) = &self.around.only { (self.only(only)) }
                (content.body)
            }
            (foot(lang, &self.reader))
        };
        let title = match &content.view {
            Some(view) => format!("{view} · {}", content.title),
            None => content.title,
        };
        document(lang, &title, &self.organization, body)
    }

    /// What the list of the page is narrowed to, with the way back to all.
    fn only(&self, only: &Only) -> Markup {
        let lang = self.lang();
        html! {
            p.soft {
                (t!(lang, "related-only")) " "
                @match &only.url {
                    Some(url) => a href=(url) { (only.name) },
                    None => (only.name),
                }
                " · " a href=(self.path) { (t!(lang, "related-all")) }
            }
        }
    }

    fn bar(&self) -> Markup {
        let lang = self.lang();
        html! {
            header.bar {
                div.bar-row {
                    a.brand href=(urls::HOME) { (icon("crumb")) (self.organization) }
                    nav.menus aria-label=(t!(lang, "ui-main-menu")) {
                        @for menu in menu::menus(&self.actor) { (self.menu(&menu)) }
                    }
                    div.bar-end {
                        @if self.may(Model::Computer, Action::View) {
                            (self.quick_search()) (self.badge())
                        }
                        (self.account_menu())
                    }
                }
            }
        }
    }

    fn menu(&self, menu: &Menu) -> Markup {
        let lang = self.lang();
        let current = menu.entries.iter().any(|entry| self.is_at(entry.url));
        html! {
            details.menu.current[current] name="menu" {
                summary { (t!(lang, menu.key)) span.caret { (icon("caret")) } }
                ul.menu-list {
                    @for entry in &menu.entries {
                        li {
                            a href=(entry.url)
                                aria-current=[self.is_at(entry.url).then_some("page")] {
                                (t!(lang, entry.key))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Says whether the page belongs to the list at `url`.
    pub fn is_at(&self, url: &str) -> bool {
        let rest = self.path.strip_prefix(url);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn quick_search(&self) -> Markup {
        let label = t!(self.lang(), "ui-quick-search");
        html! {
            form.quick method="get" action=(urls::COMPUTERS) role="search" aria-label=(label) {
                input type="search" name="q" placeholder=(label) aria-label=(label);
                button type="submit" {
                    (icon("search")) span.hidden-text { (t!(self.lang(), "ui-search")) }
                }
            }
        }
    }

    fn badge(&self) -> Markup {
        let count = i64::try_from(self.alerts).unwrap_or(i64::MAX);
        let text = t!(self.lang(), "alerts-count", count = count);
        html! {
            a.alerts.some[self.alerts > 0] href=(urls::ALERTS) title=(text)
                data-alerts=(urls::ALERTS_COUNT) {
                (icon("bell")) span.hidden-text { (t!(self.lang(), "nav-alerts")) } " "
                b { (self.alerts) }
            }
        }
    }

    fn account_menu(&self) -> Markup {
        let lang = self.lang();
        html! {
            details.menu name="menu" {
                summary { (icon("account")) (self.actor.name()) span.caret { (icon("caret")) } }
                ul.menu-list {
                    li { a href=(urls::OWN_PASSWORD) { (t!(lang, "nav-own-password")) } }
                    li.split role="separator" {}
                    li.title { (t!(lang, "ui-language")) }
                    @for other in Lang::ALL {
                        li { (language_form(other, &self.csrf, &self.path, other == lang)) }
                    }
                    li.split role="separator" {}
                    li {
                        form method="post" action=(urls::LOGOUT) {
                            input type="hidden" name="csrf" value=(self.csrf);
                            button type="submit" { (t!(lang, "ui-log-out")) }
                        }
                    }
                }
            }
        }
    }
}

/// What the action before this page did.
pub fn told(lang: Lang, flash: &Flash) -> Markup {
    let text = t!(lang, &flash.key, name = flash.name.as_str(), count = flash.count);
    message(flash.level, &text)
}

/// A message at the top of a page.
pub fn message(level: Level, text: &str) -> Markup {
    let role = if level == Level::Danger { "alert" } else { "status" };
    html! {
        div class={ "flash " (level.class()) } role=(role) { (icon(level.icon())) p { (text) } }
    }
}

/// The button that switches the language; names are in the language they name.
pub fn language_form(to: Lang, csrf: &str, back: &str, current: bool) -> Markup {
    html! {
        form method="post" action=(urls::LANGUAGE) {
            input type="hidden" name="csrf" value=(csrf);
            input type="hidden" name="language" value=(to.code());
            input type="hidden" name="next" value=(back);
            button.link-button type="submit" lang=(to.code())
                aria-current=[current.then_some("true")] { (t!(to, "ui-own-name")) }
        }
    }
}

fn crumbs(lang: Lang, content: &Content) -> Markup {
    html! {
        nav.crumbs aria-label=(t!(lang, "ui-you-are-here")) {
            ol {
                li { a href=(urls::HOME) { (t!(lang, "nav-home")) } }
                @for (url, name) in &content.crumbs { li { a href=(url) { (name) } } }
                @if !content.title.is_empty() { li aria-current="page" { (content.title) } }
            }
        }
    }
}

fn foot(lang: Lang, reader: &Reader) -> Markup {
    let zone = reader.zone.iana_name().unwrap_or("UTC").to_owned();
    html! {
        footer.foot {
            span { "migas " (env!("CARGO_PKG_VERSION")) }
            span { (t!(lang, "ui-times-in", zone = zone)) }
            a href=(urls::DOCS) { (t!(lang, "nav-api")) }
        }
    }
}

/// A page without menus: logging in, a one-time link, an error.
pub struct Door<'a> {
    pub lang: Lang,
    pub organization: &'a str,
    pub title: String,
    pub body: Markup,
    /// Where the switch of languages comes back to.
    pub back: &'a str,
}

impl Door<'_> {
    /// The whole document.
    pub fn page(&self) -> Markup {
        let body = html! {
            main.door id="main" {
                section.card {
                    div.brand { (icon("crumb")) (self.organization) }
                    h1 { (self.title) }
                    (self.body)
                    nav.languages aria-label=(t!(self.lang, "ui-language")) {
                        @for lang in Lang::ALL {
                            (language_form(lang, "", self.back, lang == self.lang))
                        }
                    }
                }
            }
        };
        document(self.lang, &self.title, self.organization, body)
    }
}

fn document(lang: Lang, title: &str, organization: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · " (organization) }
                link rel="stylesheet" href=(assets::url("migas.css"));
                link rel="icon" href=(assets::url("favicon.svg")) type="image/svg+xml";
                script src=(assets::url("migas.js")) defer {}
            }
            body { (body) }
        }
    }
}
