//! What one integration may have under way at a time, so that none keeps the others waiting.
//!
//! The integrations of one data centre share an HTTP/2 connection, on which a server allows so many
//! streams; and all share the threads of the look-ups, which a dead name server holds for long.
//! Whoever is over the limit waits, at the expense of its own deadline.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests on their way: a third of the 100 streams that HTTP/2 servers by custom allow.
pub const REQUESTS: usize = 32;

/// Look-ups: an eighth of the threads there are.
const LOOKUPS: usize = 4;

/// Whose requests they are: an integration, or whoever has a client of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Owner([u8; 32]);

impl Owner {
    /// The owner that is known by `key`, of which nothing is kept.
    pub fn new(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }
}

tokio::task_local! {
    static OWN: Arc<Share>;
}

/// One owner's share.
pub(super) struct Share {
    requests: Semaphore,
    /// For the heavy requests among them: as many as the first of them says, because an owner speaks
    /// to one remote.
    heavy: OnceLock<Semaphore>,
    lookups: Arc<Semaphore>,
}

/// The right to a look-up, until it is dropped. It keeps the share that counts it.
pub(super) struct Turn {
    _permit: Option<OwnedSemaphorePermit>,
    _share: Arc<Share>,
}

impl Share {
    /// The share of the request that is being made.
    pub(super) fn current() -> Arc<Self> {
        OWN.try_with(Arc::clone).unwrap_or_default()
    }

    /// Does `work` once there is room for one more request. A heavy one, of which the remote takes so
    /// many at a time, waits for its like first, so that it keeps no room from others meanwhile.
    pub(super) async fn request<T>(
        self: Arc<Self>,
        heavy: Option<usize>,
        work: impl Future<Output = T>,
    ) -> T {
        let _heavy = match heavy {
            Some(most) => self.alike(most).acquire().await.ok(),
            None => None,
        };
        let _room = self.requests.acquire().await;
        OWN.scope(self.clone(), work).await
    }

    fn alike(&self, most: usize) -> &Semaphore {
        self.heavy.get_or_init(|| Semaphore::new(most.max(1)))
    }

    /// Waits for room for one more look-up.
    pub(super) async fn lookup(self: Arc<Self>) -> Turn {
        Turn {
            _permit: self.lookups.clone().acquire_owned().await.ok(),
            _share: self,
        }
    }
}

impl Default for Share {
    fn default() -> Self {
        Self {
            requests: Semaphore::new(REQUESTS),
            heavy: OnceLock::new(),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
        }
    }
}

/// The shares in use.
#[derive(Default)]
pub(super) struct Shares(Mutex<HashMap<Owner, Weak<Share>>>);

impl Shares {
    /// The share of `owner`; without one, a share for this request alone.
    pub(super) fn of(&self, owner: Option<Owner>) -> Arc<Share> {
        let Some(owner) = owner else {
            return Arc::default();
        };
        let mut shares = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(share) = shares.get(&owner).and_then(Weak::upgrade) {
            return share;
        }
        shares.retain(|_, share| share.strong_count() > 0);
        let share = Arc::default();
        shares.insert(owner, Arc::downgrade(&share));
        share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    /// The most of 30 requests that were under way at once.
    async fn most_at_once(heavy: Option<usize>) -> usize {
        let (share, under_way) = (Arc::new(Share::default()), AtomicUsize::new(0));
        let requests = (0..30).map(|_| {
            share.clone().request(heavy, async {
                let now = under_way.fetch_add(1, Ordering::Relaxed) + 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
                under_way.fetch_sub(1, Ordering::Relaxed);
                now
            })
        });
        let seen = futures_util::future::join_all(requests).await;
        seen.into_iter().max().unwrap_or_default()
    }

    #[test]
    fn of_heavy_requests_there_are_as_many_at_a_time_as_the_remote_takes() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().build().expect("a runtime");
        for (heavy, most) in [(Some(10), 10), (Some(3), 3), (Some(0), 1), (None, 30)] {
            assert_eq!(runtime.block_on(most_at_once(heavy)), most, "{heavy:?}");
        }
    }

    #[test]
    fn an_owner_has_one_share_while_it_is_in_use_and_nothing_is_kept_of_it_afterwards() {
        let shares = Shares::default();
        let (one, other) = (Some(Owner::new(b"one")), Some(Owner::new(b"other")));
        let share = shares.of(one);
        assert!(Arc::ptr_eq(&share, &shares.of(one)));
        assert!(!Arc::ptr_eq(&share, &shares.of(other)));
        assert!(!Arc::ptr_eq(&shares.of(None), &shares.of(None)));
        drop(share);
        drop(shares.of(other));
        assert_eq!(shares.0.lock().expect("no panic").len(), 1);
    }
}
