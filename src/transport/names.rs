//! Host names to addresses, one look-up per host at a time.
//!
//! A look-up (getaddrinfo) blocks a thread and cannot be stopped. So whoever asks for a host that is
//! being looked up joins that look-up, and gives up waiting after a while; a dead name server costs
//! one thread per host however many deliveries wait for it. Nothing is remembered afterwards.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

/// Finds the addresses of a host name; tests put their own in its place.
pub type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync + 'static>;

/// How long a look-up may take.
pub(super) const LIMIT: Duration = Duration::from_secs(5);

type Found = Option<Arc<[IpAddr]>>;
type UnderWay = Shared<BoxFuture<'static, Found>>;

/// Why a host is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the host name was not found")]
    Unknown,
    #[error("the host name could not be looked up in time")]
    TooSlow,
    #[error("the host name leads to a private address")]
    Private,
}

/// The look-ups under way.
pub(super) struct Names {
    lookup: Lookup,
    limit: Duration,
    under_way: Mutex<HashMap<String, UnderWay>>,
}

impl Names {
    pub(super) fn new(lookup: Lookup, limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            lookup,
            limit,
            under_way: Mutex::default(),
        })
    }

    /// The addresses of `host`, at least one.
    pub(super) async fn addresses(self: Arc<Self>, host: &str) -> Result<Arc<[IpAddr]>, Refusal> {
        let found = tokio::time::timeout(self.limit, self.join(host)).await;
        match found {
            Err(_) => Err(Refusal::TooSlow),
            Ok(None) => Err(Refusal::Unknown),
            Ok(Some(addresses)) => Ok(addresses),
        }
    }

    /// The look-up of `host` that is under way, or a new one.
    fn join(self: &Arc<Self>, host: &str) -> UnderWay {
        let mut under_way = self.under_way();
        if let Some(lookup) = under_way.get(host) {
            return lookup.clone();
        }
        let (done, started) = tokio::sync::oneshot::channel();
        let lookup = started.map(Result::unwrap_or_default).boxed().shared();
        under_way.insert(host.to_owned(), lookup.clone());
        tokio::spawn(self.clone().look_up(host.to_owned(), done));
        lookup
    }

    // A task of its own: it ends when the thread does, not when those who wait give up.
    async fn look_up(self: Arc<Self>, host: String, done: tokio::sync::oneshot::Sender<Found>) {
        let _forget = Forget(&self, &host);
        let found = (self.lookup)(host.clone()).await.ok();
        let found = found.filter(|addresses| !addresses.is_empty());
        // Nobody may be waiting any more.
        let _ = done.send(found.map(Arc::from));
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<String, UnderWay>> {
        self.under_way
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a host off the list when its look-up ends, however it ends.
struct Forget<'a>(&'a Names, &'a str);

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.0.under_way().remove(self.1);
    }
}

/// Asks the system.
pub(super) fn system() -> Lookup {
    Arc::new(|host| {
        async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        }
        .boxed()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime")
    }

    fn counted(delay: Duration, count: Arc<AtomicUsize>) -> Lookup {
        Arc::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::time::sleep(delay).await;
                Ok(vec![IpAddr::from([8, 8, 8, 8])])
            }
            .boxed()
        })
    }

    #[test]
    fn those_who_ask_at_the_same_time_share_a_look_up_and_later_ones_do_not() {
        let count = Arc::new(AtomicUsize::new(0));
        let names = Names::new(counted(Duration::from_millis(50), count.clone()), LIMIT);
        runtime().block_on(async {
            let ask = || names.clone().addresses("a.example");
            let (first, second) = futures_util::future::join(ask(), ask()).await;
            assert_eq!(first, second);
            assert_eq!(count.load(Ordering::SeqCst), 1);
            while !names.under_way().is_empty() {
                tokio::task::yield_now().await;
            }
            assert!(ask().await.is_ok());
            assert_eq!(count.load(Ordering::SeqCst), 2);
        });
    }

    #[test]
    fn a_dead_name_server_costs_the_limit_and_one_look_up() {
        let count = Arc::new(AtomicUsize::new(0));
        let slow = counted(Duration::from_secs(600), count.clone());
        let names = Names::new(slow, Duration::from_millis(20));
        runtime().block_on(async {
            for _ in 0..3 {
                let found = names.clone().addresses("dead.example").await;
                assert_eq!(found, Err(Refusal::TooSlow));
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn an_unknown_name_and_an_empty_answer_are_told_alike() {
        let empty: Lookup = Arc::new(|_| async { Ok(vec![]) }.boxed());
        let failing: Lookup = Arc::new(|_| async { Err(io::Error::other("no")) }.boxed());
        runtime().block_on(async {
            for lookup in [empty, failing] {
                let found = Names::new(lookup, LIMIT).addresses("a.example").await;
                assert_eq!(found, Err(Refusal::Unknown));
            }
        });
    }
}
