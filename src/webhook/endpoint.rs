//! Where events go.

use url::Url;

use super::secret::Secret;
use super::signer::Signer;
use crate::error::{Error, Kind};
use crate::shadow::ShadowKey;
use crate::transport::guard;

/// A receiver: its address and its secrets.
#[derive(Clone)]
pub struct Endpoint {
    pub(super) url: Url,
    pub(super) signer: Signer,
    pub(super) shadow_key: ShadowKey,
}

impl Endpoint {
    /// A receiver at `url` that knows `secrets`. Whether the host may be called is the
    /// transport's to decide, at every attempt anew.
    ///
    /// # Errors
    /// `Configuration` when the URL is none or there is no secret, `BlockedAddress` when it is not
    /// http(s), holds credentials or a number for a host. The URL is never shown: receivers put
    /// secrets into it.
    pub fn new(url: &str, secrets: Vec<Secret>, shadow_key: ShadowKey) -> Result<Self, Error> {
        Ok(Self {
            url: parse(url)?,
            signer: Signer::new(secrets)?,
            shadow_key,
        })
    }
}

fn parse(text: &str) -> Result<Url, Error> {
    let url = guard::parse(text.trim()).map_err(|error| refused(error.kind, &error.message))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(refused(
            Kind::BlockedAddress,
            "an address must begin with https://",
        )),
    }
}

fn refused(kind: Kind, why: &str) -> Error {
    Error::new(kind, format!("the webhook URL: {why}"))
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint")
            .field("host", &self.url.host_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{SECRET, key};
    use super::*;

    fn endpoint(url: &str) -> Result<Endpoint, Error> {
        Endpoint::new(url, vec![Secret::parse(SECRET)?], key())
    }

    #[test]
    fn http_addresses_are_taken_and_shown_by_host_only() {
        let given = endpoint(" https://hooks.example.com/catch/s3cret?k=s3cret ").expect("a URL");
        let shown = format!("{given:?}");
        assert!(shown.contains("hooks.example.com") && !shown.contains("s3cret"));
        assert!(endpoint("http://127.0.0.1:4000/in").is_ok());
    }

    #[test]
    fn all_else_is_refused_with_a_reason_and_never_shown() {
        for bad in [
            "",
            "hooks.example.com/s3cret",
            "ftp://hooks.example.com/s3cret",
            "file:///etc/s3cret",
            "https://me:s3cret@hooks.example.com/",
            "https://s3cret@hooks.example.com/",
            "https://@hooks.example.com/s3cret",
            "https://:@hooks.example.com/s3cret",
            "https://",
            "javascript:alert('s3cret')",
        ] {
            let error = endpoint(bad).expect_err(bad);
            let kinds = [Kind::Configuration, Kind::BlockedAddress];
            assert!(kinds.contains(&error.kind), "{bad}");
            assert!(!error.message.contains("s3cret"), "{error}");
        }
    }
}
