use super::deletes::{destroyed, linked};
use super::*;

fn erased(email: &str) -> Work {
    let mut more = linked("Contacts");
    more["action"] = json!("erase");
    work(json!({"kind": "contact", "id": 7, "email": email}), more)
}

fn ended(outcome: &Outcome) -> (Status, Option<Did>, Option<&str>, Option<&str>) {
    let (id, module) = (outcome.id.as_deref(), outcome.external_type.as_deref());
    (outcome.status, outcome.action, module, id)
}

const SEARCHES: [&str; 3] = [
    "DELETE /crm/v8/Contacts/42",
    "GET /crm/v8/Contacts/search?email=ana%40example.com",
    "GET /crm/v8/Leads/search?email=ana%40example.com",
];

#[test]
fn what_is_erased_is_deleted_whatever_the_setting_says() {
    for (kind, module) in [
        ("contact", "Leads"),
        ("support_ticket", "Cases"),
        ("comment", "Notes"),
    ] {
        let mut erased = destroyed(kind, linked(module));
        erased.action = crate::work::Action::Erase;
        let script = Script::new().reply(200, done("42", "delete"));
        let (requests, outcome) = run(script, json!({}), erased);
        assert_eq!(lines(&requests), [format!("DELETE /crm/v8/{module}/42")]);
        assert_eq!(outcome.action, Some(Did::Deleted));
    }
}

#[test]
fn a_person_who_is_erased_may_stay_without_what_was_delivered() {
    let shadow = json!({"Description": "aa", "Fax": "bb", "Company": "cc"});
    for (module, mapped) in [("Contacts", "Mailing_City"), ("Leads", "City")] {
        let mut more = linked(module);
        more["action"] = json!("erase");
        more["link"]["shadow"] = shadow.clone();
        let settings = json!({"erase": "anonymise", "property_reference_field": "Property"});
        let script = Script::new().reply(200, done("42", "update"));
        let (requests, outcome) = run(
            script,
            settings,
            work(json!({"kind": "contact", "id": 7}), more),
        );
        assert_eq!(lines(&requests), [format!("PUT /crm/v8/{module}/42")]);
        let sent = data(&requests[0]);
        assert_eq!(sent["Last_Name"], "Erased");
        for field in [
            "First_Name",
            "Email",
            "Secondary_Email",
            "Phone",
            "Mobile",
            mapped,
            "Description",
            "Fax",
            "Property",
        ] {
            assert_eq!(sent.get(field), Some(&Value::Null), "{field}");
        }
        assert!(sent.get("Company").is_none() && sent.get("Lead_Source").is_none());
        assert_eq!(outcome.action, Some(Did::Deleted));
        assert!(outcome.reason.expect("why").starts_with("anonymised"));
    }
}

#[test]
fn only_people_who_are_erased_stay_and_text_of_the_organisation_is_left() {
    let anonymise = json!({"erase": "anonymise", "deletes": "delete"});
    for (kind, module, action) in [
        ("message", "Notes", "erase"),
        ("support_ticket", "Cases", "erase"),
        ("contact", "Contacts", "delete"),
    ] {
        let mut more = linked(module);
        more["action"] = json!(action);
        let script = Script::new().reply(200, done("42", "delete"));
        let (requests, outcome) = run(
            script,
            anonymise.clone(),
            work(json!({"kind": kind, "id": 7}), more),
        );
        assert_eq!(lines(&requests), [format!("DELETE /crm/v8/{module}/42")]);
        assert_eq!(outcome.reason, None);
    }
    let mut more = linked("Contacts");
    more["action"] = json!("erase");
    let script = Script::new().reply(400, gone());
    let (requests, outcome) = run(
        script,
        anonymise,
        work(json!({"kind": "contact", "id": 7}), more),
    );
    assert!(data(&requests[0]).get("Description").is_none());
    assert_eq!(ended(&outcome).2, Some("Contacts"));
    assert!(outcome.reason.expect("why").contains("by hand"));
}

#[test]
fn whoever_is_erased_in_doubt_may_be_there_unless_they_are_found() {
    let erased = |kind: &str, more: Value| {
        let mut work = destroyed(kind, more);
        work.action = crate::work::Action::Erase;
        work
    };
    let none = || Script::new().raw(204, "");
    for (kind, module, script) in [
        ("contact", "Contacts", none()),
        ("message", "Notes", Script::new()),
    ] {
        let (_, outcome) = run(script, json!({}), erased(kind, json!({"doubt": true})));
        assert_eq!((outcome.status, outcome.id), (Status::Skipped, None));
        assert_eq!(outcome.external_type.as_deref(), Some(module));
        assert!(outcome.reason.expect("why").contains("by hand"));
    }
    let person = json!({"external_type": "Leads", "external_id": "1"});
    for (kind, more) in [
        ("support_ticket", json!({"doubt": true})),
        ("message", json!({"doubt": true, "parent": person})),
    ] {
        let (_, outcome) = run(none(), json!({}), erased(kind, more));
        assert_eq!(
            (outcome.status, outcome.external_type),
            (Status::Skipped, None)
        );
    }
    let (_, outcome) = run(Script::new(), json!({}), erased("contact", json!({})));
    assert_eq!(
        (outcome.status, outcome.external_type),
        (Status::Skipped, None)
    );
}

#[test]
fn who_is_erased_and_gone_is_looked_for_as_a_save_does() {
    let there = |email: &str| json!({"data": [{"id": "43", "Email": email}]});
    let script = Script::new().reply(400, gone()).raw(204, "").raw(204, "");
    let (requests, outcome) = run(script, json!({}), erased("ana@example.com"));
    assert_eq!(lines(&requests), SEARCHES);
    assert_eq!(
        ended(&outcome),
        (Status::Skipped, Some(Did::Deleted), None, None)
    );

    let script = Script::new()
        .reply(400, gone())
        .reply(200, there("Ana@example.com"));
    let (_, outcome) = run(script, json!({}), erased("ana@example.com"));
    assert_eq!(
        ended(&outcome),
        (Status::Skipped, None, Some("Contacts"), Some("43"))
    );

    let converted = refused("CONVERTED_RECORD", json!({}));
    let script = Script::new()
        .reply(400, converted)
        .reply(200, there("ana@example.com"));
    let (_, outcome) = run(script, json!({}), erased("ana@example.com"));
    assert_eq!(
        ended(&outcome),
        (Status::Skipped, None, Some("Contacts"), Some("43"))
    );
}

#[test]
fn who_cannot_be_told_is_left_to_people() {
    let besides = json!({"data": [{"id": "43", "Email": "bo@example.com"}]});
    let closed =
        json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "x", "status": "error"});
    for (status, answer) in [(200, besides), (401, closed)] {
        let script = Script::new().reply(400, gone()).reply(status, answer);
        let (_, outcome) = run(script, json!({}), erased("ana@example.com"));
        assert_eq!(
            ended(&outcome),
            (Status::Skipped, None, Some("Contacts"), None)
        );
        assert!(outcome.reason.expect("why").contains("by hand"));
    }
    let (_, outcome) = run(Script::new().reply(400, gone()), json!({}), erased(""));
    assert_eq!(
        ended(&outcome),
        (Status::Skipped, None, Some("Contacts"), None)
    );
}

#[test]
fn what_is_erased_and_gone_is_no_person_to_look_for() {
    for (kind, module) in [("message", "Notes"), ("support_ticket", "Cases")] {
        let mut more = linked(module);
        more["action"] = json!("erase");
        let work = work(json!({"kind": kind, "id": 7}), more);
        let (requests, outcome) = run(Script::new().reply(400, gone()), json!({}), work);
        assert_eq!(requests.len(), 1);
        assert_eq!(
            ended(&outcome),
            (Status::Skipped, Some(Did::Deleted), None, None)
        );
    }
}
