//! Settings of the site, effective at once; those of the process are shown with where they come
//! from (D-SRV-30).

use actix_web::http::StatusCode;
use maud::{Markup, html};

use crate::app::site_settings::{Origin, SettingView};
use crate::catalogue;
use crate::domain::status::Status;
use crate::t;
use crate::web::components::form::{Form, Problems};
use crate::web::components::panel::table_card;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::short_table;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// What the page shows.
pub struct View {
    pub settings: Vec<SettingView>,
    /// The setting that was refused, and what was typed.
    pub refused: Option<(String, String)>,
    pub problems: Problems,
}

/// Renders the page.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let (own, process): (Vec<_>, Vec<_>) = view.settings.iter().partition(|one| one.editable);
    let body = html! {
        (form.complaint())
        (card(frame, view, &t!(lang, "settings-site"), &own))
        @if !process.is_empty() {
            (card(frame, view, &t!(lang, "settings-process"), &process))
            p.soft { (t!(lang, "settings-process-text")) }
        }
    };
    frame.page(Content::new(t!(lang, "nav-settings"), body))
}

fn card(frame: &Frame, view: &View, title: &str, settings: &[&SettingView]) -> Markup {
    let heads = ["field-setting", "field-value", "field-origin"];
    let rows = html! { @for setting in settings { (row(frame, view, setting)) } };
    table_card(title, None, short_table(frame.lang(), title, heads, rows))
}

fn row(frame: &Frame, view: &View, setting: &SettingView) -> Markup {
    let lang = frame.lang();
    let key = setting.name.to_lowercase().replace('_', "-");
    let id = format!("setting-{key}");
    let typed = view.refused.as_ref().filter(|(name, _)| *name == setting.name);
    let value = typed.map_or(setting.value.as_str(), |(_, value)| value.as_str());
    let about = catalogue::find(lang, &format!("about-{key}"));
    html! {
        tr id=(id) {
            th scope="row" {
                @if setting.editable {
                    label for={ (id) "-value" } { code { (setting.name) } }
                } @else {
                    code { (setting.name) }
                }
                @if let Some(about) = about { p.hint { (about) } }
            }
            td data-label=(t!(lang, "field-value")) {
                @if setting.editable { (editor(frame, setting, &id, value, typed.is_some())) }
                @else { (setting.value) }
            }
            td data-label=(t!(lang, "field-origin")) {
                (badge(if setting.origin == Origin::Default { Level::Muted } else { Level::Info },
                    &t!(lang, origin_key(setting.origin))))
            }
        }
    }
}

fn editor(frame: &Frame, setting: &SettingView, id: &str, value: &str, wrong: bool) -> Markup {
    let lang = frame.lang();
    let options: Option<Vec<&str>> = match setting.name.as_str() {
        "DEFAULT_COMPUTER_STATUS" => Some(Status::ALL.iter().map(|one| one.as_str()).collect()),
        _ if matches!(setting.default.as_str(), "true" | "false") => Some(vec!["true", "false"]),
        _ => None,
    };
    html! {
        form.picker-add method="post" action=(urls::SETTINGS) {
            input type="hidden" name="csrf" value=(frame.csrf);
            input type="hidden" name="name" value=(setting.name);
            @if let Some(options) = options {
                select id={ (id) "-value" } name="value" {
                    @for option in options {
                        option value=(option) selected[option == value] { (option) }
                    }
                }
            } @else {
                input id={ (id) "-value" } type="text" name="value" value=(value)
                    aria-invalid=[wrong.then_some("true")];
            }
            button.button type="submit" { (t!(lang, "ui-save")) }
            @if setting.origin == Origin::Site {
                button.button type="submit" name="reset" value="yes" title=(setting.default) {
                    (t!(lang, "settings-reset"))
                }
            }
        }
    }
}

fn origin_key(origin: Origin) -> &'static str {
    match origin {
        Origin::Default => "origin-default",
        Origin::Site => "origin-site",
        Origin::File => "origin-file",
        Origin::Environment => "origin-environment",
        Origin::Flag => "origin-flag",
    }
}

/// `GET /settings`.
pub async fn show(visit: Visit) -> PageResult {
    let settings = visit.app.settings(visit.actor()).await?;
    let view = View { settings, refused: None, problems: Problems::none() };
    visit.show(|frame| page(frame, &view)).await
}

/// `POST /settings`.
pub async fn change(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let (name, value) = (fields.get("name").to_owned(), fields.get("value").to_owned());
    let wanted = (!fields.ticked("reset")).then(|| value.clone());
    match visit.app.change_setting(visit.actor(), &name, wanted).await {
        Ok(saved) => Ok(visit.done(urls::SETTINGS, Flash::done("done-saved", saved.name))),
        Err(error) => {
            let found = problems(visit.lang, error)?;
            let text = found
                .of("value")
                .map_or_else(|| found.clone(), |text| Problems::whole(text.to_owned()));
            let settings = visit.app.settings(visit.actor()).await?;
            let view = View { settings, refused: Some((name, value)), problems: text };
            visit.show_as(StatusCode::UNPROCESSABLE_ENTITY, |frame| page(frame, &view)).await
        }
    }
}
