//! Who administers the site: `/accounts`. Never a password; to who does not administer accounts
//! only their names.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::accounts::{AccountDetail, AccountForm, AccountShown};
use crate::domain::ids::AccountId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(accounts).service(add).service(show).service(change).service(remove);
}

/// An account as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum AccountBody {
    Whole(Box<WholeAccount>),
    /// To who may not change accounts.
    Name {
        id: i64,
        username: String,
    },
}

/// All fields of an account but its password.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeAccount {
    pub id: i64,
    #[serde(flatten)]
    pub account: AccountForm,
    pub date_joined: jiff::Timestamp,
    pub last_login: Option<jiff::Timestamp>,
    /// Bearer tokens it has.
    pub tokens: i64,
}

impl From<AccountDetail> for AccountBody {
    fn from(detail: AccountDetail) -> Self {
        Self::Whole(Box::new(WholeAccount {
            id: detail.account.id.0,
            date_joined: detail.account.date_joined,
            last_login: detail.account.last_login,
            tokens: detail.tokens,
            account: AccountForm::from(&detail),
        }))
    }
}

impl From<AccountShown> for AccountBody {
    fn from(shown: AccountShown) -> Self {
        match shown {
            AccountShown::Whole(detail) => Self::from(*detail),
            AccountShown::Name { id, username } => Self::Name { id: id.0, username },
        }
    }
}

/// Lists accounts by name.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<AccountBody>)))]
#[get("/accounts")]
pub async fn accounts(caller: Caller) -> ApiResult<Page<AccountBody>> {
    let found = caller.app.accounts(&caller.actor).await?;
    Ok(Json(Page { items: found.into_iter().map(AccountBody::from).collect(), next: None }))
}

/// Returns an account.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = AccountBody), (status = 404, body = Problem)))]
#[get("/accounts/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<AccountBody> {
    Ok(Json(caller.app.account(&caller.actor, AccountId(*id)).await?.into()))
}

/// An account to add.
#[derive(Deserialize, ToSchema)]
pub struct NewAccount {
    #[serde(flatten)]
    pub account: AccountForm,
    /// At least 10 characters.
    pub password: String,
}

/// Adds an account: superusers, and others as far as their own rights go.
#[utoipa::path(tag = "accounts", request_body = NewAccount, responses(
    (status = 201, body = AccountBody), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/accounts")]
pub async fn add(caller: Caller, new: Json<NewAccount>) -> Result<HttpResponse, ApiError> {
    let NewAccount { account, password } = new.into_inner();
    let detail = caller.app.add_account(&caller.actor, account, password).await?;
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
    /// `deployment:change` and the like, beside those of the groups.
    pub permissions: Option<Vec<String>>,
    /// Names of the domains it administers; superusers only.
    pub domains: Option<Vec<String>>,
    /// A new password, at least 10 characters; superusers only.
    pub password: Option<String>,
}

/// Changes an account: superusers, and others as far as their own rights go.
#[utoipa::path(tag = "accounts", request_body = AccountPatch, responses(
    (status = 200, body = AccountBody), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/accounts/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    given: Json<AccountPatch>,
) -> ApiResult<AccountBody> {
    let given = given.into_inner();
    let id = AccountId(*id);
    let old = AccountForm::from(&caller.app.account_detail(&caller.actor, id).await?);
    let form = AccountForm {
        username: given.username.unwrap_or(old.username),
        first_name: given.first_name.unwrap_or(old.first_name),
        last_name: given.last_name.unwrap_or(old.last_name),
        email: given.email.unwrap_or(old.email),
        is_active: given.is_active.unwrap_or(old.is_active),
        is_superuser: given.is_superuser.unwrap_or(old.is_superuser),
        is_staff: given.is_staff.unwrap_or(old.is_staff),
        groups: given.groups.unwrap_or(old.groups),
        permissions: given.permissions.unwrap_or(old.permissions),
        domains: given.domains.unwrap_or(old.domains),
    };
    if let Some(password) = given.password {
        caller.app.set_password(&caller.actor, id, password).await?;
    }
    Ok(Json(caller.app.change_account(&caller.actor, id, form).await?.into()))
}

/// Deletes an account with its tokens; to deactivate it is mostly better.
#[utoipa::path(tag = "accounts", params(Confirm), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/accounts/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    asked: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_account(&caller.actor, AccountId(*id), asked.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
