use serde_json::json;

use super::super::fixtures::{endpoint, linked, signer, work};
use super::*;
use crate::error::{Kind, Sent};
use crate::flow::Response;
use crate::flow::script::{START, Script, body};
use crate::outcome::Status;

fn contact(email: &str) -> Work {
    work(json!({"kind": "contact", "id": 12, "email": email}))
}

/// Delivers `work` to a receiver that answers `status`.
fn deliver_to(status: u16, work: Work) -> (Request, Outcome) {
    let script = Script::new().raw(status, "s3cret");
    let (mut requests, mut outcomes) = script.run(sync(&endpoint(), work));
    (requests.remove(0), outcomes.remove(0))
}

/// The same work as the engine hands it over after `outcome`.
fn after(work: Work, outcome: Outcome) -> Work {
    let mut known = linked(work);
    if let Some(link) = known.link.as_mut() {
        link.shadow = outcome.shadow.unwrap_or_default();
        link.mapping_version = outcome.mapping_version.unwrap_or_default();
    }
    known
}

fn without_request(work: Work) -> Outcome {
    let (_, mut outcomes) = Script::new().run(sync(&endpoint(), work));
    outcomes.remove(0)
}

#[test]
fn an_event_is_signed_at_the_time_of_the_attempt() {
    let (request, outcome) = deliver_to(204, contact("a@b.example"));
    assert_eq!(request.url, "https://hooks.example.com/in?k=1");
    assert_eq!(body(&request)["event"], "contact.created");
    let now = START / 1_000;
    let raw = request.body.as_deref().unwrap_or_default();
    assert_eq!(signer(&[]).verify(raw, &request.headers, now, 0), Ok(()));
    for (name, value) in [
        ("webhook-id", "msg_1"),
        ("x-pwb-event", "contact.created"),
        ("content-type", "application/json"),
        ("user-agent", USER_AGENT),
    ] {
        let found = request.headers.iter().find(|(key, _)| key == name);
        assert_eq!(found.map(|(_, value)| value.as_str()), Some(value));
    }
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("msg_1"))
    );
    assert_eq!(outcome.external_type.as_deref(), Some("event"));
    let told = outcome.calls.iter().map(|call| call.path.as_str());
    assert!(told.eq(["/…"]), "the path may be a secret");
}

#[test]
fn the_same_data_twice_in_a_row_is_sent_once() {
    let (_, created) = deliver_to(200, contact("a@b.example"));
    let again = after(contact("a@b.example"), created.clone());
    assert_eq!(without_request(again).action, Some(Did::Unchanged));
    let (request, updated) = deliver_to(200, after(contact("new@b.example"), created));
    assert_eq!(body(&request)["type"], "contact.updated");
    assert_eq!(updated.action, Some(Did::Updated));
}

#[test]
fn in_doubt_it_is_told_again_although_nothing_differs() {
    let (_, created) = deliver_to(200, contact("a@b.example"));
    let back_again = Work {
        doubt: true,
        ..after(contact("a@b.example"), created)
    };
    let (request, outcome) = deliver_to(200, back_again);
    assert_eq!(body(&request)["data"]["email"], "a@b.example");
    assert_eq!(outcome.action, Some(Did::Updated));
    let gone = Work {
        action: Action::Delete,
        doubt: true,
        ..contact("a@b.example")
    };
    let (request, outcome) = deliver_to(200, gone);
    assert_eq!(body(&request)["type"], "contact.deleted");
    assert_eq!(outcome.action, Some(Did::Deleted));
}

#[test]
fn a_deletion_is_told_to_receivers_that_knew_the_record() {
    let gone = Work {
        action: Action::Delete,
        ..contact("a@b.example")
    };
    let unknown = without_request(gone.clone());
    assert_eq!(unknown.status, Status::Skipped);
    let (request, outcome) = deliver_to(200, linked(gone));
    assert_eq!(body(&request)["type"], "contact.deleted");
    assert_eq!((outcome.action, outcome.shadow), (Some(Did::Deleted), None));
}

#[test]
fn a_failure_names_the_record_and_leaves_the_body_out() {
    let (_, outcome) = deliver_to(410, contact("a@b.example"));
    let error = outcome.error.expect("a failure");
    assert!(error.message.starts_with("contact 12: "), "{error}");
    assert!(!error.message.contains("s3cret"), "{error}");
    assert_eq!((error.kind, error.sent), (Kind::NotFound, Sent::Yes));
    let code = outcome
        .calls
        .first()
        .and_then(|call| call.error_code.as_deref());
    assert_eq!(code, Some("gone"));
}

#[test]
fn a_pause_asked_for_is_handed_on() {
    let reply = Ok(Response::new(503).with_header("Retry-After", "7"));
    let (_, mut outcomes) = Script::new()
        .then(reply)
        .run(sync(&endpoint(), contact("a@b.c")));
    let error = outcomes.remove(0).error.expect("a failure");
    assert_eq!((error.retryable(), error.retry_after), (true, Some(7)));
}

#[test]
fn a_lost_attempt_is_repeated_under_the_same_id() {
    let (first, outcomes) = Script::new()
        .lost()
        .run(sync(&endpoint(), contact("a@b.example")));
    let error = outcomes.first().and_then(|outcome| outcome.error.clone());
    assert_eq!(error.map(|error| error.sent), Some(Sent::Maybe));
    let doubtful = Work {
        doubt: true,
        ..contact("a@b.example")
    };
    let (_, refused) = Script::new()
        .refused()
        .run(sync(&endpoint(), doubtful.clone()));
    let error = refused.first().and_then(|outcome| outcome.error.clone());
    assert_eq!(error.map(|error| error.sent), Some(Sent::Maybe));
    let (second, _) = deliver_to(200, doubtful);
    assert_eq!(
        first.first().and_then(|request| request.body.clone()),
        second.body
    );
}

#[test]
fn an_event_without_a_usable_id_is_not_sent() {
    let nameless = Work {
        event_id: String::new(),
        ..contact("a@b.example")
    };
    let error = without_request(nameless).error.expect("a failure");
    assert_eq!((error.kind, error.sent), (Kind::Configuration, Sent::No));
}

fn comment(public: bool) -> Work {
    work(
        json!({"kind": "comment", "id": "c7", "ticket_id": "b7c1", "body": "We look", "public": public}),
    )
}

#[test]
fn a_reply_is_told_once() {
    let (request, outcome) = deliver_to(200, comment(true));
    let told: Value = serde_json::from_slice(&request.body.expect("a body")).expect("JSON");
    assert_eq!(told["type"], "comment.created");
    let doubtful = Work {
        doubt: true,
        ..after(comment(true), outcome)
    };
    assert_eq!(without_request(doubtful).action, Some(Did::Unchanged));
}

#[test]
fn an_internal_note_is_never_told_of() {
    let doubtful = Work {
        doubt: true,
        ..comment(false)
    };
    let gone = Work {
        action: Action::Delete,
        ..linked(comment(true))
    };
    for work in [comment(false), doubtful, linked(comment(false)), gone] {
        assert_eq!(without_request(work).status, Status::Skipped);
    }
}
