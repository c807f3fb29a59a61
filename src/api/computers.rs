//! `/api/v1/computers`: reading and changing computers.

use actix_web::web::{Json, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::computer_changes::ComputerForm;
use crate::app::computers::{
    ComputerDetail, ComputerFilter, ComputerOrder, ComputerQuery, ComputerRow, Cursor,
    HardwareNode, HeldAttribute, SettingInterval,
};
use crate::app::reason::reason;
use crate::app::{App, AppError};
use crate::domain::computer::Machine;
use crate::domain::ids::{AttributeId, PlatformId, ProjectId, UserId};
use crate::domain::status::Status;

use super::caller::Caller;
use super::cid::Cid;
use super::page::{Page, PageQuery};
use super::problem::{ApiError, ApiResult, Problem};

/// Registers the routes; those with a fixed last segment come before `/{cid}`.
pub fn routes(service: &mut ServiceConfig) {
    service
        .service(list)
        .service(change_status)
        .service(remove_many)
        .service(attributes)
        .service(attribute_history)
        .service(settings)
        .service(hardware)
        .service(accept_key)
        .service(capture_hardware)
        .service(show)
        .service(change)
        .service(remove);
}

/// Which computers, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct ComputersQuery {
    /// Text in one of the site's search fields, or in the name of the user.
    pub search: Option<String>,
    /// Id of a platform.
    pub platform: Option<i64>,
    /// Id of a project.
    pub project: Option<i64>,
    /// Statuses, or the groups `productive`, `unproductive`, `active`, `subscribed`, with commas.
    pub status: Option<String>,
    /// `P` physical, `V` virtual.
    pub machine: Option<String>,
    /// Only those whose packages are not known.
    pub without_software: Option<bool>,
    /// Last synchronisation ended more than so many days ago, or never.
    pub stale_days: Option<u32>,
    /// Only those that never synchronised.
    pub never_synchronised: Option<bool>,
    /// Text in the hardware product.
    pub product: Option<String>,
    /// Id of an attribute.
    pub attribute: Option<i64>,
    /// Id of a tag that they were given.
    pub tag: Option<i64>,
    /// Id of a user of computers.
    pub user: Option<i64>,
    /// Text in `name-version` of a package it has now.
    pub package: Option<String>,
    /// Column, `-` before it for descending: `name`, `-sync_end_date`, `project`, `status`…
    pub sort: Option<String>,
}

impl ComputersQuery {
    fn read(self, page: &PageQuery) -> Result<ComputerQuery, AppError> {
        let machine = self.machine.as_deref().map(|text| {
            Machine::parse(text).ok_or_else(|| AppError::invalid("machine", "is P or V"))
        });
        let sort = self.sort.as_deref();
        let (descending, column) = match sort.and_then(|sort| sort.strip_prefix('-')) {
            Some(column) => (true, Some(column)),
            None => (false, sort),
        };
        let order = column.map(|column| {
            ComputerOrder::parse(column).ok_or_else(|| {
                AppError::invalid("sort", reason!("{word} is no column", word = column))
            })
        });
        let filter = ComputerFilter {
            search: self.search.filter(|text| !text.trim().is_empty()),
            platform: self.platform.map(PlatformId),
            project: self.project.map(ProjectId),
            statuses: self.status.as_deref().map(statuses).transpose()?.unwrap_or_default(),
            machine: machine.transpose()?,
            without_software: self.without_software.unwrap_or_default(),
            never_synchronised: self.never_synchronised.unwrap_or_default(),
            product: self.product,
            attribute: self.attribute.map(AttributeId),
            tag: self.tag.map(AttributeId),
            user: self.user.map(UserId),
            package: self.package,
            ..ComputerFilter::default()
        };
        Ok(ComputerQuery {
            filter,
            stale_days: self.stale_days,
            order: order.transpose()?,
            descending,
            after: page.cursor.as_deref().and_then(Cursor::parse),
            limit: page.limit(),
        })
    }
}

/// Statuses and groups of them with commas (D-STATUS-02).
fn statuses(text: &str) -> Result<Vec<Status>, AppError> {
    let mut found = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let group: Option<fn(Status) -> bool> = match word {
            "subscribed" => Some(Status::is_subscribed),
            "productive" => Some(Status::is_productive),
            "unproductive" => Some(Status::is_unproductive),
            "active" => Some(Status::is_active),
            _ => None,
        };
        match (group, Status::parse(word)) {
            (Some(group), _) => found.extend(Status::ALL.into_iter().filter(|s| group(*s))),
            (None, Some(status)) => found.push(status),
            (None, None) => {
                return Err(AppError::invalid(
                    "status",
                    reason!("{word} is no status", word = word),
                ));
            }
        }
    }
    Ok(found)
}

/// Lists computers.
#[utoipa::path(tag = "computers", params(ComputersQuery, PageQuery), responses(
    (status = 200, body = Page<ComputerRow>), (status = 422, body = Problem)))]
#[get("/computers")]
pub async fn list(
    caller: Caller,
    query: Query<ComputersQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<ComputerRow>> {
    let query = query.into_inner().read(&page)?;
    Ok(Json(caller.app.computers(&caller.actor, query).await?.page.into()))
}

/// Returns a computer in full.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 200, body = ComputerDetail), (status = 404, body = Problem)))]
#[get("/computers/{cid}")]
pub async fn show(caller: Caller, cid: Path<Cid>) -> ApiResult<ComputerDetail> {
    Ok(Json(caller.app.computer(&caller.actor, cid.0).await?))
}

/// Changes name (superusers only), comment, status or tags of a computer.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    request_body = ComputerForm, responses((status = 200, body = ComputerDetail),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[patch("/computers/{cid}")]
pub async fn change(
    caller: Caller,
    cid: Path<Cid>,
    form: Json<ComputerForm>,
) -> ApiResult<ComputerDetail> {
    Ok(Json(caller.app.change_computer(&caller.actor, cid.0, form.into_inner()).await?))
}

/// Deletes a computer with its hardware, events and history.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 204), (status = 404, body = Problem)))]
#[delete("/computers/{cid}")]
pub async fn remove(caller: Caller, cid: Path<Cid>) -> Result<HttpResponse, ApiError> {
    caller.app.delete_computers(&caller.actor, vec![cid.0]).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A selection of computers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// `CID-7` or `7` each.
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Cid>,
}

/// Deletes a selection of computers; an unknown one deletes none.
#[utoipa::path(tag = "computers", request_body = Selection,
    responses((status = 204), (status = 404, body = Problem)))]
#[post("/computers/delete")]
pub async fn remove_many(
    caller: Caller,
    selection: Json<Selection>,
) -> Result<HttpResponse, ApiError> {
    let ids = selection.into_inner().ids.into_iter().map(|cid| cid.0).collect();
    caller.app.delete_computers(&caller.actor, ids).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A status for a selection of computers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusChange {
    /// `CID-7` or `7` each.
    #[schema(value_type = Vec<String>)]
    pub ids: Vec<Cid>,
    #[schema(value_type = String)]
    pub status: Status,
}

/// How many objects a change of a selection changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changed {
    pub changed: usize,
}

/// Changes the status of a selection of computers.
#[utoipa::path(tag = "computers", request_body = StatusChange, responses(
    (status = 200, body = Changed), (status = 404, body = Problem)))]
#[post("/computers/status")]
pub async fn change_status(caller: Caller, body: Json<StatusChange>) -> ApiResult<Changed> {
    let StatusChange { ids, status } = body.into_inner();
    let ids = ids.into_iter().map(|cid| cid.0).collect();
    Ok(Json(Changed { changed: caller.app.change_status(&caller.actor, ids, status).await? }))
}

/// A moment to look back to.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct At {
    /// An instant, or a day of which the end is meant; now if absent.
    pub at: Option<String>,
}

impl At {
    /// Reads the moment.
    pub fn read(&self, app: &App) -> Result<Option<jiff::Timestamp>, AppError> {
        self.at.as_deref().map(|text| app.read_to("at", text)).transpose()
    }
}

/// Lists the attributes of a computer, now or at a moment.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`"), At),
    responses((status = 200, body = Page<HeldAttribute>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/attributes")]
pub async fn attributes(
    caller: Caller,
    cid: Path<Cid>,
    at: Query<At>,
) -> ApiResult<Page<HeldAttribute>> {
    let items = caller.app.computer_attributes(&caller.actor, cid.0, at.read(&caller.app)?).await?;
    Ok(Json(Page { items, next: None }))
}

/// Lists every attribute a computer ever had with its interval, the latest first.
#[utoipa::path(tag = "computers",
    params(("cid" = String, Path, description = "`CID-7` or `7`"), PageQuery),
    responses((status = 200, body = Page<HeldAttribute>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/attributes/history")]
pub async fn attribute_history(
    caller: Caller,
    cid: Path<Cid>,
    page: Query<PageQuery>,
) -> ApiResult<Page<HeldAttribute>> {
    let after = page.cursor.as_deref().and_then(Cursor::parse);
    let held =
        caller.app.computer_attribute_history(&caller.actor, cid.0, after, page.limit()).await?;
    Ok(Json(held.into()))
}

/// Lists name, addresses, user… of a computer as they were, the latest first.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 200, body = Page<SettingInterval>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/settings")]
pub async fn settings(caller: Caller, cid: Path<Cid>) -> ApiResult<Page<SettingInterval>> {
    let items = caller.app.computer_settings(&caller.actor, cid.0).await?;
    Ok(Json(Page { items, next: None }))
}

/// Lists the hardware of a computer, each node after its parent.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 200, body = Page<HardwareNode>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/hardware")]
pub async fn hardware(caller: Caller, cid: Path<Cid>) -> ApiResult<Page<HardwareNode>> {
    let items = caller.app.hardware(&caller.actor, cid.0).await?;
    Ok(Json(Page { items, next: None }))
}

/// Makes the next synchronisation of a computer capture its hardware.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    responses((status = 204), (status = 404, body = Problem)))]
#[post("/computers/{cid}/hardware/capture")]
pub async fn capture_hardware(caller: Caller, cid: Path<Cid>) -> Result<HttpResponse, ApiError> {
    caller.app.capture_hardware(&caller.actor, cid.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whether a new key is accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptKey {
    pub accept: bool,
}

/// Until when a new key is accepted.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyAccepted {
    pub until: Option<jiff::Timestamp>,
}

/// Lets a computer register with another key, once, within 24 hours; or takes that back.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`")),
    request_body = AcceptKey, responses((status = 200, body = KeyAccepted),
    (status = 404, body = Problem)))]
#[post("/computers/{cid}/accept-key")]
pub async fn accept_key(
    caller: Caller,
    cid: Path<Cid>,
    body: Json<AcceptKey>,
) -> ApiResult<KeyAccepted> {
    let until = caller.app.accept_new_key(&caller.actor, cid.0, body.accept).await?;
    Ok(Json(KeyAccepted { until }))
}

#[cfg(test)]
mod tests;
