//! What the tests of this module share.

use serde_json::{Value, json};

use super::{Account, Auth, BaseUrl, MAPPING_VERSION, Settings};
use crate::outcome::Outcome;
use crate::shadow::ShadowKey;
use crate::work::{Link, ParentRef, Work};

pub(super) fn settings(chosen: Value) -> Settings {
    serde_json::from_value(chosen).expect("settings")
}

pub(super) fn account(chosen: Value) -> Account {
    Account {
        base_url: BaseUrl::of_subdomain("acme").expect("a subdomain"),
        auth: Auth::bearer(&"s3cret".into()).expect("a token"),
        settings: settings(chosen),
        shadow_key: ShadowKey::new(b"key".to_vec()),
    }
}

/// An upsert of `record` that was never delivered.
pub(super) fn work(record: Value) -> Work {
    serde_json::from_value(json!({
        "key": "9", "action": "upsert", "record": record,
        "website": {"id": 3, "slug": "acme"},
        "reference": "PWB-1a2b", "event_id": "msg_1", "occurred_at": "2026-05-16T10:00:00Z",
    }))
    .expect("a work")
}

/// The same with its person known as Zendesk user `id`.
pub(super) fn with_parent(work: Work, id: &str) -> Work {
    let parent = ParentRef {
        external_type: "user".to_owned(),
        external_id: id.to_owned(),
    };
    Work {
        parent: Some(parent),
        ..work
    }
}

/// The same known as `external_type` `id`, with nothing known of what it holds.
pub(super) fn linked(work: Work, external_type: &str, id: &str) -> Work {
    let link = Link {
        external_type: external_type.to_owned(),
        external_id: id.to_owned(),
        mapping_version: MAPPING_VERSION.to_owned(),
        ..Link::default()
    };
    Work {
        link: Some(link),
        ..work
    }
}

/// `work` as the engine hands it over after `outcome`.
pub(super) fn after(outcome: &Outcome, work: Work) -> Work {
    let id = outcome.id.clone().expect("an id");
    let external_type = outcome.external_type.clone().expect("a type");
    let mut known = linked(work, &external_type, &id);
    if let Some(link) = known.link.as_mut() {
        link.shadow = outcome.shadow.clone().expect("a shadow");
    }
    known
}
