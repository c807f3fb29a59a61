//! Test data: a site with project `debian-12`, a signing key that is not made anew each time, and
//! packages to upload.

use sha2::{Digest as _, Sha256};

use crate::app::actor::Actor;
use crate::app::first_start::FirstPassword;
use crate::app::package_sets::{SetAnswer, SetRequest, StoredFile, WantedFile};
use crate::app::projects::ProjectForm;
use crate::app::uploads::{Incoming as _, UploadRequest, Uploaded};
use crate::app::{App, AppError, Options};
use crate::formats::deb::write::Recipe;
use crate::formats::deb822::Stanza;
use crate::formats::openpgp::SigningKey;
use crate::storage::keys::{KeyText, SiteKey};
use crate::storage::{Storage, StorageError, keys};

/// A site in a directory of its own.
pub(crate) struct Site {
    pub app: App,
    pub admin: Actor,
    _dir: tempfile::TempDir,
}

/// Wed 2024-06-05 10:00 UTC.
pub(crate) fn now() -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_717_581_600).unwrap()
}

impl Site {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().to_owned();
        // Opening waits for the writer, which no thread of a runtime may do.
        let app = std::thread::spawn(move || open(&path)).join().unwrap();
        let admin = Actor::system(now());
        let site = Self { app, admin, _dir: dir };
        site.add_project("debian-12", "apt-get").await;
        site
    }

    pub(crate) async fn add_project(&self, name: &str, pms: &str) {
        let form = ProjectForm {
            name: name.into(),
            platform: "Linux".into(),
            pms: pms.into(),
            auto_register_computers: Some(true),
        };
        self.app.add_project(&self.admin, form).await.unwrap();
    }

    /// The administrator, so many seconds later.
    pub(crate) fn later(&self, seconds: i64) -> Actor {
        Actor::system(now() + jiff::SignedDuration::from_secs(seconds))
    }

    pub(crate) async fn upload(
        &self,
        actor: &Actor,
        file_name: &str,
        bytes: &[u8],
        replace: bool,
    ) -> Result<Uploaded, AppError> {
        self.upload_to("debian-12", actor, file_name, bytes, replace).await
    }

    pub(crate) async fn upload_to(
        &self,
        project: &str,
        actor: &Actor,
        file_name: &str,
        bytes: &[u8],
        replace: bool,
    ) -> Result<Uploaded, AppError> {
        let request = UploadRequest {
            project: project.into(),
            store: "acme".into(),
            file_name: file_name.into(),
            replace,
            ..UploadRequest::default()
        };
        let mut upload = self.app.begin_upload(actor, request).await?;
        upload.push(bytes).await?;
        upload.finish().await
    }

    /// Asks for a package set in the store acme, with these contents.
    pub(crate) async fn ask_set(
        &self,
        actor: &Actor,
        name: &str,
        files: &[(&str, &[u8])],
        replace: bool,
    ) -> Result<SetAnswer, AppError> {
        let wanted = |(path, bytes): &(&str, &[u8])| WantedFile {
            path: (*path).into(),
            sha256: Sha256::digest(bytes).into(),
        };
        let request = SetRequest {
            project: "debian-12".into(),
            store: "acme".into(),
            name: name.into(),
            files: files.iter().map(wanted).collect(),
            replace,
            no_create_repo: false,
        };
        self.app.save_set(actor, request).await
    }

    /// Sends a file of a package set.
    pub(crate) async fn send_set_file(
        &self,
        actor: &Actor,
        path: &str,
        bytes: &[u8],
    ) -> Result<StoredFile, AppError> {
        let mut upload = self.app.begin_set_file(actor, "debian-12", path.into(), None).await?;
        upload.push(bytes).await?;
        upload.finish().await
    }

    /// Uploads a package set: asks, sends what is missing, and asks again.
    pub(crate) async fn upload_set(
        &self,
        actor: &Actor,
        name: &str,
        files: &[(&str, &[u8])],
        replace: bool,
    ) -> Result<Uploaded, AppError> {
        let missing = match self.ask_set(actor, name, files, replace).await? {
            SetAnswer::Saved(saved) => return Ok(*saved),
            SetAnswer::Missing(paths) => paths,
        };
        for (path, bytes) in files.iter().filter(|(path, _)| missing.iter().any(|p| p == path)) {
            self.send_set_file(actor, path, bytes).await?;
        }
        match self.ask_set(actor, name, files, replace).await? {
            SetAnswer::Saved(saved) => Ok(*saved),
            SetAnswer::Missing(paths) => panic!("still missing: {paths:?}"),
        }
    }
}

fn open(path: &std::path::Path) -> App {
    let storage = Storage::open(path).unwrap();
    give_key(&storage);
    let options =
        Options { time_zone: jiff::tz::TimeZone::UTC, max_package_size: 1 << 30, demo: true };
    let app = App::new(storage, options, now()).unwrap();
    app.first_start(FirstPassword::Generate, now()).unwrap();
    app
}

/// Puts the signing key of the tests into a database, so that nobody waits for one to be made.
pub(crate) fn give_key(storage: &Storage) {
    let secret = include_str!("../../testdata/openpgp/repository.secret.asc").to_owned();
    let public = SigningKey::parse(&secret).unwrap().public_armoured().unwrap();
    let text = KeyText { secret, public };
    let kept: Result<_, StorageError> =
        storage.write_now(move |tx| keys::keep(tx, SiteKey::Repository, &text, now()));
    kept.unwrap();
}

/// A package for all architectures whose one file holds `body`.
pub(crate) fn package(name: &str, version: &str, body: &[u8]) -> Vec<u8> {
    let control = format!(
        "Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: A <a@b.c>\n\
         Description: x\n"
    );
    let recipe = Recipe::of(Stanza::parse(control.as_bytes()).unwrap());
    recipe.file("usr/share/x", body).build().unwrap()
}
