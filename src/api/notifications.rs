//! `/api/v1/notifications`: reading and checking off.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{get, patch, post};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::checks::Checkable;
use crate::app::notices::NotificationView;
use crate::domain::ids::NotificationId;
use crate::http::language::Language;

use super::caller::Caller;
use super::checks::{Check, CheckMany, FoundQuery};
use super::computers::Changed;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(list).service(check_many).service(show).service(check);
}

/// A notification as the API shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationBody {
    pub id: i64,
    pub created_at: jiff::Timestamp,
    pub checked: bool,
    /// In the language of `Accept-Language`.
    pub message: String,
    /// What happened, in a form that a program reads: `kind` and its values.
    #[schema(value_type = Object)]
    pub event: Value,
}

impl From<NotificationView> for NotificationBody {
    fn from(view: NotificationView) -> Self {
        Self {
            id: view.id.0,
            created_at: view.created_at,
            checked: view.checked,
            message: view.message,
            event: serde_json::to_value(&view.notice).unwrap_or_default(),
        }
    }
}

/// Lists notifications, newest first.
#[utoipa::path(tag = "notifications", params(FoundQuery, PageQuery),
    responses((status = 200, body = Page<NotificationBody>)))]
#[get("/notifications")]
pub async fn list(
    caller: Caller,
    lang: Language,
    query: Query<FoundQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<NotificationBody>> {
    let filter = query.read(&caller.app, &page)?;
    Ok(Json(caller.app.notifications(&caller.actor, filter, lang.0).await?.into()))
}

/// Returns one of them.
#[utoipa::path(tag = "notifications", responses(
    (status = 200, body = NotificationBody), (status = 404, body = Problem)))]
#[get("/notifications/{id}")]
pub async fn show(caller: Caller, lang: Language, id: Path<i64>) -> ApiResult<NotificationBody> {
    Ok(Json(caller.app.notification(&caller.actor, NotificationId(*id), lang.0).await?.into()))
}

/// Checks or unchecks one of them.
#[utoipa::path(tag = "notifications", request_body = Check, responses(
    (status = 200, body = NotificationBody), (status = 404, body = Problem)))]
#[patch("/notifications/{id}")]
pub async fn check(
    caller: Caller,
    lang: Language,
    id: Path<i64>,
    body: Json<Check>,
) -> ApiResult<NotificationBody> {
    caller.app.set_checked(&caller.actor, Checkable::Notification, vec![*id], body.checked).await?;
    Ok(Json(caller.app.notification(&caller.actor, NotificationId(*id), lang.0).await?.into()))
}

/// Checks or unchecks a selection.
#[utoipa::path(tag = "notifications", request_body = CheckMany, responses((status = 200, body = Changed)))]
#[post("/notifications/check")]
pub async fn check_many(caller: Caller, selection: Json<CheckMany>) -> ApiResult<Changed> {
    selection.into_inner().apply(&caller, Checkable::Notification).await
}
