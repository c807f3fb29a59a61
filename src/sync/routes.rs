//! The operations, a line each.

use actix_web::web::{self, Data, Path, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::exchange::{Operation, exchange, introduce, no_such_operation};
use crate::app::App;
use crate::app::refusal::Refusal;
use crate::http::limits::{Limits, TooMany};
use crate::wire::keys::PublicKey;
use crate::wire::sync::{Progress, RegisterRequest, Report, SyncRequest, WhyRequest};
use crate::wire::tags::SetTags;

const REGISTER: Operation = Operation { name: "register", limit_bytes: 64 << 10 };
const SYNC: Operation = Operation { name: "sync", limit_bytes: 8 << 20 };
const PROGRESS: Operation = Operation { name: "progress", limit_bytes: 16 << 10 };
/// Software, its changes, hardware, faults and errors together.
const REPORT: Operation = Operation { name: "report", limit_bytes: 32 << 20 };
const WHY: Operation = Operation { name: "why", limit_bytes: 16 << 10 };
const TAGS: Operation = Operation { name: "tags", limit_bytes: 512 << 10 };

/// Registers `/sync/v1`.
pub fn routes(service: &mut ServiceConfig) {
    service.service(
        web::scope("/sync/v1")
            .route("/register", web::post().to(register))
            .route("/sync", web::post().to(sync))
            .route("/sync/{id}/progress", web::post().to(progress))
            .route("/sync/{id}/report", web::post().to(report))
            .route("/why", web::post().to(why))
            .route("/tags", web::get().to(tags))
            .route("/tags", web::put().to(set_tags))
            .default_service(web::to(no_such_operation)),
    );
}

/// `POST /sync/v1/register`: see [`App::register_computer`].
async fn register(
    request: HttpRequest,
    payload: Payload,
    app: Data<App>,
    limits: Data<Limits>,
) -> HttpResponse {
    introduce(request, payload, &app, REGISTER, async |by, asked: RegisterRequest| {
        limits.registration(by.call.address).map_err(too_many)?;
        let key = PublicKey::parse(&asked.public_key)
            .map_err(|error| Refusal::Invalid(format!("public_key: {error}")))?;
        if !by.is_signed_by(&key) {
            return Err(Refusal::Signature);
        }
        if !asked.username.is_empty() {
            limits.login(by.call.address, &asked.username).map_err(too_many)?;
        }
        app.register_computer(by.call, key, asked).await
    })
    .await
}

/// `POST /sync/v1/sync`: see [`App::synchronise`].
async fn sync(request: HttpRequest, payload: Payload, app: Data<App>) -> HttpResponse {
    exchange(request, payload, &app, SYNC, async |by, asked: SyncRequest| {
        app.synchronise(by, asked).await
    })
    .await
}

/// `POST /sync/v1/sync/{id}/progress`: see [`App::progress`].
async fn progress(
    request: HttpRequest,
    payload: Payload,
    app: Data<App>,
    id: Path<String>,
) -> HttpResponse {
    exchange(request, payload, &app, PROGRESS, async |by, step: Progress| {
        app.progress(by, &id, &step.text).await.map(|()| serde_json::json!({}))
    })
    .await
}

/// `POST /sync/v1/sync/{id}/report`: see [`App::report`].
async fn report(
    request: HttpRequest,
    payload: Payload,
    app: Data<App>,
    id: Path<String>,
) -> HttpResponse {
    exchange(request, payload, &app, REPORT, async |by, report: Report| {
        app.report(by, &id, report).await
    })
    .await
}

/// `POST /sync/v1/why`: see [`App::why_here`].
async fn why(request: HttpRequest, payload: Payload, app: Data<App>) -> HttpResponse {
    exchange(request, payload, &app, WHY, async |by, asked: WhyRequest| {
        app.why_here(by, &asked.package).await
    })
    .await
}

/// `GET /sync/v1/tags`: see [`App::tags_here`].
async fn tags(request: HttpRequest, payload: Payload, app: Data<App>) -> HttpResponse {
    exchange(request, payload, &app, TAGS, async |by, ()| app.tags_here(by).await).await
}

/// `PUT /sync/v1/tags`: see [`App::set_tags_here`].
async fn set_tags(request: HttpRequest, payload: Payload, app: Data<App>) -> HttpResponse {
    exchange(request, payload, &app, TAGS, async |by, asked: SetTags| {
        app.set_tags_here(by, asked.tags).await
    })
    .await
}

fn too_many(wait: TooMany) -> Refusal {
    Refusal::TooMany { retry_after_s: wait.retry_after.as_secs() + 1 }
}
