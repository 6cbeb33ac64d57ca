use super::*;

pub(super) fn destroyed(kind: &str, more: Value) -> Work {
    let mut more = more;
    more["action"] = json!("delete");
    work(json!({"kind": kind, "id": 7}), more)
}

pub(super) fn linked(external_type: &str) -> Value {
    json!({"link": {"external_type": external_type, "external_id": "42"}})
}

fn delete() -> Value {
    json!({"deletes": "delete"})
}

#[test]
fn each_kind_is_deleted_in_its_module_if_the_setting_says_so() {
    for (kind, module) in [
        ("contact", "Contacts"),
        ("contact", "Leads"),
        ("message", "Notes"),
        ("support_ticket", "Cases"),
    ] {
        let script = Script::new().reply(200, done("42", "delete"));
        let (requests, outcome) = run(script, delete(), destroyed(kind, linked(module)));
        assert_eq!(lines(&requests), [format!("DELETE /crm/v8/{module}/42")]);
        assert_eq!(
            (outcome.status, outcome.action),
            (Status::Succeeded, Some(Did::Deleted))
        );
    }
    let (requests, outcome) = run(
        Script::new(),
        json!({}),
        destroyed("contact", linked("Contacts")),
    );
    assert!(requests.is_empty());
    assert!(outcome.reason.expect("why").contains("keep"));
}

#[test]
fn what_is_gone_already_counts_as_deleted() {
    let not_there = refused("INVALID_DATA", json!({"id": "42"}));
    for answer in [not_there, gone()] {
        let (_, outcome) = run(
            Script::new().reply(400, answer),
            delete(),
            destroyed("message", linked("Notes")),
        );
        assert_eq!(outcome.action, Some(Did::Deleted));
    }
    let script = Script::new().reply(403, refused("NO_PERMISSION", json!({})));
    let (_, outcome) = run(script, delete(), destroyed("message", linked("Notes")));
    assert_eq!(error(&outcome).kind, Kind::Permission);
}

#[test]
fn what_was_never_delivered_needs_no_deletion() {
    let (requests, outcome) = run(Script::new(), delete(), destroyed("contact", json!({})));
    assert!(requests.is_empty());
    assert_eq!(outcome.status, Status::Skipped);
}

#[test]
fn what_may_have_arrived_is_looked_for_and_deleted() {
    let ours = |field: &str| json!({"data": [{"id": "70", field: "Ref: PWB-1a2b3c4d"}]});
    for (kind, module, field, parent) in [
        ("contact", "Contacts", "Description", Value::Null),
        ("support_ticket", "Cases", "Description", Value::Null),
        (
            "message",
            "Notes",
            "Note_Content",
            json!({"external_type": "Leads", "external_id": "1"}),
        ),
    ] {
        let script = Script::new()
            .reply(200, ours(field))
            .reply(200, done("70", "delete"));
        let (requests, _) = run(
            script,
            delete(),
            destroyed(kind, json!({"doubt": true, "parent": parent})),
        );
        assert_eq!(lines(&requests)[1], format!("DELETE /crm/v8/{module}/70"));
    }
}

#[test]
fn whoever_is_known_by_an_address_may_not_be_ours_to_delete() {
    let ana = json!({"kind": "contact", "id": 7, "email": "ana@example.com"});
    let (requests, outcome) = run(
        Script::new(),
        delete(),
        work(ana, json!({"action": "delete", "doubt": true})),
    );
    assert!(requests.is_empty());
    assert_eq!(outcome.status, Status::Skipped);
}

#[test]
fn a_note_whose_person_is_gone_went_with_them() {
    let doubtful = json!({"doubt": true, "parent": {"external_type": "Leads", "external_id": "1"}});
    let script = Script::new().reply(400, gone());
    let (_, outcome) = run(script, delete(), destroyed("message", doubtful));
    assert_eq!((outcome.status, outcome.error), (Status::Skipped, None));
}
