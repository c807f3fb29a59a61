//! Accounts, signing in and the first start, against a real database.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::accounts::{AccountForm, AccountShown};
use super::actor::Actor;
use super::first_start::{FirstPassword, Welcome, read_password_file};
use super::groups::AccountGroupForm;
use super::tokens::TokenForm;
use super::{App, AppError, Options};
use crate::domain::account::{Action, Model};
use crate::storage::{Storage, audit};

fn now() -> Timestamp {
    Timestamp::from_second(1_717_581_600).unwrap() // Wed 2024-06-05 10:00 UTC
}

fn open(dir: &std::path::Path, demo: bool, zone: &str) -> App {
    let time_zone = TimeZone::get(zone).unwrap();
    let options = Options { time_zone, max_package_size: 1 << 20, demo };
    App::new(Storage::open(dir).unwrap(), options, now()).unwrap()
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

#[test]
fn d_acc_02_a_first_start_makes_one_administrator_and_the_groups() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), false, "UTC");
    let welcome = app.first_start(FirstPassword::Generate, now()).unwrap();
    let Welcome::Generated { password, link } = welcome else { panic!("{welcome:?}") };
    let system = Actor::system(now());
    let accounts = run(app.accounts(&system)).unwrap();
    assert!(matches!(&accounts[..], [AccountShown::Whole(admin)] if admin.account.is_superuser));
    assert_eq!(run(app.groups(&system)).unwrap().len(), 8);
    assert!(!app.has_demo_accounts().unwrap());

    let signed_in = run(app.sign_in("admin", password, 12, now())).unwrap();
    assert!(app.find_session(&signed_in.key, now()).unwrap().is_some());
    let later = now() + SignedDuration::from_hours(13);
    assert!(app.find_session(&signed_in.key, later).unwrap().is_none(), "it expires");

    // The link sets another password, once, and ends the session.
    let with_link = || run(app.use_link(&link, "a new long password".into(), 12, now()));
    with_link().unwrap();
    assert!(matches!(with_link(), Err(AppError::NotFound { .. })));
    assert!(app.find_session(&signed_in.key, now()).unwrap().is_none());
    run(app.sign_in("admin", "a new long password".into(), 12, now())).unwrap();
    assert_eq!(app.first_start(FirstPassword::Generate, now()).unwrap(), Welcome::Known);
}

#[test]
fn d_acc_02_an_unattended_start_takes_the_password_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("password");
    assert!(read_password_file(&file).is_err(), "missing");
    std::fs::write(&file, "\nsecond line is long enough\n").unwrap();
    assert!(read_password_file(&file).is_err(), "empty first line");
    std::fs::write(&file, "short").unwrap();
    assert!(read_password_file(&file).is_err(), "too short");
    std::fs::write(&file, "correct horse battery\r\n").unwrap();
    let app = open(dir.path(), false, "UTC");
    let welcome = app.first_start(read_password_file(&file).unwrap(), now()).unwrap();
    assert_eq!(welcome, Welcome::Given);
    run(app.sign_in("admin", "correct horse battery".into(), 12, now())).unwrap();
    let wrong = run(app.sign_in("admin", "correct horse".into(), 12, now()));
    assert!(matches!(wrong, Err(AppError::Invalid { .. })));
}

#[test]
fn d_acc_03_a_demo_has_the_accounts_of_the_book_and_warns() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    assert_eq!(app.first_start(FirstPassword::Generate, now()).unwrap(), Welcome::Demo);
    assert!(app.has_demo_accounts().unwrap());
    let names = [
        "admin",
        "packager",
        "configurator",
        "installer",
        "query",
        "liberator",
        "checker",
        "reader",
    ];
    for name in names {
        run(app.sign_in(name, name.into(), 12, now())).unwrap();
    }
    // Once every password was changed or account deactivated, nothing warns any more.
    let system = Actor::system(now());
    for shown in run(app.accounts(&system)).unwrap() {
        let id = run(app.account_named(&system, shown.username())).unwrap();
        run(app.set_password(&system, id, "another password".into())).unwrap();
    }
    assert!(!app.has_demo_accounts().unwrap());
}

#[test]
fn d_acc_01_permissions_come_from_groups_while_the_account_is_active() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let system = Actor::system(now());
    let token = run(app.create_token(&system, TokenForm::of("liberator", ""))).unwrap();
    let actor = app.find_token(&token, now()).unwrap().unwrap().actor;
    let may = |model, action| actor.may(model, action);
    assert!(may(Model::Deployment, Action::Delete) && may(Model::Computer, Action::View));
    assert!(!may(Model::Computer, Action::Change) && !may(Model::Package, Action::Add));

    let liberator = run(app.account_named(&system, "liberator")).unwrap();
    let before = AccountForm::from(&run(app.account_detail(&system, liberator)).unwrap());
    let form = AccountForm { is_active: false, ..before };
    run(app.change_account(&system, liberator, form)).unwrap();
    assert!(app.find_token(&token, now()).unwrap().is_none(), "inactive: its token is dead");
    let signed_in = run(app.sign_in("liberator", "liberator".into(), 12, now()));
    assert!(matches!(signed_in, Err(AppError::Invalid { .. })));
}

#[test]
fn d_perm_01_accounts_and_tokens_are_for_superusers() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let token =
        run(app.create_token(&Actor::system(now()), TokenForm::of("configurator", ""))).unwrap();
    let actor = app.find_token(&token, now()).unwrap().unwrap().actor;
    let denied = |result: Result<(), AppError>| matches!(result, Err(AppError::Denied(_)));
    assert!(denied(run(app.create_token(&actor, TokenForm::of("admin", ""))).map(drop)));
    assert!(denied(run(app.tokens(&actor, None, None, 10)).map(drop)));
    assert!(denied(run(app.add_account(&actor, AccountForm::default(), "x".into())).map(drop)));
    assert!(denied(run(app.history(&actor, None, audit::Filter::default())).map(drop)));
}

#[test]
fn d_gen_10_a_group_never_gets_the_number_of_one_that_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), false, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let system = Actor::system(now());
    let form = |name: &str| AccountGroupForm { name: name.into(), permissions: Vec::new() };
    let first = run(app.add_group(&system, form("first"))).unwrap().group.id;
    run(app.delete_group(&system, first, true)).unwrap();
    let second = run(app.add_group(&system, form("second"))).unwrap().group.id;
    assert!(second > first, "its history is its own, and undoing gives the first its number back");
}

#[test]
fn d_gen_10_every_change_of_an_account_is_recorded_without_its_password() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), false, "UTC");
    app.first_start(FirstPassword::Given("a long password".into()), now()).unwrap();
    let system = Actor::system(now());
    let form = AccountForm {
        username: "ana".into(),
        is_active: true,
        is_staff: true,
        groups: vec!["Reader".into()],
        ..AccountForm::default()
    };
    let ana = run(app.add_account(&system, form.clone(), "secret of ana".into())).unwrap();
    let renamed = AccountForm { first_name: "Ana".into(), ..form };
    run(app.change_account(&system, ana.account.id, renamed.clone())).unwrap();
    run(app.change_account(&system, ana.account.id, renamed)).unwrap();
    let filter = audit::Filter { limit: 10, ..audit::Filter::default() };
    let rows = run(app.history(&system, None, filter)).unwrap();
    let of_ana: Vec<_> = rows
        .iter()
        .filter(|row| row.entry.object_name == "ana")
        .map(|row| (row.entry.action.as_str(), row.entry.before.clone(), row.entry.after.clone()))
        .collect();
    assert_eq!(of_ana.len(), 2, "a change that changes nothing leaves no row: {of_ana:?}");
    assert_eq!(
        of_ana[0],
        (
            "change",
            Some(r#"{"first_name":""}"#.to_owned()),
            Some(r#"{"first_name":"Ana"}"#.to_owned())
        )
    );
    assert!(!format!("{rows:?}").contains("secret of ana"));
}

#[test]
fn d_gen_01_today_is_the_day_of_the_site_not_of_utc() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), false, "Pacific/Auckland");
    let evening: Timestamp = "2024-06-05T20:00:00Z".parse().unwrap();
    assert_eq!(app.today(evening).to_string(), "2024-06-06");
}

fn ana(groups: &[&str], permissions: &[&str]) -> AccountForm {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    AccountForm {
        username: "ana".into(),
        is_active: true,
        is_staff: true,
        groups: owned(groups),
        permissions: owned(permissions),
        ..AccountForm::default()
    }
}

fn acting(app: &App, name: &str) -> Actor {
    let token = run(app.create_token(&Actor::system(now()), TokenForm::of(name, ""))).unwrap();
    app.find_token(&token, now()).unwrap().unwrap().actor
}

#[test]
fn d_perm_01_an_explicit_permission_administers_accounts_within_its_own_rights() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let system = Actor::system(now());
    let rights = ["account:view", "account:add", "account:change", "account:delete"];
    run(app.add_account(&system, ana(&["Packager"], &rights), "password of ana".into())).unwrap();
    let actor = acting(&app, "ana");
    let add = |name: &str, form: AccountForm| {
        let form = AccountForm { username: name.into(), ..form };
        run(app.add_account(&actor, form, "a long password".into()))
    };
    let denied = |result: Result<_, AppError>| matches!(result, Err(AppError::Denied(_)));
    let eva = add("eva", ana(&["Packager"], &[])).unwrap();
    assert!(denied(add("root", AccountForm { is_superuser: true, ..ana(&[], &[]) })));
    assert!(denied(add("liberator-2", ana(&["Liberator"], &[]))));
    assert!(denied(add("releaser", ana(&[], &["deployment:change"]))));
    let change = |id, form| run(app.change_account(&actor, id, form));
    let form = AccountForm { username: "eva".into(), ..ana(&["Liberator"], &[]) };
    assert!(denied(change(eva.account.id, form)), "cannot hand out what is not held");
    let liberator = run(app.account_named(&system, "liberator")).unwrap();
    let form = AccountForm { username: "liberator".into(), ..ana(&[], &[]) };
    assert!(denied(change(liberator, form)), "cannot take away what is not held");
    let admin = run(app.account_named(&system, "admin")).unwrap();
    let form = AccountForm { username: "admin".into(), ..ana(&[], &[]) };
    assert!(denied(change(admin, form)));
    assert!(matches!(
        run(app.set_password(&actor, admin, "a long password".into())),
        Err(AppError::Denied(_))
    ));
    assert!(matches!(run(app.delete_account(&actor, admin, true)), Err(AppError::Denied(_))));
    run(app.delete_account(&actor, eva.account.id, true)).unwrap();
}

#[test]
fn d_acc_07_a_token_does_no_more_than_its_rights_and_no_longer_than_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let system = Actor::system(now());
    let make = |username: &str, rights: &[&str]| {
        let form = TokenForm {
            rights: Some(rights.iter().map(|right| (*right).to_owned()).collect()),
            expires_at: Some(now() + SignedDuration::from_hours(24)),
            ..TokenForm::of(username, "nightly")
        };
        run(app.create_token(&system, form))
    };
    let secret = make("admin", &["package:add", "store:view"]).unwrap();
    let actor = app.find_token(&secret, now()).unwrap().unwrap().actor;
    assert!(actor.may(Model::Package, Action::Add) && actor.may(Model::Store, Action::View));
    assert!(!actor.may(Model::Package, Action::View) && !actor.is_superuser());
    // What the account may not, its token may not either.
    let secret_of_reader = make("reader", &["package:add", "store:view"]).unwrap();
    let actor = app.find_token(&secret_of_reader, now()).unwrap().unwrap().actor;
    assert!(!actor.may(Model::Package, Action::Add) && actor.may(Model::Store, Action::View));
    let late = now() + SignedDuration::from_hours(25);
    assert!(app.find_token(&secret, late).unwrap().is_none(), "expired");
    assert!(make("admin", &[]).is_err() && make("admin", &["package:eat"]).is_err());
    let listed = run(app.tokens(&system, None, None, 10)).unwrap().items;
    assert_eq!(listed.len(), 2);
    assert!(listed[0].last_used_at.is_some(), "its use is noted");
}

#[test]
fn d_perm_05_an_upgrade_renews_the_groups_that_nobody_changed() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), false, "UTC");
    app.first_start(FirstPassword::Given("a long password".into()), now()).unwrap();
    assert!(app.renew_groups(now()).unwrap().is_empty(), "a fresh site has them as they are");
    let system = Actor::system(now());
    let id = |name: &str| {
        run(app.groups(&system)).unwrap().into_iter().find(|group| group.name == name).unwrap().id
    };
    let permissions = |name: &str| run(app.group(&system, id(name))).unwrap().permissions;
    let form = AccountGroupForm { name: "Query".into(), permissions: vec!["query:view".into()] };
    run(app.change_group(&system, id("Query"), form)).unwrap();
    // As an earlier program left it: without what is new in this one.
    let reader = id("Reader");
    let older = move |tx: &crate::storage::WriteTx<'_>| {
        crate::storage::groups::set_permissions(tx, reader, &Default::default())
    };
    app.storage().write_now(older).unwrap();
    assert_eq!(app.renew_groups(now()).unwrap(), ["Reader"]);
    assert!(permissions("Reader").contains(&"computer:view".to_owned()));
    assert_eq!(permissions("Query"), ["query:view"], "changed by hand: left alone");
    run(app.delete_group(&system, id("Packager"), false)).unwrap();
    assert!(app.renew_groups(now()).unwrap().is_empty(), "deleted stays deleted");
}

#[test]
fn d_acc_04_the_demonstration_has_an_inactive_domain_admin() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path(), true, "UTC");
    app.first_start(FirstPassword::Generate, now()).unwrap();
    let signed_in = run(app.sign_in("domain-admin", "domain-admin".into(), 12, now()));
    assert!(matches!(signed_in, Err(AppError::Invalid { .. })));
}
