//! Logging in and out, the one-time link of the first start, the switch of languages.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use maud::{Markup, html};
use serde::Deserialize;

use crate::app::{App, AppError};
use crate::catalogue::Lang;
use crate::http::actor::Refused;
use crate::http::forms::is_own_origin;
use crate::http::language::{self, Language};
use crate::http::limits::Limits;
use crate::http::{moment, peer, session};
use crate::t;
use crate::web::components::form::{Form as Fields, Problems};
use crate::web::error::{PageError, PageResult, explain, problems};
use crate::web::flash::{self, Flash};
use crate::web::layout::{Door, told};
use crate::web::visit::Post;
use crate::web::{respond, urls};

/// The login page.
pub struct LoginView {
    pub lang: Lang,
    pub organization: String,
    pub username: String,
    /// Where to go afterwards.
    pub next: String,
    /// What the page before has to tell.
    pub flash: Option<Flash>,
    pub problems: Problems,
}

/// Renders the login page.
pub fn login_page(view: &LoginView) -> Markup {
    let lang = view.lang;
    let form = Fields { lang, csrf: "", problems: &view.problems, writable: true };
    let fields = html! {
        input type="hidden" name="next" value=(view.next);
        (form.text("username", &view.username).required().complete("username").focus())
        (form.password("password").required().complete("current-password").hint("none"))
    };
    let buttons = html! { button.button.main type="submit" { (t!(lang, "ui-log-in")) } };
    let back = urls::with_query(urls::LOGIN, [("next", view.next.as_str())].into_iter());
    Door {
        lang,
        organization: &view.organization,
        title: t!(lang, "login-title"),
        body: html! {
            @if let Some(flash) = &view.flash { (told(lang, flash)) }
            (form.frame(urls::LOGIN, fields, buttons))
        },
        back: &back,
    }
    .page()
}

/// Query of the login page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// `GET /login`.
pub async fn login_form(
    app: Data<App>,
    language: Language,
    request: HttpRequest,
    query: Query<Next>,
) -> PageResult {
    let signed_in = match session::key(&request) {
        Some(key) => app.find_session(&key, moment::of(&request))?.is_some(),
        None => false,
    };
    if signed_in {
        return Ok(respond::go(respond::own_path(&query.next), None));
    }
    let organization = app.organization().await?;
    let next = query.into_inner().next;
    let (lang, problems, flash) = (language.0, Problems::none(), Flash::of(&request));
    let view = LoginView { lang, organization, username: String::new(), next, flash, problems };
    let mut response = respond::html(StatusCode::OK, login_page(&view));
    if view.flash.is_some() {
        set_cookie(&mut response, flash::removal())?;
    }
    Ok(response)
}

/// Fields of the login page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Login {
    username: String,
    password: String,
    next: String,
}

/// `POST /login`.
pub async fn login(
    app: Data<App>,
    limits: Data<Limits>,
    language: Language,
    request: HttpRequest,
    form: Form<Login>,
) -> PageResult {
    own_form(&request)?;
    let now = moment::of(&request);
    let Login { username, password, next } = form.into_inner();
    limits.login(peer::address(&request), &username).map_err(too_many)?;
    match app.sign_in(username.trim(), password, session::HOURS, now).await {
        Ok(new) => {
            let mut response = respond::go(respond::own_path(&next), None);
            set_cookie(&mut response, session::cookie(new.key))?;
            Ok(response)
        }
        Err(error @ AppError::Invalid { .. }) => {
            let lang = language.0;
            let organization = app.organization().await?;
            let problems = Problems::whole(explain(lang, &error));
            let view = LoginView { lang, organization, username, next, flash: None, problems };
            Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, login_page(&view)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /logout`.
pub async fn logout(app: Data<App>, request: HttpRequest, _post: Post) -> PageResult {
    if let Some(key) = session::key(&request) {
        app.sign_out(&key).await?;
    }
    let mut response = respond::go(urls::LOGIN, None);
    set_cookie(&mut response, session::removal())?;
    Ok(response)
}

/// Fields of the language switch.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Switch {
    language: String,
    next: String,
}

/// `POST /language`: for everybody, signed in or not.
pub async fn language(request: HttpRequest, form: Form<Switch>) -> PageResult {
    own_form(&request)?;
    let mut response = respond::go(respond::own_path(&form.next), None);
    if let Some(lang) = Lang::parse(&form.language) {
        set_cookie(&mut response, language::choice(lang))?;
    }
    Ok(response)
}

/// The page behind a one-time link.
pub struct FirstView {
    pub lang: Lang,
    pub organization: String,
    pub username: String,
    pub secret: String,
    pub problems: Problems,
}

/// Renders the page that chooses a first password.
pub fn first_page(view: &FirstView) -> Markup {
    let lang = view.lang;
    let form = Fields { lang, csrf: "", problems: &view.problems, writable: true };
    let url = urls::object(urls::FIRST_LOGIN, urls::encode_text(&view.secret));
    let fields = html! {
        p { (t!(lang, "first-login-text", name = view.username.as_str())) }
        input type="hidden" name="username" autocomplete="username" value=(view.username);
        (form.password("password").required().complete("new-password").focus().label("field-new-password"))
        (form.password("repeated").required().complete("new-password"))
    };
    let buttons = html! { button.button.main type="submit" { (t!(lang, "first-login-button")) } };
    Door {
        lang,
        organization: &view.organization,
        title: t!(lang, "first-login-title"),
        body: form.frame(&url, fields, buttons),
        back: &url,
    }
    .page()
}

/// `GET /first-login/{secret}`.
pub async fn first_form(
    app: Data<App>,
    language: Language,
    request: HttpRequest,
    secret: Path<String>,
) -> PageResult {
    let secret = secret.into_inner();
    let view = first_view(&app, language.0, secret, moment::of(&request), Problems::none());
    Ok(respond::html(StatusCode::OK, first_page(&view.await?)))
}

/// Fields of the page behind a one-time link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct First {
    password: String,
    repeated: String,
}

/// `POST /first-login/{secret}`.
pub async fn first(
    app: Data<App>,
    limits: Data<Limits>,
    language: Language,
    request: HttpRequest,
    secret: Path<String>,
    form: Form<First>,
) -> PageResult {
    own_form(&request)?;
    let (lang, secret, now) = (language.0, secret.into_inner(), moment::of(&request));
    limits.login(peer::address(&request), "").map_err(too_many)?;
    let First { password, repeated } = form.into_inner();
    let wrong = if password == repeated {
        match app.use_link(&secret, password, session::HOURS, now).await {
            Ok(new) => {
                let mut response = respond::go(urls::HOME, None);
                set_cookie(&mut response, session::cookie(new.key))?;
                return Ok(response);
            }
            Err(error) => problems(lang, error)?,
        }
    } else {
        Problems::field("repeated", t!(lang, "error-repeated"))
    };
    let view = first_view(&app, lang, secret, now, wrong).await?;
    Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, first_page(&view)))
}

async fn first_view(
    app: &App,
    lang: Lang,
    secret: String,
    now: Timestamp,
    problems: Problems,
) -> Result<FirstView, PageError> {
    let account = app.link_account(&secret, now).await?;
    let account = account.ok_or_else(|| AppError::not_found("link", "(used or expired)"))?;
    let organization = app.organization().await?;
    Ok(FirstView { lang, organization, username: account.username, secret, problems })
}

/// Forms of strangers have no token; the browser tells where they come from.
fn own_form(request: &HttpRequest) -> Result<(), PageError> {
    if is_own_origin(request) { Ok(()) } else { Err(Refused::Forged.into()) }
}

fn too_many(wait: crate::http::limits::TooMany) -> PageError {
    PageError::TooMany { retry_after_seconds: wait.retry_after.as_secs().max(1) }
}

fn set_cookie(
    response: &mut HttpResponse,
    cookie: actix_web::cookie::Cookie<'_>,
) -> Result<(), PageError> {
    let added = response.add_cookie(&cookie);
    added.map_err(|error| AppError::internal(format!("a cookie cannot be written: {error}")).into())
}
