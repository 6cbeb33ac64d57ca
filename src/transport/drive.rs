//! Flows over real HTTP: the requests of one flow one after the other, several flows at a time.

use std::time::SystemTime;

use futures_util::StreamExt;
use futures_util::stream;
use tokio::time::Instant;

use super::Http;
use super::policy::Policy;
use super::share::REQUESTS;
use crate::flow::{Flow, Now, Pause, Step};

impl Http {
    /// Runs `flows` to their ends, at most `concurrency` (1 to 32) at a time, and gives what they
    /// came to in their order. After `latest` nothing more is sent: each flow is told that the time
    /// is up and ends in its own way. So is each that was not begun when the remote asks for a pause.
    /// Must be called within a tokio runtime.
    ///
    /// None stands for a flow that was over before it began.
    pub async fn drive<T: Send>(
        &self,
        mut flows: Vec<Flow<T>>,
        policy: &Policy,
        concurrency: usize,
        latest: Option<Instant>,
    ) -> Vec<Option<T>> {
        let pause = Pause::default();
        // Most calls are about one record: there is nothing to order.
        if flows.len() == 1
            && let Some(flow) = flows.pop()
        {
            return vec![self.run(flow, policy, latest, &pause).await];
        }
        let at_a_time = concurrency.clamp(1, REQUESTS);
        let numbered = flows.into_iter().enumerate();
        let pause = &pause;
        let running = numbered.map(|(place, flow)| async move {
            (place, self.run(flow, policy, latest, pause).await)
        });
        let mut done: Vec<_> = stream::iter(running)
            .buffer_unordered(at_a_time)
            .collect()
            .await;
        done.sort_unstable_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// Runs one flow to its end.
    async fn run<T>(
        &self,
        mut flow: Flow<T>,
        policy: &Policy,
        latest: Option<Instant>,
        pause: &Pause,
    ) -> Option<T> {
        let mut reply = None;
        loop {
            match flow.proceed(now(), reply, pause) {
                Step::Send(request) => reply = Some(self.send(request, policy, latest).await),
                Step::Done(result) => return Some(result),
                Step::Over => return None,
            }
        }
    }
}

/// The time a flow is told.
pub fn now() -> Now {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| {
            Now::try_from(since.as_millis()).unwrap_or(Now::MAX)
        })
}
