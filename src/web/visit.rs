//! A request of somebody who is signed in: what handlers are given.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use maud::Markup;

use super::components::list::{List, MOST_ROWS};
use super::csv;
use super::error::{PageError, PageResult};
use super::flash::{self, Flash};
use super::layout::Frame;
use super::reader::Reader;
use super::urls::Query;
use super::{related, respond};
use crate::app::actor::Actor;
use crate::app::{App, AppError};
use crate::catalogue::Lang;
use crate::http::actor::SignedIn;
use crate::http::forms::{Fields, Posted};
use crate::http::language;

/// Extractor for pages: who asks, in which language, and the query of the address.
pub struct Visit {
    pub app: Data<App>,
    pub by: SignedIn,
    pub lang: Lang,
    pub query: Query,
    flash: Option<Flash>,
    /// Address of the page before.
    referrer: String,
}

impl Visit {
    pub(super) fn of(request: &HttpRequest, by: SignedIn) -> Result<Self, actix_web::Error> {
        let app = request.app_data::<Data<App>>().cloned();
        let app = app.ok_or_else(|| {
            PageError::App(AppError::internal("the application is not registered"))
        })?;
        let header = request.headers().get(header::REFERER);
        Ok(Self {
            app,
            by,
            lang: language::of(request),
            query: Query::parse(request.path(), request.query_string()),
            flash: Flash::of(request),
            referrer: header.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned(),
        })
    }

    /// Whoever asks.
    pub fn actor(&self) -> &Actor {
        &self.by.actor
    }

    /// Reads what surrounds the page.
    ///
    /// # Errors
    /// [`PageError`] from the database.
    pub async fn frame(&self) -> Result<Frame, PageError> {
        let around = self.app.surroundings(self.actor()).await?;
        let zone = self.app.options().time_zone.clone();
        Ok(Frame {
            reader: Reader { lang: self.lang, zone, now: self.by.actor.at },
            organization: around.settings.organization,
            actor: self.by.actor.clone(),
            csrf: self.by.csrf().to_owned(),
            path: self.query.path().to_owned(),
            alerts: around.alerts,
            choices: around.choices,
            around: related::around(self).await?,
            demo: around.demo_accounts,
            flash: self.flash.clone(),
            query: self.query.clone(),
            page_size: if self.query.exports() { MOST_ROWS } else { around.settings.page_size },
            patience_seconds: around.settings.seconds_message_alert,
        })
    }

    /// Answers with a page.
    ///
    /// # Errors
    /// [`PageError`] from the database.
    pub async fn show(&self, page: impl FnOnce(&Frame) -> Markup) -> PageResult {
        self.show_as(StatusCode::OK, page).await
    }

    /// Answers with a page and a status: 422 for a form that was refused.
    ///
    /// # Errors
    /// [`PageError`] from the database.
    pub async fn show_as(
        &self,
        status: StatusCode,
        page: impl FnOnce(&Frame) -> Markup,
    ) -> PageResult {
        let frame = self.frame().await?;
        Ok(self.answer(status, page(&frame)))
    }

    /// Answers with a list, or with its rows as a file.
    ///
    /// # Errors
    /// None; the other answers of handlers have some.
    pub fn list(&self, frame: &Frame, list: List<'_>) -> PageResult {
        if frame.query.exports() {
            let (name, text) = list.file(frame);
            return Ok(csv::file(&name, text));
        }
        Ok(self.answer(StatusCode::OK, list.page(frame)))
    }

    fn answer(&self, status: StatusCode, page: Markup) -> HttpResponse {
        let mut response = respond::html(status, page);
        if self.flash.is_some() {
            // A cookie that cannot be written stays and is told again: no harm.
            let _told_again = response.add_cookie(&flash::removal());
        }
        response
    }

    /// What an operation returned, or nothing where the reader may not see it: the options of a
    /// filter, a related list.
    ///
    /// # Errors
    /// Every other [`PageError`].
    pub fn if_allowed<T: Default>(&self, found: Result<T, AppError>) -> Result<T, PageError> {
        match found {
            Err(AppError::Denied(_)) => Ok(T::default()),
            other => Ok(other?),
        }
    }

    /// The list the browser came from, with its filters, or the list itself.
    pub fn came_from(&self, list: &str) -> String {
        let path =
            self.referrer.split_once("://").and_then(|(_, rest)| rest.get(rest.find('/')?..));
        let same = path.filter(|path| path.split('?').next() == Some(list));
        same.map_or_else(|| list.to_owned(), |path| respond::own_path(path).to_owned())
    }

    /// Goes on to `url` and tells there what was done.
    pub fn done(&self, url: &str, flash: Flash) -> HttpResponse {
        respond::go(url, Some(&flash))
    }
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = std::future::Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let by = SignedIn::from_request(request, payload).into_inner();
        std::future::ready(by.map_err(Into::into).and_then(|by| Self::of(request, by)))
    }
}

/// Extractor for posted forms: the same, with the fields.
pub struct Post {
    pub visit: Visit,
    pub fields: Fields,
}

impl FromRequest for Post {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = Posted::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let Posted { by, fields } = posted.await?;
            Ok(Self { visit: Visit::of(&request, by)?, fields })
        })
    }
}
