//! What the tests of tickets share.

use serde_json::{Value, json};

use crate::error::Error;
use crate::flow::Request;
use crate::flow::script::Script;
use crate::outcome::Outcome;
use crate::work::Work;
use crate::zendesk::fixtures::{account, with_parent, work};
use crate::zendesk::sync;

pub(super) const USER: &str = "POST /api/v2/users/create_or_update";
pub(super) const POST: &str = "POST /api/v2/tickets";
pub(super) const FIND: &str = "GET /api/v2/tickets?external_id=pwb%3A3%3Amessage%3A5";
pub(super) const LOOK: &str = "GET /api/v2/tickets/900/comments?sort=-created_at";
pub(super) const SHOW: &str = "GET /api/v2/tickets/900";
pub(super) const PUT: &str = "PUT /api/v2/tickets/900";
pub(super) const TEXT: &str = "Is it free?\n\nReference: ABC123";

pub(super) fn enquiry(text: &str) -> Work {
    work(
        json!({"kind": "message", "id": 5, "text": text, "property": {"reference": "ABC123"},
        "contact": {"id": 7, "name": "Ana", "email": "ana@example.com"}}),
    )
}

pub(super) fn support(more: &[(&str, &str)]) -> Work {
    let mut record = json!({"kind": "support_ticket", "id": "b7c1", "subject": "Help",
        "description": "It broke", "status": "open", "priority": "high",
        "requester": {"id": 2, "email": "owner@example.com"}});
    for (key, value) in more {
        record[key] = json!(value);
    }
    with_parent(work(record), "42")
}

pub(super) fn user(id: u64) -> Value {
    json!({"user": {"id": id, "role": "end-user"}})
}

pub(super) fn ticket(id: u64) -> Value {
    json!({"ticket": {"id": id, "updated_at": "2026-05-16T10:00:02Z"}, "audit": {}})
}

pub(super) fn found(more: Value) -> Value {
    let mut ticket = json!({"id": 900, "external_id": "pwb:3:message:5"});
    for (key, value) in more.as_object().expect("an object") {
        ticket[key] = value.clone();
    }
    json!({"tickets": [{"id": 901, "external_id": "pwb:3:message:5"}, ticket,
        {"id": 1, "external_id": "pwb:3:message:55"}], "count": 3})
}

/// The ticket's comments, newest first; the last one is its description.
pub(super) fn comments(texts: &[&str]) -> Value {
    let comments: Vec<_> = texts.iter().map(|text| json!({"body": text})).collect();
    json!({ "comments": comments })
}

/// The ticket, holding `fields`.
pub(super) fn holding(fields: Value) -> Value {
    let mut ticket = ticket(900);
    for (key, value) in fields.as_object().expect("an object") {
        ticket["ticket"][key] = value.clone();
    }
    ticket
}

pub(super) fn refusal(field: &str, description: &str) -> Value {
    let mut details = json!({});
    details[field] = json!([{"description": description, "error": "InvalidValue"}]);
    json!({"error": "RecordInvalid", "description": "Record validation errors", "details": details})
}

pub(super) fn run(script: Script, work: Work) -> (Vec<Request>, Outcome) {
    run_with(json!({}), script, work)
}

pub(super) fn run_with(settings: Value, script: Script, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(settings), work));
    (requests, outcomes.remove(0))
}

pub(super) fn created(work: Work) -> Outcome {
    let known = with_parent(work, "42");
    run(Script::new().reply(201, ticket(900)), known).1
}

pub(super) fn key(request: &Request) -> Option<&str> {
    let header = request
        .headers
        .iter()
        .find(|(name, _)| name == "idempotency-key");
    header.map(|(_, value)| value.as_str())
}

pub(super) fn parent(outcome: &Outcome) -> Vec<(&str, &str, &str)> {
    let links = outcome.links.iter();
    links
        .map(|link| (&*link.role, &*link.external_type, &*link.external_id))
        .collect()
}

pub(super) fn failure(outcome: Outcome) -> Error {
    outcome.error.expect("a failure")
}

pub(super) fn doubtful(work: Work) -> Work {
    Work {
        doubt: true,
        ..work
    }
}
