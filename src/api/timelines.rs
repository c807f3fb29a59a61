//! `/api/v1/deployments/{id}/timeline`.

use actix_web::get;
use actix_web::web::{Json, Path, ServiceConfig};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::AppError;
use crate::app::timelines::DeploymentTimeline;
use crate::domain::ids::DeploymentId;

use super::caller::Caller;
use super::problem::{ApiResult, Problem};

/// Registers the route.
pub fn routes(service: &mut ServiceConfig) {
    service.service(show);
}

/// How a deployment spreads by its schedule.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineBody {
    /// Name of the schedule.
    pub schedule: String,
    #[schema(value_type = String, format = Date)]
    pub begin: Date,
    #[schema(value_type = String, format = Date)]
    pub end: Date,
    /// Calendar days since `begin`, counting today, within 0 and `total_days`.
    pub elapsed_days: i64,
    pub total_days: i64,
    /// 0 to 100.
    pub percent: u8,
    pub delays: Vec<DelayBody>,
    /// From the first day to the last on which something happens.
    pub days: Vec<DayBody>,
}

/// A delay of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct DelayBody {
    /// Business days after the start.
    pub delay: u32,
    /// Business days over which its computers are spread.
    pub duration: u32,
    /// Its first day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    pub reached: bool,
    pub percent: u8,
    /// `PREFIX-value` of each.
    pub attributes: Vec<String>,
}

/// Computers provided at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayBody {
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Productive computers that are due by then.
    pub planned: usize,
    /// Those of them that have synchronised since; null for days to come.
    pub actual: Option<usize>,
}

impl From<DeploymentTimeline> for TimelineBody {
    fn from(found: DeploymentTimeline) -> Self {
        let DeploymentTimeline { timeline, schedule, attributes, days } = found;
        let delays = timeline.delays.into_iter().zip(attributes).map(|(delay, attributes)| {
            let crate::domain::schedule::DelayProgress {
                delay,
                duration,
                date,
                reached,
                percent,
                ..
            } = delay;
            DelayBody { delay, duration, date, reached, percent, attributes }
        });
        let day = |day: crate::domain::provided::ProvidedDay| DayBody {
            date: day.date,
            planned: day.planned,
            actual: day.actual,
        };
        Self {
            schedule,
            begin: timeline.begin,
            end: timeline.end,
            elapsed_days: timeline.elapsed_days,
            total_days: timeline.total_days,
            percent: timeline.percent,
            delays: delays.collect(),
            days: days.into_iter().map(day).collect(),
        }
    }
}

/// Returns the timeline of a deployment: its days, its delays, and the productive computers it has
/// provided by day, planned and as they came. 404 without a schedule that has delays.
#[utoipa::path(tag = "deployments", responses(
    (status = 200, body = TimelineBody), (status = 404, body = Problem)))]
#[get("/deployments/{id}/timeline")]
pub async fn show(caller: Caller, id: Path<i64>) -> ApiResult<TimelineBody> {
    let found = caller.app.deployment_timeline(&caller.actor, DeploymentId(*id)).await?;
    let found = found.ok_or_else(|| AppError::not_found("timeline of deployment", *id))?;
    Ok(Json(found.into()))
}
