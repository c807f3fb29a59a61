//! Groups of accounts: `/groups`. What a group grants is shown to who administers accounts.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::computers::Named;
use crate::app::groups::{AccountGroupForm, Group, GroupDetail};
use crate::domain::ids::GroupId;

use super::caller::Caller;
use super::page::Page;
use super::problem::{ApiError, ApiResult, Problem};
use super::projects::Confirm;

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(add).service(show).service(change).service(remove);
}

/// A group in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupRow {
    pub id: i64,
    pub name: String,
}

impl From<Group> for GroupRow {
    fn from(group: Group) -> Self {
        Self { id: group.id.0, name: group.name }
    }
}

/// A group with what it grants.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupBody {
    pub id: i64,
    #[serde(flatten)]
    pub group: AccountGroupForm,
    /// An administrator changed it: upgrades leave its permissions alone.
    pub modified: bool,
    /// Accounts in it.
    pub members: Vec<Named>,
}

impl From<GroupDetail> for GroupBody {
    fn from(detail: GroupDetail) -> Self {
        Self {
            id: detail.group.id.0,
            modified: detail.group.is_modified,
            group: AccountGroupForm::from(&detail),
            members: detail.members,
        }
    }
}

/// Lists groups by name.
#[utoipa::path(tag = "accounts",
    responses((status = 200, body = Page<GroupRow>)))]
#[get("/groups")]
pub async fn list(caller: Caller) -> ApiResult<Page<GroupRow>> {
    let found = caller.app.groups(&caller.actor).await?;
    Ok(Json(Page { items: found.into_iter().map(GroupRow::from).collect(), next: None }))
}

/// Returns a group with its permissions and members.
#[utoipa::path(tag = "accounts", responses(
    (status = 200, body = GroupBody), (status = 403, body = Problem),
    (status = 404, body = Problem)))]
#[get("/groups/{id}")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<GroupBody> {
    Ok(Json(caller.app.group(&caller.actor, GroupId(*id)).await?.into()))
}

/// Adds a group: superusers, and others as far as their own rights go.
#[utoipa::path(tag = "accounts", request_body = AccountGroupForm, responses(
    (status = 201, body = GroupBody), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/groups")]
pub async fn add(caller: Caller, form: Json<AccountGroupForm>) -> Result<HttpResponse, ApiError> {
    let added = caller.app.add_group(&caller.actor, form.into_inner()).await?;
    Ok(HttpResponse::Created().json(GroupBody::from(added)))
}

/// Changes a group; from then on upgrades leave it alone.
#[utoipa::path(tag = "accounts", request_body = AccountGroupForm,
    responses((status = 200, body = GroupBody), (status = 404, body = Problem),
              (status = 422, body = Problem)))]
#[put("/groups/{id}")]
pub async fn change(
    caller: Caller,
    id: Path<i64>,
    form: Json<AccountGroupForm>,
) -> ApiResult<GroupBody> {
    Ok(Json(caller.app.change_group(&caller.actor, GroupId(*id), form.into_inner()).await?.into()))
}

/// Deletes a group; its members lose what it granted.
#[utoipa::path(tag = "accounts", params(Confirm), responses(
    (status = 204), (status = 404, body = Problem), (status = 409, body = Problem)))]
#[delete("/groups/{id}")]
pub async fn remove(
    caller: Caller,
    id: Path<i64>,
    asked: Query<Confirm>,
) -> Result<HttpResponse, ApiError> {
    caller.app.delete_group(&caller.actor, GroupId(*id), asked.confirm).await?;
    Ok(HttpResponse::NoContent().finish())
}
