//! The bytes on their way out, and whether any of them went.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::Instant;

use crate::error::Sent;

/// Whether a request may have reached the remote.
#[derive(Clone, Default)]
pub(super) struct Progress(Arc<AtomicBool>);

impl Progress {
    /// The word on it for an error.
    pub(super) fn sent(&self) -> Sent {
        if self.0.load(Ordering::Acquire) {
            Sent::Maybe
        } else {
            Sent::No
        }
    }

    /// From here on it may have.
    pub(super) fn begin(&self) {
        self.0.store(true, Ordering::Release);
    }
}

/// A body that notes when the connection first asks for it. Until then nothing has been written
/// that a server could act on, so a deadline that passes during look-up or connect leaves no doubt.
/// This is also the last moment at which it can be held back, and after its `end` it is.
pub(super) struct Upload {
    bytes: Option<Bytes>,
    progress: Progress,
    end: Instant,
}

/// The time was up before the connection was ready.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the time was up before the request could be sent")]
pub(super) struct TooLate;

impl Upload {
    /// `bytes` as a body; a request without a body may be sent as soon as it is handed over.
    pub(super) fn body(
        bytes: Option<Vec<u8>>,
        progress: &Progress,
        end: Instant,
    ) -> Option<reqwest::Body> {
        let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) else {
            progress.begin();
            return None;
        };
        Some(reqwest::Body::wrap(Self {
            bytes: Some(bytes.into()),
            progress: progress.clone(),
            end,
        }))
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = TooLate;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TooLate>>> {
        if self.bytes.is_some() && Instant::now() >= self.end {
            return Poll::Ready(Some(Err(TooLate)));
        }
        self.progress.begin();
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;
    use std::time::Duration;

    fn first_frame(end: Instant) -> (bool, Sent) {
        let progress = Progress::default();
        let mut upload = Upload {
            bytes: Some(Bytes::from_static(b"{}")),
            progress: progress.clone(),
            end,
        };
        let frame = Pin::new(&mut upload).poll_frame(&mut Context::from_waker(Waker::noop()));
        (matches!(frame, Poll::Ready(Some(Ok(_)))), progress.sent())
    }

    #[test]
    fn after_its_end_nothing_leaves() {
        let now = Instant::now();
        assert_eq!(first_frame(now), (false, Sent::No));
        assert_eq!(
            first_frame(now + Duration::from_secs(600)),
            (true, Sent::Maybe)
        );
    }
}
