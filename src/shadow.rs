//! What the remote is known to hold: a keyed hash for each mapped field.
//!
//! A delivery sends exactly the fields whose hash differs, and is skipped when none does. The hash
//! is keyed because short values (a phone number, a name) could be guessed from a plain one.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice};
use serde_json::{Map, Value};

use crate::hmac;
use crate::work::Link;

/// Bytes of the HMAC that are kept: 96 bits are plenty to tell two values of one field apart.
const DIGEST_BYTES: usize = 12;

/// Stands for a field that may have been filled, with nobody knows what: no value has this hash.
pub(crate) const UNKNOWN: &str = "";

/// The key of the hashes, one for each app.
#[derive(Clone)]
pub struct ShadowKey(SecretSlice<u8>);

impl ShadowKey {
    /// A key of any length; the host derives it from its secret key base.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }

    /// The hash of one field's value.
    pub fn digest(&self, field: &str, value: &Value) -> String {
        let value = value.to_string();
        let bytes = hmac::sha256(
            self.0.expose_secret(),
            &[field.as_bytes(), &[0], value.as_bytes()],
        );
        URL_SAFE_NO_PAD.encode(bytes.get(..DIGEST_BYTES).unwrap_or(&bytes))
    }

    /// The hashes of all fields.
    pub fn digests(&self, fields: &Map<String, Value>) -> BTreeMap<String, String> {
        fields
            .iter()
            .map(|(field, value)| (field.clone(), self.digest(field, value)))
            .collect()
    }

    /// The fields the remote is not known to hold as they are. Without a link, or under another
    /// mapping, that is all of them.
    pub fn changed(
        &self,
        fields: &Map<String, Value>,
        link: Option<&Link>,
        mapping_version: &str,
    ) -> Map<String, Value> {
        let known = link.filter(|link| link.mapping_version == mapping_version);
        let holds = |field: &str, value: &Value| {
            known.is_some_and(|link| link.shadow.get(field) == Some(&self.digest(field, value)))
        };
        fields
            .iter()
            .filter(|(field, value)| !holds(field, value))
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    /// What the remote is known to hold after `sent` was accepted: the old shadow with the sent
    /// fields replaced. A shadow of another mapping is dropped.
    pub fn after(
        &self,
        sent: &Map<String, Value>,
        link: Option<&Link>,
        mapping_version: &str,
    ) -> BTreeMap<String, String> {
        let mut shadow = link
            .filter(|link| link.mapping_version == mapping_version)
            .map(|link| link.shadow.clone())
            .unwrap_or_default();
        shadow.extend(self.digests(sent));
        shadow
    }
}

impl std::fmt::Debug for ShadowKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShadowKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    fn link(shadow: BTreeMap<String, String>) -> Link {
        Link {
            shadow,
            mapping_version: "1".into(),
            ..Link::default()
        }
    }

    #[test]
    fn only_what_differs_is_sent() {
        let key = ShadowKey::new(b"k".to_vec());
        let old = fields(json!({"Email": "a@b.example", "Phone": "1"}));
        let known = link(key.digests(&old));
        let new = fields(json!({"Email": "a@b.example", "Phone": "2"}));
        assert_eq!(
            key.changed(&new, Some(&known), "1"),
            fields(json!({"Phone": "2"}))
        );
        assert!(key.changed(&old, Some(&known), "1").is_empty());
        assert_eq!(key.changed(&old, Some(&known), "2"), old);
        assert_eq!(key.changed(&old, None, "1"), old);
    }

    #[test]
    fn a_sent_field_replaces_its_hash_and_leaves_the_others() {
        let key = ShadowKey::new(b"k".to_vec());
        let known = link(key.digests(&fields(json!({"A": 1, "B": 2}))));
        let after = key.after(&fields(json!({"B": 3})), Some(&known), "1");
        assert_eq!(after, key.digests(&fields(json!({"A": 1, "B": 3}))));
    }

    #[test]
    fn the_hash_depends_on_key_and_field() {
        let (one, two) = (ShadowKey::new(b"1".to_vec()), ShadowKey::new(b"2".to_vec()));
        let value = json!("x");
        assert_ne!(one.digest("A", &value), two.digest("A", &value));
        assert_ne!(one.digest("A", &value), one.digest("B", &value));
        assert_eq!(one.digest("A", &value).len(), 16);
    }
}
