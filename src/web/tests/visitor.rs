//! Somebody who is signed in to a fresh site, for the tests of pages: real storage, real
//! operations, real sessions.

use actix_web::http::{StatusCode, header};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::Data;
use actix_web::{App as Server, cookie::Cookie};

use crate::app::fixtures::Site;
use crate::http::session;
use crate::storage::{WriteTx, fixtures};

/// A browser with a session.
pub(crate) struct Visitor {
    pub site: Site,
    cookie: Cookie<'static>,
    csrf: String,
}

/// What a form was answered with.
pub(crate) struct Answer {
    pub status: StatusCode,
    /// Where the browser goes on to; empty if it stays.
    pub location: String,
    pub html: String,
}

impl Visitor {
    /// The account of the demonstration site with this name, on a site with one project.
    pub(crate) async fn of(account: &str) -> Self {
        let site = Site::new().await;
        Self { cookie: Cookie::new("", ""), csrf: String::new(), site }.turns(account).await
    }

    /// The same browser with another account.
    pub(crate) async fn turns(self, account: &str) -> Self {
        let (app, now) = (&self.site.app, crate::clock::now());
        let key = app.sign_in(account, account.to_owned(), 12, now).await.unwrap().key;
        let csrf = app.find_session(&key, now).unwrap().unwrap().csrf.unwrap();
        Self { cookie: session::cookie(key), csrf, ..self }
    }

    /// Puts the computers 1 and 2 into the project, which have ALL SYSTEMS; 2 is in repair.
    pub(crate) async fn with_computers(self) -> Self {
        let sql = "
            INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at,
                                  sync_start_date, sync_end_date)
            SELECT value, 'U' || value, 'pc<' || value || '>', (SELECT id FROM project),
                   iif(value = 2, 'in repair', 'intended'), {0}, {0}, {0}, {0}
            FROM json_each('[1,2]');
            INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
            SELECT id, 1, {0} FROM computer;";
        let run = move |tx: &WriteTx<'_>| fixtures::run(tx, sql);
        self.site.app.storage().write(run).await.unwrap();
        self
    }

    /// Opens a page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.send(TestRequest::get().uri(path)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.html);
        answer.html
    }

    /// Opens a page, whatever comes of it.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    /// Posts a form of this session.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form: Vec<(&str, &str)> = fields.to_vec();
        form.push(("csrf", &self.csrf));
        self.send(TestRequest::post().uri(path).set_form(form)).await
    }

    async fn send(&self, request: TestRequest) -> Answer {
        let app = Data::new(self.site.app.clone());
        let server = Server::new().app_data(app).configure(crate::web::routes);
        let server = init_service(server).await;
        let request = request.cookie(self.cookie.clone()).to_request();
        let response = call_service(&server, request).await;
        let location = response.headers().get(header::LOCATION);
        let location = location.map(|url| url.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status();
        let html = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        Answer { status, location, html }
    }
}
