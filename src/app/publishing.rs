//! Changes that publish: computed beforehand against a snapshot, committed together with what
//! caused them (D-DEPLOY-04).
//!
//! [`App::release`] is the only way: it reads what the change needs, computes the repositories it
//! touches on the blocking pool, and then, in one transaction, checks that nothing of the release
//! has changed meanwhile, makes the change and switches. If something did, it is computed again;
//! pieces made before are found again, so that costs little. Changes that publish take turns,
//! which keeps two of them from computing in vain.

use std::iter::Peekable;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::domain::ids::{DeploymentId, PackageId, PayloadId, ProjectId};
use crate::formats::openpgp::SigningKey;
use crate::publish::{
    self, Entry, Form, Format, Generation, IndexFile, Mark, Opened, Outcome, Part, Piece, PieceId,
    Text,
};
use crate::storage::deployment_packages::{self, EntryRow};
use crate::storage::publications::{self, Coming, Content, File, Offered, Switch};
use crate::storage::revisions::{self, Revision};
use crate::storage::{ReadTx, Storage, StorageError, WriteTx, deployments, projects};

use super::package_header::metadata_kind;
use super::shelf::{Fresh, Rows, put_pieces};
use super::{App, AppError};

/// How often a change is computed anew before the caller is told to come back.
const ATTEMPTS: u32 = 5;

/// What a change does to the repositories.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects {
    pub publish: Vec<Target>,
    /// Repositories that go away.
    pub remove: Vec<(ProjectId, String)>,
    /// Header of a payload that the change itself stores.
    pub fresh: Option<Fresh>,
}

/// A repository to publish, and what will be in it.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub project: ProjectId,
    pub format: Format,
    pub slug: String,
    pub members: Vec<Member>,
}

/// A package of a repository, and the payload behind it: `None` if the change itself stores that.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub entry: Entry,
    pub payload: Option<PayloadId>,
}

impl Target {
    /// A deployment as it is stored; `None` in a project whose packages are not published, and for
    /// an external one.
    pub(super) fn of(tx: &ReadTx<'_>, id: DeploymentId) -> Result<Option<Self>, AppError> {
        Self::keeping(tx, id, |_| true)
    }

    /// The same with these packages and sets of it only.
    pub(super) fn keeping(
        tx: &ReadTx<'_>,
        id: DeploymentId,
        keep: impl FnMut(&EntryRow) -> bool,
    ) -> Result<Option<Self>, AppError> {
        Self::with(tx, id, keep, Vec::new())
    }

    /// The same where the set `set` holds these packages from now on.
    pub(super) fn with_set(
        tx: &ReadTx<'_>,
        id: DeploymentId,
        set: PackageId,
        inside: Vec<EntryRow>,
    ) -> Result<Option<Self>, AppError> {
        Self::with(tx, id, |row| row.package != set, inside)
    }

    fn with(
        tx: &ReadTx<'_>,
        id: DeploymentId,
        keep: impl FnMut(&EntryRow) -> bool,
        coming: Vec<EntryRow>,
    ) -> Result<Option<Self>, AppError> {
        let deployment = deployments::get_brief(tx, id)?;
        if deployment.external.is_some() {
            return Ok(None);
        }
        let mut rows = deployment_packages::entries(tx, id)?;
        rows.retain(keep);
        let rows = deployment_packages::published(tx, rows, coming)?;
        Self::of_files(tx, deployment.project, deployment.slug, rows)
    }

    /// A repository with these packages and with what is in these sets, in the format that the
    /// project's computers read.
    pub(super) fn new(
        tx: &ReadTx<'_>,
        project: ProjectId,
        slug: String,
        rows: Vec<EntryRow>,
    ) -> Result<Option<Self>, AppError> {
        let rows = deployment_packages::published(tx, rows, Vec::new())?;
        Self::of_files(tx, project, slug, rows)
    }

    fn of_files(
        tx: &ReadTx<'_>,
        project: ProjectId,
        slug: String,
        rows: Vec<EntryRow>,
    ) -> Result<Option<Self>, AppError> {
        let format = Format::of(projects::get(tx, project)?.pms);
        let members = rows.into_iter().map(member).collect();
        Ok(format.map(|format| Self { project, format, slug, members }))
    }

    /// Puts a package in whose payload the change itself stores; a copy in a set gives way to it.
    pub(super) fn put(&mut self, entry: Entry) {
        self.members.retain(|member| member.entry != entry);
        self.members.push(Member { entry, payload: None });
    }
}

/// A stored package, or what is released like one, as publishing sees it.
fn member(row: EntryRow) -> Member {
    let entry = Entry {
        metadata: metadata_kind(row.format),
        name: row.identity_name,
        architecture: row.architecture,
        file_name: row.file_name,
        sha256: row.sha256,
    };
    Member { entry, payload: Some(row.payload) }
}

/// A repository that was computed.
struct Computed {
    project: ProjectId,
    slug: String,
    published_at: Timestamp,
    generation: Generation,
    gone: Vec<Offered>,
    come: Vec<Coming>,
    pieces: Vec<Piece>,
}

/// The release has changed since the snapshot, or the change itself failed.
enum Refusal {
    Stale,
    Failed(AppError),
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl App {
    /// Makes a change that may publish. `plan` says from a snapshot what the change needs and
    /// what it does to the repositories; `change` makes it. Both may run more than once.
    pub(super) async fn release<P, T, Plan, Change>(
        &self,
        now: Timestamp,
        plan: Plan,
        change: Change,
    ) -> Result<T, AppError>
    where
        P: Send + Sync + 'static,
        T: Send + 'static,
        Plan: Fn(&ReadTx<'_>) -> Result<(P, Effects), AppError> + Send + Sync + 'static,
        Change: Fn(&WriteTx<'_>, &P) -> Result<T, AppError> + Send + Sync + 'static,
    {
        let (plan, change) = (Arc::new(plan), Arc::new(change));
        let _turn = self.publishing().lock().await;
        for _ in 0..ATTEMPTS {
            let planning = Arc::clone(&plan);
            let planned = self.storage().read(move |tx| -> Result<_, AppError> {
                let revision = revisions::get(tx, Revision::Release)?;
                Ok((revision, planning(tx)?))
            });
            let (revision, (needed, effects)) = planned.await?;
            let Effects { publish, remove, fresh } = effects;
            let computed = self.compute(publish, fresh, now).await?;
            let change = Arc::clone(&change);
            let changed = self.storage().write(move |tx| -> Result<T, Refusal> {
                if revisions::get(tx, Revision::Release)? != revision {
                    return Err(Refusal::Stale);
                }
                let value = change(tx, &needed).map_err(Refusal::Failed)?;
                for (project, slug) in &remove {
                    publications::remove(tx, *project, slug, now)?;
                }
                for repository in &computed {
                    switch(tx, repository)?;
                }
                revisions::bump(tx, Revision::Release)?;
                Ok(value)
            });
            match changed.await {
                Ok(value) => return Ok(value),
                Err(Refusal::Failed(error)) => return Err(error),
                Err(Refusal::Stale) => {}
            }
        }
        Err(AppError::Unavailable("the release changes too fast".into()))
    }

    /// Computes repositories on the blocking pool; those that would say the same are left out.
    async fn compute(
        &self,
        targets: Vec<Target>,
        fresh: Option<Fresh>,
        now: Timestamp,
    ) -> Result<Vec<Computed>, AppError> {
        // What is only tried out is not published.
        if targets.is_empty() || self.is_preview() {
            return Ok(Vec::new());
        }
        let key = self.repository_key().await?;
        let app = self.clone();
        let computing = tokio::task::spawn_blocking(move || {
            let mut computed = Vec::new();
            for target in targets {
                computed.extend(compute(&app.storage(), &key, target, fresh.as_ref(), now)?);
            }
            Ok(computed)
        });
        computing.await.map_err(|error| AppError::Internal(error.into()))?
    }
}

/// Computes one repository; `None` if the one being served says the same.
fn compute(
    storage: &Storage,
    key: &SigningKey,
    target: Target,
    fresh: Option<&Fresh>,
    now: Timestamp,
) -> Result<Option<Computed>, AppError> {
    let Target { project, format, slug, members } = target;
    let mut difference = Difference::new(&members);
    let (previous, last) = storage.read_now(|tx| -> Result<_, AppError> {
        let previous = publications::current(tx, project, &slug)?;
        let files = previous.as_ref().map(|served| publications::files(tx, served.id));
        let previous = match (previous, files.transpose()?) {
            (Some(served), Some(files)) => Some(restore(format, served.signed_by, files)?),
            _ => None,
        };
        publications::offered(tx, project, &slug, |payload, name| difference.offer(payload, name))?;
        Ok((previous, publications::last_published(tx, project, &slug)?))
    })?;
    let published_at = published_at(now, last);
    let (gone, come) = difference.finish();
    let entries = members.into_iter().map(|member| member.entry).collect();
    let mut shelf = Rows::new(storage, fresh);
    let request = publish::Request { format, slug: &slug, key, now: published_at };
    let random = rand::rngs::OsRng;
    let outcome = publish::publish(&mut shelf, request, random, entries, previous.as_ref())
        .map_err(|error| AppError::Internal(error.into()))?;
    let pieces = shelf.into_pending();
    Ok(match outcome {
        Outcome::Unchanged => None,
        Outcome::Published(generation) => {
            Some(Computed { project, slug, published_at, generation, gone, come, pieces })
        }
    })
}

/// Generations of a repository are a second or more apart: `Last-Modified`, by which apt asks for
/// what is new, knows no less.
fn published_at(now: Timestamp, last: Option<Timestamp>) -> Timestamp {
    let earliest = last.and_then(|last| last.checked_add(SignedDuration::from_secs(1)).ok());
    earliest.map_or(now, |earliest| earliest.max(now))
}

/// What a repository no longer offers, and what it offers anew. What it offers comes in the order
/// of payloads and names; the members are sorted so and walked along with it, which costs a third
/// of a set of ten thousand names.
struct Difference<'m> {
    wanted: Peekable<std::vec::IntoIter<&'m Member>>,
    gone: Vec<Offered>,
    come: Vec<Coming>,
}

impl<'m> Difference<'m> {
    fn new(members: &'m [Member]) -> Self {
        // Metadata is in the indexes, and nowhere else.
        let packages = members.iter().filter(|member| member.entry.metadata.is_none());
        let mut wanted: Vec<&Member> = packages.collect();
        wanted.sort_unstable_by(|a, b| {
            a.payload.cmp(&b.payload).then_with(|| a.entry.file_name.cmp(&b.entry.file_name))
        });
        Self { wanted: wanted.into_iter().peekable(), gone: Vec::new(), come: Vec::new() }
    }

    fn offer(&mut self, payload: PayloadId, name: &str) {
        let order = |member: &&Member| {
            let names = || member.entry.file_name.as_str().cmp(name);
            member.payload.cmp(&Some(payload)).then_with(names)
        };
        while let Some(member) = self.wanted.next_if(|member| order(member).is_lt()) {
            self.come.push(Coming::from(member));
        }
        if self.wanted.next_if(|member| order(member).is_eq()).is_none() {
            self.gone.push(Offered { payload, name: name.to_owned() });
        }
    }

    fn finish(mut self) -> (Vec<Offered>, Vec<Coming>) {
        self.come.extend(self.wanted.map(Coming::from));
        (self.gone, self.come)
    }
}

impl From<&Member> for Coming {
    fn from(member: &Member) -> Self {
        Self { name: member.entry.file_name.clone(), sha256: member.entry.sha256 }
    }
}

/// Stores a computed repository and makes it the one being served.
fn switch(tx: &WriteTx<'_>, computed: &Computed) -> Result<(), StorageError> {
    put_pieces(tx, &computed.pieces)?;
    let generation = &computed.generation;
    let text = |Text { path, text }: &Text| File {
        path: path.clone(),
        size_bytes: text.len() as u64,
        sha256: Sha256::digest(text).into(),
        open: None,
        content: Content::Bytes(text.as_bytes().to_vec()),
    };
    let mut files: Vec<File> = generation.texts.iter().map(text).collect();
    files.extend(generation.files.iter().map(stored));
    publications::switch(
        tx,
        &Switch {
            project: computed.project,
            slug: &computed.slug,
            published_at: computed.published_at,
            digest: &generation.digest(),
            signed_by: &generation.signed_by,
            files: &files,
            gone: &computed.gone,
            come: &computed.come,
        },
    )?;
    Ok(())
}

fn stored(file: &IndexFile) -> File {
    let part =
        |part: &Part| publications::Part { piece: part.piece.0, size_bytes: part.size_bytes };
    let mark = |mark: &Mark| publications::Mark { parts: mark.parts as u64, state: mark.state };
    File {
        path: file.path.clone(),
        size_bytes: file.size_bytes,
        sha256: file.sha256,
        open: file.open.map(|open| (open.size_bytes, open.sha256)),
        content: Content::Pieces {
            codec: file.form.code().to_owned(),
            parts: file.parts.iter().map(part).collect(),
            marks: file.marks.iter().map(mark).collect(),
        },
    }
}

/// The generation being served, as publishing knows it. The order of its texts is lost: publishing
/// reads the statement only.
fn restore(format: Format, signed_by: String, files: Vec<File>) -> Result<Generation, AppError> {
    let mut texts = Vec::new();
    let mut indexes = Vec::new();
    for File { path, size_bytes, sha256, open, content } in files {
        match content {
            Content::Bytes(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                texts.push(Text { path, text });
            }
            Content::Pieces { codec, parts, marks } => {
                let form = Form::ALL.into_iter().find(|form| form.code() == codec);
                let form = form.ok_or_else(|| AppError::internal(format!("form {codec}")))?;
                let part = |part: publications::Part| Part {
                    piece: PieceId(part.piece),
                    size_bytes: part.size_bytes,
                };
                let parts = parts.into_iter().map(part).collect();
                let mark = |mark: publications::Mark| Mark {
                    parts: usize::try_from(mark.parts).unwrap_or(usize::MAX),
                    state: mark.state,
                };
                let marks = marks.into_iter().map(mark).collect();
                let open = open.map(|(size_bytes, sha256)| Opened { size_bytes, sha256 });
                indexes.push(IndexFile { path, form, size_bytes, sha256, open, parts, marks });
            }
        }
    }
    Ok(Generation { format, texts, signed_by, files: indexes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::yum::metadata::Kind;

    #[test]
    fn generations_are_a_second_apart() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2024-06-05T10:00:00.9Z");
        assert_eq!(published_at(now, None), now);
        assert_eq!(published_at(now, Some(at("2024-06-05T09:00:00Z"))), now);
        let burst = published_at(now, Some(at("2024-06-05T10:00:00.2Z")));
        assert_eq!(burst, at("2024-06-05T10:00:01.2Z"));
    }

    #[test]
    fn only_what_differs_is_written() {
        let member = |name: &str, byte: u8, payload: Option<i64>| Member {
            entry: Entry {
                metadata: None,
                name: name.into(),
                architecture: "all".into(),
                file_name: name.into(),
                sha256: [byte; 32],
            },
            payload: payload.map(PayloadId),
        };
        let offer =
            |payload, name: &str| Offered { payload: PayloadId(payload), name: name.into() };
        let coming = |name: &str, byte: u8| Coming { name: name.into(), sha256: [byte; 32] };
        let mut groups = member("g", 8, Some(8));
        groups.entry.metadata = Some(Kind::Comps);
        let members = [
            member("d", 1, Some(1)),
            member("b", 2, Some(2)),
            member("a", 1, Some(1)),
            // Its new content is stored by the change.
            member("e", 7, None),
            member("f", 9, Some(9)),
            groups,
        ];
        let mut difference = Difference::new(&members);
        for (payload, name) in [(1, "a"), (1, "b"), (1, "c"), (9, "e"), (9, "f")] {
            difference.offer(PayloadId(payload), name);
        }
        let (gone, mut come) = difference.finish();
        come.sort();
        assert_eq!(gone, [offer(1, "b"), offer(1, "c"), offer(9, "e")]);
        assert_eq!(come, [coming("d", 1), coming("b", 2), coming("e", 7)]);
    }
}
