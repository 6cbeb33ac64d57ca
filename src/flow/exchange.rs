//! The seam between a flow's code and whoever drives it: one place for the request that waits and
//! one for its reply.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use super::Now;
use super::http::{Reply, Request};
use super::limit_headers;
use crate::error::{Error, Sent};
use crate::outcome::Call;

/// A flow's way to the outside.
#[derive(Clone, Default)]
pub struct Io(Arc<Mutex<Exchange>>);

#[derive(Default)]
struct Exchange {
    now: Now,
    request: Option<Request>,
    reply: Option<Reply>,
    /// The request that waits for its reply, and when it went out.
    underway: Option<(Now, Call)>,
    calls: Vec<Arc<Call>>,
}

impl Io {
    /// Asks for `request` to be sent and waits for the reply.
    pub fn send(&self, request: Request) -> impl Future<Output = Reply> + Send + use<> {
        let io = self.clone();
        let mut request = Some(request);
        poll_fn(move |_| {
            let mut exchange = io.exchange();
            match request.take() {
                Some(request) => exchange.ask(request),
                None => exchange.answered(),
            }
        })
    }

    /// The time at the last advance.
    pub fn now(&self) -> Now {
        self.exchange().now
    }

    /// The requests made so far.
    pub fn calls(&self) -> Vec<Arc<Call>> {
        self.exchange().calls.clone()
    }

    /// Marks the last call with the remote's code for what went wrong.
    pub fn note_error(&self, error: &Error) {
        if let Some(call) = self.exchange().calls.last_mut() {
            Arc::make_mut(call).error_code.clone_from(&error.code);
        }
    }

    pub(super) fn resume(&self, now: Now, reply: Option<Reply>) {
        let mut exchange = self.exchange();
        exchange.now = now;
        exchange.reply = reply;
    }

    pub(super) fn depart(&self, now: Now, path: &str, records: usize) {
        if let Some((started, call)) = self.exchange().underway.as_mut() {
            *started = now;
            path.clone_into(&mut call.path);
            call.records = u32::try_from(records).unwrap_or(u32::MAX);
        }
    }

    pub(super) fn come_back(&self, now: Now, reply: &Reply, error: &Error) {
        let mut exchange = self.exchange();
        exchange.now = now;
        exchange.note(reply);
        drop(exchange);
        self.note_error(error);
    }

    pub(super) fn take_request(&self) -> Option<Request> {
        self.exchange().request.take()
    }

    // A panic while the lock is held leaves plain data behind: it stays usable.
    fn exchange(&self) -> MutexGuard<'_, Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchange {
    fn ask(&mut self, request: Request) -> Poll<Reply> {
        self.underway = Some((self.now, Call::of(&request)));
        self.request = Some(request);
        Poll::Pending
    }

    fn answered(&mut self) -> Poll<Reply> {
        let Some(reply) = self.reply.take() else {
            return Poll::Pending;
        };
        self.note(&reply);
        self.underway = None;
        Poll::Ready(reply)
    }

    /// Counts the request under way as a call, if it was begun.
    fn note(&mut self, reply: &Reply) {
        let Some((started, call)) = &self.underway else {
            return;
        };
        if reply.as_ref().err().is_none_or(Error::attempted) {
            let duration_ms = self.now.saturating_sub(*started);
            let call = call.clone().answered(duration_ms, reply);
            self.calls.push(Arc::new(call));
        }
    }
}

impl Call {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method.as_str().to_owned(),
            path: request.path(),
            status: None,
            duration_ms: 0,
            sent: Sent::Maybe,
            fields: request.fields.clone(),
            error_code: None,
            records: 1,
            limits: BTreeMap::new(),
        }
    }

    fn answered(mut self, duration_ms: u64, reply: &Reply) -> Self {
        self.duration_ms = duration_ms;
        match reply {
            Ok(response) => {
                self.status = Some(response.status);
                self.limits = limit_headers::told(response);
                self.sent = Sent::Yes;
            }
            Err(error) => {
                self.sent = error.sent;
                self.error_code = error
                    .code
                    .clone()
                    .or_else(|| Some(error.kind.name().to_owned()));
            }
        }
        self
    }
}
