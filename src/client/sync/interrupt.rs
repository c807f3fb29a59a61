//! The wish to end a run early (D-CLI-05).

use tokio::sync::watch;

/// Fires once and stays fired.
#[derive(Debug, Clone)]
pub struct Interrupt {
    fired: Option<watch::Receiver<bool>>,
}

impl Interrupt {
    /// One that never fires.
    pub fn never() -> Self {
        Self { fired: None }
    }

    /// One that fires when `sender` sends `true`.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self { fired: Some(receiver) })
    }

    /// Says whether it has fired.
    pub fn has_fired(&self) -> bool {
        self.fired.as_ref().is_some_and(|fired| *fired.borrow())
    }

    /// Waits until it fires.
    pub async fn fired(&self) {
        let Some(mut fired) = self.fired.clone() else { return std::future::pending().await };
        if fired.wait_for(|fired| *fired).await.is_err() {
            std::future::pending::<()>().await; // the sender went away without a word
        }
    }
}
