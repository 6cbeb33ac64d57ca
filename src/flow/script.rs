//! A scripted remote for tests: replies in order, and what was asked for them.

use std::collections::VecDeque;

use proptest::prelude::*;
use serde_json::Value;

use super::{Flow, Now, Reply, Request, Response, Step};
use crate::error::{Error, Kind, Sent};

/// The time at the first step; every reply takes [`STEP_MS`].
pub(crate) const START: Now = 1_750_000_000_000;
/// Milliseconds from a request to its reply.
pub(crate) const STEP_MS: Now = 10;
/// No flow needs as many requests: more is a loop.
const MOST_STEPS: usize = 200;

/// Replies to give, first to last.
#[derive(Default)]
pub(crate) struct Script(VecDeque<Reply>);

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A JSON answer.
    pub(crate) fn reply(self, status: u16, body: Value) -> Self {
        self.raw(status, body.to_string())
    }

    /// An answer with any bytes.
    pub(crate) fn raw(self, status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.then(Ok(Response::new(status).with_body(body)))
    }

    /// A time-out: it may have arrived.
    pub(crate) fn lost(self) -> Self {
        self.then(Err(
            Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe)
        ))
    }

    /// A refused connection: it certainly did not arrive.
    pub(crate) fn refused(self) -> Self {
        self.then(Err(Error::new(Kind::Connection, "connection refused")))
    }

    /// Any reply.
    pub(crate) fn then(mut self, reply: Reply) -> Self {
        self.0.push_back(reply);
        self
    }

    /// Runs `flow` to its end. Panics when it asks for more than the script holds, or for less.
    pub(crate) fn run<T>(mut self, mut flow: Flow<T>) -> (Vec<Request>, T) {
        let (mut requests, mut reply, mut now) = (Vec::new(), None, START);
        loop {
            match flow.advance(now, reply.take()) {
                Step::Send(request) => {
                    assert!(requests.len() < MOST_STEPS, "the flow never ends");
                    let next = self.0.pop_front();
                    assert!(next.is_some(), "no reply left for {request:?}");
                    requests.push(request);
                    (reply, now) = (next, now + STEP_MS);
                }
                Step::Done(done) => {
                    assert!(self.0.is_empty(), "{} replies left over", self.0.len());
                    return (requests, done);
                }
                Step::Over => panic!("the flow ended without a result"),
            }
        }
    }
}

/// Runs `flow`, answering every request through `answer`. Panics when it takes more than `most`
/// requests.
pub(crate) fn drive<T>(
    mut flow: Flow<T>,
    most: usize,
    mut answer: impl FnMut(&Request) -> Reply,
) -> (Vec<Request>, T) {
    let (mut requests, mut reply) = (Vec::new(), None);
    loop {
        match flow.advance(START, reply.take()) {
            Step::Send(request) => {
                assert!(requests.len() < most, "more than {most} requests");
                reply = Some(answer(&request));
                requests.push(request);
            }
            Step::Done(done) => return (requests, done),
            Step::Over => panic!("the flow ended without a result"),
        }
    }
}

/// The JSON of a request's body; null where it has none.
pub(crate) fn body(request: &Request) -> Value {
    let bytes = request.body.as_deref().unwrap_or(b"null");
    serde_json::from_slice(bytes).expect("a JSON body")
}

/// `"POST /crm/v8/Contacts?x=1"`: what was asked, with its query.
pub(crate) fn line(request: &Request) -> String {
    let url = url::Url::parse(&request.url).expect("a whole address");
    let query = url
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    format!("{} {}{query}", request.method.as_str(), url.path())
}

/// The lines of all requests.
pub(crate) fn lines(requests: &[Request]) -> Vec<String> {
    requests.iter().map(line).collect()
}

/// What becomes of a request and its reply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fate {
    Answered,
    LostBefore,
    LostAfter,
    Refused,
}

impl Fate {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            3 => Just(Self::Answered),
            1 => Just(Self::LostBefore),
            2 => Just(Self::LostAfter),
            1 => Just(Self::Refused),
        ]
    }

    /// The reply, where `answer` is what the remote does and says.
    pub(crate) fn meet(self, answer: impl FnOnce() -> Response) -> Reply {
        let lost = Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe);
        match self {
            Self::Answered => Ok(answer()),
            Self::LostBefore => Err(lost),
            Self::LostAfter => {
                answer();
                Err(lost)
            }
            Self::Refused => Ok(Response::new(429)),
        }
    }
}
