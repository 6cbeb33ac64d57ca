//! Work without input and output of its own.
//!
//! A flow is written as straight-line async code over an [`Io`], but nothing runs it: whoever holds
//! it calls [`Flow::advance`] with the reply to the request before, and gets the next request or the
//! outcomes. So one piece of code is driven by tokio, by a Ruby callable and by a property test.

mod bulk;
mod exchange;
mod http;
mod limit_headers;
#[cfg(test)]
pub(crate) mod memory;
mod pause;
#[cfg(test)]
pub(crate) mod script;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub(crate) use bulk::Bulk;
pub use exchange::Io;
pub use http::{HostRule, Method, Reply, Request, Response};
pub(crate) use http::{USER_AGENT, seconds};
pub use pause::Pause;

use crate::error::Error;
use crate::outcome::Outcome;

/// A moment, in milliseconds since 1970. Flows are told the time; they never ask for it.
pub type Now = u64;

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Work that yields requests and is fed their replies until it is done with a `T`.
pub struct Flow<T = Vec<Outcome>> {
    io: Io,
    work: Option<Work<T>>,
    /// Whether any of its requests was let go by [`Flow::proceed`].
    begun: bool,
}

/// What a flow wants next.
#[derive(Debug)]
pub enum Step<T = Vec<Outcome>> {
    /// Send this, then call [`Flow::advance`] with the reply.
    Send(Request),
    /// It is done.
    Done(T),
    /// It was done before.
    Over,
}

impl<T> Flow<T> {
    /// A flow that runs `work`. The future must await nothing but [`Io::send`].
    pub fn new<F, W>(work: W) -> Self
    where
        W: FnOnce(Io) -> F,
        F: Future<Output = T> + Send + 'static,
    {
        let io = Io::default();
        Self {
            work: Some(Box::pin(work(io.clone()))),
            io,
            begun: false,
        }
    }

    /// Goes on with the reply to the last request (none at the start) until the next request or
    /// the end.
    pub fn advance(&mut self, now: Now, reply: Option<Reply>) -> Step<T> {
        self.io.resume(now, reply);
        let Some(work) = self.work.as_mut() else {
            return Step::Over;
        };
        let polled = work.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        match (polled, self.io.take_request()) {
            (Poll::Pending, Some(request)) => Step::Send(request),
            (Poll::Ready(outcomes), _) => {
                self.work = None;
                Step::Done(outcomes)
            }
            // A future that waits for anything but `Io::send` could never be woken.
            (Poll::Pending, None) => {
                self.work = None;
                Step::Over
            }
        }
    }

    /// [`Self::advance`] for one of several flows to the same remote: once that asks for a pause, what was not begun
    /// is told to wait instead of being sent.
    pub fn proceed(&mut self, now: Now, mut reply: Option<Reply>, pause: &Pause) -> Step<T> {
        reply.iter().for_each(|reply| pause.hear(reply));
        loop {
            let step = self.advance(now, reply);
            if self.begun || !matches!(step, Step::Send(_)) || !pause.asked() {
                self.begun |= matches!(step, Step::Send(_));
                return step;
            }
            reply = Some(Err(Error::put_off()));
        }
    }

    /// Says that the request it asked for goes out now, as part of one to `path` that `records`
    /// deliveries share.
    pub(crate) fn departs(&self, now: Now, path: &str, records: usize) {
        self.io.depart(now, path, records);
    }

    /// Says that the request it asked for was refused along with others, and goes out again.
    pub(crate) fn returns(&self, now: Now, reply: &Reply, error: &Error) {
        self.io.come_back(now, reply, error);
    }
}

impl<T> std::fmt::Debug for Flow<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flow")
            .field("done", &self.work.is_none())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, Sent};
    use crate::outcome::Did;

    fn request(path: &str) -> Request {
        Request::new(
            Method::Post,
            format!("https://www.zohoapis.com{path}?secret=1"),
            HostRule::Zoho,
        )
    }

    fn two_steps() -> Flow {
        Flow::new(|io| async move {
            let first = io.send(request("/one")).await;
            let _ = io.send(request("/two")).await;
            let status = first.map_or(0, |response| response.status);
            let mut outcome = Outcome::succeeded("k", Did::Created, "T", &status.to_string());
            outcome.calls = io.calls();
            vec![outcome]
        })
    }

    #[test]
    fn requests_come_one_by_one_and_calls_are_told_without_query() {
        let mut flow = two_steps();
        let Step::Send(first) = flow.advance(1_000, None) else {
            panic!("a request")
        };
        assert_eq!(first.path(), "/one");
        let Step::Send(_) = flow.advance(1_250, Some(Ok(Response::new(201)))) else {
            panic!("a request")
        };
        let lost = Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe);
        let Step::Done(outcomes) = flow.advance(1_300, Some(Err(lost))) else {
            panic!("the end")
        };
        let outcome = outcomes.first().expect("one");
        assert_eq!(outcome.id.as_deref(), Some("201"));
        let calls: Vec<_> = outcome
            .calls
            .iter()
            .map(|c| (c.path.as_str(), c.status, c.duration_ms, c.sent))
            .collect();
        assert_eq!(
            calls,
            [
                ("/one", Some(201), 250, Sent::Yes),
                ("/two", None, 50, Sent::Maybe)
            ]
        );
        assert!(matches!(flow.advance(1_400, None), Step::Over));
    }

    #[test]
    fn what_was_never_begun_is_no_call() {
        let mut flow = two_steps();
        let _ = flow.advance(0, None);
        let _ = flow.advance(1, Some(Ok(Response::new(201))));
        let late = Err(Error::not_attempted("www.zohoapis.com"));
        let Step::Done(outcomes) = flow.advance(2, Some(late)) else {
            panic!("the end")
        };
        let calls = &outcomes.first().expect("one").calls;
        assert_eq!(calls.len(), 1, "{calls:?}");
    }

    #[test]
    fn a_request_shows_neither_query_nor_headers_nor_body() {
        let request = request("/one")
            .header("authorization", "Zoho-oauthtoken s3cret")
            .json(&serde_json::json!({"a": "s3cret"}));
        let shown = format!("{request:?}");
        assert!(
            shown.contains("/one") && !shown.contains("s3cret") && !shown.contains("secret=1"),
            "{shown}"
        );
    }
}
