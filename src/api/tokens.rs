//! Bearer tokens: `/tokens`, for superusers. Never a secret, but in the answer that makes it.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::tokens::{Token, TokenForm};
use crate::domain::ids::TokenId;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(tokens).service(add_token).service(revoke_token);
}

/// A token as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenBody {
    pub id: i64,
    pub username: String,
    /// What it is for.
    pub name: String,
    pub created_at: Timestamp,
    /// Null: until it is revoked.
    pub expires_at: Option<Timestamp>,
    /// What it may do of what its account may; null: all of it.
    pub rights: Option<Vec<String>>,
    /// To some ten minutes.
    pub last_used_at: Option<Timestamp>,
}

impl From<Token> for TokenBody {
    fn from(token: Token) -> Self {
        let names = |rights: std::collections::BTreeSet<_>| {
            rights.iter().map(crate::domain::account::Permission::to_string).collect()
        };
        Self {
            id: token.id.0,
            username: token.username,
            name: token.name,
            created_at: token.created_at,
            expires_at: token.expires_at,
            rights: token.rights.map(names),
            last_used_at: token.last_used_at,
        }
    }
}

/// Lists tokens, never their secrets; superusers only.
#[utoipa::path(tag = "accounts", params(PageQuery), responses(
    (status = 200, body = Page<TokenBody>), (status = 403, body = Problem)))]
#[get("/tokens")]
pub async fn tokens(caller: Caller, page: Query<PageQuery>) -> ApiResult<Page<TokenBody>> {
    let after = page.after_id().map(TokenId);
    Ok(Json(caller.app.tokens(&caller.actor, None, after, page.limit()).await?.into()))
}

/// A token to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Account whose rights, domain and scope the token has.
    pub username: String,
    /// What it is for.
    #[serde(default)]
    pub name: String,
    /// When it stops working; null: when it is revoked.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
    /// What it may do of what its account may, `package:add` and the like; null: all of it.
    #[serde(default)]
    pub rights: Option<Vec<String>>,
}

/// The secret of a new token, shown this once.
#[derive(Serialize, ToSchema)]
pub struct TokenSecret {
    pub secret: String,
}

/// Makes a token; superusers only.
#[utoipa::path(tag = "accounts", request_body = NewToken, responses(
    (status = 201, body = TokenSecret), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[post("/tokens")]
pub async fn add_token(caller: Caller, new: Json<NewToken>) -> Result<HttpResponse, ApiError> {
    let NewToken { username, name, expires_at, rights } = new.into_inner();
    let form = TokenForm { username, name, expires_at, rights };
    let secret = caller.app.create_token(&caller.actor, form).await?;
    Ok(HttpResponse::Created().json(TokenSecret { secret }))
}

/// Revokes a token; superusers only.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 404, body = Problem)))]
#[delete("/tokens/{id}")]
pub async fn revoke_token(caller: Caller, id: Path<i64>) -> Result<HttpResponse, ApiError> {
    caller.app.revoke_token(&caller.actor, TokenId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
