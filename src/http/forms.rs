//! Forms of the admin pages, checked against forgery before anybody reads them.
//!
//! A form is accepted when its `csrf` field is the token of the session and, where the browser
//! sends an `Origin`, that is our own host. Fields may repeat (selections).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};

use super::actor::{Refused, SignedIn};

/// Header that carries the token when a page of ours calls the API.
pub const CSRF_HEADER: &str = "migas-csrf";

/// The fields of a form, in order; names may repeat.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The first value of `name`, empty if absent.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The first value of `name`.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A check box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Every value of `name` that is a number (ids of a selection).
    pub fn ids(&self, name: &str) -> Vec<i64> {
        self.all(name).filter_map(|value| value.parse().ok()).collect()
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// Extractor: who is signed in, and the form they posted from one of our own pages.
#[derive(Debug)]
pub struct Posted {
    pub by: SignedIn,
    pub fields: Fields,
}

impl FromRequest for Posted {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let by = SignedIn::from_request(request, payload);
        let form = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        let same_site = is_own_origin(request);
        Box::pin(async move {
            let by = by.await?;
            if !same_site {
                return Err(Refused::Forged);
            }
            let fields = Fields(form.await.map_err(|_| Refused::Unreadable)?.into_inner());
            if !by.accepts_csrf(fields.get("csrf")) {
                return Err(Refused::Forged);
            }
            Ok(Self { by, fields })
        })
    }
}

/// Says whether the request comes from a page of this host. A browser always names the origin
/// of a cross-site POST; a client without `Origin` is no browser and carries no cookie of ours.
pub fn is_own_origin(request: &HttpRequest) -> bool {
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST)
        }
    }
}
