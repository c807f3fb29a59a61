//! `migas client update`: a full synchronisation at the terminal, in a pipe or from cron.

use std::io::{IsTerminal as _, Write};

use tokio::signal::unix::{SignalKind, signal};

use super::{Common, output};
use crate::catalogue::Lang;
use crate::cli::CliError;
use crate::client::lock::Lock;
use crate::client::run::{Client, ClientError};
use crate::client::sync::{Interrupt, Options, Record, SyncError, chain};
use crate::client::ui::{self, Console};
use crate::t;
use crate::wire::tags::TagPackages;

/// Runs `migas client update`.
pub fn run(
    common: &Common,
    force_upgrade: bool,
    lang: Lang,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    let mut client = super::open_or_fail(common, lang)?;
    let lock = client.lock();
    let lock = lock.map_err(|error| output::failure(&error, Some(&client), lang, common.book))?;
    run_locked(&mut client, lock, common, force_upgrade, None, lang, out)
}

/// Synchronises; `tags` are the packages that follow a change of tags (D-CLI-06).
pub fn run_locked(
    client: &mut Client,
    lock: Lock,
    common: &Common,
    force_upgrade: bool,
    tags: Option<TagPackages>,
    lang: Lang,
    out: &mut (dyn Write + Send),
) -> Result<(), CliError> {
    super::super::log::start_file(&client.places.log(), client.settings.debug);
    let options = Options {
        upgrade: client.settings.auto_update_packages || force_upgrade,
        base: client.settings.base_url(),
        package_proxy_cache: client.settings.package_proxy_cache.clone(),
        titles: ui::titles(lang),
        last_words: t!(lang, "client-last-words"),
        tags: tags.unwrap_or_default(),
    };
    let mut words = std::io::stderr();
    // With --json the words are for people, the object for programs.
    let (record, result) = if common.json {
        let colour = words.is_terminal();
        synchronise(client, Console::new(&mut words, lang, colour), &options, lang)?
    } else {
        let colour = std::io::stdout().is_terminal();
        synchronise(client, Console::new(out, lang, colour), &options, lang)?
    };
    drop(lock);
    if common.json {
        output::json(out, &record)?;
    }
    match result {
        Err(error) => Err(output::failure(&error, Some(client), lang, common.book)),
        Ok(()) if record.ok => Ok(()),
        Ok(()) => {
            let status = if common.book { output::BOOK_PACKAGES_FAILED } else { 1 };
            Err(CliError::failed(t!(lang, "client-step-failed")).with_status(status))
        }
    }
}

type Ended = (Record, Result<(), ClientError>);

fn synchronise(
    client: &mut Client,
    mut console: Console<'_>,
    options: &Options,
    lang: Lang,
) -> Result<Ended, CliError> {
    console.banner(&ui::banner(lang, client));
    let ended = crate::cli::small_runtime()?.block_on(async {
        let interrupt = on_signals();
        let session = tokio::select! {
            biased;
            () = interrupt.fired() => Err(ClientError::Sync(SyncError::Interrupted)),
            session = client.session(&mut console) => session,
        };
        let mut session = match session {
            Ok(session) => session,
            Err(error) => {
                let text = chain(&error);
                client.keep_error(&text);
                return (Record { failure: Some(text), ..Record::default() }, Err(error));
            }
        };
        let (record, result) = client.update(&mut session, &mut console, options, interrupt).await;
        (record, result.map_err(ClientError::Sync))
    });
    if ended.1.is_ok() {
        console.write(&match ended.0.ok {
            true => t!(lang, "client-done"),
            false => t!(lang, "client-done-with-failures"),
        });
    }
    Ok(ended)
}

/// Fires on the first signal that asks the client to end (D-CLI-05).
fn on_signals() -> Interrupt {
    let (sender, interrupt) = Interrupt::new();
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let sender = sender.clone();
        if let Ok(mut signals) = signal(kind) {
            tokio::spawn(async move {
                while signals.recv().await.is_some() {
                    let _nobody_listens_any_more = sender.send(true);
                }
            });
        }
    }
    interrupt
}
