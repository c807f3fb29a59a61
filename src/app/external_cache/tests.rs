//! External deployments over a real database, a real disk and a source on loopback.

use std::time::Duration;

use crate::app::deployments::{DeploymentChange, DeploymentDetail, ExternalChange};
use crate::app::fixtures::{Site, now};
use crate::app::notices::NotificationView;
use crate::catalogue::Lang;
use crate::domain::deployment::Source;
use crate::storage::checks::FoundFilter;
use crate::upstream::fake::{Says, Upstream};

use super::*;

fn change(upstream: &Upstream, external: ExternalChange) -> DeploymentChange {
    DeploymentChange {
        name: Some("Mirror".into()),
        included_attributes: Some(vec!["SET-ALL SYSTEMS".into()]),
        external: ExternalChange {
            source: Some(Source::External),
            base_url: Some(upstream.url()),
            suite: Some("stable".into()),
            components: Some("main".into()),
            ..external
        },
        ..DeploymentChange::default()
    }
}

async fn add(site: &Site, change: DeploymentChange) -> Result<DeploymentDetail, AppError> {
    site.app.add_deployment(&site.admin, "debian-12".into(), change).await
}

fn expiring(minutes: i32) -> ExternalChange {
    ExternalChange {
        frozen: Some(false),
        expire_minutes: Some(minutes),
        ..ExternalChange::default()
    }
}

/// Asks for a file so many minutes after the site's present.
async fn ask(site: &Site, path: &str, minutes: i64) -> Option<Passed> {
    let asked = ExternalRequest {
        project: "debian-12".into(),
        slug: "mirror".into(),
        path: path.into(),
        address: Some("10.0.0.7".parse().unwrap()),
        at: now() + jiff::SignedDuration::from_mins(minutes),
    };
    site.app.external_file(asked).await.unwrap()
}

async fn bytes(passed: Option<Passed>) -> Result<String, String> {
    let mut bytes = Vec::new();
    match passed {
        Some(Passed::Stored(file)) => {
            for stretch in file.stretches(0, file.length) {
                bytes.extend(file.read(stretch).await.unwrap());
            }
        }
        Some(Passed::Arriving(mut follower)) => {
            while let Some(stretch) = follower.next().await {
                bytes.extend(stretch.map_err(|failure| failure.to_string())?);
            }
        }
        Some(Passed::Failed(failure)) => return Err(failure.to_string()),
        Some(Passed::Directory) => return Err("directory".into()),
        None => return Err("none".into()),
    }
    Ok(String::from_utf8(bytes).unwrap())
}

async fn text(site: &Site, path: &str, minutes: i64) -> Result<String, String> {
    let text = bytes(ask(site, path, minutes).await).await;
    settle().await;
    text
}

/// The end of a fetch, and the word about it, are a little later than the last byte.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// Waits until so many failures were told, and returns them.
async fn told(site: &Site, count: usize) -> Vec<NotificationView> {
    for _ in 0..200 {
        let found = notices(site).await;
        if found.len() >= count {
            return found;
        }
        settle().await;
    }
    notices(site).await
}

async fn notices(site: &Site) -> Vec<NotificationView> {
    let filter = FoundFilter { limit: 1000, ..FoundFilter::default() };
    let listed = site.app.notifications(&site.admin, filter, Lang::En).await.unwrap();
    let is_ours = |view: &NotificationView| matches!(view.notice, Notice::SourceFailed { .. });
    listed.items.into_iter().filter(is_ours).collect()
}

fn says(text: &str) -> Says {
    Says::File(text.as_bytes().to_vec())
}

#[tokio::test]
async fn d_ext_04_d_ext_05_d_ext_06_frozen_and_expiring_files() {
    let site = Site::new().await;
    let upstream = Upstream::start();
    let id = add(&site, change(&upstream, expiring(60))).await.unwrap().deployment.id;
    for version in ["1", "2"] {
        for path in ["/dists/InRelease", "/pool/a.deb"] {
            upstream.put(path, says(version));
        }
        if version == "1" {
            assert_eq!(text(&site, "dists/InRelease", 0).await.unwrap(), "1");
            assert_eq!(text(&site, "pool/a.deb", 0).await.unwrap(), "1");
        }
    }
    let table = [
        ("D-EXT-05", "dists/InRelease", 59, "1"),
        ("D-EXT-04", "pool/a.deb", 100_000, "1"),
        ("D-EXT-05", "dists/InRelease", 61, "2"),
        ("D-EXT-05", "dists/InRelease", 62, "2"),
    ];
    for (rule, path, minutes, expected) in table {
        assert_eq!(text(&site, path, minutes).await.unwrap(), expected, "{rule}: {path} {minutes}");
    }
    assert_eq!(upstream.asked("/dists/InRelease"), 2);

    let freeze = |frozen| DeploymentChange {
        external: ExternalChange { frozen: Some(frozen), ..ExternalChange::default() },
        ..DeploymentChange::default()
    };
    upstream.put("/dists/InRelease", says("3"));
    site.app.change_deployment(&site.admin, id, freeze(true)).await.unwrap();
    assert_eq!(text(&site, "dists/InRelease", 9_999).await.unwrap(), "2", "D-EXT-06: frozen now");
    site.app.change_deployment(&site.admin, id, freeze(false)).await.unwrap();
    assert_eq!(text(&site, "dists/InRelease", 9_999).await.unwrap(), "3", "D-EXT-06: no longer");
    let always = DeploymentChange { external: expiring(0), ..DeploymentChange::default() };
    site.app.change_deployment(&site.admin, id, always).await.unwrap();
    upstream.put("/dists/InRelease", says("4"));
    assert_eq!(text(&site, "dists/InRelease", 9_999).await.unwrap(), "4", "D-EXT-05: always");

    // Another base URL is another cache, and the old one is gone.
    let usage = || site.app.external_usage(&site.admin, id);
    assert_eq!(usage().await.unwrap(), Usage { files: 2, size_bytes: 2 });
    let other = Upstream::start();
    other.put("/pool/a.deb", says("other"));
    let moved = |upstream: &Upstream| DeploymentChange {
        external: ExternalChange { base_url: Some(upstream.url()), ..ExternalChange::default() },
        ..DeploymentChange::default()
    };
    site.app.change_deployment(&site.admin, id, moved(&other)).await.unwrap();
    assert_eq!(usage().await.unwrap().files, 0, "D-EXT-06");
    assert_eq!(text(&site, "pool/a.deb", 0).await.unwrap(), "other");
    site.app.change_deployment(&site.admin, id, moved(&upstream)).await.unwrap();
    assert_eq!(usage().await.unwrap().files, 0, "D-EXT-06: also on the way back");
    assert_eq!(text(&site, "pool/a.deb", 0).await.unwrap(), "2");

    // The name is not the place: a renamed deployment keeps what it has.
    let renamed = DeploymentChange { name: Some("Other".into()), ..DeploymentChange::default() };
    site.app.change_deployment(&site.admin, id, renamed).await.unwrap();
    assert_eq!(usage().await.unwrap().files, 1);
    site.app.empty_external_cache(&site.admin, id).await.unwrap();
    assert_eq!(usage().await.unwrap().files, 0);
}

#[tokio::test]
async fn d_deploy_06_deleting_an_external_deployment_removes_its_cache() {
    let site = Site::new().await;
    let upstream = Upstream::start();
    let id = add(&site, change(&upstream, expiring(60))).await.unwrap().deployment.id;
    upstream.put("/a.deb", says("a"));
    text(&site, "a.deb", 0).await.unwrap();
    assert_eq!(site.app.upstream().folders().await.unwrap().len(), 1);
    site.app.delete_deployment(&site.admin, id).await.unwrap();
    assert_eq!(site.app.upstream().folders().await.unwrap(), []);
    assert!(ask(&site, "a.deb", 0).await.is_none(), "D-EXT-02: it answers no more");
}

#[tokio::test]
async fn d_ext_09_d_notif_10_failures_are_passed_on_and_told_once() {
    let site = Site::new().await;
    let mut upstream = Upstream::start();
    add(&site, change(&upstream, expiring(60))).await.unwrap();
    upstream.put("/dists/InRelease", says("1"));
    upstream.put("/gone", Says::Status(410));
    assert_eq!(text(&site, "dists/InRelease", 0).await.unwrap(), "1");
    for _ in 0..3 {
        let failed = ask(&site, "gone", 0).await;
        assert!(matches!(failed, Some(Passed::Failed(Failure::Status(410)))), "{failed:?}");
        settle().await;
    }
    let first = told(&site, 1).await;
    assert_eq!(first.len(), 1, "{first:?}");
    for part in ["Mirror", "status 410", "10.0.0.7", "asked for gone", &upstream.url()] {
        assert!(first[0].message.contains(part), "D-NOTIF-10: no {part} in {}", first[0].message);
    }
    // Another error of the same file is news; so is the same one once somebody has seen it.
    upstream.put("/gone", Says::Status(500));
    text(&site, "gone", 0).await.unwrap_err();
    assert_eq!(told(&site, 2).await.len(), 2);

    // An expired copy is better than nothing.
    upstream.put("/dists/InRelease", Says::Status(503));
    assert_eq!(text(&site, "dists/InRelease", 61).await.unwrap(), "1");
    assert_eq!(told(&site, 3).await.len(), 3);
    upstream.stop();
    assert_eq!(text(&site, "dists/InRelease", 62).await.unwrap(), "1");
    let refused = ask(&site, "never-seen", 0).await;
    assert!(matches!(refused, Some(Passed::Failed(Failure::Unreachable(_)))), "{refused:?}");
    assert_eq!(told(&site, 5).await.len(), 5);

    // Nobody floods the list by asking for what is not there.
    for number in 0..MAX_WAITING + 20 {
        bytes(ask(&site, &format!("no/{number}"), 0).await).await.unwrap_err();
    }
    let enough = usize::try_from(MAX_WAITING).unwrap();
    let waiting = i64::try_from(told(&site, enough).await.len()).unwrap();
    assert!((MAX_WAITING..MAX_WAITING + 3).contains(&waiting), "{waiting} notifications");
}

#[tokio::test]
async fn d_ext_02_d_ext_09_only_what_belongs_to_an_external_deployment_answers() {
    let site = Site::new().await;
    let upstream = Upstream::start();
    add(&site, change(&upstream, ExternalChange::default())).await.unwrap();
    let own = DeploymentChange { name: Some("Own".into()), ..DeploymentChange::default() };
    add(&site, own).await.unwrap();
    upstream.put("/dists/stable/InRelease", says("1"));
    upstream.put("/dists", says("a file where others have a directory"));
    text(&site, "dists/stable/InRelease", 0).await.unwrap();
    let table = [
        ("D-EXT-09", "mirror", "", "directory"),
        ("D-EXT-09", "mirror", "dists/stable/", "directory"),
        ("D-EXT-09", "mirror", "dists/stable", "directory"),
        ("D-EXT-09", "mirror", "dists", "directory"),
        ("D-EXT-09", "mirror", "nothing/", "none"),
        ("D-EXT-02", "mirror", "dists/../../x", "none"),
        ("D-EXT-02", "mirror", "dists/%2e%2e/x", "none"),
        ("D-EXT-02", "own", "dists/stable/InRelease", "none"),
        ("D-EXT-02", "nobody", "dists/stable/InRelease", "none"),
    ];
    for (rule, slug, path, expected) in table {
        let asked = ExternalRequest {
            project: "debian-12".into(),
            slug: slug.into(),
            path: path.into(),
            address: None,
            at: now(),
        };
        let passed = site.app.external_file(asked).await.unwrap();
        assert_eq!(bytes(passed).await.unwrap_err(), expected, "{rule}: {slug} {path}");
    }
    assert_eq!(upstream.asked_at_all(), 1);
}

#[tokio::test]
async fn what_an_external_deployment_cannot_be_is_refused() {
    let site = Site::new().await;
    let upstream = Upstream::start();
    type Change = fn(&mut DeploymentChange);
    // rule          change                                                          field
    let table: &[(&str, Change, &str)] = &[
        ("D-EXT-02", |c| c.external.base_url = Some("ftp://x".into()), "base_url"),
        ("D-EXT-02", |c| c.external.base_url = None, "base_url"),
        ("D-EXT-03", |c| c.external.suite = Some(String::new()), "suite"),
        ("D-EXT-03", |c| c.external.components = Some("a;b".into()), "components"),
        ("D-EXT-03", |c| c.external.options = Some("[x".into()), "options"),
        ("D-EXT-01", |c| c.available_packages = Some(vec!["a.deb".into()]), "available_packages"),
        ("D-EXT-01", |c| c.add_packages = vec!["a.deb".into()], "available_packages"),
        ("D-EXT-01", |c| c.external.source = None, "base_url"),
    ];
    for (rule, change_it, expected) in table {
        let mut change = change(&upstream, ExternalChange::default());
        change_it(&mut change);
        match add(&site, change).await {
            Err(AppError::Invalid { field, .. }) => assert_eq!(field, *expected, "{rule}"),
            other => panic!("{rule}: {other:?}"),
        }
    }
    let detail = add(&site, change(&upstream, ExternalChange::default())).await.unwrap();
    let id = detail.deployment.id;
    assert_eq!(detail.generation, None, "nothing of it is published");
    assert_eq!(detail.deployment.external.unwrap().expire_minutes, 1440);
    let internal = DeploymentChange {
        external: ExternalChange { source: Some(Source::Internal), ..ExternalChange::default() },
        ..DeploymentChange::default()
    };
    let refused = site.app.change_deployment(&site.admin, id, internal).await;
    assert!(matches!(refused, Err(AppError::Invalid { field: "source", .. })), "{refused:?}");
    // What makes repositories anew leaves it alone.
    let again = site.app.publish_deployment(&site.admin, id).await.unwrap();
    assert_eq!(again.generation, None);
    let own = DeploymentChange { name: Some("Own".into()), ..DeploymentChange::default() };
    let own = add(&site, own).await.unwrap().deployment.id;
    let usage = site.app.external_usage(&site.admin, own).await;
    assert!(matches!(usage, Err(AppError::Conflict(_))), "{usage:?}");
}
