//! Background work of the server; every job may run twice.

use std::time::Duration;

use crate::app::{App, chain};

/// How often the queue of repositories is looked at without being told.
const LOOK: Duration = Duration::from_secs(30);

/// How often expired sessions and old publications are cleared away.
const TIDY: Duration = Duration::from_secs(3600);

/// Starts the jobs of a server; they end with the process.
pub fn start(app: &App) {
    start_repository_key(app.clone());
    actix_web::rt::spawn(tidy(app.clone()));
    actix_web::rt::spawn(regenerate(app.clone()));
}

/// Seconds of processor at the first start, nothing afterwards; a thread of its own, so that
/// the site answers meanwhile.
fn start_repository_key(app: App) {
    std::thread::spawn(move || {
        if let Err(error) = app.make_repository_key(crate::clock::now()) {
            tracing::error!(
                error = chain(&error),
                "the signing key of the repositories could not be made; start again to retry"
            );
        }
    });
}

async fn tidy(app: App) {
    let mut ticks = actix_web::rt::time::interval(TIDY);
    loop {
        ticks.tick().await;
        let now = crate::clock::now();
        if let Err(error) = app.drop_expired(now).await {
            tracing::warn!(error = chain(&error), "nothing was tidied");
        }
        if let Err(error) = app.collect_publications(now).await {
            tracing::warn!(error = chain(&error), "old publications were not collected");
        }
        if let Err(error) = app.sweep_external_cache().await {
            tracing::warn!(error = chain(&error), "the cache of external sources was not swept");
        }
    }
}

/// Publishes what was selected to be published again, also what a restart left (D-DEPLOY-04).
async fn regenerate(app: App) {
    loop {
        match app.regenerate_next(crate::clock::now()).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(error = chain(&error), "a repository waits to be published again");
            }
        }
        let asked = app.regeneration_asked().notified();
        let _either_way_the_queue_is_looked_at = tokio::time::timeout(LOOK, asked).await;
    }
}
