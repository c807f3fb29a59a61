//! Who is signed in: a browser by its session, a script by its bearer token.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};

use crate::app::actor::Actor;
use crate::app::sign_in::SignIn;
use crate::app::{App, AppError, chain};

use super::session;

/// Why a request goes no further; each edge shows it in its own way.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Nobody is signed in, or the session or token is not known any more.
    #[error("not signed in")]
    Anonymous,
    /// The form did not come from one of our pages, or from an old one.
    #[error("the form is not from this session")]
    Forged,
    /// The body is no form.
    #[error("the request cannot be read")]
    Unreadable,
    /// The account could not be looked up.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// Extractor: the account behind the request.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub actor: Actor,
    pub account: crate::domain::account::Account,
    /// Token that forms of the session carry; none with a bearer token.
    csrf: Option<String>,
}

impl SignedIn {
    /// The token to put into forms.
    pub fn csrf(&self) -> &str {
        self.csrf.as_deref().unwrap_or_default()
    }

    /// Says whether a form carried the token of this session.
    pub fn accepts_csrf(&self, token: &str) -> bool {
        self.csrf.as_deref().is_some_and(|own| !own.is_empty() && own == token)
    }

    /// Says whether the request carried a bearer token, which no browser sends by itself.
    pub fn by_token(&self) -> bool {
        self.csrf.is_none()
    }
}

impl FromRequest for SignedIn {
    type Error = Refused;
    type Future = Ready<Result<Self, Refused>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request))
    }
}

/// Two point reads by key, on the worker itself: cheaper than a hop to the blocking pool.
fn signed_in(request: &HttpRequest) -> Result<SignedIn, Refused> {
    let app = request
        .app_data::<web::Data<App>>()
        .ok_or_else(|| AppError::internal("the application is not registered"))?;
    let now = crate::clock::now();
    let bearer = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let found = match (bearer, session::key(request)) {
        (Some(token), _) => app.find_token(token.trim(), now)?,
        (None, Some(key)) => app.find_session(&key, now)?,
        (None, None) => None,
    };
    let SignIn { actor, account, csrf } = found.ok_or(Refused::Anonymous)?;
    Ok(SignedIn { actor, account, csrf })
}

/// The browser's way; edges for scripts wrap [`SignedIn`] and answer in theirs.
impl actix_web::ResponseError for Refused {
    fn status_code(&self) -> actix_web::http::StatusCode {
        use actix_web::http::StatusCode;
        match self {
            Self::Anonymous => StatusCode::SEE_OTHER,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> actix_web::HttpResponse {
        if let Self::Failed(error) = self {
            tracing::error!(error = chain(error), "nobody could be signed in");
        }
        let mut response = actix_web::HttpResponse::build(self.status_code());
        if matches!(self, Self::Anonymous) {
            response.insert_header((header::LOCATION, "/login"));
        }
        response.content_type("text/plain; charset=utf-8").body(self.to_string())
    }
}
