//! What is refused before any operation sees it.

use super::site::{Desktop, NOW_MS, Site, stranger};
use crate::wire::sync::Problem;

const REGISTER: &str = "/sync/v1/register";

#[actix_web::test]
async fn a_registration_must_be_signed_by_the_key_it_announces() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    let good = desktop.letter(REGISTER, &desktop.registration("", ""));
    let mut of_another = good.clone();
    of_another.signature = Desktop::new(2).letter(REGISTER, &()).signature;
    let mut other_body = good.clone();
    other_body.body = String::from_utf8(good.body.clone()).unwrap().replace("pc1", "pc2").into();
    let mut other_path = good.clone();
    other_path.path.push_str("?x=1");
    let mut other_key = good.clone();
    other_key.key_id = stranger().id.to_string();
    let mut other_time = good.clone();
    other_time.time_ms += 1;
    for spoilt in [of_another, other_body, other_path, other_key, other_time] {
        assert_eq!(site.send(&spoilt).await.problem(), (401, "signature".into()), "{spoilt:?}");
    }
    assert_eq!(site.count("SELECT count(*) FROM computer"), 0);
    site.send(&good).await.read::<serde_json::Value>();
}

#[actix_web::test]
async fn a_clock_a_year_off_is_told_the_time_and_asks_again() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    let body = serde_json::to_vec(&desktop.registration("", "")).unwrap();
    for off in [-365 * 86_400_000, 365 * 86_400_000, 300_001, -300_001, i64::MIN, i64::MAX] {
        let letter = desktop.signed(REGISTER, body.clone(), NOW_MS.saturating_add(off));
        let answer = site.send(&letter).await;
        assert_eq!(answer.problem(), (401, "clock".into()));
        let problem: Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem.server_time_ms, Some(NOW_MS));
    }
    let corrected = desktop.signed(REGISTER, body, NOW_MS + 300_000);
    site.send(&corrected).await.read::<serde_json::Value>();
}

#[actix_web::test]
async fn a_replayed_registration_is_refused_also_after_a_restart() {
    let mut site = Site::new();
    let desktop = Desktop::new(1);
    let letter = desktop.letter(REGISTER, &desktop.registration("", ""));
    site.send(&letter).await.read::<serde_json::Value>();
    assert_eq!(site.send(&letter).await.problem(), (401, "replay".into()));
    site = site.reopen();
    assert_eq!(site.send(&letter).await.problem(), (401, "replay".into()));
    desktop.register(&site).await;
}

#[actix_web::test]
async fn d_sync_23_bodies_are_bounded_and_must_be_what_they_say() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    let large = desktop.signed(REGISTER, vec![b' '; (64 << 10) + 1], NOW_MS);
    assert_eq!(site.send(&large).await.problem(), (413, "invalid".into()));
    for body in [&b""[..], b"{", b"[]", b"{\"identity\":7}", b"\xff\xfe", b"{}"] {
        let letter = desktop.signed(REGISTER, body.to_vec(), NOW_MS);
        assert_eq!(site.send(&letter).await.problem(), (400, "invalid".into()), "{body:?}");
    }
    for header in ["", "not base64 but a text"] {
        let mut letter = desktop.letter(REGISTER, &desktop.registration("", ""));
        letter.signature = header.into();
        assert!(matches!(site.send(&letter).await.status, 400 | 401));
    }
    assert_eq!(site.count("SELECT count(*) FROM computer"), 0);
}

#[actix_web::test]
async fn d_sync_23_hostile_text_is_cut_to_the_size_of_its_field() {
    let site = Site::new();
    let mut desktop = Desktop::new(1);
    desktop.identity.name = format!("<script>\u{0}\u{1b}[31m{}", "x".repeat(5000));
    desktop.identity.fqdn = "y".repeat(5000);
    desktop.identity.uuid = "'; DROP TABLE computer; --".repeat(100);
    desktop.identity.ip_address = "9".repeat(5000);
    desktop.register(&site).await;
    let sizes = site.text(
        "SELECT length(name) || ' ' || length(fqdn) || ' ' || length(uuid) || ' ' || length(ip_address)
         FROM computer",
    );
    assert_eq!(sizes, "50 255 36 50");
}

#[actix_web::test]
async fn an_unknown_operation_is_refused_with_a_seal() {
    let site = Site::new();
    let letter = Desktop::new(1).letter("/sync/v1/format-disk", &());
    assert_eq!(site.send(&letter).await.problem(), (400, "invalid".into()));
}
