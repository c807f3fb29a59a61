//! The executable itself, serving a site in a directory of its own, and a caller of its API.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, UNIX_EPOCH};

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use tempfile::TempDir;

use super::http::{Answer, Http};
use super::wait_for;

/// Password of `admin` in every site of the tests.
pub const PASSWORD: &str = "a password for tests";
/// The longest a server may take to answer after its start, with room for a busy machine.
const START_LIMIT: Duration = Duration::from_secs(30);
/// The longest the first start may take to make its RSA key, unoptimised and on a busy machine.
const KEY_LIMIT: Duration = Duration::from_secs(180);

/// A command line of the executable under test.
pub fn migas<S: AsRef<std::ffi::OsStr>>(args: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(executable());
    command.args(args).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    command
}

/// The executable under test: a test program is in `deps/` beside it, the demo in `examples/`.
pub fn executable() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().join("migas")
}

/// A running server; killed on drop.
pub struct Site {
    dir: Arc<TempDir>,
    process: Child,
    /// Everything the server printed, for the message of a failing test.
    output: Arc<Mutex<String>>,
    address: String,
    token: String,
    http: Http,
}

impl Site {
    /// Starts an empty site that has its keys already, so that a test need not wait for them.
    pub fn start() -> Site {
        let dir = new_dir();
        copy_files(template(), &dir.path().join("data"));
        Site::start_in(dir, "127.0.0.1:0")
    }

    /// Starts a site for the very first time.
    pub fn start_first_time() -> Site {
        Site::start_in(new_dir(), "127.0.0.1:0")
    }

    /// Starts a site with these lines in its `migas.toml`.
    pub fn start_with_settings(lines: &str) -> Site {
        let dir = new_dir();
        let data = dir.path().join("data");
        copy_files(template(), &data);
        std::fs::write(data.join("migas.toml"), lines).unwrap();
        Site::start_in(dir, "127.0.0.1:0")
    }

    /// Starts a site whose data directory is on a disk that has to be looked at.
    pub fn start_on(disk: &Path) -> Site {
        let dir = new_dir();
        std::os::unix::fs::symlink(disk, dir.path().join("data")).unwrap();
        copy_files(template(), disk);
        Site::start_in(dir, "127.0.0.1:0")
    }

    /// Starts a demonstration: the accounts of the book, whose passwords are their names.
    pub fn start_demo(listen: &str) -> Site {
        let dir = new_dir();
        std::fs::write(dir.path().join("password"), "admin\n").unwrap();
        Site::start_with(dir, listen, &["--demo"])
    }

    /// The directory with `data/` and `password`.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The file with the password of `admin`.
    pub fn password_file(&self) -> PathBuf {
        self.dir.path().join("password")
    }

    /// `127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends the server a signal; `KILL` ends it as a power cut would.
    pub fn signal(&self, name: &str) {
        let pid = self.process.id().to_string();
        let status = Command::new("kill").args(["-s", name, &pid]).status().unwrap();
        assert!(status.success(), "kill -s {name} {pid}");
    }

    /// Ends the server as an administrator would, and returns its exit status.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        wait_for("the server to stop", START_LIMIT, || self.process.try_wait().unwrap())
    }

    /// Starts a server that has been stopped or killed again, at the same address.
    pub fn start_again(self) -> Site {
        let (dir, address) = (Arc::clone(&self.dir), self.address.clone());
        drop(self);
        Site::start_in(dir, &address)
    }

    /// `GET path` without an account.
    pub fn fetch(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path))
    }

    /// `GET /api/v1{path}` as `admin`.
    ///
    /// # Panics
    /// Unless the answer is 200.
    pub fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, None).expect_status(StatusCode::OK)
    }

    /// The items of a list, `GET /api/v1{path}` as `admin`.
    pub fn list(&self, path: &str) -> Vec<Value> {
        match self.get(path)["items"].take() {
            Value::Array(items) => items,
            other => panic!("{path} has no items but {other}"),
        }
    }

    /// `POST /api/v1{path}` as `admin`.
    ///
    /// # Panics
    /// Unless the answer is 201.
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.call(Method::POST, path, Some(body)).expect_status(StatusCode::CREATED)
    }

    /// `PATCH /api/v1{path}` as `admin`.
    ///
    /// # Panics
    /// Unless the answer is 200.
    pub fn patch(&self, path: &str, body: &Value) -> Value {
        self.call(Method::PATCH, path, Some(body)).expect_status(StatusCode::OK)
    }

    /// Any request to `/api/v1{path}` as `admin`, whatever the answer.
    pub fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.authorized(method, path);
        self.send(match body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    /// Uploads package files, `POST /api/v1/upload` as `admin`.
    ///
    /// # Panics
    /// If one is refused.
    pub fn upload(&self, project: &str, store: &str, files: &[&Path]) {
        for file in files {
            let answer = self.send(self.upload_request(project, store, file));
            assert!(answer.status.is_success(), "{}: {}", file.display(), answer.text());
        }
    }

    /// The request that uploads one file.
    pub fn upload_request(&self, project: &str, store: &str, file: &Path) -> RequestBuilder {
        let name = file.file_name().unwrap().to_str().unwrap();
        let name = name.replace('+', "%2B");
        let path = format!("/upload?project={project}&store={store}&name={name}");
        self.authorized(Method::POST, &path)
            .header("Content-Type", "application/octet-stream")
            .body(std::fs::read(file).unwrap())
    }

    /// A request to `/api/v1{path}` with the token of `admin`.
    pub fn authorized(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, &format!("/api/v1{path}")).bearer_auth(&self.token)
    }

    /// The bearer token of `admin`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// A request made by hand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, &self.url(path))
    }

    /// Sends a request and reads the answer.
    pub fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).unwrap_or_else(|error| panic!("{error:?}\n{}", self.log()))
    }

    /// Sends a request to a server that may be away.
    pub fn try_send(&self, request: RequestBuilder) -> Result<Answer, reqwest::Error> {
        self.http.send(request)
    }

    /// What the server printed so far.
    pub fn log(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    fn start_in(dir: Arc<TempDir>, listen: &str) -> Site {
        let password = dir.path().join("password");
        Site::start_with(dir, listen, &["--admin-password-file", password.to_str().unwrap()])
    }

    fn start_with(dir: Arc<TempDir>, listen: &str, options: &[&str]) -> Site {
        let mut process = migas(["serve", "--listen", listen, "--data"])
            .arg(dir.path().join("data"))
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = Arc::new(Mutex::new(String::new()));
        collect(process.stdout.take().unwrap(), Arc::clone(&output));
        collect(process.stderr.take().unwrap(), Arc::clone(&output));
        let (address, token) = (String::new(), String::new());
        let mut site = Site { dir, process, output, address, token, http: Http::new() };
        site.address = wait_for("the server's address", START_LIMIT, || {
            if let Some(status) = site.process.try_wait().unwrap() {
                panic!("the server ended with {status}\n{}", site.log());
            }
            address_in(&site.log())
        });
        wait_for("/healthz", START_LIMIT, || {
            site.try_send(site.request(Method::GET, "/healthz"))
                .ok()?
                .status
                .is_success()
                .then_some(())
        });
        site.token = create_token(&site.data());
        site
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _already_ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// A directory with a password file and room for `data/`.
fn new_dir() -> Arc<TempDir> {
    let dir = tempfile::Builder::new().prefix("migas-site-").tempdir().unwrap();
    std::fs::write(dir.path().join("password"), format!("{PASSWORD}\n")).unwrap();
    Arc::new(dir)
}

/// The data directory of a site that was started once, until it had its RSA key: seconds of work.
/// It is kept between runs and belongs to one build of the executable.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let build = std::fs::metadata(executable()).unwrap();
        let built = build.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let top = executable().with_file_name("site-template");
        let kept = top.join(built.to_string());
        if !kept.exists() {
            let _nothing_there_at_first = std::fs::remove_dir_all(&top);
            let mut site = Site::start_first_time();
            wait_for("the repository key", KEY_LIMIT, || {
                site.fetch("/get_key_repositories").status.is_success().then_some(())
            });
            assert!(site.stop().success(), "{}", site.log());
            let half_way = top.join(format!("new-{}", std::process::id()));
            copy_files(&site.data(), &half_way);
            // Another test program may have been quicker; its template is as good.
            let _other = std::fs::rename(&half_way, &kept);
        }
        kept
    })
}

fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Copies what the server prints, so that it never waits for a full pipe.
fn collect(stream: impl Read + Send + 'static, output: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap();
            output.push_str(&line);
            output.push('\n');
        }
    });
}

/// Finds `127.0.0.1:PORT` in what the server printed.
fn address_in(log: &str) -> Option<String> {
    let rest = log.split("http://").skip(1).find(|rest| rest.starts_with("127.0.0.1:"))?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':'))?;
    Some(rest.get(..end)?.to_owned())
}

/// A bearer token of `admin`, made beside the running server.
fn create_token(data: &Path) -> String {
    let output =
        migas(["token", "create", "--user", "admin", "--data"]).arg(data).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}
