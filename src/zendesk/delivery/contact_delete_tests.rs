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
    let users = json!({"users": [{"id": 41}, {"id": 42, "external_id": "PWB:3:contact:7"}]});
    let script = Script::new().reply(200, users);
    let (requests, outcome) = run_with(settings, script, doubtful);
    let search = "GET /api/v2/users/search?external_id=pwb%3A3%3Acontact%3A7";
    assert_eq!(lines(&requests), [search]);
    // The user may be somebody else's, too, which only who keeps the links knows.
    let told = (outcome.status, outcome.action, outcome.id.as_deref());
    assert_eq!(told, (Status::Skipped, None, Some("42")));
}

fn erased() -> Work {
    Work {
        action: Action::Erase,
        ..linked(ana("a@b.example", None), "user", "42")
    }
}

fn none() -> Value {
    json!({"users": []})
}

fn missing(script: Script) -> Script {
    script.reply(404, json!({"error": "RecordNotFound"}))
}

const GONE: [&str; 2] = ["GET /api/v2/users/42", "DELETE /api/v2/deleted_users/42"];

#[test]
fn who_is_erased_is_deleted_for_good_whatever_the_setting_says_but_never_an_agent() {
    let script = Script::new().reply(200, user(42)).reply(200, user(42));
    let script = script.reply(200, json!({}));
    let (requests, outcome) = run(script, erased());
    let asked = [
        "GET /api/v2/users/42",
        "DELETE /api/v2/users/42",
        "DELETE /api/v2/deleted_users/42",
    ];
    assert_eq!(lines(&requests), asked);
    assert_eq!(outcome.action, Some(Did::Deleted));
    assert!(outcome.reason.expect("a remark").contains("closed tickets"));
    let agent = json!({"user": {"id": 42, "role": "agent"}});
    let (requests, outcome) = run(Script::new().reply(200, agent), erased());
    assert_eq!((requests.len(), outcome.status), (1, Status::Skipped));
}

#[test]
fn who_is_not_there_under_any_name_was_not_there() {
    let script = missing(Script::new()).reply(200, none()).reply(200, none());
    let (requests, outcome) = run(missing(script), erased());
    let mut asked = lines(&requests);
    asked.retain(|line| !line.contains("/search?"));
    assert_eq!(
        (asked.as_slice(), requests.len()),
        (GONE.map(str::to_owned).as_slice(), 4)
    );
    let ended = (outcome.status, outcome.action, outcome.external_type);
    assert_eq!(ended, (Status::Skipped, Some(Did::Deleted), None));
    let script = missing(Script::new()).reply(200, none()).reply(200, none());
    let (_, outcome) = run(script.reply(200, json!({})), erased());
    assert_eq!(outcome.status, Status::Succeeded);
}

#[test]
fn who_was_merged_with_another_is_told_to_be_there() {
    let by_name = json!({"users": [{"id": 43, "external_id": "pwb:3:contact:7"}]});
    let by_address = json!({"users": [{"id": 43, "email": "A@b.example"}]});
    for searches in [vec![by_name], vec![none(), by_address]] {
        let script = missing(Script::new());
        let script = searches
            .into_iter()
            .fold(script, |script, users| script.reply(200, users));
        let (_, outcome) = run(missing(script), erased());
        let ended = (outcome.status, outcome.action, outcome.id.as_deref());
        assert_eq!(ended, (Status::Skipped, None, Some("43")));
    }
}

#[test]
fn whoever_has_the_address_besides_is_left_to_people() {
    let besides = json!({"users": [{"id": 43, "email": "other@b.example"}]});
    let script = missing(Script::new()).reply(200, none());
    let (_, outcome) = run(missing(script.reply(200, besides)), erased());
    let ended = (outcome.status, outcome.id, outcome.external_type.as_deref());
    assert_eq!(ended, (Status::Skipped, None, Some("user")));
    let nameless = Work {
        action: Action::Erase,
        ..linked(work(json!({"kind": "contact", "id": 7})), "user", "42")
    };
    let script = missing(missing(Script::new()).reply(200, none()));
    let (requests, outcome) = run(script, nameless);
    assert_eq!((requests.len(), outcome.action), (3, None));
    assert_eq!(outcome.external_type.as_deref(), Some("user"));
}

#[test]
fn who_is_found_in_doubt_is_told_first_because_others_may_have_them() {
    let doubtful = Work {
        action: Action::Erase,
        doubt: true,
        ..ana("a@b.example", None)
    };
    let ours = json!({"users": [{"id": 43, "external_id": "pwb:3:contact:7"}]});
    let (requests, outcome) = run(Script::new().reply(200, ours), doubtful);
    assert_eq!((requests.len(), outcome.id.as_deref()), (1, Some("43")));
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
