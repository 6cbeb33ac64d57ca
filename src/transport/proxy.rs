//! The proxy that requests go through, where there is one.
//!
//! It is the operator's, so its own address is not checked and may be private. The addresses that
//! requests go to are checked as ever, but for one thing: their names are looked up by the proxy, so
//! that keeping them from leading into the private network is the proxy's work.

use std::fmt;

use url::Url;

use crate::error::{Error, Kind};

/// An HTTP proxy: TLS goes through it in a tunnel (CONNECT). Its user name and password are never
/// shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    url: Url,
}

impl Proxy {
    /// From an address such as `http://name:password@proxy.example:3128`.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] naming the option `proxy`; nothing of the address is shown.
    pub fn new(address: &str) -> Result<Self, Error> {
        let url = Url::parse(address).map_err(|_| malformed())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        // The HTTP client reads it in its own way, and would go without a proxy it cannot read.
        let read_alike = url
            .as_str()
            .parse::<hyper::Uri>()
            .is_ok_and(|uri| uri.host() == url.host_str());
        if url.scheme() == "http" && bare && read_alike {
            return Ok(Self { url });
        }
        Err(malformed())
    }

    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(super) fn for_client(&self) -> Result<reqwest::Proxy, Error> {
        reqwest::Proxy::all(self.url.clone()).map_err(|_| malformed())
    }
}

/// Where it is, without user name and password.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.url.port_or_known_default().unwrap_or_default();
        write!(f, "{}:{port}", self.host())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

fn malformed() -> Error {
    let message = "proxy must be the address of an HTTP proxy with nothing behind the port, such as \
                   http://proxy.example:3128 or http://name:password@proxy.example:3128";
    Error::new(Kind::Configuration, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_where_it_is_and_never_its_credentials() {
        let proxy = Proxy::new("http://me:s3cret@proxy.example").expect("a proxy");
        assert_eq!(
            format!("{proxy} {proxy:?}"),
            "proxy.example:80 Proxy(proxy.example:80)"
        );
        assert!(Proxy::new("http://[::1]:3128/").is_ok());
        assert!(Proxy::new("http://10.0.0.9:3128").is_ok());
    }

    #[test]
    fn what_is_no_http_proxy_is_refused_without_a_word_of_it() {
        for address in [
            "",
            "s3cret",
            "proxy.s3cret:3128",
            "https://s3cret:3128",
            "socks5://s3cret:1080",
            "http://",
            "http://s3cret:99999",
            "http://a b.s3cret",
            "http://s3cret:3128/path",
            "http://s3cret:3128/?query",
            "http://s3cret:3128/#x",
            "file:///s3cret",
        ] {
            let error = Proxy::new(address).expect_err(address);
            assert_eq!(error.kind, Kind::Configuration);
            assert!(error.message.starts_with("proxy must be"), "{error}");
            assert!(!error.message.contains("s3cret"), "{error}");
        }
    }
}
