//! Errors of the API as problem documents (RFC 9457).

use actix_web::http::{StatusCode, header};
use actix_web::web::Json;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use crate::app::{AppError, chain};
use crate::http::actor::Refused;

/// Media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `about:blank`: the status says what kind of problem it is.
    pub r#type: String,
    /// The status in words.
    pub title: String,
    pub status: u16,
    /// What happened, to what, and what to do next.
    pub detail: String,
    /// The field of the request that is wrong, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How many computers would lose something, where the change must be confirmed with their
    /// number: `?confirmed_computers=N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<i64>,
}

/// What handlers return that answer 200 with an object.
pub type ApiResult<T> = Result<Json<T>, ApiError>;

/// Why a request of the API failed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The body or the query is not what the route takes.
    #[error("{0}")]
    Unreadable(String),
    /// User and password of a request do not match.
    #[error("account {0} does not exist, or has another password")]
    WrongPassword(String),
    /// Too many attempts; the seconds to wait.
    #[error("too many attempts, try again in {0} seconds")]
    TooMany(u64),
    /// So many computers would lose something, and another number was confirmed.
    #[error(
        "{0} computers would lose something: `?preview=true` says which, `?confirmed_computers={0}` \
         does it"
    )]
    Unconfirmed(i64),
}

impl ApiError {
    /// The document for the caller; causes of our own faults go to the log instead.
    fn problem(&self) -> Problem {
        let status = self.status_code();
        let field = match self {
            Self::App(AppError::Invalid { field, .. }) => Some((*field).to_owned()),
            _ => None,
        };
        Problem {
            r#type: "about:blank".into(),
            title: status.canonical_reason().unwrap_or("Error").into(),
            status: status.as_u16(),
            detail: self.detail(),
            field,
            confirm: match self {
                Self::Unconfirmed(computers) => Some(*computers),
                _ => None,
            },
        }
    }

    /// What happened; where only the caller can go on, how.
    fn detail(&self) -> String {
        match self {
            Self::Refused(Refused::Anonymous) => {
                "not signed in, or the token is not known: send `Authorization: Bearer TOKEN` with \
                 one that `migas token create` made"
                    .to_owned()
            }
            Self::App(AppError::Internal(_)) | Self::Refused(Refused::Failed(_)) => {
                "internal error: the log of the server says why".to_owned()
            }
            _ => self.to_string(),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::App(error) => match error {
                AppError::NotFound { .. } => StatusCode::NOT_FOUND,
                AppError::Denied(_) => StatusCode::FORBIDDEN,
                AppError::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                AppError::Conflict(_) => StatusCode::CONFLICT,
                AppError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
                AppError::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
                AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::Refused(refused) => match refused {
                Refused::Anonymous => StatusCode::UNAUTHORIZED,
                Refused::Forged => StatusCode::FORBIDDEN,
                Refused::Unreadable => StatusCode::BAD_REQUEST,
                Refused::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
            Self::WrongPassword(_) => StatusCode::UNAUTHORIZED,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unconfirmed(_) => StatusCode::CONFLICT,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if self.status_code() == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(error = chain(self), "a request of the API failed");
        }
        let mut response = HttpResponse::build(self.status_code());
        match self.status_code() {
            StatusCode::UNAUTHORIZED => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                response.insert_header((header::RETRY_AFTER, "5"));
            }
            _ => {}
        }
        let body = serde_json::to_vec(&self.problem()).unwrap_or_default();
        response.content_type(MEDIA_TYPE).body(body)
    }
}
