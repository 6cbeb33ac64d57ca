use serde_json::{Value, json};

use crate::error::{Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::work::{Action, Work};
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

fn deleted(work: Work) -> Work {
    Work {
        action: Action::Delete,
        ..work
    }
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
        (Kind::Validation, Some("RecordInvalid"))
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
fn deletes_are_kept_by_default() {
    let gone = deleted(linked(ana("a@b.example", None), "user", "42"));
    let (requests, outcome) = run(Script::new(), gone);
    assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
}

#[test]
fn a_customer_is_deleted_but_never_an_agent() {
    let settings = json!({"deletes": "delete"});
    let gone = || deleted(linked(ana("a@b.example", None), "user", "42"));
    let script = Script::new().reply(200, user(42)).reply(200, user(42));
    let (requests, outcome) = run_with(settings.clone(), script, gone());
    assert_eq!(
        lines(&requests),
        ["GET /api/v2/users/42", "DELETE /api/v2/users/42"]
    );
    assert_eq!(outcome.action, Some(Did::Deleted));
    let agent = json!({"user": {"id": 42, "role": "admin"}});
    let (requests, outcome) = run_with(settings.clone(), Script::new().reply(200, agent), gone());
    assert_eq!((requests.len(), outcome.status), (1, Status::Skipped));
    let missing = Script::new().reply(404, json!({"error": "RecordNotFound"}));
    let (_, outcome) = run_with(settings, missing, gone());
    assert_eq!((outcome.action, outcome.error), (Some(Did::Deleted), None));
}

#[test]
fn a_contact_deleted_before_it_arrived_is_looked_for_only_in_doubt() {
    let settings = json!({"deletes": "delete"});
    let gone = deleted(ana("a@b.example", None));
    let (requests, outcome) = run_with(settings.clone(), Script::new(), gone.clone());
    assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
    let doubtful = Work {
        doubt: true,
        ..gone
    };
    let script = Script::new()
        .reply(200, json!({"users": [{"id": 42, "role": "end-user"}]}))
        .reply(204, Value::Null);
    let (requests, outcome) = run_with(settings, script, doubtful);
    let search = "GET /api/v2/users/search?external_id=pwb%3A3%3Acontact%3A7";
    assert_eq!(lines(&requests), [search, "DELETE /api/v2/users/42"]);
    assert_eq!(outcome.action, Some(Did::Deleted));
}

#[test]
fn a_link_that_is_no_number_never_gets_into_a_path() {
    let crafted = linked(ana("a@b.example", None), "user", "../tickets/1");
    let (requests, _) = run(Script::new().reply(200, user(42)), crafted);
    assert_eq!(lines(&requests), [CREATE]);
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
