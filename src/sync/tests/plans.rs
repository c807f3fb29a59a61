//! Synchronisation: identity, attributes, plan.

use super::site::{Desktop, NOW_MS, Site, at};
use crate::app::actor::Actor;
use crate::app::attributes::AttributeForm;
use crate::app::formulas::FormulaForm;
use crate::wire::sync::{ClientError, ExternalSource, Repository, SyncAnswer};

/// Attributes of a computer now, by name.
fn pool(site: &Site) -> String {
    site.text(
        "SELECT group_concat(prefix || '-' || value, ' ') FROM (
             SELECT prefix, value FROM computer_attribute
             JOIN attribute ON attribute.id = attribute_id
             JOIN formula ON formula.id = formula_id
             WHERE computer_id = 1 AND valid_to IS NULL ORDER BY attribute.id)",
    )
}

/// A deployment to ALL SYSTEMS, published.
fn deploy(site: &Site) {
    site.change(
        "INSERT INTO deployment (project_id, name, slug, start_date, packages_to_install,
             packages_to_remove)
         VALUES (1, 'sustituir nano por vim', 'sustituir-nano-por-vim', '2024-06-07', 'vim',
             'nano');
         INSERT INTO deployment_attribute VALUES (1, 1, 0);
         INSERT INTO generation (project_id, deployment_id, slug, published_at, digest, signed_by)
         VALUES (1, 1, 'sustituir-nano-por-vim', 1717747201500, 'abc', 'key');
         UPDATE revision SET value = value + 1 WHERE name = 'release';",
    );
}

#[actix_web::test]
async fn d_ext_03_d_ext_07_an_external_deployment_is_a_source_in_the_plan() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    desktop.sync(&site).await;
    site.change(
        "INSERT INTO deployment (project_id, name, slug, start_date, packages_to_install, source,
             base_url, suite, components, options)
         VALUES (1, 'Debian', 'debian', '2024-06-07', 'vim', 'E', 'http://mirror/debian',
             'stable', 'main contrib', '[arch=amd64]');
         INSERT INTO deployment_attribute VALUES (1, 1, 0);
         UPDATE revision SET value = value + 1 WHERE name = 'release';",
    );
    let plan = desktop.sync(&site).await;
    let expected = Repository {
        name: "debian".into(),
        path: "/src/debian-9.3/EXTERNAL/debian".into(),
        external: Some(ExternalSource {
            suite: "stable".into(),
            components: vec!["main".into(), "contrib".into()],
            options: "[arch=amd64]".into(),
        }),
        ..Repository::default()
    };
    assert_eq!(plan.repositories, [expected], "no digest: nothing is promised");
    assert_eq!(plan.install.len(), 1, "its orders are those of any deployment");
    assert!(!serde_json::to_string(&plan).unwrap().contains("mirror"), "computers do not go there");

    site.change(
        "UPDATE deployment SET start_date = '2999-01-01';
         UPDATE revision SET value = value + 1 WHERE name = 'release';",
    );
    assert_eq!(desktop.sync(&site).await.repositories, []);
}

#[actix_web::test]
async fn d_scn_01_d_gen_08_d_sync_06_the_first_computer_needs_no_administrator() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let plan = desktop.sync(&site).await;
    let expected = "SET-ALL SYSTEMS CID-1 PMS-apt IP-10.0.2.1 PLT-Linux PRJ-debian-9.3 USR-root";
    let mut got: Vec<String> = pool(&site).split(' ').map(str::to_owned).collect();
    got.sort();
    let mut all: Vec<&str> = expected.split(' ').collect();
    all.extend(["HST-pc1", "NET-10.0.2.0/24", "PCI-8086:1237", "PCI-8086:7000"]);
    all.sort_unstable();
    assert_eq!(got, all);
    // rule          what is there now                                    expected
    let table = [
        ("D-FORM-16", site.text("SELECT value FROM attribute WHERE id = 1"), "ALL SYSTEMS"),
        ("D-FORM-03", site.text("SELECT description FROM attribute WHERE value = '8086:1237'"), "Host bridge"),
        ("D-CID-01", site.text("SELECT description FROM attribute JOIN formula ON formula.id = formula_id WHERE prefix = 'CID'"), "pc1"),
        ("D-USR-01", site.text("SELECT name || fullname FROM user"), "rootroot"),
        ("D-FAULT-01", plan.faults.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(" "),
            "LOW_HOME_PARTITION_SPACE LOW_SYSTEM_PARTITION_SPACE"),
        ("D-COMP-02", plan.search.clone(), "1"),
        ("D-HW-02", plan.want_hardware.to_string(), "true"),
        ("D-SYNC-14", plan.want_software.to_string(), "true"),
        ("D-ALERT-03", site.text("SELECT count(*) FROM notification WHERE checked = 0"), "2"),
    ];
    for (rule, got, expected) in table {
        assert_eq!(got, expected, "{rule}");
    }
    assert_eq!(site.app.messages().len(), 1, "D-SYNC-02: it is at work");
}

#[actix_web::test]
async fn d_sync_04_a_computer_without_the_formulas_gets_them_first() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let mut question = desktop.question(&site);
    question.formulas_fingerprint = String::new();
    let SyncAnswer::Formulas(set) = desktop.try_sync(&site, &question).await.read() else {
        panic!("no formulas");
    };
    let prefixes: Vec<&str> = set.formulas.iter().map(|formula| formula.name.as_str()).collect();
    assert_eq!(prefixes, ["PCI", "HST", "NET"], "D-FORM-02: by name, client formulas only");
    assert_eq!(site.count("SELECT count(*) FROM computer_attribute"), 0);
    // A formula that is switched off changes the set, and its value is ignored.
    site.change(
        "UPDATE formula SET enabled = 0 WHERE prefix = 'PCI';
         UPDATE revision SET value = value + 1 WHERE name = 'formulas';",
    );
    question.formulas_fingerprint = set.fingerprint;
    let answer: SyncAnswer = desktop.try_sync(&site, &question).await.read();
    assert!(matches!(answer, SyncAnswer::Formulas(set) if set.formulas.len() == 2));
    desktop.sync(&site).await;
    assert!(!pool(&site).contains("PCI-"));
}

#[actix_web::test]
async fn d_scn_02_a_deployment_is_a_repository_and_orders_with_their_reason() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    assert!(desktop.sync(&site).await.repositories.is_empty());
    deploy(&site);
    let plan = desktop.sync(&site).await;
    let repository = &plan.repositories[0];
    let shown =
        (&*repository.name, &*repository.path, &*repository.digest, repository.published_at);
    assert_eq!(
        shown,
        ("sustituir-nano-por-vim", "/public/debian-9.3/REPOSITORIES", "abc", 1_717_747_201)
    );
    let orders = |orders: &[crate::wire::sync::Order]| {
        orders.iter().map(|o| format!("{} {:?}", o.package, o.reasons)).collect::<Vec<_>>()
    };
    assert_eq!(orders(&plan.install), [r#"vim ["sustituir nano por vim"]"#]);
    assert_eq!(orders(&plan.remove), [r#"nano ["sustituir nano por vim"]"#]);
    assert!(plan.upgrade);
    // D-GEN-01: its first day counts by the zone of the site, and not a day earlier.
    site.change(
        "UPDATE deployment SET start_date = '2024-06-08';
         UPDATE revision SET value = value + 1 WHERE name = 'release';",
    );
    assert!(desktop.sync(&site).await.repositories.is_empty());
}

#[actix_web::test]
async fn d_scn_08_a_subnet_without_one_of_its_computers() {
    let site = Site::new();
    let (one, two) = (Desktop::settled(1, &site).await, Desktop::settled(2, &site).await);
    deploy(&site);
    site.change(
        "DELETE FROM deployment_attribute;
         INSERT INTO deployment_attribute
             SELECT 1, id, 0 FROM attribute WHERE value = '10.0.2.0/24';
         INSERT INTO deployment_attribute SELECT 1, id, 1 FROM attribute WHERE value = 'pc2';
         UPDATE revision SET value = value + 1 WHERE name = 'release';",
    );
    assert_eq!(one.sync(&site).await.install.len(), 1);
    assert_eq!(two.sync(&site).await.install.len(), 0);
}

#[actix_web::test]
async fn d_sync_20_the_pool_of_this_very_synchronisation_decides() {
    let site = Site::new();
    let mut desktop = Desktop::settled(1, &site).await;
    site.pass_ms(1000);
    desktop.identity.project = "debian-12".into();
    desktop.identity.ip_address = "10.9.9.9".into();
    let mut question = desktop.question(&site);
    question.user = "jdoe".into();
    question.user_fullname = "John Doe".into();
    question.attributes.remove("NET");
    desktop.sync_with(&site, &question).await;
    let now = pool(&site);
    for name in ["PRJ-debian-12", "IP-10.9.9.9", "USR-jdoe"] {
        assert!(now.contains(name), "{name}: {now}");
    }
    for name in ["PRJ-debian-9.3", "IP-10.0.2.1", "NET-", "USR-root"] {
        assert!(!now.contains(name), "{name}: {now}");
    }
    // What was is kept as intervals; what stayed was not touched.
    assert_eq!(site.count("SELECT count(*) FROM computer_attribute WHERE valid_to IS NOT NULL"), 4);
    assert_eq!(site.count("SELECT count(*) FROM migration"), 2);
}

#[actix_web::test]
async fn d_sync_21_a_second_synchronisation_without_changes_writes_two_rows_and_adds_one() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let first = desktop.sync(&site).await;
    desktop.report(&site, &first).await;
    let before = site.text("SELECT group_concat(n) FROM (SELECT count(*) n FROM notification UNION ALL SELECT count(*) FROM computer_attribute UNION ALL SELECT count(*) FROM computer_setting UNION ALL SELECT count(*) FROM software_history UNION ALL SELECT count(*) FROM software_list_item)");
    let changes = site.count("SELECT count(*) FROM synchronization");
    let mut second = desktop.sync(&site).await;
    assert!(!second.want_software);
    desktop.report(&site, &second).await;
    second.sync_id = first.sync_id.clone();
    assert_eq!(second, first);
    let after = site.text("SELECT group_concat(n) FROM (SELECT count(*) n FROM notification UNION ALL SELECT count(*) FROM computer_attribute UNION ALL SELECT count(*) FROM computer_setting UNION ALL SELECT count(*) FROM software_history UNION ALL SELECT count(*) FROM software_list_item)");
    assert_eq!(after, before);
    assert_eq!(site.count("SELECT count(*) FROM synchronization"), changes + 1);
}

#[actix_web::test]
async fn d_form_09_a_value_that_must_be_added_by_hand_is_dropped_until_it_is() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let by = Actor::system(at(NOW_MS));
    let formulas = site.app.formulas(&by).await.unwrap();
    let (hst, _) = formulas.into_iter().find(|(formula, _)| formula.prefix == "HST").unwrap();
    let id = hst.id;
    let form = FormulaForm { auto_add: false, ..hst.into() };
    site.app.change_formula(&by, id, form).await.unwrap();
    desktop.sync(&site).await;
    assert!(!pool(&site).contains("HST-pc1"));
    // Nothing changes on the computer: only what people do here decides from now on.
    let value = |value: &str| AttributeForm { value: value.into(), description: None };
    let added = site.app.add_attribute(&by, id, value("pc1")).await.unwrap();
    desktop.sync(&site).await;
    assert!(pool(&site).contains("HST-pc1"), "added");
    site.app.change_attribute(&by, added.id, value("other")).await.unwrap();
    desktop.sync(&site).await;
    assert!(!pool(&site).contains("HST-"), "it is another value now");
    site.app.change_attribute(&by, added.id, value("pc1")).await.unwrap();
    desktop.sync(&site).await;
    assert!(pool(&site).contains("HST-pc1"), "changed back");
    site.app.delete_attribute(&by, added.id, false).await.unwrap();
    desktop.sync(&site).await;
    assert!(!pool(&site).contains("HST-"), "deleted");
}

#[actix_web::test]
async fn d_plt_04_a_renamed_platform_reaches_its_computers_at_their_next_synchronisation() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    assert!(pool(&site).contains("PLT-Linux"));
    let by = Actor::system(at(NOW_MS));
    let (platform, _) = site.app.platforms(&by).await.unwrap().remove(0);
    site.app.rename_platform(&by, platform.id, "GNU").await.unwrap();
    // The computer goes on calling it Linux: its project decides.
    desktop.sync(&site).await;
    assert!(pool(&site).contains("PLT-GNU") && !pool(&site).contains("PLT-Linux"));
}

#[actix_web::test]
async fn d_form_10_d_notif_07_a_long_value_is_cut_and_told_once() {
    let site = Site::new();
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let mut question = desktop.question(&site);
    question.attributes.insert("HST".into(), "x".repeat(300));
    for _ in 0..2 {
        desktop.sync_with(&site, &question).await;
        question.user.push('x'); // decides the pool: it is computed again
    }
    assert_eq!(site.count("SELECT max(length(value)) FROM attribute"), 250);
    assert_eq!(site.count("SELECT count(*) FROM notification WHERE kind = 'attribute-cut'"), 1);
}

#[actix_web::test]
async fn d_form_12_a_computer_cannot_give_itself_what_is_not_its_own() {
    let site = Site::new();
    Desktop::settled(2, &site).await;
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let mut question = desktop.question(&site);
    for (prefix, value) in [("CID", "1"), ("SET", "FINANCE"), ("USR", "boss"), ("XXX", "y")] {
        question.attributes.insert(prefix.into(), value.into());
    }
    desktop.sync_with(&site, &question).await;
    let foreign = site.count(
        "SELECT count(*) FROM computer_attribute JOIN attribute ON attribute.id = attribute_id
         WHERE computer_id = 2 AND value IN ('1', 'FINANCE', 'boss', 'y')",
    );
    assert_eq!(foreign, 0);
}

#[actix_web::test]
async fn d_status_09_d_notif_08_an_available_computer_is_served_and_told_of() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    site.change("UPDATE computer SET status = 'available'");
    desktop.sync(&site).await;
    desktop.sync(&site).await;
    let told = "SELECT count(*) FROM notification WHERE kind = 'available-synchronised'";
    assert_eq!(site.count(told), 2);
}

#[actix_web::test]
async fn d_status_08_d_err_01_an_unsubscribed_computer_is_refused_and_that_is_recorded() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    site.change("UPDATE computer SET status = 'unsubscribed'");
    let refused = (403, "unsubscribed".to_owned());
    assert_eq!(desktop.try_sync(&site, &desktop.question(&site)).await.problem(), refused);
    assert_eq!(desktop.try_register(&site).await.problem(), refused);
    for path in ["/sync/v1/why", "/sync/v1/sync/1-1/progress", "/sync/v1/sync/1-1/report"] {
        assert_eq!(site.send(&desktop.letter(path, &())).await.problem(), refused, "{path}");
    }
    let errors = site.text("SELECT group_concat(description, ';') FROM error");
    assert_eq!(
        errors,
        "192.0.2.7 - sync - Unsubscribed computer;192.0.2.7 - register - Unsubscribed computer;\
         192.0.2.7 - why - Unsubscribed computer;192.0.2.7 - progress - Unsubscribed computer;\
         192.0.2.7 - report - Unsubscribed computer"
    );
    // A flood of calls does not fill the database.
    for _ in 0..40 {
        desktop.try_sync(&site, &desktop.question(&site)).await;
    }
    assert!(site.count("SELECT count(*) FROM error") <= 12);
}

#[actix_web::test]
async fn d_err_01_a_wrong_signature_is_an_error_of_the_computer_it_names() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let mut letter = desktop.letter("/sync/v1/sync", &desktop.question(&site));
    letter.signature = Desktop::new(2).letter("/sync/v1/sync", &()).signature;
    assert_eq!(site.send(&letter).await.problem(), (401, "signature".into()));
    let error = site.text("SELECT description FROM error");
    assert_eq!(error, "192.0.2.7 - sync - Signature is not valid");
    for _ in 0..40 {
        site.send(&letter).await;
    }
    assert!(site.count("SELECT count(*) FROM error") <= 12);
}

#[actix_web::test]
async fn a_replay_is_refused_also_after_a_restart_and_a_wrong_server_clock_locks_nobody_out() {
    let mut site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let letter = desktop.letter("/sync/v1/sync", &desktop.question(&site));
    site.send(&letter).await.read::<SyncAnswer>();
    assert_eq!(site.send(&letter).await.problem(), (401, "replay".into()));
    site = site.reopen();
    assert_eq!(site.send(&letter).await.problem(), (401, "replay".into()));
    let older = desktop.signed("/sync/v1/sync", letter.body.clone(), letter.time_ms - 1);
    assert_eq!(site.send(&older).await.problem(), (401, "replay".into()));
    // The server ran a year ahead and was put right.
    site.change("UPDATE computer SET last_time_ms = 1749283200000");
    desktop.sync(&site).await;
    assert_eq!(site.count("SELECT last_time_ms < 1717747300000 FROM computer"), 1);
}

#[actix_web::test]
async fn d_reg_09_d_msg_05_an_unknown_computer_is_told_to_register() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    site.change("DELETE FROM computer");
    let answer = desktop.try_sync(&site, &desktop.question(&site)).await;
    assert_eq!(answer.problem(), (401, "unknown-computer".into()));
    let message = desktop.letter("/sync/v1/sync/1-1/progress", &());
    assert_eq!(site.send(&message).await.problem(), (401, "unknown-computer".into()));
    assert_eq!(site.count("SELECT count(*) FROM error"), 0);
}

#[actix_web::test]
async fn nobody_speaks_in_the_name_of_another_computer() {
    let site = Site::new();
    let (mut one, two) = (Desktop::settled(1, &site).await, Desktop::settled(2, &site).await);
    one.identity.uuid = two.identity.uuid.clone();
    let answer = one.try_sync(&site, &one.question(&site)).await;
    assert_eq!(answer.problem(), (403, "key-mismatch".into()));
}

#[actix_web::test]
async fn d_sync_03_old_errors_are_stored_with_the_plan_only() {
    let site = Site::new();
    site.change("INSERT INTO auto_check_error (message) VALUES ('temporary failure')");
    let desktop = Desktop::new(1);
    desktop.register(&site).await;
    let error = |text: &str| ClientError { time_ms: NOW_MS - 1000, text: text.into() };
    let mut question = desktop.question(&site);
    question.errors = vec![error("apt broke"), error("a temporary failure of DNS"), error(" ")];
    let held = std::mem::take(&mut question.formulas_fingerprint);
    desktop.try_sync(&site, &question).await.read::<SyncAnswer>();
    assert_eq!(site.count("SELECT count(*) FROM error"), 0);
    question.formulas_fingerprint = held;
    desktop.sync_with(&site, &question).await;
    let stored = site.text("SELECT group_concat(description || checked, ';') FROM error");
    assert_eq!(("D-ERR-02", &*stored), ("D-ERR-02", "apt broke0;a temporary failure of DNS1"));
}

#[actix_web::test]
async fn d_hw_02_hardware_is_asked_for_when_it_is_old() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    // rule       last capture                                    asked
    let table = [
        ("D-HW-02", "UPDATE computer SET last_hardware_capture = NULL", true),
        (
            "D-HW-02",
            "UPDATE computer SET last_hardware_capture = 1717747200000 - 30 * 86400000",
            false,
        ),
        (
            "D-HW-02",
            "UPDATE computer SET last_hardware_capture = 1717747199000 - 30 * 86400000",
            true,
        ),
        ("D-HW-02", "UPDATE computer SET last_hardware_capture = 1717747200000", false),
    ];
    for (rule, change, asked) in table {
        site.change(change);
        assert_eq!(desktop.sync(&site).await.want_hardware, asked, "{rule} {change}");
    }
}

#[actix_web::test]
async fn settings_and_the_key_of_the_repositories_are_effective_at_once() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    assert_eq!(desktop.sync(&site).await.organization, "My Organization");
    site.set("ORGANIZATION", "ACME");
    site.set("COMPUTER_SEARCH_FIELDS", "name, id");
    site.write(|tx| {
        use crate::storage::keys::{KeyText, SiteKey, keep};
        let text = KeyText { secret: "s".into(), public: "p".into() };
        keep(tx, SiteKey::Repository, &text, super::site::at(NOW_MS)).map(|_| ())
    });
    let plan = desktop.sync(&site).await;
    assert_eq!((&*plan.organization, &*plan.search), ("ACME", "pc1"));
    assert_eq!(
        plan.repository_key_digest,
        "148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940"
    );
}

#[actix_web::test]
async fn d_form_11_values_are_told_apart_exactly() {
    let site = Site::new();
    let desktop = Desktop::settled(1, &site).await;
    let mut question = desktop.question(&site);
    question.attributes.insert("HST".into(), "PC1".into());
    desktop.sync_with(&site, &question).await;
    let names = "SELECT group_concat(value) FROM (SELECT value FROM attribute
                 JOIN formula ON formula.id = formula_id WHERE prefix = 'HST' ORDER BY value)";
    assert_eq!(site.text(names), "PC1,pc1");
    assert!(pool(&site).contains("HST-PC1") && !pool(&site).contains("HST-pc1"));
}

#[actix_web::test]
async fn d_plt_04_the_platform_of_a_computer_is_that_of_its_project() {
    let site = Site::new();
    let mut desktop = Desktop::settled(1, &site).await;
    desktop.identity.platform = "Windows".into();
    desktop.sync(&site).await;
    assert!(pool(&site).contains("PLT-Linux") && !pool(&site).contains("PLT-Windows"));
}
