//! Look-ups for the HTTP client: what they return is all it dials, so an address that was checked
//! is the address that is called, however often the name changes its mind (DNS rebinding).

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::addresses::allowed;
use super::names::{Names, Refusal};

/// Look-ups that refuse a host when any of its addresses may not be called.
pub(super) struct Guarded {
    names: Arc<Names>,
    allow_private_hosts: bool,
}

impl Guarded {
    pub(super) fn new(names: Arc<Names>, allow_private_hosts: bool) -> Self {
        Self {
            names,
            allow_private_hosts,
        }
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allow_private_hosts) = (self.names.clone(), self.allow_private_hosts);
        Box::pin(async move {
            let addresses = names.addresses(name.as_str()).await?;
            if !addresses.iter().all(|ip| allowed(*ip, allow_private_hosts)) {
                return Err(Refusal::Private.into());
            }
            // Port 0 stands for the address's own or its scheme's.
            let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
