//! The hosts of Zoho's data centres. A token reply names the API host and the OAuth callback names
//! the accounts host; both can be forged, so neither is ever called unless it stands here.
//!
//! Source: Zoho CRM v8 "Multi DC support", Zoho Accounts "Multi-DC", and the data-centre classes of
//! Zoho's own v8 SDKs.

use url::Url;

use crate::error::{Error, Kind};
use crate::origin::{is_bare, is_local};

/// One data centre: its accounts host and the domain below which its APIs live.
struct DataCentre {
    accounts: &'static str,
    apis: &'static str,
}

const fn centre(accounts: &'static str, apis: &'static str) -> DataCentre {
    DataCentre { accounts, apis }
}

const DATA_CENTRES: [DataCentre; 9] = [
    centre("accounts.zoho.com", "zohoapis.com"),
    centre("accounts.zoho.eu", "zohoapis.eu"),
    centre("accounts.zoho.in", "zohoapis.in"),
    centre("accounts.zoho.com.au", "zohoapis.com.au"),
    centre("accounts.zoho.jp", "zohoapis.jp"),
    centre("accounts.zoho.com.cn", "zohoapis.com.cn"),
    centre("accounts.zohocloud.ca", "zohoapis.ca"),
    centre("accounts.zoho.sa", "zohoapis.sa"),
    centre("accounts.zoho.uk", "zohoapis.uk"),
];

/// Production, sandbox and developer edition.
const API_NAMES: [&str; 3] = ["www", "sandbox", "developer"];

/// Whether addresses on this machine pass for Zoho's: fakes in tests and development.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loopback {
    /// Only Zoho's own hosts.
    Refused,
    /// This machine too, over plain HTTP and on any port.
    Allowed,
}

/// Whether `host` is an API or accounts host of Zoho.
pub fn is_zoho(host: &str) -> bool {
    is_api(host) || is_accounts(host)
}

/// The origin to call for the `api_domain` of a token reply, for example
/// `https://www.zohoapis.eu`; without scheme it is taken as https.
///
/// # Errors
///
/// [`Kind::Configuration`] if it is not an API host of Zoho.
pub(super) fn api_url(given: &str, loopback: Loopback) -> Result<String, Error> {
    origin(given, is_api, loopback).ok_or_else(|| {
        Error::new(
            Kind::Configuration,
            "api_domain is not an API host of Zoho such as https://www.zohoapis.eu; \
             connect the account again",
        )
    })
}

/// The origin to call for the `accounts-server` of an OAuth callback, for example
/// `https://accounts.zoho.eu`; without scheme it is taken as https.
///
/// # Errors
///
/// [`Kind::Configuration`] if it is not an accounts host of Zoho.
pub(super) fn accounts_url(given: &str, loopback: Loopback) -> Result<String, Error> {
    origin(given, is_accounts, loopback).ok_or_else(|| {
        Error::new(
            Kind::Configuration,
            "accounts_server is not an accounts host of Zoho such as https://accounts.zoho.eu; \
             connect the account again",
        )
    })
}

fn is_api(host: &str) -> bool {
    host.split_once('.').is_some_and(|(name, domain)| {
        API_NAMES.contains(&name) && DATA_CENTRES.iter().any(|centre| centre.apis == domain)
    })
}

fn is_accounts(host: &str) -> bool {
    DATA_CENTRES.iter().any(|centre| centre.accounts == host)
}

fn origin(given: &str, known: fn(&str) -> bool, loopback: Loopback) -> Option<String> {
    let given = given.trim();
    let url = match given.contains("://") {
        true => Url::parse(given).ok()?,
        false => Url::parse(&format!("https://{given}")).ok()?,
    };
    let listed = url.scheme() == "https" && url.port().is_none() && url.domain().is_some_and(known);
    let local = loopback == Loopback::Allowed && is_local(&url);
    (is_bare(&url) && (listed || local)).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_data_centre_with_its_sandbox_is_known() {
        for centre in DATA_CENTRES {
            assert!(is_zoho(centre.accounts));
            for name in API_NAMES {
                assert!(is_zoho(&format!("{name}.{}", centre.apis)));
            }
        }
    }

    #[test]
    fn an_api_domain_becomes_an_origin() {
        let url = |given| api_url(given, Loopback::Refused).ok();
        for given in [
            "www.zohoapis.eu",
            "https://www.zohoapis.eu/",
            " HTTPS://WWW.ZohoAPIs.eu:443 ",
        ] {
            assert_eq!(
                url(given).as_deref(),
                Some("https://www.zohoapis.eu"),
                "{given}"
            );
        }
    }

    #[test]
    fn anything_else_never_gets_a_credential() {
        for given in [
            "",
            "http://www.zohoapis.com",
            "https://www.zohoapis.com.evil.example",
            "https://www.zohoapis.com@evil.example",
            "https://user:x@www.zohoapis.com",
            "https://www.zohoapis.com:8443",
            "https://www.zohoapis.com/path",
            "https://www.zohoapis.com?x=1",
            "https://evilzohoapis.com",
            "https://accounts.zoho.com",
            "http://127.0.0.1:3000",
            "file:///etc/passwd",
        ] {
            let error = api_url(given, Loopback::Refused).expect_err(given);
            assert_eq!(error.kind, Kind::Configuration);
        }
        assert!(accounts_url("https://www.zohoapis.com", Loopback::Refused).is_err());
    }

    #[test]
    fn this_machine_passes_only_where_it_is_allowed() {
        for given in [
            "http://127.0.0.1:3000",
            "http://localhost:1",
            "http://[::1]:9",
        ] {
            assert_eq!(api_url(given, Loopback::Allowed).as_deref(), Ok(given));
        }
        assert!(api_url("http://192.168.0.1", Loopback::Allowed).is_err());
        assert!(api_url("ftp://127.0.0.1", Loopback::Allowed).is_err());
    }

    proptest! {
        #[test]
        fn whatever_passes_leads_to_a_host_of_zoho(given in "(https://)?[a-z@:./?#]{0,8}(www.zohoapis.eu)?[a-z@:./?#]{0,8}") {
            if let Ok(origin) = api_url(&given, Loopback::Refused) {
                let url = Url::parse(&origin).expect("an address");
                prop_assert!(url.domain().is_some_and(is_zoho) && url.scheme() == "https");
            }
        }
    }
}
