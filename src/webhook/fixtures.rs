//! What the tests of this module share.

use serde_json::{Value, json};

use super::{Endpoint, Secret, Signer};
use crate::shadow::ShadowKey;
use crate::work::{Link, Work};

/// The vector of the reference libraries (`libraries/ruby/spec/webhook_spec.rb`).
pub(super) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
pub(super) const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
pub(super) const TIME: u64 = 1_614_265_330;
pub(super) const BODY: &[u8] = br#"{"test": 2432232314}"#;
pub(super) const SIGNED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/// The clock difference the reference libraries accept, in seconds.
pub(super) const TOLERANCE: u64 = 300;

/// A second secret, for rotations.
pub(super) const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// A signer with the vector's secret and `more`.
pub(super) fn signer(more: &[&str]) -> Signer {
    let all = std::iter::once(&SECRET).chain(more);
    let secrets = all.map(|text| Secret::parse(text).expect("a secret"));
    Signer::new(secrets.collect()).expect("at least one")
}

pub(super) fn key() -> ShadowKey {
    ShadowKey::new(b"key".to_vec())
}

pub(super) fn endpoint() -> Endpoint {
    let secrets = vec![Secret::parse(SECRET).expect("a secret")];
    Endpoint::new("https://hooks.example.com/in?k=1", secrets, key()).expect("a URL")
}

/// An upsert of `record` that was never delivered.
pub(super) fn work(record: Value) -> Work {
    serde_json::from_value(json!({
        "key": "9", "action": "upsert", "record": record,
        "website": {"id": 3, "slug": "example-agency"},
        "event_id": "msg_1", "occurred_at": "2025-01-08T20:30:00Z",
    }))
    .expect("a work")
}

/// The same after a delivery with `shadow` unknown.
pub(super) fn linked(work: Work) -> Work {
    let link = Link {
        external_type: "event".to_owned(),
        external_id: "msg_0".to_owned(),
        ..Link::default()
    };
    Work {
        link: Some(link),
        ..work
    }
}
