//! Which hosts are Zendesk. A subdomain comes from a form and becomes a host that is given
//! credentials, so nothing but one plain label passes.

use url::Url;

use crate::error::{Error, Kind};
use crate::origin::{is_bare, is_local};

const DOMAIN: &str = ".zendesk.com";

/// The longest label of a host name (RFC 1035, 2.3.4).
const LONGEST_LABEL: usize = 63;

/// The root of an account's API, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// `https://{subdomain}.zendesk.com`.
    ///
    /// # Errors
    /// `Configuration` when `subdomain` is anything but letters, digits, `-` and `_`.
    pub fn of_subdomain(subdomain: &str) -> Result<Self, Error> {
        let label = subdomain.trim().to_ascii_lowercase();
        if !is_label(&label) {
            return Err(Error::new(
                Kind::Configuration,
                "the Zendesk subdomain is only the part before .zendesk.com, for example acme \
                 (letters, digits, - and _)",
            ));
        }
        Ok(Self(format!("https://{label}{DOMAIN}")))
    }

    /// A server on this machine: for tests and fakes. The transport refuses it where private hosts
    /// are not allowed.
    ///
    /// # Errors
    /// `Configuration` when `url` is not the root of a loopback address.
    pub fn loopback(url: &str) -> Result<Self, Error> {
        let parsed = Url::parse(url.trim()).ok();
        let root = parsed.filter(|url| is_bare(url) && is_local(url));
        let url = root.ok_or_else(|| {
            Error::new(
                Kind::Configuration,
                "zendesk_base_url is for tests: only an address of this machine is taken, for \
                 example http://127.0.0.1:4000",
            )
        })?;
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// As text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `host` is the host of a Zendesk account.
pub fn is_zendesk(host: &str) -> bool {
    host.strip_suffix(DOMAIN).is_some_and(is_label)
}

fn is_label(label: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    label.len() <= LONGEST_LABEL
        && label.bytes().next().is_some_and(plain)
        && label.bytes().all(|b| plain(b) || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subdomain_becomes_a_host_of_zendesk() {
        for (given, expected) in [
            ("acme", "https://acme.zendesk.com"),
            (" Acme-2_x ", "https://acme-2_x.zendesk.com"),
            ("9lives", "https://9lives.zendesk.com"),
        ] {
            let base = BaseUrl::of_subdomain(given).expect(given);
            assert_eq!(base.as_str(), expected);
            let url = Url::parse(base.as_str()).expect("a URL");
            assert!(is_zendesk(url.host_str().unwrap_or_default()));
        }
    }

    #[test]
    fn nothing_else_gets_the_credentials() {
        let long = "a".repeat(64);
        for crafted in [
            "",
            " ",
            "-acme",
            "_acme",
            "acme.zendesk.com",
            "evil.example/",
            "evil.example#",
            "evil.example?",
            "a@evil.example",
            "a:b",
            "a\\b",
            "a%2e",
            "a\nb",
            "ácme",
            &long,
            "https://acme",
            "127.0.0.1:80/",
        ] {
            let error = BaseUrl::of_subdomain(crafted).expect_err(crafted);
            assert_eq!(error.kind, Kind::Configuration);
        }
        for host in [
            "zendesk.com",
            "evilzendesk.com",
            "a.b.zendesk.com",
            "acme.zendesk.com.evil.example",
        ] {
            assert!(!is_zendesk(host), "{host}");
        }
    }

    #[test]
    fn only_this_machine_is_a_base_url() {
        for (given, expected) in [
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("http://[::1]:80/", "http://[::1]"),
            ("https://localhost:3001/", "https://localhost:3001"),
        ] {
            assert_eq!(BaseUrl::loopback(given).expect(given).as_str(), expected);
        }
        for bad in [
            "",
            "localhost",
            "http://example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "http://u:p@127.0.0.1",
            "http://127.0.0.1/x",
            "http://127.0.0.1?x",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(BaseUrl::loopback(bad).is_err(), "{bad}");
        }
    }
}
