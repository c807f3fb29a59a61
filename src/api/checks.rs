//! What the lists of errors, faults and notifications share: their filter, and checking off.

use actix_web::web::Json;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::app::checks::{Checkable, FoundFilter};
use crate::app::{App, AppError};
use crate::domain::ids::ProjectId;

use super::caller::Caller;
use super::cid::Cid;
use super::computers::Changed;
use super::page::PageQuery;
use super::problem::ApiResult;

/// Which rows, newest first.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct FoundQuery {
    pub checked: Option<bool>,
    /// `CID-7` or `7`.
    #[param(value_type = Option<String>)]
    pub computer: Option<Cid>,
    /// Id of a project.
    pub project: Option<i64>,
    /// An instant or a day.
    pub from: Option<String>,
    /// An instant or a day, which counts whole.
    pub to: Option<String>,
}

impl FoundQuery {
    /// Reads the filter of a page.
    pub fn read(&self, app: &App, page: &PageQuery) -> Result<FoundFilter, AppError> {
        Ok(FoundFilter {
            checked: self.checked,
            computer: self.computer.map(|cid| cid.0),
            project: self.project.map(ProjectId),
            from: self.from.as_deref().map(|text| app.read_from("from", text)).transpose()?,
            to: self.to.as_deref().map(|text| app.read_to("to", text)).transpose()?,
            before: page.after_id(),
            limit: page.limit(),
        })
    }
}

/// Whether the object is checked off.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub checked: bool,
}

/// Whether the objects of a selection are checked off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckMany {
    pub ids: Vec<i64>,
    pub checked: bool,
}

impl CheckMany {
    /// Checks or unchecks the selection.
    pub async fn apply(self, caller: &Caller, kind: Checkable) -> ApiResult<Changed> {
        let changed = caller.app.set_checked(&caller.actor, kind, self.ids, self.checked).await?;
        Ok(Json(Changed { changed }))
    }
}

#[cfg(test)]
mod tests;
