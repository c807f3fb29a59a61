//! Pages of fault definitions over a real site.

use actix_web::http::StatusCode;

use crate::app::fault_definitions::DefinitionRow;
use crate::storage::{WriteTx, fixtures};
use crate::web::tests::visitor::Visitor;

fn form<'a>(name: &'a str, users: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("name", name),
        ("description", "when <full>"),
        ("enabled", "on"),
        ("language", "bash"),
        ("code", "df\r\necho"),
        ("included_attributes", "SET-ALL SYSTEMS\r\n"),
        ("users", users),
    ]
}

async fn definition(visitor: &Visitor, name: &str) -> DefinitionRow {
    let all = visitor.site.app.fault_definitions(&visitor.site.admin).await.unwrap();
    all.into_iter().find(|one| one.name == name).unwrap()
}

#[actix_web::test]
async fn d_fault_05_a_definition_is_assigned_to_accounts_in_its_form() {
    let visitor = Visitor::of("admin").await;
    let answer = visitor.post("/fault-definitions", &form("DISK FULL", "reader\r\n")).await;
    assert_eq!(answer.location, "/fault-definitions");
    let saved = definition(&visitor, "DISK_FULL").await;
    assert_eq!(saved.users.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["reader"]);
    assert_eq!(saved.code, "df\necho");
    let html = visitor.page(&format!("/fault-definitions/{}", saved.id)).await;
    for text in ["reader", "SET-ALL SYSTEMS", "when &lt;full&gt;", "df\necho</textarea>"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let answer = visitor.post("/fault-definitions", &form("OTHER", "nobody")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("There is no account nobody."), "{}", answer.body);
}

#[actix_web::test]
async fn d_fault_07_a_renamed_definition_keeps_its_faults_a_deleted_one_takes_them_along() {
    let visitor = Visitor::of("admin").await.with_computers().await;
    visitor.post("/fault-definitions", &form("A", "")).await;
    let sql = "INSERT INTO fault (computer_id, project_id, fault_definition_id, created_at, result)
               SELECT 1, project_id, (SELECT id FROM fault_definition WHERE name = 'A'), {0}, 'full'
               FROM computer WHERE id = 1";
    let run = move |tx: &WriteTx<'_>| fixtures::run(tx, sql);
    visitor.site.app.storage().write(run).await.unwrap();
    let url = format!("/fault-definitions/{}", definition(&visitor, "A").await.id);
    assert_eq!(visitor.post(&url, &form("B", "")).await.status, StatusCode::SEE_OTHER);
    let renamed = definition(&visitor, "B").await;
    assert_eq!((renamed.faults, renamed.unchecked_faults), (1, 1));

    let delete = format!("{url}/delete");
    assert!(visitor.page(&delete).await.contains("1 fault"), "says what goes with it");
    assert_eq!(visitor.post(&delete, &[]).await.status, StatusCode::CONFLICT);
    visitor.post(&delete, &[("confirmed", "yes")]).await;
    assert_eq!(visitor.get(&url).await.status, StatusCode::NOT_FOUND);
    assert!(!visitor.page("/faults").await.contains("pc&lt;1&gt;"), "the fault went along");
}
