//! Tokens for scripts: list, create (the secret is shown this once), revoke (D-ACC-07).

use actix_web::web::Path;
use maud::{Markup, html};

use crate::app::AppError;
use crate::app::listed::Listed;
use crate::app::tokens::{Token, TokenForm};
use crate::domain::ids::TokenId;
use crate::http::forms::Fields;
use crate::t;
use crate::web::components::form::{Choice, Form, Problems};
use crate::web::components::panel::card;
use crate::web::components::permissions::permissions;
use crate::web::components::status::{Level, badge};
use crate::web::components::table::{Row, Table, column, pager};
use crate::web::components::time::{time, time_or_dash};
use crate::web::error::{PageResult, problems};
use crate::web::flash::Flash;
use crate::web::layout::{Content, Frame, message};
use crate::web::related;
use crate::web::urls;
use crate::web::visit::{Post, Visit};

/// The page.
pub struct View {
    pub tokens: Listed<Token>,
    /// Accounts a token can be made for.
    pub usernames: Vec<String>,
    /// The secret just made.
    pub secret: Option<String>,
    pub typed: Typed,
    pub problems: Problems,
}

/// What was typed about a new token.
#[derive(Default)]
pub struct Typed {
    pub username: String,
    pub name: String,
    /// A day.
    pub expires_at: String,
    /// Ticked rights; none: all of the account.
    pub rights: Vec<String>,
}

/// Renders the page.
pub fn page(frame: &Frame, query: &urls::Query, view: &View) -> Markup {
    let lang = frame.lang();
    let form = Form { lang, csrf: &frame.csrf, problems: &view.problems, writable: true };
    let options = view.usernames.iter().map(|name| Choice::plain(name)).collect();
    let typed = &view.typed;
    let username = match typed.username.as_str() {
        "" => frame.actor.name(),
        name => name,
    };
    let fields = html! {
        div.pair {
            (form.choice("username", username, options).required())
            (form.text("name", &typed.name).max(50).hint("hint-token-name"))
        }
        (form.date("expires_at", &typed.expires_at).hint("hint-token-expires-at"))
        details.fold open[!typed.rights.is_empty() || view.problems.of("rights").is_some()] {
            summary { (t!(lang, "token-rights")) }
            div.inside {
                p.hint { (t!(lang, "token-rights-hint")) }
                (permissions(&form, "rights", &typed.rights))
            }
        }
    };
    let button = html! { button.button.main type="submit" { (t!(lang, "token-create")) } };
    let body = html! {
        @if let Some(secret) = &view.secret {
            (message(Level::Ok, &t!(lang, "token-created")))
            pre.code tabindex="0" { (secret) }
        }
        (tokens_table(frame, &view.tokens.items))
        (pager(lang, query, view.tokens.items.len(), view.tokens.next.as_deref()))
        (card(&t!(lang, "token-new"), form.frame(urls::TOKENS, fields, button)))
    };
    frame.page(Content::new(t!(lang, "nav-tokens"), body))
}

fn tokens_table(frame: &Frame, tokens: &[Token]) -> Markup {
    let lang = frame.lang();
    let rows = tokens.iter().map(|token| {
        let name =
            if token.name.is_empty() { format!("#{}", token.id) } else { token.name.clone() };
        let expired = token.expires_at.is_some_and(|at| at <= frame.reader.now);
        let cells = vec![
            html! { (name) },
            html! { (token.username) },
            html! {
                @match &token.rights {
                    None => (t!(lang, "token-all-rights")),
                    Some(rights) => ul.chips { @for right in rights { li { (right) } } },
                }
            },
            time(&frame.reader, token.created_at),
            html! {
                (time_or_dash(&frame.reader, token.expires_at))
                @if expired { " " (badge(Level::Warning, &t!(lang, "token-expired"))) }
            },
            time_or_dash(&frame.reader, token.last_used_at),
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
    let columns =
        ["name", "account", "rights", "created-at", "expires-at", "last-used-at", "actions"];
    let table = Table {
        lang,
        caption: t!(lang, "nav-tokens"),
        columns: columns.map(|name| column(lang, name)).into(),
        rows: rows.collect(),
        order: None,
        selection: None,
        empty: t!(lang, "tokens-empty"),
    };
    html! { (table) }
}

/// `GET /tokens`.
pub async fn list(visit: Visit) -> PageResult {
    show(&visit, None, Typed::default(), Problems::none()).await
}

/// `POST /tokens`. The only page that answers a form itself: a secret does not travel in a cookie.
pub async fn create(post: Post) -> PageResult {
    let (visit, fields) = (post.visit, post.fields);
    let typed = read(&fields);
    let form = form_of(&visit, &typed);
    let made = match form {
        Ok(form) => visit.app.create_token(visit.actor(), form).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(secret) => show(&visit, Some(secret), Typed::default(), Problems::none()).await,
        Err(error) => show(&visit, None, typed, problems(visit.lang, error)?).await,
    }
}

/// `POST /tokens/{id}/delete`.
pub async fn revoke(post: Post, id: Path<TokenId>) -> PageResult {
    post.visit.app.revoke_token(post.visit.actor(), *id).await?;
    Ok(post.visit.done(urls::TOKENS, Flash::done("done-revoked", "")))
}

fn read(fields: &Fields) -> Typed {
    Typed {
        username: fields.get("username").to_owned(),
        name: fields.get("name").trim().to_owned(),
        expires_at: fields.get("expires_at").trim().to_owned(),
        rights: fields.all("rights").map(str::to_owned).collect(),
    }
}

/// A token works to the end of the day that was typed.
fn form_of(visit: &Visit, typed: &Typed) -> Result<TokenForm, AppError> {
    let expires_at = match typed.expires_at.as_str() {
        "" => None,
        text => Some(visit.app.read_to("expires_at", text)?),
    };
    let rights = (!typed.rights.is_empty()).then(|| typed.rights.clone());
    let (username, name) = (typed.username.clone(), typed.name.clone());
    Ok(TokenForm { username, name, expires_at, rights })
}

async fn show(
    visit: &Visit,
    secret: Option<String>,
    typed: Typed,
    problems: Problems,
) -> PageResult {
    let frame = visit.frame().await?;
    let after = visit.query.cursor().and_then(|cursor| cursor.parse().ok());
    let tokens =
        visit.app.tokens(visit.actor(), related::wanted(visit), after, frame.page_size).await?;
    let accounts = visit.app.accounts(visit.actor()).await?;
    let usernames = accounts.iter().map(|account| account.username().to_owned()).collect();
    let status = problems.status();
    let view = View { tokens, usernames, secret, typed, problems };
    visit.show_as(status, |frame| page(frame, &visit.query, &view)).await
}
