//! A future on the runtime that a Ruby thread or fiber waits for.

use std::future::{Future, poll_fn};
use std::io::{PipeReader, PipeWriter, Write, pipe};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use magnus::{Error, Ruby};
use tokio::task::AbortHandle;

use crate::errors;
use crate::gvl::{self, Gate};
use crate::panics::{self, Place, Watch};
use crate::runtime::{self, Process};

/// A running future. Dropping it aborts the future, which closes its connection.
pub(crate) struct Task<T> {
    shared: Arc<Shared<T>>,
    abort: AbortHandle,
    process: Process,
}

struct Shared<T> {
    gate: Gate,
    result: Mutex<Option<Caught<T>>>,
}

/// What a future came to, or where it panicked.
type Caught<T> = Result<T, Place>;

impl<T> Shared<T> {
    // Plain data, which stays usable after a panic.
    fn result(&self) -> MutexGuard<'_, Option<Caught<T>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lives inside the future, so that the gate opens and the bell rings however it ends: done,
/// aborted or panicked.
struct Ending<T> {
    shared: Arc<Shared<T>>,
    bell: Option<PipeWriter>,
}

impl<T> Drop for Ending<T> {
    fn drop(&mut self) {
        self.shared.gate.open();
        if let Some(bell) = self.bell.as_mut() {
            // A reader that is gone does not care, and an empty pipe has room.
            let _ = bell.write(&[1]);
        }
    }
}

impl<T: Send + 'static> Task<T> {
    /// Starts `future`.
    ///
    /// # Errors
    /// `PwbCrm::ConnectionError` when the system refuses us a thread.
    pub(crate) fn start<F>(ruby: &Ruby, future: F) -> Result<Self, Error>
    where
        F: Future<Output = T> + Send + Unpin + 'static,
    {
        Self::spawn(future, None).map_err(|why| errors::exhausted(ruby, &why))
    }

    /// Starts `future` with a descriptor that becomes readable at its end, for a fiber scheduler.
    ///
    /// # Errors
    /// `PwbCrm::ConnectionError` when the system refuses us a thread or a descriptor.
    pub(crate) fn start_with_bell<F>(ruby: &Ruby, future: F) -> Result<(Self, PipeReader), Error>
    where
        F: Future<Output = T> + Send + Unpin + 'static,
    {
        let (reader, writer) = pipe().map_err(|why| errors::exhausted(ruby, &why))?;
        let task =
            Self::spawn(future, Some(writer)).map_err(|why| errors::exhausted(ruby, &why))?;
        Ok((task, reader))
    }

    fn spawn<F>(future: F, bell: Option<PipeWriter>) -> std::io::Result<Self>
    where
        F: Future<Output = T> + Send + Unpin + 'static,
    {
        let shared = Arc::new(Shared {
            gate: Gate::default(),
            result: Mutex::new(None),
        });
        let ending = Ending {
            shared: Arc::clone(&shared),
            bell,
        };
        let task = runtime::current()?.handle().spawn(async move {
            *ending.shared.result() = Some(caught(future).await);
            drop(ending);
        });
        Ok(Self {
            shared,
            abort: task.abort_handle(),
            process: Process::this(),
        })
    }

    /// Waits for the end without the GVL.
    ///
    /// # Errors
    /// What an interrupt raised, and as [`Self::take`].
    pub(crate) fn wait(self, ruby: &Ruby) -> Result<T, Error> {
        gvl::wait(ruby, &self.shared.gate, || self.forked(ruby))?;
        self.take(ruby)
    }

    /// The result of a future that has ended.
    ///
    /// # Errors
    /// `PwbCrm::InternalError` when it panicked or was aborted, `PwbCrm::ConnectionError` when it
    /// goes on in another process, which this one was forked from.
    pub(crate) fn take(self, ruby: &Ruby) -> Result<T, Error> {
        if let Some(error) = self.forked(ruby) {
            return Err(error);
        }
        let result = self.shared.result().take();
        result
            .unwrap_or_else(|| Err(Place::unknown()))
            .map_err(|place| errors::panicked(ruby, "the native transport", &place))
    }

    /// Whether there is nothing more to wait for.
    pub(crate) fn is_done(&self) -> bool {
        self.shared.gate.is_open() || !self.process.is_this()
    }

    /// Why it will never end here: its runtime stayed behind in the parent. The locks of what it
    /// shares with it may be held for ever, unless it had ended before.
    fn forked(&self, ruby: &Ruby) -> Option<Error> {
        let behind = !self.shared.gate.is_open() && !self.process.is_this();
        behind.then(|| errors::forked(ruby))
    }
}

/// The future, with its panics caught, also the one of being dropped at its end.
fn caught<F: Future + Unpin>(future: F) -> impl Future<Output = Caught<F::Output>> {
    let mut future = Some(future);
    poll_fn(
        move |context| match panics::catch(Watch::Task, || advance(&mut future, context)) {
            Ok(poll) => poll.map(Ok),
            Err(place) => Poll::Ready(Err(place)),
        },
    )
}

fn advance<F: Future + Unpin>(
    future: &mut Option<F>,
    context: &mut Context<'_>,
) -> Poll<F::Output> {
    let Some(running) = future.as_mut() else {
        return Poll::Pending;
    };
    let poll = Pin::new(running).poll(context);
    if poll.is_ready() {
        *future = None;
    }
    poll
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        // In a forked child the runtime is not ours, and its locks may be held for ever.
        if self.process.is_this() {
            self.abort.abort();
        }
    }
}
