//! What happened to computers: `/synchronizations`, `/migrations`, `/status-logs`,
//! `/computers/{cid}/situation`; and the users of computers, `/users`.

use actix_web::get;
use actix_web::web::{Json, Path, Query, ServiceConfig};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::computers::Cursor;
use crate::app::histories::{
    EventFilter, MigrationRow, SituationView, StatusLogRow, SynchronizationRow, UserRow,
};
use crate::app::reason::reason;
use crate::app::{App, AppError};
use crate::domain::ids::{ProjectId, UserId};
use crate::domain::status::Status;

use super::caller::Caller;
use super::cid::Cid;
use super::computers::At;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(synchronizations)
        .service(migrations)
        .service(status_logs)
        .service(situation)
        .service(users)
        .service(user);
}

/// Which events, newest first.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct EventsQuery {
    /// `CID-7` or `7`.
    #[param(value_type = Option<String>)]
    pub computer: Option<Cid>,
    /// Id of a project; not for status logs.
    pub project: Option<i64>,
    /// Id of a user of computers; synchronisations only.
    pub user: Option<i64>,
    /// Whether every step succeeded; synchronisations only.
    pub ok: Option<bool>,
    /// A status; status logs only.
    pub status: Option<String>,
    /// An instant or a day.
    pub from: Option<String>,
    /// An instant or a day, which counts whole.
    pub to: Option<String>,
}

impl EventsQuery {
    fn read(&self, app: &App, page: &PageQuery) -> Result<EventFilter, AppError> {
        let status = self.status.as_deref().map(|text| {
            let unknown =
                || AppError::invalid("status", reason!("{word} is no status", word = text));
            Status::parse(text).ok_or_else(unknown)
        });
        Ok(EventFilter {
            computer: self.computer.map(|cid| cid.0),
            project: self.project.map(ProjectId),
            user: self.user.map(UserId),
            ok: self.ok,
            status: status.transpose()?,
            from: self.from.as_deref().map(|text| app.read_from("from", text)).transpose()?,
            to: self.to.as_deref().map(|text| app.read_to("to", text)).transpose()?,
            before: page.after_id(),
            limit: page.limit(),
        })
    }
}

/// Lists synchronisations that ended, newest first.
#[utoipa::path(tag = "events", params(EventsQuery, PageQuery),
    responses((status = 200, body = Page<SynchronizationRow>)))]
#[get("/synchronizations")]
pub async fn synchronizations(
    caller: Caller,
    query: Query<EventsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<SynchronizationRow>> {
    let filter = query.read(&caller.app, &page)?;
    Ok(Json(caller.app.synchronizations(&caller.actor, filter).await?.into()))
}

/// Lists changes of project, newest first.
#[utoipa::path(tag = "events", params(EventsQuery, PageQuery),
    responses((status = 200, body = Page<MigrationRow>)))]
#[get("/migrations")]
pub async fn migrations(
    caller: Caller,
    query: Query<EventsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<MigrationRow>> {
    let filter = query.read(&caller.app, &page)?;
    Ok(Json(caller.app.migrations(&caller.actor, filter).await?.into()))
}

/// Lists changes of status, newest first.
#[utoipa::path(tag = "events", params(EventsQuery, PageQuery),
    responses((status = 200, body = Page<StatusLogRow>)))]
#[get("/status-logs")]
pub async fn status_logs(
    caller: Caller,
    query: Query<EventsQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<StatusLogRow>> {
    let filter = query.read(&caller.app, &page)?;
    Ok(Json(caller.app.status_logs(&caller.actor, filter).await?.into()))
}

/// Returns project, platform and status of a computer at a moment; null before it was there.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`"), At),
    responses((status = 200, body = Option<SituationView>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/situation")]
pub async fn situation(
    caller: Caller,
    cid: Path<Cid>,
    at: Query<At>,
) -> ApiResult<Option<SituationView>> {
    let at = at.read(&caller.app)?.unwrap_or(caller.actor.at);
    Ok(Json(caller.app.situation(&caller.actor, cid.0, at).await?))
}

/// Which users of computers.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct UsersQuery {
    /// Text in the login or the full name.
    pub search: Option<String>,
}

/// Lists the users of computers by login.
#[utoipa::path(tag = "users", params(UsersQuery, PageQuery),
    responses((status = 200, body = Page<UserRow>)))]
#[get("/users")]
pub async fn users(
    caller: Caller,
    query: Query<UsersQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<UserRow>> {
    let search = query.into_inner().search.filter(|text| !text.trim().is_empty());
    let after = page.cursor.as_deref().and_then(Cursor::parse);
    Ok(Json(caller.app.users(&caller.actor, search, after, page.limit()).await?.into()))
}

/// Returns a user of computers.
#[utoipa::path(tag = "users", responses(
    (status = 200, body = UserRow), (status = 404, body = Problem)))]
#[get("/users/{id}")]
pub async fn user(caller: Caller, id: Path<i64>) -> ApiResult<UserRow> {
    Ok(Json(caller.app.user(&caller.actor, UserId(*id)).await?))
}
