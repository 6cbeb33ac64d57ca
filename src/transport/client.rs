//! HTTP clients, each with its pool of connections, built once per way of connecting.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use url::Url;

use super::answer::ENCODING;
use super::names::Names;
use super::policy::Policy;
use super::proxy::Proxy;
use super::resolver::Guarded;
use super::tls::{self, Trust};
use crate::error::{Error, Kind};
use crate::flow::USER_AGENT;

/// Below the idle limit of common servers, so that few requests meet a connection being closed.
const IDLE: Duration = Duration::from_secs(15);

/// An HTTP/2 connection that answers no ping is given up: it carries the requests of many.
const PING: Duration = Duration::from_secs(10);

/// More ways of connecting than any process has; past it the cache starts anew.
const MOST: usize = 16;

/// What makes two requests use different connections.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Way {
    allow_private_hosts: bool,
    connect_timeout: Duration,
    trust: Trust,
    proxy: Option<Proxy>,
}

impl Way {
    fn of(policy: &Policy, url: &Url) -> Self {
        let trust = match (&policy.roots, url.scheme()) {
            (_, "http") => Trust::Nobody,
            (None, _) => Trust::System,
            (Some(roots), _) => Trust::Extra(roots.clone()),
        };
        Self {
            allow_private_hosts: policy.allow_private_hosts,
            connect_timeout: policy.connect_timeout,
            trust,
            proxy: policy.proxy.clone(),
        }
    }
}

/// The clients built so far.
pub(super) struct Clients {
    names: Arc<Names>,
    built: Mutex<HashMap<Way, Client>>,
}

impl Clients {
    pub(super) fn new(names: Arc<Names>) -> Self {
        Self {
            names,
            built: Mutex::default(),
        }
    }

    /// The client for `url` under `policy`. One that cannot be built is tried anew next time.
    pub(super) fn client(&self, policy: &Policy, url: &Url) -> Result<Client, Error> {
        let way = Way::of(policy, url);
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = built.get(&way) {
            return Ok(client.clone());
        }
        let client = self.build(&way)?;
        if built.len() >= MOST {
            built.clear();
        }
        built.insert(way, client.clone());
        Ok(client)
    }

    fn build(&self, way: &Way) -> Result<Client, Error> {
        let proxy = way.proxy.as_ref();
        let resolver = Guarded::new(self.names.clone(), way.allow_private_hosts, proxy);
        let mut builder = Client::builder()
            .no_proxy() // Forgets the environment's.
            .tls_backend_preconfigured(tls::config(&way.trust)?)
            .dns_resolver(resolver)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .user_agent(USER_AGENT)
            .default_headers(asked_for())
            .connect_timeout(way.connect_timeout)
            .pool_idle_timeout(IDLE)
            .http2_keep_alive_interval(PING)
            .http2_keep_alive_timeout(PING);
        if let Some(proxy) = proxy {
            builder = builder.proxy(proxy.for_client()?);
        }
        builder
            .build()
            .map_err(|error| Error::new(Kind::Internal, format!("no HTTP client: {error}")))
    }
}

fn asked_for() -> HeaderMap {
    HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(ENCODING))])
}
