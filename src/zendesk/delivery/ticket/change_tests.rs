use super::fixtures::*;
use serde_json::{Value, json};

use crate::error::Kind;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Status};
use crate::work::{Action, Work};
use crate::zendesk::fixtures::{after, linked, with_parent};

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
fn a_link_to_no_ticket_is_a_dead_letter() {
    for (external_type, id) in [("ticket", "../users/1"), ("user", "42")] {
        let crafted = linked(enquiry("x"), external_type, id);
        let (requests, outcome) = run(Script::new(), crafted);
        assert_eq!((requests.len(), failure(outcome).kind), (0, Kind::Internal));
    }
}

/// An earlier attempt may have left `pending`, although the host is back at what was sent before it.
/// Nobody has touched it, so it stays new.
#[test]
fn a_property_that_is_no_longer_named_is_taken_out() {
    let settings = json!({"custom_fields": {"property_reference": 77}});
    let asked = || with_parent(enquiry("Is it free?"), "42");
    let script = Script::new().reply(201, ticket(900));
    let first = run_with(settings.clone(), script, asked()).1;
    let mut general = asked();
    if let crate::record::Record::Message(message) = &mut general.record {
        message.property = None;
    }
    let script = Script::new().reply(200, ticket(900));
    let (requests, second) = run_with(settings.clone(), script, after(&first, general.clone()));
    let sent = requests.first().map(body).expect("one");
    let emptied = json!([{"id": 77, "value": null}]);
    assert_eq!(sent["ticket"]["custom_fields"], emptied);
    let again = run_with(
        settings.clone(),
        Script::new(),
        after(&second, general.clone()),
    );
    assert_eq!(again.1.action, Some(Did::Unchanged));
    let full = json!({"custom_fields": [{"id": 77, "value": "ABC123"}]});
    let script = Script::new()
        .reply(200, holding(full))
        .reply(200, comments(&["Is it free?"]))
        .reply(200, ticket(900));
    let (requests, _) = run_with(settings, script, doubtful(after(&second, general)));
    let sent = requests.last().map(body).expect("three");
    assert_eq!(sent, json!({"ticket": {"custom_fields": emptied}}));
}
