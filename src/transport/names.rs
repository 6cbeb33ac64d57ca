//! Host names to addresses, one look-up per host at a time.
//!
//! A look-up (getaddrinfo) blocks a thread and cannot be stopped. So whoever asks for a host that is
//! being looked up joins that look-up, and gives up waiting after a while; a dead name server costs
//! one thread per host however many deliveries wait for it, and few threads per integration. Nothing
//! is remembered afterwards.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::oneshot;

use super::share::{Share, Turn};

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

    /// The addresses of `host`, at least one, looked up for `share`.
    pub(super) async fn addresses(
        self: Arc<Self>,
        host: &str,
        share: Arc<Share>,
    ) -> Result<Arc<[IpAddr]>, Refusal> {
        match tokio::time::timeout(self.limit, self.find(host, share)).await {
            Err(_) => Err(Refusal::TooSlow),
            Ok(None) => Err(Refusal::Unknown),
            Ok(Some(addresses)) => Ok(addresses),
        }
    }

    // Whoever waits for its turn holds no place in the list: others must not come to wait with it.
    async fn find(self: &Arc<Self>, host: &str, share: Arc<Share>) -> Found {
        let under_way = self.under_way().get(host).cloned();
        match under_way {
            Some(lookup) => lookup.await,
            None => self.join(host, share.lookup().await).await,
        }
    }

    /// The look-up of `host` that is under way by now, or a new one.
    fn join(self: &Arc<Self>, host: &str, turn: Turn) -> UnderWay {
        let mut under_way = self.under_way();
        if let Some(lookup) = under_way.get(host) {
            return lookup.clone();
        }
        let (done, started) = oneshot::channel();
        let lookup = started.map(Result::unwrap_or_default).boxed().shared();
        under_way.insert(host.to_owned(), lookup.clone());
        tokio::spawn(self.clone().look_up(host.to_owned(), turn, done));
        lookup
    }

    // A task of its own: it ends when the thread does, not when those who wait give up.
    async fn look_up(self: Arc<Self>, host: String, _turn: Turn, done: oneshot::Sender<Found>) {
        // Forgotten before anybody is told: who asks after that looks anew.
        let found = {
            let _forget = Forget(&self, &host);
            (self.lookup)(host.clone()).await.ok()
        };
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
mod tests;
