//! Registration: who comes in, as whom, and what is told of it.

use super::site::{Desktop, NOW_MS, PASSWORD, Site, at};
use crate::domain::ids::ComputerId;
use crate::storage::computers;

#[actix_web::test]
async fn d_notif_12_d_reg_01_d_reg_02_a_first_registration_gives_exactly_two_notifications() {
    let site = Site::new();
    let answer = Desktop::new(1).register(&site).await;
    assert_eq!(answer.cid, 1);
    assert_eq!(answer.server_key, site.app.sync_key().public().to_base64());
    assert_eq!(answer.organization, "My Organization");
    let kinds = site.text("SELECT group_concat(kind) FROM notification");
    // rule          what is there now                                     expected
    let table = [
        ("D-NOTIF-01", kinds, "platform-registered,project-registered"),
        (
            "D-NOTIF-02",
            site.text("SELECT data FROM notification WHERE id = 2"),
            r#"{"computer":"pc1","pms":"apt-get","project":"debian-9.3"}"#,
        ),
        ("D-REG-03", site.text("SELECT pms || auto_register FROM project"), "apt-get1"),
        ("D-PLT-03", site.text("SELECT name FROM platform"), "Linux"),
        ("D-STATUS-04", site.text("SELECT status FROM computer"), "intended"),
        ("D-STATUS-05", site.text("SELECT group_concat(status) FROM status_log"), "intended"),
        ("D-MIG-01", site.text("SELECT count(*) FROM migration"), "1"),
        (
            "D-REG-05",
            site.text("SELECT name || fqdn || ip_address FROM computer"),
            "pc1pc1.example.org10.0.2.1",
        ),
        ("D-COMP-01", site.text("SELECT forwarded_ip_address FROM computer"), "192.0.2.7"),
    ];
    for (rule, got, expected) in table {
        assert_eq!(got, expected, "{rule}");
    }
}

#[actix_web::test]
async fn d_reg_05_a_known_computer_is_updated_and_not_doubled() {
    let site = Site::new();
    site.set("NOTIFY_CHANGE_NAME", "true");
    site.set("NOTIFY_CHANGE_IP", "true");
    let mut desktop = Desktop::new(1);
    desktop.register(&site).await;
    desktop.identity.name = "office".into();
    desktop.identity.ip_address = "10.0.2.99".into();
    desktop.identity.project = "debian-12".into();
    assert_eq!(desktop.register(&site).await.cid, 1);
    let table = [
        ("D-REG-05", site.text("SELECT count(*) FROM computer"), "1"),
        ("D-UUID-07", site.text("SELECT name || ip_address FROM computer"), "office10.0.2.99"),
        (
            "D-NOTIF-04",
            site.text("SELECT data FROM notification WHERE kind = 'name-changed'"),
            r#"{"computer":{"id":1,"name":"office"},"new":"office","old":"pc1"}"#,
        ),
        (
            "D-NOTIF-05",
            site.text("SELECT count(*) FROM notification WHERE kind = 'address-changed'"),
            "1",
        ),
        ("D-PRJ-04", site.text("SELECT count(*) FROM migration"), "2"),
        ("D-MIG-01", site.text("SELECT project_id FROM computer"), "2"),
        ("D-STATUS-05", site.text("SELECT count(*) FROM status_log"), "1"),
    ];
    for (rule, got, expected) in table {
        assert_eq!(got, expected, "{rule}");
    }
}

#[actix_web::test]
async fn d_notif_03_a_new_computer_is_told_only_where_the_site_wants_it() {
    let site = Site::new();
    site.set("NOTIFY_NEW_COMPUTER", "true");
    Desktop::new(1).register(&site).await;
    let data = site.text("SELECT data FROM notification WHERE kind = 'new-computer'");
    assert_eq!(
        data,
        r#"{"computer":{"id":1,"name":"pc1"},"uuid":"4C4C4544-004A-3410-804F-B5C04F4D3301"}"#
    );
}

#[actix_web::test]
async fn d_reg_04_without_automatic_registration_an_account_must_vouch() {
    let site = Site::new();
    site.set("AUTOREGISTER", "false");
    let refused = (403, "can-not-register".to_owned());
    let desktop = Desktop::new(1);
    let table = [
        ("D-REG-03", desktop.try_register(&site).await),
        ("D-REG-03", desktop.try_register_as(&site, "admin", "wrong password").await),
        ("D-PLT-03", desktop.try_register_as(&site, "nobody", PASSWORD).await),
    ];
    for (rule, answer) in table {
        assert_eq!(answer.problem(), refused, "{rule}");
    }
    // Nothing was left behind by a failure (D-REG-02).
    assert_eq!(site.count("SELECT (SELECT count(*) FROM platform) + (SELECT count(*) FROM project) + (SELECT count(*) FROM notification)"), 0);
    desktop.try_register_as(&site, "admin", PASSWORD).await.read::<serde_json::Value>();
    // The project made by it is manual: the next computer needs an account too (D-REG-04).
    assert_eq!(site.count("SELECT auto_register FROM project"), 0);
    let second = Desktop::new(2);
    assert_eq!(second.try_register(&site).await.problem(), refused);
    second.try_register_as(&site, "admin", PASSWORD).await.read::<serde_json::Value>();
    assert_eq!(site.count("SELECT count(*) FROM audit WHERE object_kind = 'computer'"), 2);
}

#[actix_web::test]
async fn d_prj_03_an_automatic_project_takes_computers_without_account() {
    let site = Site::new();
    Desktop::new(1).register(&site).await;
    site.set("AUTOREGISTER", "false");
    assert_eq!(Desktop::new(2).register(&site).await.cid, 2);
}

#[actix_web::test]
async fn d_reg_03_an_unknown_package_system_or_bad_project_name_leaves_nothing() {
    let site = Site::new();
    for (project, pms) in [("debian", "pacman"), ("../etc", "apt"), ("", "apt")] {
        let mut desktop = Desktop::new(1);
        desktop.identity.project = project.into();
        desktop.identity.pms = pms.into();
        let problem = desktop.try_register(&site).await.problem();
        assert_eq!(problem, (403, "can-not-register".into()), "{project} {pms}");
        assert_eq!(site.count("SELECT count(*) FROM platform"), 0);
    }
}

#[actix_web::test]
async fn d_uuid_04_computers_with_an_invalid_uuid_are_told_apart_by_name() {
    let site = Site::new();
    for (number, name) in [(1, "one"), (2, "two")] {
        let mut desktop = Desktop::new(number);
        desktop.identity.uuid = "03000200-0400-0500-0006-000700080008".into();
        desktop.identity.name = name.into();
        desktop.register(&site).await;
    }
    assert_eq!(site.text("SELECT group_concat(uuid) FROM computer"), "one,two");
}

#[actix_web::test]
async fn a_known_uuid_with_another_key_is_refused_until_somebody_says_yes() {
    let site = Site::new();
    Desktop::new(1).register(&site).await;
    let mismatch = (403, "key-mismatch".to_owned());
    let reinstalled = Desktop::new(1).with_key(50);
    for _ in 0..3 {
        assert_eq!(reinstalled.try_register(&site).await.problem(), mismatch);
    }
    let told = site.text("SELECT group_concat(data) FROM notification WHERE kind = 'key-mismatch'");
    assert_eq!(told, r#"{"address":"192.0.2.7","computer":{"id":1,"name":"pc1"}}"#);
    // An account that may add and change computers.
    reinstalled.try_register_as(&site, "admin", PASSWORD).await.read::<serde_json::Value>();
    assert_eq!(site.count("SELECT count(*) FROM computer"), 1);
    // Or an operator, once.
    let until = Some(at(NOW_MS + 1000));
    site.write(move |tx| computers::set_accept_key(tx, ComputerId(1), until));
    Desktop::new(1).with_key(51).register(&site).await;
    let third = Desktop::new(1).with_key(52);
    assert_eq!(third.try_register(&site).await.problem(), mismatch);
}

#[actix_web::test]
async fn d_uuid_05_looser_look_ups_find_the_computer_but_never_replace_its_key() {
    let site = Site::new();
    Desktop::new(1).register(&site).await;
    let mut swapped = Desktop::new(1).with_key(50);
    swapped.identity.uuid = "44454C4C-4A00-1034-804F-B5C04F4D3301".into();
    let problem = swapped.try_register_as(&site, "admin", PASSWORD).await.problem();
    assert_eq!(problem, (403, "key-mismatch".into()));
    // With its own key it is the same computer, and its UUID is updated.
    site.set("NOTIFY_CHANGE_UUID", "true");
    let mut own = Desktop::new(1);
    own.wait_ms(1000);
    own.identity.uuid = "44454C4C-4A00-1034-804F-B5C04F4D3301".into();
    own.register(&site).await;
    let table = [
        (
            "D-UUID-06",
            site.text("SELECT uuid FROM computer"),
            "44454C4C-4A00-1034-804F-B5C04F4D3301",
        ),
        (
            "D-NOTIF-06",
            site.text("SELECT count(*) FROM notification WHERE kind = 'uuid-changed'"),
            "1",
        ),
    ];
    for (rule, got, expected) in table {
        assert_eq!(got, expected, "{rule}");
    }
}

#[actix_web::test]
async fn d_reg_09_a_deleted_computer_comes_back_with_a_new_cid() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    assert_eq!(desktop.register(&site).await.cid, 1);
    site.change("DELETE FROM computer");
    assert_eq!(desktop.register(&site).await.cid, 2);
}
