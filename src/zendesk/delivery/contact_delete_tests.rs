use super::*;
use crate::work::Action;

fn deleted(work: Work) -> Work {
    Work {
        action: Action::Delete,
        ..work
    }
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
        .reply(
            200,
            json!({"users": [{"id": 41}, {"id": 42, "external_id": "PWB:3:contact:7"}]}),
        )
        .reply(204, Value::Null);
    let (requests, outcome) = run_with(settings, script, doubtful);
    let search = "GET /api/v2/users/search?external_id=pwb%3A3%3Acontact%3A7";
    assert_eq!(lines(&requests), [search, "DELETE /api/v2/users/42"]);
    assert_eq!(outcome.action, Some(Did::Deleted));
}

#[test]
fn who_is_erased_is_deleted_for_good_whatever_the_setting_says_but_never_an_agent() {
    let erased = || Work {
        action: Action::Erase,
        ..linked(ana("a@b.example", None), "user", "42")
    };
    let script = Script::new().reply(200, user(42)).reply(200, user(42));
    let (requests, outcome) = run(script.reply(200, json!({})), erased());
    let asked = [
        "GET /api/v2/users/42",
        "DELETE /api/v2/users/42",
        "DELETE /api/v2/deleted_users/42",
    ];
    assert_eq!(lines(&requests), asked);
    assert_eq!(outcome.action, Some(Did::Deleted));
    let gone = || Script::new().reply(404, json!({"error": "RecordNotFound"}));
    let again = gone().reply(404, json!({"error": "RecordNotFound"}));
    let (requests, outcome) = run(again, erased());
    assert_eq!((requests.len(), outcome.action), (2, Some(Did::Deleted)));
    let agent = json!({"user": {"id": 42, "role": "agent"}});
    let (requests, outcome) = run(Script::new().reply(200, agent), erased());
    assert_eq!((requests.len(), outcome.status), (1, Status::Skipped));
}

#[test]
fn an_agent_who_is_found_in_doubt_is_left_there() {
    let erased = Work {
        action: Action::Erase,
        doubt: true,
        ..ana("a@b.example", None)
    };
    let agent = json!({"id": 42, "external_id": "PWB:3:contact:7", "role": "agent"});
    let script = Script::new().reply(200, json!({"users": [agent]}));
    let (requests, outcome) = run(script, erased);
    assert_eq!((requests.len(), outcome.status), (1, Status::Skipped));
    assert_eq!(outcome.external_type.as_deref(), Some("user"));
}
