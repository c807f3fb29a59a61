//! Metadata of yum's repositories: recognised, released like packages, and out of the way where
//! packages are meant.

use actix_web::http::StatusCode;
use actix_web::test::TestRequest;
use serde_json::{Value, json};

use super::rpm::{PLAIN, site, upload};
use crate::api::tests::{Site, get, patch, post};

const COMPS: &str = "<comps><group><id>acme</id><name>Acme</name></group></comps>";
const UPDATES: &str = "<updates><update type='security'><id>A-1</id></update></updates>";
const MODULES: &str =
    "document: modulemd-defaults\nversion: 1\ndata: {module: acme, stream: '1'}\n";

async fn stored(site: &Site, name: &str, text: &str) -> Value {
    let (status, body) = site.send(upload("fedora-40", name, text.as_bytes())).await;
    assert_eq!(status, StatusCode::CREATED, "{name}: {body}");
    body
}

/// Types of metadata in the repomd.xml that is being served, and how often it was published.
async fn served(site: &Site) -> (Vec<String>, i64) {
    let read = site.app.storage().read(|tx| -> Result<_, crate::storage::StorageError> {
        let found = crate::storage::projects::find_by_name(tx, "fedora-40")?.unwrap();
        let path = "repodata/repomd.xml";
        crate::storage::publications::find_file(tx, found.id, "tools", path)
    });
    let found = read.await.unwrap().unwrap();
    let crate::storage::publications::Content::Bytes(bytes) = found.file.content else {
        panic!("a text")
    };
    let text = String::from_utf8(bytes).unwrap();
    let kinds = text.split("<data type=\"").skip(1);
    let kinds = kinds.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    (kinds, found.generation)
}

#[actix_web::test]
async fn d_repo_04_metadata_is_recognised_and_released_like_packages() {
    let site = site().await;
    let (status, plain) = site.send(upload("fedora-40", "plain.rpm", PLAIN)).await;
    assert_eq!((status, &plain["format"]), (StatusCode::CREATED, &json!("rpm")));
    // file            content  what it is      what its page says
    let table = [
        ("groups", COMPS, "comps", json!([["groups", "acme: Acme"]])),
        ("u.xml", UPDATES, "updateinfo", json!([["updates", "A-1 (security)"]])),
        ("modules.yaml", MODULES, "modules", json!([["defaults", "acme:1"]])),
    ];
    for (name, text, format, control) in &table {
        let body = stored(&site, name, text).await;
        assert_eq!(body["format"], json!(format), "{name}");
        assert_eq!((&body["package"], &body["version"]), (&Value::Null, &Value::Null));
        assert_eq!((&body["registered"], &body["orphan"]), (&json!(true), &json!(true)));
        let path = format!("/api/v1/packages/{}/information", body["id"]);
        let (_, information) = site.send(get(&path)).await;
        assert_eq!(information["format"], json!(format), "{name}");
        assert_eq!(&information["control"], control, "{name}");
        assert_eq!(information["files"], json!([]), "{name}");
    }
    let deployment = json!({
        "project": "fedora-40", "name": "tools",
        "available_packages": ["plain.rpm", "groups", "u.xml", "modules.yaml"],
    });
    let (status, made) = site.send(post("/api/v1/deployments", deployment)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let all =
        ["primary", "filelists", "other", "group", "group_gz", "updateinfo", "modules"].to_vec();
    let (kinds, first) = served(&site).await;
    assert_eq!(kinds, all);
    assert_eq!(site.number("SELECT count(*) FROM repository_payload").await, 1);

    // Another content under the name is published at once, and may be another kind.
    let replaced = upload("fedora-40", "groups", UPDATES.as_bytes());
    let (status, _) = site.send(replaced).await;
    assert_eq!(status, StatusCode::CONFLICT, "D-PKG-01");
    let uri = "/api/v1/upload?project=fedora-40&store=acme&name=groups&replace=1";
    let replaced = TestRequest::post().uri(uri).set_payload(UPDATES.replace("A-1", "A-2"));
    let (status, body) = site.send(replaced).await;
    assert_eq!((status, &body["format"]), (StatusCode::CREATED, &json!("updateinfo")), "{body}");
    let (kinds, second) = served(&site).await;
    assert_eq!(kinds, ["primary", "filelists", "other", "updateinfo", "modules"]);
    assert!(second > first);

    // A record that goes takes it out of the repository, and comes back (D-PKG-06).
    let path = format!("/api/v1/packages/{}", body["id"]);
    site.send(TestRequest::delete().uri(&path)).await;
    let only = json!({ "remove_packages": ["u.xml"] });
    let path = format!("/api/v1/deployments/{}", made["id"]);
    assert_eq!(site.send(patch(&path, only)).await.0, StatusCode::OK);
    assert_eq!(served(&site).await.0, ["primary", "filelists", "other", "modules"]);
    let path = format!("/api/v1/packages/{}/register", body["id"]);
    let (status, again) = site.send(TestRequest::post().uri(&path)).await;
    assert_eq!((status, &again["registered"]), (StatusCode::OK, &json!(true)), "{again}");
}

#[actix_web::test]
async fn what_is_no_metadata_is_refused_with_the_reason() {
    let site = site().await;
    // project      file                                 what is said
    let table = [
        ("fedora-40", "<html></html>", "its root element is \"html\""),
        ("leap-15", "<comps>\n<group></comps>", "line 2 is no well-formed XML"),
        ("leap-15", "document: x\nversion: 1\n", "the document in line 1 is no module metadata"),
        ("debian-12", COMPS, "not a Debian package"),
        ("fedora-40", "what is this", "not an RPM package"),
    ];
    for (project, text, expected) in table {
        let (status, problem) = site.send(upload(project, "file", text.as_bytes())).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(expected), "{text}: {detail}");
    }
    assert_eq!(super::files(&site).await, Vec::<String>::new());
}
