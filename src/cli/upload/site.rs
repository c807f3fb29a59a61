//! The site that takes an upload, as `migas upload` talks to it.

use std::path::Path;

use bytes::Bytes;
use futures_util::{Stream, stream};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reqwest::{RequestBuilder, StatusCode, Url, header};
use serde_json::Value;
use tokio::io::AsyncReadExt as _;

use crate::catalogue::Lang;
use crate::cli::CliError;
use crate::t;

/// Bytes read of a file at once.
pub(super) const READ_BYTES: usize = 256 * 1024;
/// Longest answer of a server, in bytes: the paths of a large set.
const MAX_ANSWER: usize = 16 << 20;

/// Everything an upload needs, complete.
pub(super) struct Site {
    pub http: reqwest::Client,
    /// As it was given.
    pub server: String,
    /// `/api/v1/upload` there.
    pub url: Url,
    pub login: Login,
    pub project: String,
    pub store: String,
    /// Show how far it is.
    pub visible: bool,
    pub lang: Lang,
}

/// How to sign in.
pub(super) enum Login {
    Password { user: String, password: String },
    Token(String),
}

/// Why an upload came to nothing.
pub(super) enum Refusal {
    /// The server's reason to refuse it.
    Reason(String),
    Failed(CliError),
}

impl From<CliError> for Refusal {
    fn from(error: CliError) -> Self {
        Self::Failed(error)
    }
}

impl Site {
    /// Sends a file to a route below `/api/v1/upload`; `bar` moves with it.
    pub(super) async fn post_file(
        &self,
        route: &str,
        query: &[(&str, &str)],
        path: &Path,
        bar: &ProgressBar,
    ) -> Result<Value, Refusal> {
        let unreadable = |error: std::io::Error| crate::cli::unreadable(path, &error, self.lang);
        let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
        let about = file.metadata().await.map_err(unreadable)?;
        if !about.is_file() {
            let file = path.display().to_string();
            return Err(CliError::failed(t!(self.lang, "upload-no-file", file = file)).into());
        }
        let body = reqwest::Body::wrap_stream(pieces(file, bar.clone()));
        let request = self
            .http
            .post(self.route(route, query))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::CONTENT_LENGTH, about.len())
            .body(body);
        Ok(self.send(request).await?.1)
    }

    /// Sends JSON to a route below `/api/v1/upload`.
    pub(super) async fn post_json(
        &self,
        route: &str,
        body: &Value,
    ) -> Result<(StatusCode, Value), Refusal> {
        let request = self.http.post(self.route(route, &[]));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string())).await
    }

    fn route(&self, route: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        if !route.is_empty() {
            url.set_path(&format!("{}/{route}", url.path()));
        }
        for (name, value) in query {
            url.query_pairs_mut().append_pair(name, value);
        }
        url
    }

    async fn send(&self, request: RequestBuilder) -> Result<(StatusCode, Value), Refusal> {
        let request = match &self.login {
            Login::Password { user, password } => request.basic_auth(user, Some(password)),
            Login::Token(token) => request.bearer_auth(token),
        };
        let away = |error| crate::cli::unreachable(&self.server, error, self.lang);
        let mut answer = request.send().await.map_err(away)?;
        let status = answer.status();
        let mut bytes = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(away)? {
            if bytes.len() + piece.len() > MAX_ANSWER {
                return Err(self.strange_answer().into());
            }
            bytes.extend_from_slice(&piece);
        }
        let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if status.is_success() {
            return Ok((status, body));
        }
        let detail = body.get("detail").and_then(|detail| detail.as_str());
        let detail = detail.unwrap_or(status.as_str());
        let (lang, server) = (self.lang, self.server.as_str());
        Err(Refusal::Reason(match (status, &self.login) {
            (StatusCode::UNAUTHORIZED, Login::Password { user, .. }) => {
                t!(lang, "upload-wrong-password", server = server, user = user.as_str())
            }
            (StatusCode::UNAUTHORIZED, Login::Token(_)) => {
                t!(lang, "upload-unknown-token", server = server)
            }
            (StatusCode::NOT_FOUND, _) => t!(lang, "upload-not-found", reason = detail),
            _ => detail.to_owned(),
        }))
    }

    /// The server is another one than ours.
    pub(super) fn strange_answer(&self) -> CliError {
        CliError::failed(t!(self.lang, "upload-strange-answer"))
    }

    /// A bar on a terminal; nothing when piped.
    pub(super) fn progress(&self, size_bytes: u64, name: &str) -> ProgressBar {
        let target = match self.visible {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(Some(size_bytes), target);
        let bar = bar.with_message(name.to_owned());
        let template = "{msg} {wide_bar} {bytes}/{total_bytes} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar
    }
}

/// The bytes of a file, piece by piece; what is read moves the bar.
fn pieces(
    file: tokio::fs::File,
    bar: ProgressBar,
) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold((file, bar), |(mut file, bar)| async move {
        let mut buffer = Vec::with_capacity(READ_BYTES);
        let read = (&mut file).take(READ_BYTES as u64).read_to_end(&mut buffer).await?;
        bar.inc(read as u64);
        Ok((read > 0).then(|| (Bytes::from(buffer), (file, bar))))
    })
}
