//! Who uploads: as every caller of the API, or by user and password (HTTP Basic), which is what
//! `migas upload` and a plain `curl --user` send.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use base64::Engine as _;

use crate::app::{App, AppError};
use crate::http::arrival::Arrival;
use crate::http::limits::Limits;
use crate::http::peer;

use super::caller::Caller;
use super::problem::ApiError;

/// Extractor: the caller of an upload.
pub struct Uploader(pub Caller);

impl FromRequest for Uploader {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let Some((user, password)) = basic(request) else {
            let caller = Caller::from_request(request, payload);
            return Box::pin(async { Ok(Self(caller.await?)) });
        };
        let request = request.clone();
        Box::pin(async move { by_password(&request, &user, password).await })
    }
}

/// User and password of the request.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let decoded = base64::engine::general_purpose::STANDARD.decode(value.strip_prefix("Basic ")?);
    let text = String::from_utf8(decoded.ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

async fn by_password(
    request: &HttpRequest,
    user: &str,
    password: String,
) -> Result<Uploader, ApiError> {
    let missing = || AppError::internal("the application is not registered");
    let app = request.app_data::<web::Data<App>>().ok_or_else(missing)?;
    let limits = request.app_data::<web::Data<Limits>>().ok_or_else(missing)?;
    let now = Arrival::of(request).at;
    if let Some(actor) = app.actor_proven(user, &password, now).await? {
        return Caller::of(request, actor).map(Uploader);
    }
    limits
        .login(peer::address(request), user)
        .map_err(|wait| ApiError::TooMany(wait.retry_after.as_secs() + 1))?;
    match app.actor_by_password(user, password, now).await {
        Ok(actor) => Caller::of(request, actor).map(Uploader),
        Err(AppError::Invalid { .. }) => Err(ApiError::WrongPassword(user.to_owned())),
        Err(error) => Err(error.into()),
    }
}
