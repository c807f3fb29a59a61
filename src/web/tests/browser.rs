//! As much of a browser as a test needs: cookies, and the token of the session's forms.

use std::cell::RefCell;
use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;

use crate::app::App;
use crate::http::limits::Limits;
use crate::http::listener::security_headers;
use crate::web::flash;

/// A browser before a site.
pub(crate) struct Browser {
    app: App,
    limits: Data<Limits>,
    cookies: RefCell<BTreeMap<String, String>>,
    language: &'static str,
    csrf: RefCell<String>,
}

/// What came back.
pub(crate) struct Shown {
    pub status: StatusCode,
    /// Where a redirect leads.
    pub location: String,
    pub policy: String,
    pub body: String,
}

impl Browser {
    pub(crate) fn new(app: &App) -> Self {
        let limits = Data::new(Limits::default());
        let (cookies, csrf) = (RefCell::default(), RefCell::default());
        Self { app: app.clone(), limits, cookies, language: "en", csrf }
    }

    /// A browser in which somebody of the demonstration is signed in.
    pub(crate) async fn signed_in(app: &App, account: &str) -> Self {
        Self::signed_in_with(app, account, account).await
    }

    /// The same with a password of its own.
    pub(crate) async fn signed_in_with(app: &App, account: &str, password: &str) -> Self {
        let browser = Self::new(app);
        let shown = browser.post("/login", &[("username", account), ("password", password)]).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{account}: {}", shown.body);
        browser.read_token().await;
        browser
    }

    /// The language it asks for.
    pub(crate) fn speaks(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// Takes the token from a page.
    async fn read_token(&self) {
        let page = self.get("/account/password").await.body;
        let found = regex::Regex::new(r#"name="csrf" value="([^"]+)""#).unwrap();
        let token = found.captures(&page).expect("a page with forms has a token")[1].to_owned();
        self.csrf.replace(token);
    }

    /// Forgets the token, as a form of another site would not know it.
    pub(crate) fn forget_token(&self) {
        self.csrf.take();
    }

    /// Overlooks what the last form has to tell.
    pub(crate) fn overlook(&self) {
        self.cookies.borrow_mut().remove(flash::COOKIE);
    }

    pub(crate) async fn get(&self, path: &str) -> Shown {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Posts a form with the token of the session.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let csrf = self.csrf.borrow().clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.send(TestRequest::post().uri(path).set_form(all)).await
    }

    /// Posts a form and opens the page it leads to.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let shown = self.post(path, fields).await;
        assert_eq!(shown.status, StatusCode::SEE_OTHER, "{path}: {}", text_of(&shown.body));
        let next = shown.location;
        self.get(&next).await
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Shown {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .insert_header((header::ACCEPT_LANGUAGE, self.language))
            .insert_header((header::COOKIE, cookies.join("; ")));
        let service = init_service(
            actix_web::App::new()
                .app_data(Data::new(self.app.clone()))
                .app_data(self.limits.clone())
                .wrap(security_headers())
                .configure(|service| crate::web::calls(service, crate::api::routes))
                .configure(crate::web::routes),
        )
        .await;
        let response = call_service(&service, request.to_request()).await;
        for cookie in response.response().cookies() {
            let mut cookies = self.cookies.borrow_mut();
            match cookie.value() {
                "" => cookies.remove(cookie.name()),
                value => cookies.insert(cookie.name().to_owned(), value.to_owned()),
            };
        }
        let text = |name| {
            let value = response.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let (location, policy) = (text(header::LOCATION), text(header::CONTENT_SECURITY_POLICY));
        let status = response.status();
        let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        Shown { status, location, policy, body }
    }
}

/// A page without its tags, for messages of failed tests.
pub(crate) fn text_of(page: &str) -> String {
    regex::Regex::new(r"<[^>]*>").unwrap().replace_all(page, " ").into_owned()
}
