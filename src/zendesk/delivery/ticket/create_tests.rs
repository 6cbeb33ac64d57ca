use super::fixtures::*;
use serde_json::json;

use crate::error::{Kind, Sent};
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Status};
use crate::zendesk::fixtures::{after, with_parent, work};

#[test]
fn an_enquiry_is_its_user_and_then_its_ticket() {
    let script = Script::new().reply(201, user(42)).reply(201, ticket(900));
    let (requests, outcome) = run(script, enquiry("Is it free?"));
    assert_eq!(lines(&requests), [USER, POST]);
    let sent = requests.get(1).expect("two");
    assert_eq!(body(sent)["ticket"]["requester_id"], 42);
    assert_eq!(body(sent)["ticket"]["comment"]["body"], TEXT);
    assert_eq!(key(sent), Some("msg_1"));
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("900"))
    );
    assert_eq!(outcome.external_type.as_deref(), Some("ticket"));
    assert_eq!(parent(&outcome), [("parent", "user", "42")]);
    assert_eq!(outcome.calls.len(), 2);
}

#[test]
fn a_known_user_costs_no_request() {
    let (requests, outcome) = run(
        Script::new().reply(201, ticket(900)),
        with_parent(enquiry("Is it free?"), "77"),
    );
    assert_eq!(lines(&requests), [POST]);
    assert_eq!(
        requests.first().map(body).expect("one")["ticket"]["requester_id"],
        77
    );
    assert!(outcome.links.is_empty());
}

#[test]
fn a_parent_that_is_no_user_is_no_requester() {
    let mut crafted = with_parent(enquiry("Is it free?"), "900");
    crafted.parent.as_mut().expect("a parent").external_type = "ticket".to_owned();
    let script = Script::new().reply(201, user(42)).reply(201, ticket(901));
    let (requests, _) = run(script, crafted);
    assert_eq!(lines(&requests), [USER, POST]);
}

#[test]
fn an_enquiry_from_nobody_is_skipped_with_a_reason() {
    let nobody = work(json!({"kind": "message", "id": 5, "text": "Hi", "sender_email": "no"}));
    let (requests, outcome) = run(Script::new(), nobody);
    assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
    assert!(
        outcome
            .reason
            .is_some_and(|reason| reason.contains("e-mail"))
    );
}

#[test]
fn a_failed_ticket_still_tells_of_its_user() {
    let script = Script::new().reply(201, user(42)).reply(503, json!({}));
    let (_, outcome) = run(script, enquiry("Is it free?"));
    assert_eq!(parent(&outcome), [("parent", "user", "42")]);
    let error = failure(outcome);
    assert!(error.retryable() && error.sent == Sent::Maybe);
    assert!(error.message.starts_with("message 5: "), "{error}");
}

#[test]
fn every_attempt_sends_the_same_bytes_under_the_same_key() {
    let attempt = |script| {
        run(script, with_parent(enquiry("Is it free?"), "42"))
            .0
            .remove(0)
    };
    let first = attempt(Script::new().lost());
    let second = attempt(Script::new().reply(201, ticket(900)));
    assert_eq!((key(&first), &first.body), (key(&second), &second.body));
}

#[test]
fn in_doubt_it_looks_first_and_takes_over_what_it_finds() {
    let script = Script::new()
        .reply(200, found(json!({})))
        .reply(200, comments(&["Is it  free?\nReference: ABC123"]));
    let (requests, outcome) = run(script, doubtful(enquiry("Is it free?")));
    assert_eq!(lines(&requests), [FIND, LOOK]);
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("900"))
    );
    let again = after(&outcome, enquiry("Is it free?"));
    assert_eq!(run(Script::new(), again).1.action, Some(Did::Unchanged));
}

#[test]
fn a_failed_look_up_leaves_the_doubt() {
    let (_, outcome) = run(Script::new().refused(), doubtful(enquiry("Is it free?")));
    assert_eq!(failure(outcome).sent, Sent::Maybe);
}

#[test]
fn in_doubt_it_creates_what_it_does_not_find() {
    let script = Script::new()
        .reply(200, json!({"tickets": []}))
        .reply(200, user(42))
        .reply(201, ticket(900));
    let (requests, _) = run(script, doubtful(enquiry("Is it free?")));
    assert_eq!(lines(&requests), [FIND, USER, POST]);
}

#[test]
fn a_found_ticket_gets_what_it_lacks() {
    let script = Script::new()
        .reply(200, found(json!({})))
        .reply(200, comments(&[TEXT]))
        .reply(200, ticket(900));
    let (requests, outcome) = run(script, doubtful(enquiry("And when?")));
    assert_eq!(lines(&requests), [FIND, LOOK, PUT]);
    let comment = requests.last().map(body).expect("three")["ticket"]["comment"].clone();
    assert_eq!(comment["public"], false);
    let again = after(&outcome, enquiry("And when?"));
    assert_eq!(run(Script::new(), again).1.action, Some(Did::Unchanged));
}

#[test]
fn a_key_used_for_an_older_body_leads_to_its_ticket() {
    let reused = json!({"error": "IdempotentRequestError"});
    let script = Script::new()
        .reply(400, reused.clone())
        .reply(200, found(json!({})))
        .reply(200, comments(&[TEXT]));
    let known = with_parent(enquiry("Is it free?"), "42");
    let (requests, outcome) = run(script, known.clone());
    assert_eq!(lines(&requests), [POST, FIND, LOOK]);
    assert_eq!((outcome.error, outcome.id.as_deref()), (None, Some("900")));
    let script = Script::new()
        .reply(400, reused)
        .reply(200, json!({"tickets": []}))
        .reply(201, ticket(901));
    let (requests, outcome) = run(script, known);
    assert_eq!(lines(&requests), [POST, FIND, POST]);
    let (first, last) = (
        requests.first().and_then(key),
        requests.last().and_then(key),
    );
    assert!(first != last && last.is_some_and(|key| key.starts_with("msg_1-")));
    assert_eq!(outcome.id.as_deref(), Some("901"));
}

#[test]
fn a_stale_user_is_made_anew_once() {
    let stale = refusal("requester", "Requester: is suspended");
    let script = Script::new()
        .reply(422, stale.clone())
        .reply(201, user(43))
        .reply(201, ticket(900));
    let (requests, outcome) = run(script, with_parent(enquiry("Is it free?"), "42"));
    assert_eq!(lines(&requests), [POST, USER, POST]);
    assert_eq!(
        requests.last().map(body).expect("three")["ticket"]["requester_id"],
        43
    );
    assert_eq!(parent(&outcome), [("parent", "user", "43")]);
    let script = Script::new()
        .reply(422, stale.clone())
        .reply(201, user(43))
        .reply(422, stale);
    let (_, outcome) = run(script, with_parent(enquiry("Is it free?"), "42"));
    assert_eq!(failure(outcome).kind, Kind::Validation);
}
