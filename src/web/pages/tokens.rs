//! Tokens for scripts: list, create (the secret is shown this once), revoke (D-ACC-07).

use actix_web::http::StatusCode;
use actix_web::web::Path;
use jiff::Timestamp;
use maud::{Markup, html};

use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::panel::card;
use crate::web::components::status::Level;
use crate::web::components::table::{Row, Table, column};
use crate::web::components::time::time;
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame, message};
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// A token without its secret.
pub struct TokenRow {
    pub id: i64,
    pub username: String,
    pub name: String,
    pub created_at: Timestamp,
}

/// The page.
pub struct View {
    pub tokens: Vec<TokenRow>,
    /// Accounts a token can be made for.
    pub usernames: Vec<String>,
    /// The secret just made.
    pub secret: Option<String>,
    pub problems: Problems,
}

/// Renders the page.
pub fn page(frame: &Frame, view: &View) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let options = view.usernames.iter().map(|name| Choice::plain(name)).collect();
    let fields = html! {
        div.pair {
            (form.choice("username", frame.actor.name(), options).required())
            (form.text("name", "").max(50).hint("hint-token-name"))
        }
    };
    let button = html! { button.button.main type="submit" { (t!(lang, "token-create")) } };
    let body = html! {
        @if let Some(secret) = &view.secret {
            (message(Level::Ok, &t!(lang, "token-created")))
            pre.code tabindex="0" { (secret) }
        }
        (tokens_table(frame, &view.tokens))
        (card(&t!(lang, "token-new"), form.frame(urls::TOKENS, fields, button)))
    };
    frame.page(Content::new(t!(lang, "nav-tokens"), body))
}

fn tokens_table(frame: &Frame, tokens: &[TokenRow]) -> Markup {
    let lang = frame.lang();
    let rows = tokens.iter().map(|token| {
        let name =
            if token.name.is_empty() { format!("#{}", token.id) } else { token.name.clone() };
        let cells = vec![
            html! { (name) },
            html! { (token.username) },
            time(&frame.reader, token.created_at),
            html! {
                form method="post" action=(urls::part(urls::TOKENS, token.id, "delete"))
                    data-confirm=(t!(lang, "token-revoke-question", name = name.as_str())) {
                    input type="hidden" name="csrf" value=(frame.csrf);
                    button.button.small.danger type="submit" { (t!(lang, "token-revoke")) }
                }
            },
        ];
        Row::new("token", token.id, cells)
    });
    let table = Table {
        lang,
        caption: t!(lang, "nav-tokens"),
        columns: ["name", "account", "created-at", "actions"].map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "tokens-empty"),
    };
    html! { (table) }
}

/// `GET /tokens`.
pub async fn list(visit: Visit) -> PageResult {
    show(&visit, None, Problems::none()).await
}

/// `POST /tokens`. The only page that answers a form itself: a secret does not travel in a cookie.
pub async fn create(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let made = visit
        .app
        .create_token(visit.actor(), fields.get("username"), fields.get("name").trim())
        .await;
    match made {
        Ok(secret) => show(&visit, Some(secret), Problems::none()).await,
        Err(error) => show(&visit, None, problems(visit.lang, error)?).await,
    }
}

/// `POST /tokens/{id}/delete`.
pub async fn revoke(post: Post, id: Path<i64>) -> PageResult {
    post.visit.app.revoke_token(post.visit.actor(), *id).await?;
    Ok(post.visit.done(urls::TOKENS, Flash::done("done-revoked", "")))
}

async fn show(visit: &Visit, secret: Option<String>, problems: Problems) -> PageResult {
    let tokens = visit.app.tokens(visit.actor()).await?.into_iter();
    let tokens = tokens.map(|token| TokenRow {
        id: token.id,
        username: token.username,
        name: token.name,
        created_at: token.created_at,
    });
    let accounts = visit.app.accounts(visit.actor()).await?.into_iter();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View {
        tokens: tokens.collect(),
        usernames: accounts.map(|detail| detail.account.username).collect(),
        secret,
        problems,
    };
    visit.show_as(status, |frame| page(frame, &view)).await
}
