//! One signed exchange: headers, key, clock, body, signature, operation, sealed answer.
//!
//! The body is read only for a key that we know and a clock that is near ours, and never beyond
//! its limit: whoever cannot sign gets neither memory nor a transaction.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::envelope::{Envelope, nonce, sealed};
use super::problem::refuse;
use crate::app::App;
use crate::app::credentials::{Call, Signed};
use crate::app::refusal::Refusal;
use crate::http::arrival::Arrival;
use crate::wire::signing::MAX_CLOCK_SKEW_MS;

/// What an operation of the protocol is called, and how long its body may be.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Stands in the errors of refused calls (D-ERR-01).
    pub name: &'static str,
    pub limit_bytes: usize,
}

/// Answers a request that must be signed by a registered computer.
pub async fn exchange<Message, Answer>(
    request: HttpRequest,
    payload: web::Payload,
    app: &App,
    operation: Operation,
    work: impl AsyncFnOnce(Signed, Message) -> Result<Answer, Refusal>,
) -> HttpResponse
where
    Message: DeserializeOwned,
    Answer: Serialize,
{
    let arrival = Arrival::of(&request);
    let served = async {
        let envelope = timely(&request, arrival)?;
        let signer = app.find_signer(&envelope.key_id)?.ok_or(Refusal::UnknownComputer)?;
        let body = body(&request, payload, operation.limit_bytes).await?;
        let call = call(operation, &envelope, arrival);
        let verified = signer.verifies(&envelope.digest(&body), &envelope.signature);
        let signed = app.admit(signer, verified, call).await?;
        work(signed, message(&body)?).await
    };
    answer(&request, app, arrival, served.await)
}

/// Answers a registration: its signature is by the key that it announces itself.
pub async fn introduce<Message, Answer>(
    request: HttpRequest,
    payload: web::Payload,
    app: &App,
    operation: Operation,
    work: impl AsyncFnOnce(Introduction, Message) -> Result<Answer, Refusal>,
) -> HttpResponse
where
    Message: DeserializeOwned,
    Answer: Serialize,
{
    let arrival = Arrival::of(&request);
    let served = async {
        let envelope = timely(&request, arrival)?;
        let body = body(&request, payload, operation.limit_bytes).await?;
        let message = message(&body)?;
        let call = call(operation, &envelope, arrival);
        work(Introduction { envelope, body, call }, message).await
    };
    answer(&request, app, arrival, served.await)
}

/// A request whose key is in its body.
#[derive(Debug)]
pub struct Introduction {
    envelope: Envelope,
    body: Bytes,
    pub call: Call,
}

impl Introduction {
    /// Says whether `key` is the one that the headers name and that signed the request.
    pub fn is_signed_by(&self, key: &crate::wire::keys::PublicKey) -> bool {
        let digest = self.envelope.digest(&self.body);
        key.id.to_string() == self.envelope.key_id
            && key.verifies_base64(&digest, &self.envelope.signature)
    }
}

/// Answers any other path below ours: signed too, so that the client believes it.
pub async fn no_such_operation(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    let refusal = Refusal::Invalid("there is no such operation".into());
    refuse(&app, &nonce(&request), &refusal, Arrival::of(&request).at)
}

fn answer(
    request: &HttpRequest,
    app: &App,
    arrival: Arrival,
    served: Result<impl Serialize, Refusal>,
) -> HttpResponse {
    let nonce = nonce(request);
    let written = served.and_then(|answer| {
        serde_json::to_vec(&answer)
            .map_err(|error| Refusal::Failed(crate::app::AppError::Internal(error.into())))
    });
    match written {
        Ok(body) => sealed(app, &nonce, StatusCode::OK, "application/json", body),
        Err(refusal) => refuse(app, &nonce, &refusal, arrival.at),
    }
}

fn call(operation: Operation, envelope: &Envelope, arrival: Arrival) -> Call {
    Call {
        operation: operation.name,
        time_ms: envelope.time_ms,
        at: arrival.at,
        address: arrival.address,
    }
}

/// Reads the headers; a clock more than 300 s off gets ours told.
fn timely(request: &HttpRequest, arrival: Arrival) -> Result<Envelope, Refusal> {
    let envelope = Envelope::of(request)
        .ok_or_else(|| Refusal::Invalid("the request is not signed as it must be".into()))?;
    let off_ms = envelope.time_ms.saturating_sub(arrival.at.as_millisecond());
    if off_ms.saturating_abs() > MAX_CLOCK_SKEW_MS {
        return Err(Refusal::Clock);
    }
    Ok(envelope)
}

/// Reads the body up to its limit.
async fn body(
    request: &HttpRequest,
    mut payload: web::Payload,
    limit_bytes: usize,
) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::TooLarge { limit_bytes };
    let announced = request.headers().get(actix_web::http::header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit_bytes) {
        return Err(too_large());
    }
    let mut body = web::BytesMut::with_capacity(announced.unwrap_or(0).min(64 * 1024));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Refusal::Invalid(error.to_string()))?;
        if body.len() + chunk.len() > limit_bytes {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Reads the body; one that is empty, as that of a GET is, says nothing.
fn message<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(if body.is_empty() { b"null" } else { body })
        .map_err(|error| Refusal::Invalid(format!("the request cannot be read: {error}")))
}
