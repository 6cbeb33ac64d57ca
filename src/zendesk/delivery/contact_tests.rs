#[path = "contact_delete_tests.rs"]
mod deletes;

use serde_json::{Value, json};

use crate::error::{Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::work::Work;
use crate::zendesk::fixtures::{account, after, linked, work};
use crate::zendesk::sync;

const CREATE: &str = "POST /api/v2/users/create_or_update";

fn ana(email: &str, phone: Option<&str>) -> Work {
    work(json!({"kind": "contact", "id": 7, "name": "Ana Ruiz", "email": email, "phone": phone}))
}

fn user(id: u64) -> Value {
    json!({"user": {"id": id, "role": "end-user", "updated_at": "2026-05-16T10:00:01Z"}})
}

fn run(script: Script, work: Work) -> (Vec<Request>, Outcome) {
    run_with(json!({}), script, work)
}

fn run_with(settings: Value, script: Script, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(settings), work));
    (requests, outcomes.remove(0))
}

fn created() -> Outcome {
    run(
        Script::new().reply(201, user(42)),
        ana("a@b.example", Some("1")),
    )
    .1
}

#[test]
fn a_new_contact_becomes_a_user() {
    let script = Script::new().reply(201, user(42));
    let (requests, outcome) = run(script, ana("a@b.example", None));
    assert_eq!(lines(&requests), [CREATE]);
    let request = requests.first().expect("one");
    let header = request
        .headers
        .iter()
        .find(|(name, _)| name == "authorization");
    assert_eq!(
        header.map(|(_, value)| value.as_str()),
        Some("Bearer s3cret")
    );
    assert_eq!(body(request)["user"]["skip_verify_email"], true);
    assert_eq!(
        request.fields,
        ["email", "external_id", "name", "skip_verify_email"]
    );
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("42"))
    );
    assert_eq!(outcome.external_type.as_deref(), Some("user"));
    assert_eq!(
        outcome.remote_version.as_deref(),
        Some("2026-05-16T10:00:01Z")
    );
    assert_eq!(outcome.mapping_version.as_deref(), Some("1"));
}

#[test]
fn a_user_zendesk_knew_is_updated() {
    let (_, outcome) = run(Script::new().reply(200, user(42)), ana("a@b.example", None));
    assert_eq!(
        (outcome.status, outcome.action),
        (Status::Succeeded, Some(Did::Updated))
    );
}

#[test]
fn only_what_changed_is_sent_and_nothing_for_no_change() {
    let first = created();
    let (none, same) = run(Script::new(), after(&first, ana("a@b.example", Some("1"))));
    assert_eq!((none.len(), same.action), (0, Some(Did::Unchanged)));
    let script = Script::new().reply(200, user(42));
    let (requests, second) = run(script, after(&first, ana("new@b.example", None)));
    assert_eq!(lines(&requests), ["PUT /api/v2/users/42"]);
    let expected = json!({"user": {"email": "new@b.example", "phone": null,
        "skip_verify_email": true}});
    assert_eq!(requests.first().map(body), Some(expected));
    let (none, same) = run(Script::new(), after(&second, ana("new@b.example", None)));
    assert_eq!((none.len(), same.action), (0, Some(Did::Unchanged)));
}

#[test]
fn in_doubt_an_update_sends_everything_again() {
    let doubtful = Work {
        doubt: true,
        ..after(&created(), ana("a@b.example", Some("1")))
    };
    let (requests, outcome) = run(Script::new().reply(200, user(42)), doubtful);
    assert_eq!(lines(&requests), ["PUT /api/v2/users/42"]);
    let sent = requests.first().map(body).expect("one");
    assert_eq!(
        (&sent["user"]["name"], &sent["user"]["phone"]),
        (&json!("Ana Ruiz"), &json!("1"))
    );
    assert_eq!(outcome.action, Some(Did::Updated));
}

#[test]
fn a_user_who_is_gone_is_made_anew() {
    let script = Script::new()
        .reply(404, json!({"error": "RecordNotFound"}))
        .reply(201, user(43));
    let (requests, outcome) = run(script, after(&created(), ana("new@b.example", None)));
    assert_eq!(lines(&requests), ["PUT /api/v2/users/42", CREATE]);
    assert_eq!(
        (outcome.action, outcome.id.as_deref()),
        (Some(Did::Created), Some("43"))
    );
    assert!(outcome.error.is_none());
}

#[test]
fn an_address_of_another_user_decides() {
    let refusal = json!({"error": "RecordInvalid", "details": {"email": [{"error":
        "DuplicateValue", "description": "Email: a@b.example is already being used"}]}});
    let script = Script::new().reply(422, refusal).reply(200, user(44));
    let (requests, outcome) = run(script, ana("a@b.example", None));
    let second = requests.get(1).map(body).expect("two");
    assert!(second["user"].get("external_id").is_none());
    assert_eq!(outcome.id.as_deref(), Some("44"));
}

#[test]
fn an_agents_address_is_said_and_not_refused() {
    let agent = json!({"user": {"id": 42, "role": "agent"}});
    let (_, outcome) = run(Script::new().reply(200, agent), ana("a@b.example", None));
    assert_eq!(outcome.status, Status::Succeeded);
    let reason = outcome.reason.expect("a remark");
    assert!(
        reason.contains("agent") && reason.contains("42"),
        "{reason}"
    );
}

#[test]
fn a_refusal_names_the_record_and_the_field() {
    let refusal = json!({"error": "RecordInvalid", "details": {"name": [{"error": "BlankValue"}]}});
    let (_, outcome) = run(Script::new().reply(422, refusal), ana("a@b.example", None));
    let error = outcome.error.expect("a refusal");
    assert!(error.message.starts_with("contact 7: "), "{error}");
    assert!(error.message.contains("name BlankValue"), "{error}");
    let code = outcome
        .calls
        .first()
        .and_then(|call| call.error_code.clone());
    assert_eq!(
        (error.kind, code.as_deref()),
        (Kind::Validation, Some("BlankValue"))
    );
}

#[test]
fn every_other_answer_ends_in_retry_or_reconnect() {
    for (status, kind) in [
        (401, Kind::Authentication),
        (429, Kind::RateLimit),
        (500, Kind::Remote),
    ] {
        let (_, outcome) = run(
            Script::new().reply(status, json!({})),
            ana("a@b.example", None),
        );
        assert_eq!(outcome.error.map(|error| error.kind), Some(kind));
    }
    let (_, lost) = run(Script::new().lost(), ana("a@b.example", None));
    assert_eq!(lost.error.map(|error| error.sent), Some(Sent::Maybe));
    let (_, refused) = run(Script::new().refused(), ana("a@b.example", None));
    assert_eq!(refused.error.map(|error| error.sent), Some(Sent::No));
}

#[test]
fn a_link_to_no_user_never_gets_into_a_path() {
    for (external_type, id) in [("user", "../tickets/1"), ("ticket", "900")] {
        let crafted = linked(ana("a@b.example", None), external_type, id);
        let (requests, _) = run(Script::new().reply(200, user(42)), crafted);
        assert_eq!(lines(&requests), [CREATE], "{external_type} {id}");
    }
}

#[test]
fn a_new_address_of_another_user_moves_the_link() {
    let refusal = json!({"error": "RecordInvalid", "details": {"email": [{"error":
        "DuplicateValue", "description": "Email: new@b.example is already being used"}]}});
    let script = Script::new().reply(422, refusal).reply(200, user(44));
    let (requests, outcome) = run(script, after(&created(), ana("new@b.example", None)));
    assert_eq!(lines(&requests), ["PUT /api/v2/users/42", CREATE]);
    assert_eq!((outcome.error, outcome.id.as_deref()), (None, Some("44")));
}

/// A number that was given and taken back while nobody knew whether it had arrived.
#[test]
fn in_doubt_a_number_of_our_own_is_taken_out() {
    let contact = || {
        let record = json!({"kind": "contact", "id": 7, "name": "Ana", "email": "a@b.example",
            "created_at": "2026-05-16T10:00:00Z"});
        Work {
            doubt: true,
            ..work(record)
        }
    };
    let found = |made_at: &str| {
        let mut user = user(42);
        user["user"]["created_at"] = made_at.into();
        user["user"]["phone"] = "1".into();
        user
    };
    let ours = found("2026-05-16T10:00:07Z");
    let script = Script::new().reply(200, ours).reply(200, user(42));
    let (requests, outcome) = run(script, contact());
    assert_eq!(lines(&requests), [CREATE, "PUT /api/v2/users/42"]);
    let sent = requests.last().map(body).expect("two");
    assert_eq!(sent["user"]["phone"], Value::Null);
    let settled = Work {
        doubt: false,
        ..after(&outcome, contact())
    };
    assert_eq!(run(Script::new(), settled).1.action, Some(Did::Unchanged));
    let tenants = found("2025-01-01T10:00:00Z");
    let (requests, _) = run(Script::new().reply(200, tenants), contact());
    assert_eq!(lines(&requests), [CREATE]);
}
