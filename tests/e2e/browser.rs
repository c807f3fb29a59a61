//! The browser of the tests is what they take it for.

use crate::support::{Browser, Look};

const PAGE: &str = "data:text/html,<!doctype html><title>T</title>\
    <style>p{color:black}@media(prefers-color-scheme:dark){p{color:white}}</style>\
    <p id=p>before</p><input id=i value=x>\
    <button onclick='p.textContent=i.value+innerWidth'>go</button>";

#[test]
fn a_page_is_read_filled_and_pressed() {
    let browser = Browser::open(Look { width: 400, dark: true, ..Look::default() });
    browser.goto(PAGE);
    assert_eq!((browser.title().as_str(), browser.text("#p").as_str()), ("T", "before"));
    browser.fill("#i", "new ");
    browser.click("button");
    assert_eq!(browser.text("#p"), "new 400");
    let color = browser.script("return getComputedStyle(p).color");
    assert_eq!(color, "rgb(255, 255, 255)", "dark");
    assert_eq!(browser.texts("h1"), Vec::<String>::new());
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[test]
fn a_browser_can_do_without_javascript_and_speak_spanish() {
    let browser = Browser::open(Look { javascript: false, language: "es", ..Look::default() });
    browser.goto(PAGE);
    browser.click("button");
    assert_eq!(browser.text("#p"), "before");
}
