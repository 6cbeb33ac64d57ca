//! Flows over real HTTP, by one guarded path out.
//!
//! Every request is checked twice: its address by [`guard`] (also when somebody else sends it), and
//! the addresses its host name leads to when the connection is made. There are no redirects, no
//! repeats, no proxy but the one that was named, and a limit on time and size. Every error says
//! whether the request may have arrived.

mod addresses;
mod answer;
mod body;
mod client;
mod drive;
mod failure;
pub mod guard;
mod headers;
mod names;
mod policy;
mod proxy;
mod resolver;
mod roots;
mod send;
mod share;
mod tls;
mod upload;

use std::sync::Arc;

pub use drive::now;
pub use names::Lookup;
pub use policy::Policy;
pub use proxy::Proxy;
pub use roots::Roots;
pub use share::{Owner, REQUESTS as MOST_AT_A_TIME};
pub use tls::{PROVIDER as TLS_PROVIDER, check_trust};

use client::Clients;
use names::Names;
use share::Shares;

/// The HTTP clients with their open connections, and the look-ups under way.
///
/// Build one per process and keep it: nothing is global here. It starts nothing by itself; the
/// tokio runtime in which [`Http::drive`] runs does the work, and must be the same each time. A
/// forked child must neither use nor drop its parent's, but leak it and build its own.
#[derive(Clone)]
pub struct Http {
    clients: Arc<Clients>,
    shares: Arc<Shares>,
}

impl Http {
    /// With the system's name look-up.
    pub fn new() -> Self {
        Self::with_lookup(names::system())
    }

    /// With another name look-up; what it finds is checked like the system's.
    pub fn with_lookup(lookup: Lookup) -> Self {
        let names = Names::new(lookup, names::LIMIT);
        Self {
            clients: Arc::new(Clients::new(names)),
            shares: Arc::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").finish_non_exhaustive()
    }
}
