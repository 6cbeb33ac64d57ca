//! What a native flow holds: the core's flows of one call, and the two ways to bring them to their
//! ends.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;

use magnus::{Error, RArray, Ruby, Value};
use pwb_crm_core::error::Error as CoreError;
use pwb_crm_core::flow::{Flow, Pause, Reply, Request, Step};
use pwb_crm_core::outcome::Outcome;
use pwb_crm_core::transport::{Http, Policy, guard, now};
use tokio::time::Instant;

use crate::errors;
use crate::outcomes::Teller;

/// What flows came to: plain data that becomes Ruby objects once the GVL is held again.
pub(crate) trait Results: Send {
    /// As an Array.
    fn give(&self, ruby: &Ruby) -> Result<RArray, Error>;
}

/// The flows of one call, whatever they end with.
pub(crate) trait Work: Send {
    /// Runs all of them over real HTTP, several at a time; after `latest` nothing more is sent.
    fn drive(self: Box<Self>, http: &'static Http, latest: Option<Instant>) -> Driven;

    /// Goes on by hand, one flow after the other, until the next request or the end.
    fn advance(&mut self, reply: Option<Reply>) -> Option<Request>;

    /// The results since the last time.
    fn take(&mut self) -> Box<dyn Results>;
}

/// The end of [`Work::drive`].
pub(crate) type Driven = Pin<Box<dyn Future<Output = Box<dyn Results>> + Send>>;

/// Flows that all end with a `T`.
pub(crate) struct Batch<T> {
    flows: VecDeque<Flow<T>>,
    policy: Policy,
    concurrency: usize,
    done: Vec<Option<T>>,
    /// By hand: what was asked for so far.
    pause: Pause,
}

impl<T> Batch<T> {
    pub(crate) fn new(
        flows: impl IntoIterator<Item = Flow<T>>,
        policy: &Policy,
        concurrency: usize,
    ) -> Self {
        Self {
            flows: flows.into_iter().collect(),
            policy: policy.clone(),
            concurrency,
            done: Vec::new(),
            pause: Pause::default(),
        }
    }

    fn end(&mut self, result: Option<T>) {
        self.flows.pop_front();
        self.done.push(result);
    }
}

impl<T: Send + 'static> Work for Batch<T>
where
    Vec<Option<T>>: Results,
{
    fn drive(self: Box<Self>, http: &'static Http, latest: Option<Instant>) -> Driven {
        Box::pin(async move {
            let flows = self.flows.into();
            let done = http
                .drive(flows, &self.policy, self.concurrency, latest)
                .await;
            Box::new(done) as Box<dyn Results>
        })
    }

    fn advance(&mut self, mut reply: Option<Reply>) -> Option<Request> {
        while let Some(flow) = self.flows.front_mut() {
            match flow.proceed(now(), reply.take(), &self.pause) {
                Step::Send(request) => match permitted(&request, &self.policy) {
                    Ok(()) => return Some(request),
                    Err(blocked) => reply = Some(Err(blocked)),
                },
                Step::Done(result) => self.end(Some(result)),
                Step::Over => self.end(None),
            }
        }
        None
    }

    fn take(&mut self) -> Box<dyn Results> {
        Box::new(std::mem::take(&mut self.done))
    }
}

/// The rules for addresses hold for every transport.
fn permitted(request: &Request, policy: &Policy) -> Result<(), CoreError> {
    guard::permit(&request.url, request.host_rule, policy).map(drop)
}

impl Results for Vec<Option<Vec<Outcome>>> {
    fn give(&self, ruby: &Ruby) -> Result<RArray, Error> {
        let all = ruby.ary_new();
        let mut teller = Teller::new(ruby)?;
        for outcomes in self {
            for outcome in ended(ruby, outcomes.as_ref())? {
                all.push(teller.tell(outcome)?)?;
            }
        }
        Ok(all)
    }
}

/// What a flow that is not about records answers with.
pub(crate) trait Answer: Send {
    fn write(&self, ruby: &Ruby) -> Result<Value, Error>;
}

impl<T: Answer> Results for Vec<Option<Result<T, CoreError>>> {
    fn give(&self, ruby: &Ruby) -> Result<RArray, Error> {
        let all = ruby.ary_new();
        for answer in self {
            match ended(ruby, answer.as_ref())? {
                Ok(answer) => all.push(answer.write(ruby)?)?,
                Err(error) => return Err(errors::exception(ruby, error)),
            }
        }
        Ok(all)
    }
}

fn ended<'a, T>(ruby: &Ruby, result: Option<&'a T>) -> Result<&'a T, Error> {
    result.ok_or_else(|| errors::fault(ruby, "a flow, which ended without a result"))
}
