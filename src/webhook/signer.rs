//! Signing: `v1,` and the base64 of HMAC-SHA256 over `{id}.{timestamp}.{body}`.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::secret::Secret;
use crate::error::{Error, Kind};

/// The header of the event's id.
pub const ID: &str = "webhook-id";
/// The header of the attempt's time.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// The header of the signatures.
pub const SIGNATURE: &str = "webhook-signature";

/// Signs and verifies with the secrets of one endpoint.
#[derive(Debug, Clone)]
pub struct Signer {
    pub(super) secrets: Vec<Secret>,
}

/// The headers that sign one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`: the same for all attempts, so that the receiver can drop repeats.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970, of this attempt.
    pub timestamp: u64,
    /// `webhook-signature`: one signature for each secret, separated by spaces.
    pub signature: String,
}

impl Signed {
    /// The three headers, names in lower case.
    pub fn into_headers(self) -> [(&'static str, String); 3] {
        [
            (ID, self.id),
            (TIMESTAMP, self.timestamp.to_string()),
            (SIGNATURE, self.signature),
        ]
    }
}

impl Signer {
    /// A signer for `secrets`: one, or for the time of a rotation the new and the old one.
    ///
    /// # Errors
    /// `Configuration` when there is none.
    pub fn new(secrets: Vec<Secret>) -> Result<Self, Error> {
        if secrets.is_empty() {
            return Err(Error::new(
                Kind::Configuration,
                "the webhook has no secret: generate one, every delivery is signed",
            ));
        }
        Ok(Self { secrets })
    }

    /// Signs the exact bytes of `body` with every secret.
    ///
    /// # Errors
    /// `Configuration` when `id` could not be told apart from what follows it in the signed text,
    /// or is no header value.
    pub fn sign(&self, id: &str, timestamp: u64, body: &[u8]) -> Result<Signed, Error> {
        check_id("id", id)?;
        let signature: Vec<String> = self
            .macs(id, &timestamp.to_string(), body)
            .map(|mac| format!("v1,{}", STANDARD.encode(mac)))
            .collect();
        Ok(Signed {
            id: id.to_owned(),
            timestamp,
            signature: signature.join(" "),
        })
    }

    /// One MAC for each secret, over the text that is signed.
    pub(super) fn macs<'a>(
        &'a self,
        id: &'a str,
        timestamp: &'a str,
        body: &'a [u8],
    ) -> impl Iterator<Item = [u8; 32]> + 'a {
        self.secrets
            .iter()
            .map(move |secret| secret.mac(&[id.as_bytes(), b".", timestamp.as_bytes(), b".", body]))
    }
}

/// Refuses an id that cannot be signed, by the name it was given under.
///
/// # Errors
/// As [`Signer::sign`].
pub(super) fn check_id(name: &str, id: &str) -> Result<(), Error> {
    if usable_id(id) {
        return Ok(());
    }
    let message = format!("{name} must be visible ASCII without a full stop, for example msg_2f9c");
    Err(Error::new(Kind::Configuration, message))
}

/// A full stop would let one signed text be read as another id, timestamp and body.
pub(super) fn usable_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_graphic() && b != b'.')
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{BODY, ID as MSG, OTHER, SIGNED, TIME, signer};
    use super::*;

    #[test]
    fn the_published_vector() {
        let signed = signer(&[]).sign(MSG, TIME, BODY).expect("an id");
        assert_eq!(
            signed.into_headers(),
            [
                ("webhook-id", MSG.to_owned()),
                ("webhook-timestamp", "1614265330".to_owned()),
                ("webhook-signature", SIGNED.to_owned())
            ]
        );
    }

    #[test]
    fn every_secret_of_a_rotation_signs() {
        let signed = signer(&[OTHER]).sign(MSG, TIME, BODY).expect("an id");
        let (first, second) = signed.signature.split_once(' ').expect("two");
        assert_eq!(first, SIGNED);
        assert!(second.starts_with("v1,") && second != SIGNED);
    }

    #[test]
    fn ids_that_could_be_misread_and_a_signer_without_secret_are_refused() {
        for id in ["", "a.b", "a b", "a\nb", "ä"] {
            let error = signer(&[]).sign(id, TIME, BODY).expect_err(id);
            assert_eq!(error.kind, Kind::Configuration);
        }
        assert!(Signer::new(Vec::new()).is_err());
    }
}
