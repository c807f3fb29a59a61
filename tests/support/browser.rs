//! A real browser, headless chromium, driven over the WebDriver protocol (W3C WebDriver 2).
//!
//! Elements are named by CSS selectors. Looking for one waits a little, since a page may still be
//! loading; everything else happens at once. The browser reaches the loopback address only.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use base64::Engine;
use reqwest::Method;
use serde_json::{Value, json};

use super::http::Http;
use super::wait_for;

/// Keys of [`Browser::press`] that are no characters (WebDriver 2, 17.4.2).
pub const TAB: &str = "\u{e004}";
pub const ENTER: &str = "\u{e007}";
/// How long an element may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a page may take to go after something on it was pressed.
const LEAVING: Duration = Duration::from_secs(3);
/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The script of axe-core, the accessibility audit of others; see `tests/support/axe-core`.
///
/// # Panics
/// With the reason, if it is not kept here and cannot be fetched.
pub fn axe_core() -> &'static str {
    static SCRIPT: OnceLock<String> = OnceLock::new();
    SCRIPT.get_or_init(|| {
        let fetch = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/axe-core");
        let output = Command::new(fetch).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "axe-core is not to be had: {words}");
        String::from_utf8(output.stdout).unwrap()
    })
}

/// One browser window with a profile of its own; closed on drop.
pub struct Browser {
    driver: Child,
    http: Http,
    /// `http://127.0.0.1:PORT/session/ID`
    session: String,
    _profile: tempfile::TempDir,
}

/// How a browser differs from the usual one.
#[derive(Clone, Copy)]
pub struct Look {
    pub language: &'static str,
    pub width: u32,
    pub dark: bool,
    pub javascript: bool,
}

impl Default for Look {
    fn default() -> Look {
        Look { language: "en", width: 1280, dark: false, javascript: true }
    }
}

impl Browser {
    /// Opens a window.
    pub fn open(look: Look) -> Browser {
        let profile = tempfile::Builder::new().prefix("migas-browser-").tempdir().unwrap();
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("HOME", profile.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (`make deps`)");
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once("successfully on port ")?.1.to_owned()))
            .expect("chromedriver tells its port");
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        let port = port.trim_end_matches('.');
        let mut browser = Browser {
            driver,
            http: Http::new(),
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let started = browser.command(Method::POST, "", &capabilities(look));
        let id = started["sessionId"].as_str().unwrap();
        browser.session = format!("{}/{id}", browser.session);
        if look.dark {
            let features = json!([{ "name": "prefers-color-scheme", "value": "dark" }]);
            browser.devtools("Emulation.setEmulatedMedia", &json!({ "features": features }));
        }
        // A headless window cannot be narrower than 500 pixels; the page inside can.
        let size =
            json!({ "width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        browser.devtools("Emulation.setDeviceMetricsOverride", &size);
        browser
    }

    /// Goes to an address and waits until the page is loaded.
    pub fn goto(&self, url: &str) {
        self.command(Method::POST, "/url", &json!({ "url": url }));
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.text_of(&self.command(Method::GET, "/url", &Value::Null))
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        self.text_of(&self.command(Method::GET, "/title", &Value::Null))
    }

    /// The visible text of an element.
    pub fn text(&self, css: &str) -> String {
        let path = format!("/element/{}/text", self.element(css));
        self.text_of(&self.command(Method::GET, &path, &Value::Null))
    }

    /// The visible texts of all elements; none if there is none.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let found = self.find(css);
        let text = |id: &String| {
            let path = format!("/element/{id}/text");
            self.text_of(&self.command(Method::GET, &path, &Value::Null))
        };
        found.iter().map(text).collect()
    }

    /// Presses an element.
    pub fn click(&self, css: &str) {
        self.press_element(&self.element(css));
    }

    /// Presses an element, and waits until the page it may lead away from is gone: on a busy
    /// machine that begins after the answer. An element that leads nowhere stays, and is not waited
    /// for long.
    fn press_element(&self, id: &str) {
        self.command(Method::POST, &format!("/element/{id}/click"), &json!({}));
        let name = format!("/element/{id}/name");
        let until = Instant::now() + LEAVING;
        while self.ask(Method::GET, &name, &Value::Null).is_ok() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Presses the link with that text.
    pub fn follow(&self, text: &str) {
        let search = json!({ "using": "link text", "value": text });
        let found = wait_for(&format!("a link `{text}` on {}", self.url()), PATIENCE, || {
            self.ask(Method::POST, "/element", &search).ok()
        });
        self.press_element(found[ELEMENT].as_str().unwrap());
    }

    /// Replaces what is in a field.
    pub fn fill(&self, css: &str, text: &str) {
        let id = self.element(css);
        self.command(Method::POST, &format!("/element/{id}/clear"), &json!({}));
        self.command(Method::POST, &format!("/element/{id}/value"), &json!({ "text": text }));
    }

    /// Presses keys in a field, a file input included (there the text is a path).
    pub fn type_into(&self, css: &str, text: &str) {
        let path = format!("/element/{}/value", self.element(css));
        self.command(Method::POST, &path, &json!({ "text": text }));
    }

    /// Presses keys one after the other, wherever the focus is; see [`TAB`], [`ENTER`].
    pub fn press(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            ["keyDown", "keyUp"].map(|stroke| json!({ "type": stroke, "value": key.to_string() }))
        });
        let strokes: Vec<Value> = strokes.collect();
        let actions = json!([{ "type": "key", "id": "keyboard", "actions": strokes }]);
        self.command(Method::POST, "/actions", &json!({ "actions": actions }));
    }

    /// Presses the tabulator until the focus is on `css`.
    pub fn tab_to(&self, css: &str) {
        let focused = format!("return document.activeElement.matches({css:?})");
        let reached = (0..80).any(|_| {
            self.press(TAB);
            self.script(&focused) == true
        });
        assert!(reached, "the tabulator does not lead to `{css}` on {}", self.url());
    }

    /// What is hard to use on this page for who sees little, or has no mouse.
    pub fn obstacles(&self) -> Vec<String> {
        let found = self.script(include_str!("accessibility.js"));
        found.as_array().unwrap().iter().map(|text| self.text_of(text)).collect()
    }

    /// Runs a script in the page and returns its value.
    pub fn script(&self, code: &str) -> Value {
        self.command(Method::POST, "/execute/sync", &json!({ "script": code, "args": [] }))
    }

    /// What the page complained about since the last question: errors of scripts, refused content.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command(Method::POST, "/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().cloned().unwrap_or_default();
        let serious =
            |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        entries.iter().filter(serious).map(|entry| self.text_of(&entry["message"])).collect()
    }

    /// Saves a picture of the whole page.
    pub fn screenshot(&self, file: &Path) {
        let options = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", &options);
        let data = picture["data"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    /// The one element, or the first.
    fn element(&self, css: &str) -> String {
        wait_for(&format!("`{css}` on {}", self.url()), PATIENCE, || {
            self.find(css).into_iter().next()
        })
    }

    fn find(&self, css: &str) -> Vec<String> {
        let search = json!({ "using": "css selector", "value": css });
        let found = self.command(Method::POST, "/elements", &search);
        let id = |element: &Value| self.text_of(&element[ELEMENT]);
        found.as_array().unwrap().iter().map(id).collect()
    }

    fn devtools(&self, name: &str, params: &Value) -> Value {
        let body = json!({ "cmd": name, "params": params });
        self.command(Method::POST, "/goog/cdp/execute", &body)
    }

    fn command(&self, method: Method, path: &str, body: &Value) -> Value {
        let what = format!("{method} {path} {body}");
        self.ask(method, path, body).unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value, String> {
        let mut request = self.http.request(method, &format!("{}{path}", self.session));
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = self.http.send(request).map_err(|error| format!("{error:?}"))?;
        let mut json: Value = serde_json::from_slice(&answer.body).map_err(|e| e.to_string())?;
        match answer.status.is_success() {
            true => Ok(json["value"].take()),
            false => Err(self.text_of(&json["value"]["message"])),
        }
    }

    fn text_of(&self, value: &Value) -> String {
        value.as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _already_closed = self.ask(Method::DELETE, "", &Value::Null);
        let _already_ended = self.driver.kill();
        let _reaped = self.driver.wait();
    }
}

fn capabilities(look: Look) -> Value {
    let mut args = vec![
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(), // chromium's own sandbox does not work as root
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--disable-background-networking".to_owned(),
        "--no-first-run".to_owned(),
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
    ];
    args.push(format!("--lang={}", look.language));
    let mut prefs = json!({ "intl.accept_languages": look.language });
    if !look.javascript {
        prefs["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:chromeOptions": { "args": args, "prefs": prefs },
        "goog:loggingPrefs": { "browser": "ALL" },
    } } })
}
