//! Background work of the server; every job may run twice.

use std::time::Duration;

use crate::app::{App, chain};

/// How often expired sessions are cleared away.
const TIDY: Duration = Duration::from_secs(3600);

/// Starts the jobs of a server; they end with the process.
pub fn start(app: &App) {
    actix_web::rt::spawn(tidy(app.clone()));
}

async fn tidy(app: App) {
    let mut ticks = actix_web::rt::time::interval(TIDY);
    loop {
        ticks.tick().await;
        if let Err(error) = app.drop_expired(crate::clock::now()).await {
            tracing::warn!(error = chain(&error), "nothing was tidied");
        }
    }
}
