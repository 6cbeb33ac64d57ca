//! One request: checked, sent, its answer read, all before a deadline.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
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
        let url = guard::check(&request.url, request.host_rule, policy.allow_private_hosts)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let progress = Progress::default();
        let start = Instant::now();
        let end = latest.map_or(start + policy.timeout, |end| {
            end.min(start + policy.timeout)
        });
        let left = end.saturating_duration_since(start);
        if left < Duration::from_millis(1) {
            return Err(Error::not_attempted(&host));
        }
        let attempt = self.attempt(request, url, &host, policy, &progress);
        timeout_at(end, attempt)
            .await
            .unwrap_or_else(|_| Err(failure::too_late(&host, left, progress.sent())))
    }

    async fn attempt(
        &self,
        request: Request,
        url: Url,
        host: &str,
        policy: &Policy,
        progress: &Progress,
    ) -> Reply {
        let client = self.clients.client(policy, &url)?;
        let outgoing = outgoing(request, url, progress)?;
        let incoming = client
            .execute(outgoing)
            .await
            .map_err(|error| failure::unanswered(&error, host, progress.sent()))?;
        answer::read(incoming, host, policy).await
    }
}

fn outgoing(request: Request, url: Url, progress: &Progress) -> Result<reqwest::Request, Error> {
    let mut outgoing = reqwest::Request::new(method(request.method), url);
    *outgoing.headers_mut() = headers::headers(&request.headers)?;
    *outgoing.body_mut() = Upload::body(request.body, progress);
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
