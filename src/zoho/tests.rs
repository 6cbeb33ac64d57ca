//! The flows, driven by hand.

mod alike;
pub(in crate::zoho) mod arbitrary;
mod authors;
mod batches;
mod comments;
mod contacts;
mod deletes;
mod doubts;
mod erasures;
mod faults;
mod fuzz;
mod interleavings;
mod messages;
mod remote;
mod tickets;

use serde_json::{Value, json};

use super::*;
use crate::error::{Error, Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{START, Script, body, drive, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::shadow::ShadowKey;
use crate::work::Work;

const REFERENCE: &str = "PWB-1a2b3c4d";

pub(super) fn account(settings: Value) -> Account {
    let settings = serde_json::from_value(settings).expect("settings");
    let key = ShadowKey::new(b"key".to_vec());
    Account::new(
        "https://www.zohoapis.eu",
        "token".into(),
        settings,
        key,
        Loopback::Refused,
    )
    .expect("an account")
}

/// A delivery of `record`, with more members over the defaults.
fn work(record: Value, more: Value) -> Work {
    let mut work = json!({
        "key": "k", "action": "upsert", "record": record, "reference": REFERENCE,
        "website": {"id": 1, "slug": "villas", "name": "Villas Ltd"}
    });
    for (name, value) in more.as_object().expect("members") {
        work[name] = value.clone();
    }
    serde_json::from_value(work).expect("work")
}

fn run(script: Script, settings: Value, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(settings), work));
    assert_eq!(outcomes.len(), 1);
    (requests, outcomes.pop().expect("one"))
}

/// What Zoho answers when it has done it.
fn done(id: &str, action: &str) -> Value {
    let details = json!({"id": id, "Modified_Time": "2026-05-16T10:00:00+02:00"});
    json!({"data": [{"code": "SUCCESS", "status": "success", "action": action, "details": details}]})
}

fn refused(code: &str, details: Value) -> Value {
    json!({"data": [{"code": code, "status": "error", "message": "m", "details": details}]})
}

fn gone() -> Value {
    refused("INVALID_DATA", json!({"resource_path_index": 1}))
}

/// The link that an outcome leaves behind.
fn link_of(outcome: &Outcome) -> Value {
    json!({
        "external_type": outcome.external_type, "external_id": outcome.id,
        "shadow": outcome.shadow, "mapping_version": outcome.mapping_version
    })
}

fn data(request: &Request) -> Value {
    body(request)["data"][0].clone()
}

fn error(outcome: &Outcome) -> &Error {
    outcome.error.as_ref().expect("an error")
}
