//! Who administers the site: `/accounts`, `/groups`, `/tokens`. Never a password or a secret, but
//! that of a token in the answer that makes it.

use actix_web::web::{Data, Json, Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::app::accounts::{AccountDetail, AccountForm};
use crate::app::tokens::Token;
use crate::domain::ids::AccountId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(accounts)
        .service(add)
        .service(show)
        .service(change)
        .service(groups)
        .service(tokens)
        .service(add_token)
        .service(revoke_token);
}

/// An account as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBody {
    pub id: i64,
    #[serde(flatten)]
    pub account: AccountForm,
    pub date_joined: jiff::Timestamp,
    pub last_login: Option<jiff::Timestamp>,
}

impl From<AccountDetail> for AccountBody {
    fn from(detail: AccountDetail) -> Self {
        let AccountDetail { account, groups: of_groups } = detail;
        Self {
            id: account.id.0,
            date_joined: account.date_joined,
            last_login: account.last_login,
            account: AccountForm {
                username: account.username,
                first_name: account.first_name,
                last_name: account.last_name,
                email: account.email,
                is_active: account.is_active,
                is_superuser: account.is_superuser,
                is_staff: account.is_staff,
                groups: of_groups,
            },
        }
    }
}

/// Lists accounts by name.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<AccountBody>)))]
#[get("/accounts")]
pub async fn accounts(app: Data<App>, caller: Caller) -> Result<Json<Page<AccountBody>>, ApiError> {
    let found = app.accounts(&caller.0).await?;
    Ok(Json(Page { items: found.into_iter().map(AccountBody::from).collect(), next: None }))
}

/// Returns an account.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = AccountBody), (status = 404, body = Problem)))]
#[get("/accounts/{id}")]
pub async fn show(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<Json<AccountBody>, ApiError> {
    Ok(Json(app.account(&caller.0, AccountId(*id)).await?.into()))
}

/// An account to add.
#[derive(Deserialize, ToSchema)]
pub struct NewAccount {
    #[serde(flatten)]
    pub account: AccountForm,
    /// At least 10 characters.
    pub password: String,
}

/// Adds an account; superusers only.
#[utoipa::path(tag = "accounts", request_body = NewAccount, responses(
    (status = 201, body = AccountBody), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/accounts")]
pub async fn add(
    app: Data<App>,
    caller: Caller,
    new: Json<NewAccount>,
) -> Result<HttpResponse, ApiError> {
    let NewAccount { account, password } = new.into_inner();
    let detail = app.add_account(&caller.0, account, password).await?;
    Ok(HttpResponse::Created().json(AccountBody::from(detail)))
}

/// Fields of an account to change; the others stay.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccountPatch {
    pub username: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub is_active: Option<bool>,
    pub is_superuser: Option<bool>,
    pub is_staff: Option<bool>,
    /// Names of groups.
    pub groups: Option<Vec<String>>,
    /// A new password, at least 10 characters.
    pub password: Option<String>,
}

/// Changes an account; superusers only.
#[utoipa::path(tag = "accounts", request_body = AccountPatch, responses(
    (status = 200, body = AccountBody), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/accounts/{id}")]
pub async fn change(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
    given: Json<AccountPatch>,
) -> Result<Json<AccountBody>, ApiError> {
    let given = given.into_inner();
    let id = AccountId(*id);
    let old = AccountBody::from(app.account(&caller.0, id).await?).account;
    let form = AccountForm {
        username: given.username.unwrap_or(old.username),
        first_name: given.first_name.unwrap_or(old.first_name),
        last_name: given.last_name.unwrap_or(old.last_name),
        email: given.email.unwrap_or(old.email),
        is_active: given.is_active.unwrap_or(old.is_active),
        is_superuser: given.is_superuser.unwrap_or(old.is_superuser),
        is_staff: given.is_staff.unwrap_or(old.is_staff),
        groups: given.groups.unwrap_or(old.groups),
    };
    let detail = app.change_account(&caller.0, id, form).await?;
    if let Some(password) = given.password {
        app.set_password(&caller.0, id, password).await?;
    }
    Ok(Json(detail.into()))
}

/// Lists the names of the groups.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<String>)))]
#[get("/groups")]
pub async fn groups(app: Data<App>, caller: Caller) -> Result<Json<Page<String>>, ApiError> {
    Ok(Json(Page { items: app.group_names(&caller.0).await?, next: None }))
}

/// A token as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenBody {
    pub id: i64,
    pub username: String,
    /// What it is for.
    pub name: String,
    pub created_at: jiff::Timestamp,
}

impl From<Token> for TokenBody {
    fn from(token: Token) -> Self {
        Self {
            id: token.id,
            username: token.username,
            name: token.name,
            created_at: token.created_at,
        }
    }
}

/// Lists tokens, never their secrets; superusers only.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = Page<TokenBody>), (status = 403, body = Problem)))]
#[get("/tokens")]
pub async fn tokens(app: Data<App>, caller: Caller) -> Result<Json<Page<TokenBody>>, ApiError> {
    let found = app.tokens(&caller.0).await?;
    Ok(Json(Page { items: found.into_iter().map(TokenBody::from).collect(), next: None }))
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Account whose rights the token has.
    pub username: String,
    /// What it is for.
    #[serde(default)]
    pub name: String,
}

/// The secret of a new token, shown this once.
#[derive(Serialize, ToSchema)]
pub struct TokenSecret {
    pub secret: String,
}

/// Makes a token; superusers only.
#[utoipa::path(tag = "accounts", request_body = NewToken, responses(
    (status = 201, body = TokenSecret), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[post("/tokens")]
pub async fn add_token(
    app: Data<App>,
    caller: Caller,
    new: Json<NewToken>,
) -> Result<HttpResponse, ApiError> {
    let secret = app.create_token(&caller.0, &new.username, &new.name).await?;
    Ok(HttpResponse::Created().json(TokenSecret { secret }))
}

/// Revokes a token; superusers only.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/tokens/{id}")]
pub async fn revoke_token(
    app: Data<App>,
    caller: Caller,
    id: Path<i64>,
) -> Result<HttpResponse, ApiError> {
    app.revoke_token(&caller.0, *id).await?;
    Ok(HttpResponse::NoContent().finish())
}
