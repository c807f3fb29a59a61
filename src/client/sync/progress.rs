//! Tells the server what the computer is doing while it does it (D-MSG-01, D-SYNC-18).
//!
//! At most one message a second, and none for a step that is over at once: the server keeps the
//! last text only, so that a synchronisation which changes nothing is two requests.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use super::{Machine, Observer, Step, SyncError, Synchronisation};

/// A step that takes longer than this is worth a message.
const WORTH_A_MESSAGE: Duration = Duration::from_millis(200);
/// At most one message in this time.
const INTERVAL: Duration = Duration::from_secs(1);
/// A message that does not arrive must not hold the work up.
const PATIENCE: Duration = Duration::from_secs(5);

/// When the last message was sent.
#[derive(Debug, Default)]
pub struct ProgressLine {
    last: Option<Instant>,
}

impl ProgressLine {
    /// How long a step must last from now on before its message is sent.
    fn wait(&self) -> Duration {
        let rest = self.last.map_or(Duration::ZERO, |last| INTERVAL.saturating_sub(last.elapsed()));
        rest.max(WORTH_A_MESSAGE)
    }
}

impl<M: Machine, O: Observer> Synchronisation<'_, M, O> {
    /// Waits for `doing`, which must not be left half done, and tells the server if it takes long.
    ///
    /// # Errors
    /// [`SyncError::Interrupted`], after `doing` is over.
    pub(super) async fn finish<T>(
        &mut self,
        step: Step,
        doing: impl Future<Output = T>,
    ) -> Result<T, SyncError> {
        let value = self.tell_while(step, doing).await;
        if self.interrupt.has_fired() { Err(SyncError::Interrupted) } else { Ok(value) }
    }

    /// The same for something that may be dropped in the middle.
    ///
    /// # Errors
    /// [`SyncError::Interrupted`], at once.
    pub(super) async fn stoppable<T>(
        &mut self,
        step: Step,
        doing: impl Future<Output = T>,
    ) -> Result<T, SyncError> {
        let interrupt = self.interrupt.clone();
        tokio::select! {
            biased;
            () = interrupt.fired() => Err(SyncError::Interrupted),
            value = self.tell_while(step, doing) => Ok(value),
        }
    }

    async fn tell_while<T>(&mut self, step: Step, doing: impl Future<Output = T>) -> T {
        let mut doing = pin!(doing);
        let Some(id) = self.sync_id() else { return doing.await };
        tokio::select! {
            biased;
            value = &mut doing => return value,
            () = tokio::time::sleep(self.run.progress.wait()) => {}
        }
        self.run.progress.last = Some(Instant::now());
        let title = self.options.titles.get(&step).map_or(step.name(), String::as_str);
        let telling = tokio::time::timeout(PATIENCE, self.session.progress(&id, title));
        let (value, _nobody_minds) = tokio::join!(doing, telling);
        value
    }
}
