//! The reference of the API in a real browser: an operation is tried from its own form.

use serde_json::Value;

use crate::pages::{signed_in, site};
use crate::support::Look;

#[test]
fn d_ui_07_an_operation_of_the_api_is_tried_without_javascript() {
    let site = site();
    let browser = signed_in(&site, Look { javascript: false, ..Look::default() });
    browser.goto(&site.url("/"));
    browser.click("nav.helps a[href='/docs']");
    browser.click("#get_computers > summary");
    browser.click("#get_computers a[href='/docs/get_computers']");
    browser.fill("[name='query.limit']", "1");
    browser.click("main button.main");
    assert_eq!(browser.url(), site.url("/docs/get_computers"));
    let answer = browser.text("#answer");
    assert!(answer.contains("200 OK") && answer.contains("\"pc13098\""), "{answer}");
    let command = browser.text("#command");
    assert!(command.contains(&site.url("/api/v1/computers?limit=1")), "{command}");

    // A change: what stands in the form is sent, and done.
    browser.goto(&site.url("/docs/post_tag_categories"));
    let sample = browser.script("return document.querySelector('[name=body]').value");
    let sample: Value = serde_json::from_str(sample.as_str().unwrap()).unwrap();
    assert!(sample.get("prefix").is_some(), "{sample}");
    browser.fill("[name=body]", r#"{"prefix": "UBI", "name": "PLACE"}"#);
    browser.click("main button.main");
    assert!(browser.text("#answer").contains("201 Created"), "{}", browser.text("#answer"));
    let categories = site.list("/tag-categories");
    assert!(categories.iter().any(|one| one["prefix"] == "UBI"), "{categories:?}");
    assert_eq!(browser.obstacles(), Vec::<String>::new());
}

#[test]
fn d_ui_07_the_command_on_the_page_does_the_same() {
    let site = site();
    let browser = signed_in(&site, Look::default());
    browser.goto(&site.url("/docs/post_tag_categories"));
    browser.fill("[name=body]", r#"{"prefix": "UBI", "name": "it's here"}"#);
    browser.click("main button[name=only_command]");
    assert_eq!(site.list("/tag-categories"), Vec::<Value>::new());
    let command = browser.text("#command pre");
    let done = std::process::Command::new("sh")
        .args(["-c", &format!("{} --silent --show-error", command.trim())])
        .env("TOKEN", site.token())
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|_| panic!("{command}: {}", String::from_utf8_lossy(&done.stderr)));
    assert_eq!(answer["name"], "it's here", "{command}");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}
