//! The site itself: `/settings`, `/audit`, `/undo`, `/alerts`, `/figures`.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{delete, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::app::AppError;
use crate::app::figures::Dashboard;
use crate::app::history::{Filter, Recorded};
use crate::app::reason::reason;
use crate::app::site_settings::SettingView;
use crate::app::undo::Undone;
use crate::domain::account::Model;
use crate::domain::alert::Alerts;

use super::caller::Caller;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(settings)
        .service(setting)
        .service(change_setting)
        .service(reset_setting)
        .service(audit)
        .service(undo)
        .service(alerts)
        .service(figures);
}

/// Lists settings with their effective values and where each comes from.
#[utoipa::path(tag = "site", responses(
    (status = 200, body = Page<SettingView>), (status = 403, body = Problem)))]
#[get("/settings")]
pub async fn settings(caller: Caller) -> ApiResult<Page<SettingView>> {
    Ok(Json(Page { items: caller.app.settings(&caller.actor).await?, next: None }))
}

/// Returns a setting.
#[utoipa::path(tag = "site", responses(
    (status = 200, body = SettingView), (status = 404, body = Problem)))]
#[get("/settings/{name}")]
pub async fn setting(caller: Caller, name: Path<String>) -> ApiResult<SettingView> {
    Ok(Json(caller.app.setting(&caller.actor, &name).await?))
}

/// A value for a setting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettingValue {
    pub value: String,
}

/// Changes a setting of the site, effective at once.
#[utoipa::path(tag = "site", request_body = SettingValue, responses(
    (status = 200, body = SettingView), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[put("/settings/{name}")]
pub async fn change_setting(
    caller: Caller,
    name: Path<String>,
    body: Json<SettingValue>,
) -> ApiResult<SettingView> {
    Ok(Json(caller.app.change_setting(&caller.actor, &name, Some(body.into_inner().value)).await?))
}

/// Returns a setting of the site to its default.
#[utoipa::path(tag = "site", responses(
    (status = 200, body = SettingView), (status = 404, body = Problem)))]
#[delete("/settings/{name}")]
pub async fn reset_setting(caller: Caller, name: Path<String>) -> ApiResult<SettingView> {
    Ok(Json(caller.app.change_setting(&caller.actor, &name, None).await?))
}

/// Which changes, newest first.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct AuditQuery {
    /// Name of the account that made them.
    pub actor: Option<String>,
    /// Kind of object: `deployment`, `computer`…
    pub object_kind: Option<String>,
    /// Id of the object; with its kind it is enough to be permitted to see the object.
    pub object_id: Option<i64>,
}

/// A recorded change.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditBody {
    pub id: i64,
    pub at: jiff::Timestamp,
    pub actor: String,
    pub action: String,
    pub object_kind: String,
    pub object_id: Option<i64>,
    pub object_name: String,
    /// Fields that changed, as they were.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The same fields as they became.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// `POST /undo` takes it back.
    pub can_be_undone: bool,
}

impl From<Recorded> for AuditBody {
    fn from(recorded: Recorded) -> Self {
        let Recorded { id, entry, can_be_undone } = recorded;
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Self {
            id,
            at: entry.at,
            actor: entry.actor,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            object_name: entry.object_name,
            before: json(entry.before),
            after: json(entry.after),
            can_be_undone,
        }
    }
}

/// Lists changes, newest first; the whole log is for superusers.
#[utoipa::path(tag = "site", params(AuditQuery, PageQuery), responses(
    (status = 200, body = Page<AuditBody>), (status = 403, body = Problem)))]
#[get("/audit")]
pub async fn audit(
    caller: Caller,
    query: Query<AuditQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<AuditBody>> {
    let query = query.into_inner();
    let model = query.object_kind.as_deref().map(|kind| {
        let unknown = || {
            AppError::invalid("object_kind", reason!("{word} is no kind of object", word = kind))
        };
        Model::parse(kind).ok_or_else(unknown)
    });
    let filter = Filter {
        before_id: page.after_id(),
        actor: query.actor,
        object_kind: query.object_kind,
        object_id: query.object_id,
        limit: page.limit() + 1,
    };
    let found = caller.app.history(&caller.actor, model.transpose()?, filter).await?;
    let items = found.into_iter().map(AuditBody::from).collect();
    Ok(Json(Page::new(items, page.limit(), |change: &AuditBody| change.id.to_string())))
}

/// Changes to take back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UndoBody {
    /// Ids of the audit log, in any order; the newest is undone first. What one operation recorded
    /// goes together.
    pub audit: Vec<i64>,
}

/// Undoes changes of the audit log. With `?preview=true` it says what that would do to computers.
#[utoipa::path(tag = "site", request_body = UndoBody, responses(
    (status = 200, body = Undone), (status = 403, body = Problem), (status = 409, body = Problem)))]
#[post("/undo")]
pub async fn undo(caller: Caller, body: Json<UndoBody>) -> ApiResult<Undone> {
    Ok(Json(caller.app.undo(&caller.actor, &body.audit).await?))
}

/// An alert that is not zero.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertBody {
    /// `unchecked-errors`, `orphan-packages`…
    pub alert: &'static str,
    /// `info`, `warning` or `danger`.
    pub level: &'static str,
    pub count: u64,
}

/// The alerts of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertsBody {
    /// Sum of all.
    pub total: u64,
    /// Those that are not zero, in the order they are shown.
    pub items: Vec<AlertBody>,
}

impl From<Alerts> for AlertsBody {
    fn from(counted: Alerts) -> Self {
        use crate::domain::computer::Level;
        let body = |(alert, count): (crate::domain::alert::Alert, u64)| AlertBody {
            alert: alert.as_str(),
            level: match alert.level() {
                Level::Info => "info",
                Level::Warning => "warning",
                Level::Danger => "danger",
            },
            count,
        };
        Self { total: counted.total(), items: counted.shown().map(body).collect() }
    }
}

/// Returns the alerts of the account.
#[utoipa::path(tag = "site", responses(
    (status = 200, body = AlertsBody), (status = 403, body = Problem)))]
#[get("/alerts")]
pub async fn alerts(caller: Caller) -> ApiResult<AlertsBody> {
    Ok(Json(caller.app.alerts(&caller.actor).await?.into()))
}

/// Returns the figures of the home page.
#[utoipa::path(tag = "site", responses(
    (status = 200, body = Dashboard), (status = 403, body = Problem)))]
#[get("/figures")]
pub async fn figures(caller: Caller) -> ApiResult<Dashboard> {
    Ok(Json(caller.app.dashboard(&caller.actor).await?))
}

#[cfg(test)]
mod tests;
