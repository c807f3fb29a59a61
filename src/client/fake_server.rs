//! A server for tests: real sockets, real signatures, answers from a script.
//!
//! It checks what every request must be (signature, time later than the last) and keeps it for
//! the test to look at.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::transport::{Endpoint, Transport};
use crate::wire::keys::{PublicKey, SecretKey};
use crate::wire::signing;
use crate::wire::sync::Problem;

/// How an answer is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    Own,
    Foreign,
    None,
}

/// One scripted answer.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    pub seal: Seal,
}

impl Answer {
    pub fn ok(message: &impl Serialize) -> Self {
        Self { status: 200, body: serde_json::to_vec(message).unwrap(), seal: Seal::Own }
    }

    pub fn problem(status: u16, kind: &str) -> Self {
        let problem = Problem {
            r#type: format!("/problems/{kind}"),
            detail: format!("{kind} it is"),
            server_time_ms: (kind == "clock").then_some(SERVER_TIME_MS),
            ..Problem::default()
        };
        Self { status, ..Self::ok(&problem) }
    }

    pub fn sealed(self, seal: Seal) -> Self {
        Self { seal, ..self }
    }
}

/// The server's clock in every `clock` problem.
pub const SERVER_TIME_MS: i64 = 2_000_000_000_000;

/// The clock of the tests' computer.
pub fn clock() -> i64 {
    1_700_000_000_000
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub body: serde_json::Value,
    pub time_ms: i64,
    pub signed: bool,
}

/// The running server; ends with the test's runtime.
pub struct FakeServer {
    pub base: String,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Mutex<VecDeque<Answer>>>,
    pub key: Arc<SecretKey>,
    pub computer: Arc<SecretKey>,
}

impl FakeServer {
    /// Starts one that gives `answers` in their order, except to progress messages and to paths
    /// served from `files`.
    pub async fn start(answers: Vec<Answer>) -> Self {
        Self::start_with(answers, Vec::new()).await
    }

    pub async fn start_with(answers: Vec<Answer>, files: Vec<(String, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            seen: Arc::default(),
            script: Arc::new(Mutex::new(answers.into())),
            key: Arc::new(SecretKey::from_random([1; 40]).unwrap()),
            computer: Arc::new(SecretKey::from_random([2; 40]).unwrap()),
        };
        let (seen, script) = (server.seen.clone(), server.script.clone());
        let (key, computer) = (server.key.clone(), server.computer.public());
        let files = Arc::new(files);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = Connection {
                    seen: seen.clone(),
                    script: script.clone(),
                    key: key.clone(),
                    computer: computer.clone(),
                    files: files.clone(),
                };
                tokio::spawn(connection.serve(stream));
            }
        });
        server
    }

    pub fn transport(&self, server_key: Option<PublicKey>) -> Transport {
        let endpoint = Endpoint::new(&self.base, None, &[]).unwrap();
        Transport::new(endpoint, self.computer.clone(), server_key, clock)
    }

    pub fn pinned(&self) -> Transport {
        self.transport(Some(self.key.public()))
    }

    pub fn paths(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| seen.path.clone()).collect()
    }

    pub fn bodies(&self, path_end: &str) -> Vec<serde_json::Value> {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|s| s.path.ends_with(path_end)).map(|s| s.body.clone()).collect()
    }
}

struct Connection {
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Arc<Mutex<VecDeque<Answer>>>,
    key: Arc<SecretKey>,
    computer: PublicKey,
    files: Arc<Vec<(String, Vec<u8>)>>,
}

impl Connection {
    async fn serve(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            let mut words = line.split_whitespace().map(str::to_owned);
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let mut headers = std::collections::BTreeMap::new();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).await.unwrap();
                let Some((name, value)) = line.trim().split_once(':') else { break };
                headers.insert(name.to_lowercase(), value.trim().to_owned());
            }
            let header =
                |name: &str| headers.get(&name.to_lowercase()).cloned().unwrap_or_default();
            let mut body = vec![0; header("content-length").parse().unwrap_or(0)];
            stream.read_exact(&mut body).await.unwrap();
            let (answer, nonce) = if method == "GET" && header(signing::KEY_HEADER).is_empty() {
                let file = self.files.iter().find(|(name, _)| *name == path);
                let answer = match file {
                    Some((_, body)) => Answer { status: 200, body: body.clone(), seal: Seal::None },
                    None => Answer { status: 404, body: Vec::new(), seal: Seal::None },
                };
                (answer, String::new())
            } else {
                let nonce = header(signing::NONCE_HEADER);
                let time_ms = header(signing::TIME_HEADER).parse().unwrap();
                let digest = signing::request_digest(&method, &path, &body, time_ms, &nonce);
                let signed = header(signing::KEY_HEADER) == self.computer.id.to_string()
                    && self.computer.verifies_base64(&digest, &header(signing::SIGNATURE_HEADER));
                let body = serde_json::from_slice(&body).unwrap_or_default();
                self.seen.lock().unwrap().push(Seen { path: path.clone(), body, time_ms, signed });
                let scripted = match path.ends_with("/progress") {
                    true => Some(Answer::ok(&serde_json::json!({}))),
                    false => self.script.lock().unwrap().pop_front(),
                };
                let Some(answer) = scripted else { return }; // hang up: an unreachable server
                (answer, nonce)
            };
            stream.write_all(&self.bytes(&answer, &nonce)).await.unwrap();
        }
    }

    fn bytes(&self, answer: &Answer, nonce: &str) -> Vec<u8> {
        let digest = signing::answer_digest(answer.status, &answer.body, nonce);
        let seal = match answer.seal {
            Seal::Own => Some(self.key.sign_base64(&digest)),
            Seal::Foreign => Some(SecretKey::from_random([9; 40]).unwrap().sign_base64(&digest)),
            Seal::None => None,
        };
        let seal =
            seal.map(|s| format!("{}: {s}\r\n", signing::SIGNATURE_HEADER)).unwrap_or_default();
        // A busy server says for how long; no time passes in tests.
        let busy = if answer.status == 503 { "retry-after: 0\r\n" } else { "" };
        let head = format!(
            "HTTP/1.1 {} x\r\ncontent-length: {}\r\n{busy}{seal}\r\n",
            answer.status,
            answer.body.len()
        );
        [head.as_bytes(), &answer.body].concat()
    }
}
