//! What the tests of replies share.

use serde_json::{Value, json};

use crate::error::Error;
use crate::flow::Request;
use crate::flow::script::Script;
use crate::outcome::Outcome;
use crate::work::{ParentRef, Work};
use crate::zendesk::fixtures::{account, work};
use crate::zendesk::sync;

pub(super) const PUT: &str = "PUT /api/v2/tickets/900";
pub(super) const LOOK: &str = "GET /api/v2/tickets/900/audits?sort_order=desc&page=1";
pub(super) const MARK: &str = "pwb:3:comment:c7";

pub(super) fn place(external_type: &str, id: &str) -> Option<ParentRef> {
    Some(ParentRef {
        external_type: external_type.to_owned(),
        external_id: id.to_owned(),
    })
}

pub(super) fn orphan() -> Work {
    work(
        json!({"kind": "comment", "id": "c7", "body": "We look into it", "public": true,
        "created_at": "2026-05-16T10:00:00Z"}),
    )
}

pub(super) fn reply() -> Work {
    Work {
        parent: place("ticket", "900"),
        author: place("user", "42"),
        ..orphan()
    }
}

pub(super) fn doubtful(work: Work) -> Work {
    Work {
        doubt: true,
        ..work
    }
}

pub(super) fn updated(comment: u64) -> Value {
    json!({"ticket": {"id": 900, "updated_at": "2026-05-16T10:00:02Z"},
        "audit": {"id": 5, "events": [{"id": 4, "type": "Change"}, {"id": comment, "type": "Comment"}]}})
}

/// An update of that minute that made a comment, marked so.
pub(super) fn audit(comment: u64, mark: &str, minute: u32) -> Value {
    json!({"id": comment + 1000, "created_at": format!("2026-05-16T10:{minute:02}:00Z"),
        "metadata": {"system": {}, "custom": {"pwb_external_id": mark}},
        "events": [{"id": comment, "type": "Comment", "body": "We look into it", "public": true}]})
}

pub(super) fn audits(all: &[Value], next: Value) -> Value {
    json!({"audits": all, "next_page": next})
}

pub(super) fn run(script: Script, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(json!({})), work));
    (requests, outcomes.remove(0))
}

pub(super) fn failure(outcome: Outcome) -> Error {
    outcome.error.expect("a failure")
}
