//! What is and was installed: `/computers/{cid}/software`, `/computers/{cid}/history`, and
//! `/software` for who had a package.

use actix_web::get;
use actix_web::web::{Json, Path, Query, ServiceConfig};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::app::software_history::{HistoryEntry, Holder, HolderFilter, InstalledPackage};
use crate::domain::ids::ComputerId;

use super::caller::Caller;
use super::cid::Cid;
use super::computers::At;
use super::page::{Page, PageQuery};
use super::problem::{ApiResult, Problem};

/// Registers the routes.
pub fn routes(service: &mut ServiceConfig) {
    service.service(software).service(history).service(holders);
}

/// Lists the packages of a computer, now or at a moment.
#[utoipa::path(tag = "computers", params(("cid" = String, Path, description = "`CID-7` or `7`"), At),
    responses((status = 200, body = Page<InstalledPackage>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/software")]
pub async fn software(
    caller: Caller,
    cid: Path<Cid>,
    at: Query<At>,
) -> ApiResult<Page<InstalledPackage>> {
    let items = caller.app.computer_software(&caller.actor, cid.0, at.read(&caller.app)?).await?;
    Ok(Json(Page { items, next: None }))
}

/// Lists what came and went on a computer, newest first.
#[utoipa::path(tag = "computers",
    params(("cid" = String, Path, description = "`CID-7` or `7`"), PageQuery),
    responses((status = 200, body = Page<HistoryEntry>), (status = 404, body = Problem)))]
#[get("/computers/{cid}/history")]
pub async fn history(
    caller: Caller,
    cid: Path<Cid>,
    page: Query<PageQuery>,
) -> ApiResult<Page<HistoryEntry>> {
    let (before, limit) = (page.after_id(), page.limit());
    let entries = caller.app.computer_software_history(&caller.actor, cid.0, before, limit).await?;
    Ok(Json(entries.into()))
}

/// Which package, and when.
#[derive(Debug, Deserialize, IntoParams)]
pub struct HoldersQuery {
    /// Text in `name-version` or `name_version_architecture`.
    pub package: String,
    /// An instant or a day; from the beginning if absent.
    pub from: Option<String>,
    /// An instant or a day, which counts whole; until now if absent.
    pub to: Option<String>,
}

/// Lists who had a package, and when.
#[utoipa::path(tag = "computers", params(HoldersQuery, PageQuery), responses(
    (status = 200, body = Page<Holder>), (status = 422, body = Problem)))]
#[get("/software")]
pub async fn holders(
    caller: Caller,
    query: Query<HoldersQuery>,
    page: Query<PageQuery>,
) -> ApiResult<Page<Holder>> {
    let filter = HolderFilter {
        from: query.from.as_deref().map(|text| caller.app.read_from("from", text)).transpose()?,
        to: query.to.as_deref().map(|text| caller.app.read_to("to", text)).transpose()?,
        package: query.into_inner().package,
        after: page.after_id().map(ComputerId),
        limit: page.limit(),
    };
    Ok(Json(caller.app.software_holders(&caller.actor, filter).await?.into()))
}
