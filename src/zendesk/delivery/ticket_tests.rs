use serde_json::{Value, json};

use crate::error::{Error, Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::work::{Action, Work};
use crate::zendesk::fixtures::{account, after, linked, with_parent, work};
use crate::zendesk::sync;

const USER: &str = "POST /api/v2/users/create_or_update";
const POST: &str = "POST /api/v2/tickets";
const FIND: &str = "GET /api/v2/tickets?external_id=pwb%3A3%3Amessage%3A5";
const PUT: &str = "PUT /api/v2/tickets/900";
const TEXT: &str = "Is it free?\n\nReference: ABC123";

fn enquiry(text: &str) -> Work {
    work(
        json!({"kind": "message", "id": 5, "text": text, "property": {"reference": "ABC123"},
        "contact": {"id": 7, "name": "Ana", "email": "ana@example.com"}}),
    )
}

fn support(more: &[(&str, &str)]) -> Work {
    let mut record = json!({"kind": "support_ticket", "id": "b7c1", "subject": "Help",
        "description": "It broke", "status": "open", "priority": "high",
        "requester": {"id": 2, "email": "owner@example.com"}});
    for (key, value) in more {
        record[key] = json!(value);
    }
    with_parent(work(record), "42")
}

fn user(id: u64) -> Value {
    json!({"user": {"id": id, "role": "end-user"}})
}

fn ticket(id: u64) -> Value {
    json!({"ticket": {"id": id, "updated_at": "2026-05-16T10:00:02Z"}, "audit": {}})
}

fn found(more: Value) -> Value {
    let mut ticket = json!({"id": 900, "external_id": "pwb:3:message:5"});
    for (key, value) in more.as_object().expect("an object") {
        ticket[key] = value.clone();
    }
    json!({"tickets": [{"id": 901, "external_id": "pwb:3:message:5"}, ticket,
        {"id": 1, "external_id": "pwb:3:message:55"}], "count": 3})
}

fn refusal(field: &str, description: &str) -> Value {
    let mut details = json!({});
    details[field] = json!([{"description": description, "error": "InvalidValue"}]);
    json!({"error": "RecordInvalid", "description": "Record validation errors", "details": details})
}

fn run(script: Script, work: Work) -> (Vec<Request>, Outcome) {
    run_with(json!({}), script, work)
}

fn run_with(settings: Value, script: Script, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(settings), work));
    (requests, outcomes.remove(0))
}

fn created(work: Work) -> Outcome {
    let known = with_parent(work, "42");
    run(Script::new().reply(201, ticket(900)), known).1
}

fn key(request: &Request) -> Option<&str> {
    let header = request
        .headers
        .iter()
        .find(|(name, _)| name == "idempotency-key");
    header.map(|(_, value)| value.as_str())
}

fn parent(outcome: &Outcome) -> Vec<(&str, &str, &str)> {
    let links = outcome.links.iter();
    links
        .map(|link| (&*link.role, &*link.external_type, &*link.external_id))
        .collect()
}

fn failure(outcome: Outcome) -> Error {
    outcome.error.expect("a failure")
}

fn doubtful(work: Work) -> Work {
    Work {
        doubt: true,
        ..work
    }
}

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
    let script = Script::new().reply(200, found(json!({"description": TEXT})));
    let (requests, outcome) = run(script, doubtful(enquiry("Is it free?")));
    assert_eq!(lines(&requests), [FIND]);
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("900"))
    );
    let again = after(&outcome, enquiry("Is it free?"));
    assert_eq!(run(Script::new(), again).1.action, Some(Did::Unchanged));
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
        .reply(
            200,
            found(json!({"description": "Is it  free?\nReference: ABC123"})),
        )
        .reply(200, ticket(900));
    let (requests, outcome) = run(script, doubtful(enquiry("And when?")));
    assert_eq!(lines(&requests), [FIND, PUT]);
    let comment = requests.get(1).map(body).expect("two")["ticket"]["comment"].clone();
    assert_eq!(comment["public"], false);
    let again = after(&outcome, enquiry("And when?"));
    assert_eq!(run(Script::new(), again).1.action, Some(Did::Unchanged));
}

#[test]
fn a_key_used_for_an_older_body_leads_to_its_ticket() {
    let reused = json!({"error": "IdempotentRequestError"});
    let script = Script::new()
        .reply(400, reused.clone())
        .reply(200, found(json!({"description": TEXT})));
    let known = with_parent(enquiry("Is it free?"), "42");
    let (requests, outcome) = run(script, known.clone());
    assert_eq!(lines(&requests), [POST, FIND]);
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

#[test]
fn a_new_text_is_a_private_comment_and_other_changes_are_none() {
    let first = created(enquiry("Is it free?"));
    let mut renamed = enquiry("Is it free?");
    if let crate::record::Record::Message(message) = &mut renamed.record {
        message.sender_name = "Somebody".into();
        message.locale = "es".into();
    }
    assert_eq!(
        run(Script::new(), after(&first, renamed)).1.action,
        Some(Did::Unchanged)
    );
    let script = Script::new().reply(200, ticket(900));
    let (requests, outcome) = run(script, after(&first, enquiry("And when?")));
    assert_eq!(lines(&requests), [PUT]);
    let sent = requests.first().map(body).expect("one");
    let keys = sent["ticket"].as_object().expect("a ticket").keys();
    assert!(keys.eq(["comment"]), "{sent}");
    assert_eq!(sent["ticket"]["comment"]["public"], false);
    assert_eq!(outcome.action, Some(Did::Updated));
}

#[test]
fn a_support_ticket_sends_only_what_changed() {
    let first = created(support(&[]));
    let script = Script::new().reply(200, ticket(900));
    let next = support(&[("status", "in_progress"), ("priority", "urgent")]);
    let (requests, second) = run(script, after(&first, next));
    let expected = json!({"ticket": {"status": "open", "priority": "urgent"}});
    assert_eq!(requests.first().map(body), Some(expected));
    // Back to the host's first status: Zendesk's `new` is gone for good.
    let script = Script::new();
    let reopened = support(&[("status", "open"), ("priority", "urgent")]);
    assert_eq!(
        run(script, after(&second, reopened)).1.action,
        Some(Did::Unchanged)
    );
    let script = Script::new().reply(200, ticket(900));
    let (requests, _) = run(
        script,
        after(
            &second,
            support(&[
                ("description", "Worse"),
                ("status", "in_progress"),
                ("priority", "urgent"),
            ]),
        ),
    );
    let sent = requests.first().map(body).expect("one");
    assert_eq!(sent["ticket"]["comment"]["public"], false);
    assert!(sent["ticket"].get("status").is_none());
}

#[test]
fn a_text_nothing_is_known_of_is_never_said_twice() {
    let known = linked(support(&[]), "ticket", "900");
    let script = Script::new().reply(200, ticket(900));
    let (requests, outcome) = run(script, known);
    let sent = requests.first().map(body).expect("one");
    assert!(sent["ticket"].get("comment").is_none());
    let script = Script::new().reply(200, ticket(900));
    let (requests, _) = run(
        script,
        after(
            &outcome,
            support(&[("description", "Worse"), ("status", "in_progress")]),
        ),
    );
    assert!(
        requests.first().map(body).expect("one")["ticket"]
            .get("comment")
            .is_some()
    );
    let (none, same) = run(
        Script::new(),
        linked(enquiry("Is it free?"), "ticket", "900"),
    );
    assert_eq!((none.len(), same.action), (0, Some(Did::Unchanged)));
    assert!(
        same.shadow
            .is_some_and(|shadow| shadow.contains_key("comment"))
    );
}

#[test]
fn closed_and_deleted_tickets_say_what_can_be_done() {
    let first = created(support(&[]));
    let changed = || after(&first, support(&[("subject", "Again")]));
    let closed = refusal("status", "Status: closed prevents ticket update");
    let error = failure(run(Script::new().reply(422, closed), changed()).1);
    assert_eq!(
        (error.kind, error.code.as_deref()),
        (Kind::Validation, Some("closed"))
    );
    assert!(
        error.message.contains("follow-up") && error.message.contains("900"),
        "{error}"
    );
    let gone = Script::new().reply(404, json!({"error": "RecordNotFound"}));
    let error = failure(run(gone, changed()).1);
    assert_eq!(error.kind, Kind::NotFound);
    assert!(
        error
            .message
            .starts_with("support_ticket b7c1: Zendesk ticket 900"),
        "{error}"
    );
}

#[test]
fn deletes_follow_the_setting() {
    let gone = || Work {
        action: Action::Delete,
        ..linked(support(&[]), "ticket", "900")
    };
    let (requests, outcome) = run(Script::new(), gone());
    assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
    let delete = json!({"deletes": "delete"});
    for (status, reply) in [
        (204, Value::Null),
        (404, json!({"error": "RecordNotFound"})),
    ] {
        let (requests, outcome) =
            run_with(delete.clone(), Script::new().reply(status, reply), gone());
        assert_eq!(lines(&requests), ["DELETE /api/v2/tickets/900"]);
        assert_eq!(
            (outcome.action, outcome.id.as_deref()),
            (Some(Did::Deleted), Some("900"))
        );
    }
    let unknown = Work {
        action: Action::Delete,
        ..enquiry("x")
    };
    let (_, outcome) = run_with(delete.clone(), Script::new(), unknown.clone());
    assert_eq!(outcome.status, Status::Skipped);
    let script = Script::new()
        .reply(200, found(json!({})))
        .reply(204, Value::Null);
    let (requests, _) = run_with(delete, script, doubtful(unknown));
    assert_eq!(lines(&requests), [FIND, "DELETE /api/v2/tickets/900"]);
}

#[test]
fn a_link_that_is_no_number_is_a_dead_letter() {
    let crafted = linked(enquiry("x"), "ticket", "../users/1");
    let (requests, outcome) = run(Script::new(), crafted);
    assert_eq!((requests.len(), failure(outcome).kind), (0, Kind::Internal));
}
