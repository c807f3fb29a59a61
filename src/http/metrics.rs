//! `/metrics`: figures of the process and of the site, for Prometheus.
//!
//! Requests are counted by edge, method and class of status, never by path: a scanner must not
//! grow the memory of the server. The figures of the site are read when somebody asks.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{Error, HttpResponse};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::app::{App, AppError, chain};
use crate::domain::account::{Action, Model};

use super::actor::{Refused, SignedIn};

/// Seconds at which a request counts as slower.
const BUCKETS: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Who a request was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EncodeLabelValue)]
enum Edge {
    Api,
    Sync,
    Repositories,
    Pages,
}

impl Edge {
    fn of(path: &str) -> Self {
        match path.trim_start_matches('/').split('/').next() {
            Some("api") => Self::Api,
            Some("sync") => Self::Sync,
            Some("public" | "src" | "repo" | "get_key_repositories") => Self::Repositories,
            _ => Self::Pages,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    edge: Edge,
    method: &'static str,
    /// `2xx`, `4xx`…
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EdgeLabel {
    edge: Edge,
}

/// The figures of this process; the workers share them.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    registry: Registry,
    requests: Family<Labels, Counter>,
    durations: Family<EdgeLabel, Histogram, fn() -> Histogram>,
    computers: Gauge,
    errors: Gauge,
    faults: Gauge,
    notifications: Gauge,
    synchronizations: Gauge,
    generations: Gauge,
    database_bytes: Gauge,
    free_bytes: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("migas");
        let make: fn() -> Histogram = || Histogram::new(BUCKETS);
        let parts = Parts {
            requests: Family::default(),
            durations: Family::new_with_constructor(make),
            computers: Gauge::default(),
            errors: Gauge::default(),
            faults: Gauge::default(),
            notifications: Gauge::default(),
            synchronizations: Gauge::default(),
            generations: Gauge::default(),
            database_bytes: Gauge::default(),
            free_bytes: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests answered", parts.requests.clone());
        let help = "Seconds until the head of an answer was ready";
        registry.register("http_request_duration_seconds", help, parts.durations.clone());
        registry.register("computers", "Computers, whatever their status", parts.computers.clone());
        registry.register("unchecked_errors", "Errors to check", parts.errors.clone());
        registry.register("unchecked_faults", "Faults to check", parts.faults.clone());
        let help = "Notifications to check";
        registry.register("unchecked_notifications", help, parts.notifications.clone());
        let help = "Synchronisations that ever ended";
        registry.register("synchronizations", help, parts.synchronizations.clone());
        let help = "Generations of repositories that were ever published";
        registry.register("published_generations", help, parts.generations.clone());
        let help = "Size of the database file in bytes";
        registry.register("database_bytes", help, parts.database_bytes.clone());
        let help = "Bytes of the database file that are free";
        registry.register("database_free_bytes", help, parts.free_bytes.clone());
        Self(Arc::new(Parts { registry, ..parts }))
    }
}

impl Metrics {
    fn count(&self, edge: Edge, method: &Method, status: u16, seconds: f64) {
        let labels = Labels { edge, method: method_label(method), status: status_label(status) };
        self.0.requests.get_or_create(&labels).inc();
        self.0.durations.get_or_create(&EdgeLabel { edge }).observe(seconds);
    }

    async fn encode(&self, app: &App) -> Result<String, AppError> {
        let totals = app.totals().await?;
        let parts = &self.0;
        parts.computers.set(totals.computers);
        parts.errors.set(totals.unchecked_errors);
        parts.faults.set(totals.unchecked_faults);
        parts.notifications.set(totals.unchecked_notifications);
        parts.synchronizations.set(totals.synchronizations);
        parts.generations.set(totals.generations);
        parts.database_bytes.set(totals.database_bytes);
        parts.free_bytes.set(totals.free_bytes);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &parts.registry)
            .map_err(|error| AppError::Internal(error.into()))?;
        Ok(text)
    }
}

/// Only known methods, so that nobody makes labels.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

fn status_label(status: u16) -> &'static str {
    match status {
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500..600 => "5xx",
        _ => "1xx",
    }
}

/// Counts every request: wrap the application in it.
///
/// # Errors
/// What the service answers.
pub async fn observe<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let metrics = request.app_data::<Data<Metrics>>().cloned();
    let (edge, method) = (Edge::of(request.path()), request.method().clone());
    let begin = Instant::now();
    let answer = next.call(request).await;
    if let Some(metrics) = metrics {
        let status = match &answer {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        metrics.count(edge, &method, status.as_u16(), begin.elapsed().as_secs_f64());
    }
    answer
}

/// Registers `/metrics`.
pub fn routes(service: &mut ServiceConfig) {
    service.route("/metrics", web::get().to(show));
}

/// For whoever may see computers: a token, or a session (D-OP-01).
async fn show(
    app: Data<App>,
    metrics: Data<Metrics>,
    by: Result<SignedIn, Refused>,
) -> HttpResponse {
    match by {
        Ok(by) if by.actor.may(Model::Computer, Action::View) => {}
        Ok(_) => return HttpResponse::Forbidden().body("this account may not see computers\n"),
        Err(_) => {
            return HttpResponse::Unauthorized()
                .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
                .body("a bearer token is needed: migas token create\n");
        }
    }
    match metrics.encode(&app).await {
        Ok(text) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(error) => {
            tracing::error!(error = chain(&error), "the figures cannot be read");
            HttpResponse::InternalServerError().body("the figures cannot be read\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;
    use crate::api::tests::Site;

    #[actix_web::test]
    async fn requests_are_counted_by_edge_and_shown_to_whoever_may_see_computers() {
        let site = Site::small().await;
        let service = init_service(
            actix_web::App::new()
                .wrap(from_fn(observe))
                .app_data(Data::new(site.app.clone()))
                .app_data(Data::new(Metrics::default()))
                .configure(routes),
        )
        .await;
        let ask = |token: Option<&str>| {
            let request = TestRequest::get().uri("/metrics");
            match token {
                Some(token) => request.insert_header(("Authorization", format!("Bearer {token}"))),
                None => request,
            }
            .to_request()
        };
        let refused = call_service(&service, ask(None)).await;
        assert_eq!(("D-OP-01", refused.status().as_u16()), ("D-OP-01", 401));
        let answer = call_service(&service, ask(Some(&site.token))).await;
        assert_eq!(answer.status(), 200);
        let text = String::from_utf8(read_body(answer).await.to_vec()).unwrap();
        for line in [
            r#"migas_http_requests_total{edge="Pages",method="GET",status="4xx"} 1"#,
            "migas_computers 4",
            "migas_unchecked_errors 2",
            "migas_synchronizations 3",
            "# EOF",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn nobody_makes_labels() {
        assert_eq!(method_label(&Method::from_bytes(b"BREW").unwrap()), "other");
        assert_eq!(Edge::of("/public/x/y"), Edge::Repositories);
        assert_eq!(Edge::of("/wp-login.php"), Edge::Pages);
    }
}
