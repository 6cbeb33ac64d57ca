//! Flows on the runtime, from threads that wait for them.

use std::thread;

use pwb_crm_core::error::Error;
use pwb_crm_core::flow::Flow;
use pwb_crm_core::outcome::{Outcome, Status};
use pwb_crm_core::transport::{Http, Policy};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

/// What the gem has one of in each process.
pub(crate) struct Deliveries {
    runtime: Runtime,
    http: Http,
    policy: Policy,
}

impl Deliveries {
    /// # Errors
    /// When the system gives us no thread.
    pub(crate) fn new(policy: Policy) -> std::io::Result<Self> {
        Ok(Self {
            runtime: Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()?,
            http: Http::new(),
            policy,
        })
    }

    /// Runs `count` flows, in so many threads.
    ///
    /// # Errors
    /// What kept one from succeeding.
    pub(crate) fn run(
        &self,
        count: usize,
        threads: usize,
        flow: impl Fn() -> Flow + Sync,
    ) -> Result<(), String> {
        let each = count / threads.max(1);
        let work = || (0..each).try_for_each(|_| self.one(flow()));
        thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().try_for_each(|thread| {
                let ended = thread.join();
                ended.unwrap_or_else(|_| Err("a thread panicked".to_owned()))
            })
        })
    }

    fn one(&self, flow: Flow) -> Result<(), String> {
        let (done, wait) = oneshot::channel();
        let (http, policy) = (self.http.clone(), self.policy.clone());
        self.runtime.spawn(async move {
            let _ = done.send(http.drive(vec![flow], &policy, 1, None).await);
        });
        let outcomes = wait.blocking_recv().map_err(|lost| lost.to_string())?;
        match outcomes.into_iter().flatten().flatten().find(failed) {
            None => Ok(()),
            Some(outcome) => Err(outcome
                .error
                .as_ref()
                .map_or_else(String::new, Error::to_string)),
        }
    }
}

fn failed(outcome: &Outcome) -> bool {
    outcome.status != Status::Succeeded
}
