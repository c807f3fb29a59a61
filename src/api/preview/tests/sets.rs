//! What is inside package sets counts for computers as if it stood alone (D-PKG-02).

use super::*;

#[actix_web::test]
async fn d_pkg_02_previews_and_reasons_see_what_is_inside_a_set() {
    let api = Api::with_computers().await;
    let (second, third) = (package("acme", "2.0-1", b"two"), package("acme", "3.0-1", b"three"));
    let files = [("pool/acme_2.0-1_all.deb", &second[..]), ("notes.txt", b"x")];
    api.site.upload_set(&api.site.admin, "acme-set", &files, false).await.unwrap();
    let mut wanted = deployment("lab", "LAB-x");
    wanted["available_packages"] = json!(["acme-set"]);
    wanted["packages_to_install"] = json!(["acme=2.0-1"]);
    let preview = api.done("POST", "/deployments?preview=true", wanted.clone()).await;
    let installs = json!({ "package": "acme=2.0-1", "effect": "install", "computers": 3,
                           "bytes": 3 * second.len() });
    let upgrades = json!({ "package": "acme", "effect": "upgrade", "computers": 2,
                           "bytes": 2 * second.len() });
    assert_eq!(preview["packages"], json!([installs, upgrades]));

    wanted["packages_to_install"] = json!([]);
    let made = api.done("POST", "/deployments", wanted).await;
    assert_eq!(made["available_packages"], json!(["acme-set"]));
    let why = api.done("GET", "/computers/CID-58/why?package=acme", Value::Null).await;
    assert_eq!(why["reasons"][0]["effects"], json!(["offers 2.0-1"]), "{why}");

    // A new version of the set, whose content came beforehand.
    let path = "pool/acme_3.0-1_all.deb";
    api.site.send_set_file(&api.site.admin, path, &third).await.unwrap();
    let list = json!({
        "project": "debian-12", "store": "acme", "name": "acme-set", "replace": true,
        "files": [{ "path": path, "sha256": hex::encode(Sha256::digest(&third)) }],
    });
    let before = api.state();
    let preview = api.done("POST", "/upload/set?preview=true", list.clone()).await;
    assert_eq!(api.state(), before);
    let upgrades = json!([{ "package": "acme", "effect": "upgrade", "computers": 2,
                            "bytes": 2 * third.len() }]);
    assert_eq!(preview["packages"], upgrades, "{preview}");
    api.done("POST", "/upload/set", list).await;
    let why = api.done("GET", "/computers/CID-58/why?package=acme", Value::Null).await;
    assert_eq!(why["reasons"][0]["effects"], json!(["offers 3.0-1"]), "{why}");
    let found = api.done("GET", "/deployments?search=acme_3.0", Value::Null).await;
    assert_eq!(found["items"][0]["name"], "lab", "found by what is inside: {found}");
}
