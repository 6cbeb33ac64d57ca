//! Look-ups for the HTTP client: what they return is all it dials, so an address that was checked
//! is the address that is called, however often the name changes its mind (DNS rebinding).
//!
//! Behind a proxy only its own name is looked up here, and may lead anywhere.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::addresses::allowed;
use super::names::{Names, Refusal};
use super::proxy::Proxy;
use super::share::Share;

/// Look-ups that refuse a host when any of its addresses may not be called.
pub(super) struct Guarded {
    names: Arc<Names>,
    allow_private_hosts: bool,
    proxy: Option<Proxy>,
}

impl Guarded {
    pub(super) fn new(names: Arc<Names>, allow_private_hosts: bool, proxy: Option<&Proxy>) -> Self {
        Self {
            names,
            allow_private_hosts,
            proxy: proxy.cloned(),
        }
    }

    fn is_proxy(&self, name: &str) -> bool {
        self.proxy
            .as_ref()
            .is_some_and(|proxy| proxy.host() == name)
    }
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allow_private_hosts) = (self.names.clone(), self.allow_private_hosts);
        let (trusted, share) = (self.is_proxy(name.as_str()), Share::current());
        Box::pin(async move {
            let addresses = names.addresses(name.as_str(), share).await?;
            if !trusted && !addresses.iter().all(|ip| allowed(*ip, allow_private_hosts)) {
                return Err(Refusal::Private.into());
            }
            // Port 0 stands for the address's own or its scheme's.
            let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
