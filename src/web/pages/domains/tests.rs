//! Domains, scopes and what is seen, over the pages of a real site.

use actix_web::http::StatusCode;

use crate::app::accounts::AccountForm;
use crate::app::domains::DomainForm;
use crate::domain::groups::DOMAIN_ADMIN;
use crate::storage::{ReadTx, fixtures};
use crate::web::tests::visitor::Visitor;

async fn number(visitor: &Visitor, sql: &'static str) -> i64 {
    let ask = move |tx: &ReadTx<'_>| fixtures::number(tx, sql);
    visitor.site.app.storage().read(ask).await.unwrap()
}

/// Makes the domains GOYA and SOLO, and an administrator `dana` of GOYA.
async fn with_domains(visitor: &Visitor) {
    let (app, admin) = (&visitor.site.app, &visitor.site.admin);
    for name in ["Goya", "Solo"] {
        let form = DomainForm { name: name.into(), ..DomainForm::default() };
        app.add_domain(admin, form).await.unwrap();
    }
    let form = AccountForm {
        username: "dana".into(),
        is_active: true,
        is_staff: true,
        groups: vec!["Reader".into(), DOMAIN_ADMIN.into()],
        domains: vec!["GOYA".into()],
        ..AccountForm::default()
    };
    app.add_account(admin, form, "password of dana".into()).await.unwrap();
}

#[actix_web::test]
async fn d_dom_01_d_dom_02_a_domain_comes_with_its_category_and_tag() {
    let visitor = Visitor::of("admin").await;
    let form = [("name", "Instituto Goya"), ("comment", "a <school>")];
    let answer = visitor.post("/domains", &form).await;
    assert_eq!(answer.location, "/domains", "{}", answer.body);
    let html = visitor.page("/domains").await;
    for text in ["INSTITUTO-GOYA", "a &lt;school&gt;", "DMN-INSTITUTO-GOYA"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let category = "SELECT count(*) FROM formula
                    WHERE prefix = 'DMN' AND name = 'DOMAIN' AND kind = 'L' AND sort = 'server'";
    assert_eq!(number(&visitor, category).await, 1);
    visitor.post("/domains", &[("name", "solo")]).await;
    assert_eq!(number(&visitor, "SELECT count(*) FROM formula WHERE prefix = 'DMN'").await, 1);
    // Its prefix is what domains live by.
    let id = number(&visitor, "SELECT id FROM formula WHERE prefix = 'DMN'").await;
    let form = [("prefix", "XXX"), ("name", "DOMAIN"), ("kind", "L"), ("enabled", "on")];
    let renamed = visitor.post(&format!("/tag-categories/{id}"), &form).await;
    assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(renamed.body.contains("Domains live by DMN: it stays."), "{}", renamed.body);
    // Its name stays, whatever is typed.
    let renamed = visitor.post("/domains/1", &[("name", "other")]).await;
    assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reader = visitor.turns("reader").await;
    assert!(reader.page("/domains/1").await.contains("readonly"));
    assert_eq!(reader.post("/domains", &[("name", "x")]).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn d_dom_07_d_acc_06_a_domain_admin_has_a_domain_as_long_as_it_is_active() {
    let visitor = Visitor::of("admin").await;
    with_domains(&visitor).await;
    let refused = |body: &str| body.contains("A domain administrator needs a domain: dana.");
    let answer = visitor.post("/domains/1", &[("name", "GOYA")]).await;
    assert!(refused(&answer.body), "{}", answer.body);
    assert_eq!(visitor.post("/domains/1/delete", &[]).await.status, StatusCode::CONFLICT);
    let form = [("name", "SOLO"), ("administrators", "dana\r\nadmin")];
    assert_eq!(visitor.post("/domains/2", &form).await.status, StatusCode::SEE_OTHER);
    let html = visitor.page("/domains").await;
    assert!(html.contains("dana") && html.contains("admin"));
    // With another domain the first may go.
    assert_eq!(visitor.post("/domains/1/delete", &[]).await.status, StatusCode::SEE_OTHER);
    let admin = "SELECT is_active FROM account WHERE username = 'domain-admin'";
    assert_eq!(number(&visitor, admin).await, 0, "it waits for its domain");
    let id = "SELECT id FROM account WHERE username = 'domain-admin'";
    let url = format!("/accounts/{}", number(&visitor, id).await);
    let form = [("username", "domain-admin"), ("is_active", "on"), ("groups", DOMAIN_ADMIN)];
    let answer = visitor.post(&url, &form).await;
    assert!(answer.body.contains("A domain administrator needs a domain: domain-admin."));
    let with_domain = [form[0], form[1], form[2], ("domains", "SOLO")];
    assert_eq!(visitor.post(&url, &with_domain).await.status, StatusCode::SEE_OTHER);
}

#[actix_web::test]
async fn d_dom_04_d_dom_05_d_scope_03_the_selection_is_kept_and_clears_the_scope() {
    let visitor = Visitor::of("admin").await;
    with_domains(&visitor).await;
    let form = [("name", "Room 1"), ("included_attributes", "SET-ALL SYSTEMS")];
    visitor.post("/scopes", &form).await;
    let next = [("next", "/computers")];
    let answer = visitor.post("/selection/scope", &[("scope", "1"), next[0]]).await;
    assert_eq!(answer.location, "/computers");
    let html = visitor.page("/computers").await;
    assert!(html.contains("<option value=\"1\" selected>room-1</option>"), "{html}");
    visitor.post("/selection/domain", &[("domain", "2"), next[0]]).await;
    let selected =
        "SELECT domain_id * 10 + ifnull(scope_id, 0) FROM account WHERE username = 'admin'";
    assert_eq!(number(&visitor, selected).await, 20, "the scope is cleared");
    // The scope of ALL is offered no more, and cannot be selected (D-SCOPE-03).
    let html = visitor.page("/computers").await;
    assert!(!html.contains("room-1"), "{html}");
    let wrong = visitor.post("/selection/scope", &[("scope", "1"), next[0]]).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
    // It survives the session.
    let visitor = visitor.turns("admin").await;
    assert!(visitor.page("/").await.contains("<option value=\"2\" selected>SOLO</option>"));
    visitor.post("/selection/domain", &[("domain", ""), ("next", "//evil.example")]).await;
    assert!(visitor.page("/scopes").await.contains("room-1"));
}

#[actix_web::test]
async fn d_dom_06_a_domain_admin_begins_with_its_first_domain_and_never_sees_all() {
    let visitor = Visitor::of("admin").await;
    with_domains(&visitor).await;
    let visitor = visitor.turns_with("dana", "password of dana").await;
    let html = visitor.page("/").await;
    assert!(html.contains(" selected>GOYA</option>") && !html.contains("SOLO</option>"), "{html}");
    for wanted in ["", "2", "999"] {
        let answer = visitor.post("/selection/domain", &[("domain", wanted)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{wanted}");
    }
    assert_eq!(visitor.post("/selection/domain", &[("domain", "1")]).await.location, "/");
}

#[actix_web::test]
async fn d_scope_01_scopes_are_each_accounts_own() {
    let visitor = Visitor::of("reader").await;
    let form = [("name", "mine"), ("included_attributes", "SET-ALL SYSTEMS")];
    assert_eq!(visitor.post("/scopes", &form).await.location, "/scopes");
    assert_eq!(visitor.post("/scopes", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(visitor.page("/scopes").await.contains("mine"));
    let visitor = visitor.turns("query").await;
    assert!(!visitor.page("/scopes").await.contains("mine"), "lists show one's own");
    assert_eq!(visitor.get("/scopes/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post("/scopes/1", &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post("/scopes/1/delete", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.post("/scopes", &form).await.location, "/scopes", "names are one's own too");
    let visitor = visitor.turns("admin").await;
    assert!(!visitor.page("/scopes").await.contains("mine"), "superusers included");
    assert!(visitor.page("/scopes/1").await.contains("mine"), "who can get at any");
    let visitor = visitor.turns("reader").await;
    assert_eq!(visitor.post("/scopes/1/delete", &[]).await.location, "/scopes");
    assert!(!visitor.page("/scopes").await.contains("mine"));
}
