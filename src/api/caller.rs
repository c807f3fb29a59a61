//! Who calls the API: a bearer token, or a browser's session on one of our own pages.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::app::actor::Actor;
use crate::app::{App, AppError};
use crate::http::actor::{Refused, SignedIn};
use crate::http::forms;

use super::problem::ApiError;

/// Extractor: the actor of a call, and the appliance that it calls.
pub struct Caller {
    pub app: Data<App>,
    pub actor: Actor,
}

impl FromRequest for Caller {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload).into_inner();
        ready(signed_in.map_err(ApiError::from).and_then(|by| admit(request, by)))
    }
}

impl Caller {
    /// The appliance of this request, which may be one on trial.
    pub fn of(request: &HttpRequest, actor: Actor) -> Result<Self, ApiError> {
        let app = request.app_data::<Data<App>>().cloned();
        let app = app.ok_or_else(|| AppError::internal("the application is not registered"))?;
        Ok(Self { app, actor })
    }
}

fn admit(request: &HttpRequest, by: SignedIn) -> Result<Caller, ApiError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !by.by_token() {
        let token = request.headers().get(forms::CSRF_HEADER).and_then(|value| value.to_str().ok());
        if !forms::is_own_origin(request) || !by.accepts_csrf(token.unwrap_or_default()) {
            return Err(Refused::Forged.into());
        }
    }
    Caller::of(request, by.actor)
}
