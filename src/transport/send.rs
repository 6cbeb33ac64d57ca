//! One request: checked, sent, its answer read, all before a deadline.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use url::Url;

use super::policy::Policy;
use super::upload::{Progress, Upload};
use super::{Http, answer, failure, guard, headers};
use crate::error::Error;
use crate::flow::{Method, Reply, Request};

impl Http {
    /// Sends `request` and reads the answer. The total time is the policy's, or what is left until
    /// `latest`, whichever is shorter. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// Whatever kept the answer away, with the word on whether the request was sent. A status of
    /// 400 or 500 is an answer.
    pub async fn send(&self, request: Request, policy: &Policy, latest: Option<Instant>) -> Reply {
        let url = guard::permit(&request.url, request.host_rule, policy)?;
        let host = place(&url, policy);
        let progress = Progress::default();
        let start = Instant::now();
        let end = latest.map_or(start + policy.timeout, |end| {
            end.min(start + policy.timeout)
        });
        let left = end.saturating_duration_since(start);
        if left < Duration::from_millis(1) {
            return Err(Error::not_attempted(&host));
        }
        let heavy = request
            .heavy
            .map(|most| policy.heavy.unwrap_or(most).min(most));
        let share = self.shares.of(policy.owner);
        // Made when its turn has come: what waits for one was not sent.
        let attempt = async {
            let outgoing = outgoing(request, url, &progress, end)?;
            self.attempt(outgoing, &host, policy, &progress).await
        };
        before(end, share.request(heavy, attempt))
            .await
            .unwrap_or_else(|| Err(failure::too_late(&host, left, progress.sent())))
    }

    async fn attempt(
        &self,
        outgoing: reqwest::Request,
        host: &str,
        policy: &Policy,
        progress: &Progress,
    ) -> Reply {
        let client = self.clients.client(policy, outgoing.url())?;
        let incoming = client
            .execute(outgoing)
            .await
            .map_err(|error| failure::unanswered(&error, host, progress.sent()))?;
        answer::read(incoming, host, policy).await
    }
}

/// Where a request goes, in the words of an error.
fn place(url: &Url, policy: &Policy) -> String {
    let host = url.host_str().unwrap_or_default();
    match &policy.proxy {
        Some(proxy) => format!("{host} (through the proxy {proxy})"),
        None => host.to_owned(),
    }
}

/// What `attempt` comes to, if it does so before `end`. The clock is asked before each step: a
/// process that was stopped for a while may find its connection ready and its time over.
async fn before<T>(end: Instant, attempt: impl Future<Output = T>) -> Option<T> {
    let (mut attempt, mut alarm) = (pin!(attempt), pin!(sleep_until(end)));
    poll_fn(|context| {
        if Instant::now() >= end || alarm.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        attempt.as_mut().poll(context).map(Some)
    })
    .await
}

fn outgoing(
    request: Request,
    url: Url,
    progress: &Progress,
    end: Instant,
) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(method(request.method), url);
    *outgoing.headers_mut() = headers::headers(&request.headers)?;
    *outgoing.body_mut() = Upload::body(request.body, progress, end);
    Ok(outgoing)
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().expect("a runtime");
        runtime.block_on(work)
    }

    #[test]
    fn what_is_ready_too_late_is_not_begun() {
        let now = Instant::now();
        let mut begun = false;
        assert_eq!(run(before(now, async { begun = true })), None);
        assert!(!begun);
        let later = now + Duration::from_secs(600);
        assert_eq!(run(before(later, async { 1 })), Some(1));
        let soon = now + Duration::from_millis(20);
        assert_eq!(run(before(soon, std::future::pending::<()>())), None);
    }
}
