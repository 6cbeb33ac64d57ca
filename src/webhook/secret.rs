//! The shared secret of an endpoint.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretSlice};

use crate::error::{Error, Kind};
use crate::hmac;

const PREFIX: &str = "whsec_";

/// Standard Webhooks, "Signature scheme": 24 to 64 random bytes.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// A symmetric signing key, shown to people as `whsec_` and its base64.
#[derive(Clone)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// Reads `whsec_…`; the prefix may be missing, as in the reference libraries.
    ///
    /// # Errors
    /// `Configuration` when it is blank, no strict base64 or not 24 to 64 bytes long.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let encoded = text.strip_prefix(PREFIX).unwrap_or(text);
        let bytes = STANDARD
            .decode(encoded)
            .map_err(|_| refused("is no base64"))?;
        if !LENGTH.contains(&bytes.len()) {
            return Err(refused(&format!("holds {} bytes", bytes.len())));
        }
        Ok(Self(bytes.into()))
    }

    /// HMAC-SHA256 over the parts, one after the other.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        hmac::sha256(self.0.expose_secret(), parts)
    }
}

fn refused(why: &str) -> Error {
    Error::new(
        Kind::Configuration,
        format!(
            "the webhook secret {why}; it must be whsec_ and the base64 of 24 to 64 random bytes: \
             generate a new one and give it to the receiver too"
        ),
    )
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_secret_is_accepted_with_and_without_prefix() {
        let bare = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let with = Secret::parse(&format!("whsec_{bare}")).expect("24 bytes");
        let without = Secret::parse(bare).expect("24 bytes");
        assert_eq!(with.mac(&[b"x"]), without.mac(&[b"x"]));
    }

    #[test]
    fn blank_short_long_and_loose_secrets_are_refused_without_being_shown() {
        let long = STANDARD.encode([7; 65]);
        let wrapped = "MfKQ9r8GKYqrTwjU\nPD8ILPZIo2LaLaSw";
        for bad in [
            "",
            "whsec_",
            "whsec_c2hvcnQ=",
            "whsec_s3cr3t!",
            &long,
            wrapped,
        ] {
            let error = Secret::parse(bad).expect_err(bad);
            assert_eq!(error.kind, Kind::Configuration);
            assert!(bad.len() < 7 || !error.message.contains(bad), "{error}");
        }
    }

    #[test]
    fn it_is_not_shown() {
        let secret = Secret::parse(&STANDARD.encode([b'a'; 24])).expect("24 bytes");
        assert_eq!(format!("{secret:?}"), "Secret");
    }
}
