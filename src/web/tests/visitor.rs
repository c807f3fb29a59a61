//! Somebody who is signed in to a fresh site, for the tests beside the pages.

use actix_web::http::StatusCode;

use super::browser::{Browser, Shown, text_of};
use crate::app::fixtures::Site;
use crate::storage::{WriteTx, fixtures};

/// A browser with a session, and the site it is signed in to.
pub(crate) struct Visitor {
    pub site: Site,
    browser: Browser,
}

impl Visitor {
    /// The account of the demonstration site with this name, on a site with one project.
    pub(crate) async fn of(account: &str) -> Self {
        let site = Site::new().await;
        Self { browser: Browser::signed_in(&site.app, account).await, site }
    }

    /// Another account on the same site.
    pub(crate) async fn turns(self, account: &str) -> Self {
        Self { browser: Browser::signed_in(&self.site.app, account).await, ..self }
    }

    /// Another account on the same site, with a password that is not its name.
    pub(crate) async fn turns_with(self, account: &str, password: &str) -> Self {
        let browser = Browser::signed_in_with(&self.site.app, account, password).await;
        Self { browser, ..self }
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

    /// Puts sixty computers into the project, and a deployment that has a package for all.
    pub(crate) async fn with_a_fleet(self) -> Self {
        let sql = "
            INSERT INTO computer (id, uuid, name, project_id, status, created_at, updated_at,
                                  sync_start_date)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
            SELECT i, 'U' || i, 'pc' || i, (SELECT id FROM project), 'intended', {0}, {0}, {0}
            FROM n;
            INSERT INTO computer_attribute (computer_id, attribute_id, valid_from)
            SELECT id, 1, {0} FROM computer;";
        let run = move |tx: &WriteTx<'_>| fixtures::run(tx, sql);
        self.site.app.storage().write(run).await.unwrap();
        let body = r#"{"project": "debian-12", "name": "whiteboards", "enabled": true,
            "start_date": "2023-01-02", "included_attributes": ["SET-ALL SYSTEMS"],
            "packages_to_install": ["vim"]}"#;
        let shown = self.post("/docs/post_deployments", &[("body", body)]).await;
        assert!(shown.body.contains("201 Created"), "{}", text_of(&shown.body));
        self
    }

    /// Its next forms are those of another site, which do not know the token.
    pub(crate) fn forget_token(&self) {
        self.browser.forget_token();
    }

    /// Opens a page that is there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let shown = self.get(path).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", text_of(&shown.body));
        shown.body
    }

    /// Opens a page, whatever comes of it.
    pub(crate) async fn get(&self, path: &str) -> Shown {
        self.browser.get(path).await
    }

    /// Posts a form of this session; the next page says nothing of it.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let shown = self.browser.post(path, fields).await;
        self.browser.overlook();
        shown
    }
}
