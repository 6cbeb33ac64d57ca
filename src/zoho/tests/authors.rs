use super::messages::{enquiry, under, with};
use super::*;

fn parents(outcome: &Outcome) -> Vec<(&str, &str, &str)> {
    let links = outcome.links.iter();
    links
        .map(|link| {
            (
                link.role.as_str(),
                link.external_type.as_str(),
                link.external_id.as_str(),
            )
        })
        .collect()
}

#[test]
fn without_a_link_the_person_comes_first_and_is_told() {
    let script = Script::new()
        .reply(200, done("42", "insert"))
        .reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, json!({}), work(enquiry(), json!({})));
    assert_eq!(
        lines(&requests),
        ["POST /crm/v8/Contacts/upsert", "POST /crm/v8/Notes"]
    );
    assert_eq!(data(&requests[1])["Parent_Id"]["id"], "42");
    assert_eq!(parents(&outcome), [("parent", "Contacts", "42")]);
}

#[test]
fn the_sender_stands_in_for_a_missing_contact_and_nobody_for_none() {
    let sender = json!({"kind": "message", "id": 3, "text": "Hi", "sender_name": "Bo Li", "sender_email": "bo@x.example"});
    let script = Script::new()
        .reply(200, done("42", "insert"))
        .reply(201, done("90", "insert"));
    let (requests, _) = run(
        script,
        json!({"enquirers": "lead"}),
        work(sender, json!({})),
    );
    assert_eq!(data(&requests[0])["Last_Name"], "Li");
    assert_eq!(
        data(&requests[1])["Parent_Id"]["module"]["api_name"],
        "Leads"
    );

    let anonymous = json!({"kind": "message", "id": 3, "text": "Hi"});
    let (requests, outcome) = run(Script::new(), json!({}), work(anonymous, json!({})));
    assert!(requests.is_empty());
    assert_eq!(outcome.status, Status::Skipped);
    assert!(outcome.reason.expect("why").contains("nobody"));
}

#[test]
fn a_failed_note_still_tells_the_person() {
    let script = Script::new().reply(200, done("42", "insert")).lost();
    let (_, outcome) = run(script, json!({}), work(enquiry(), json!({})));
    assert_eq!(
        (error(&outcome).kind, error(&outcome).sent),
        (Kind::Timeout, Sent::Maybe)
    );
    assert!(error(&outcome).message.starts_with("message 3: "));
    assert_eq!(parents(&outcome), [("parent", "Contacts", "42")]);
}

#[test]
fn a_person_who_is_gone_is_made_anew_once() {
    let no_parent = refused(
        "INVALID_DATA",
        json!({"api_name": "id", "json_path": "$.data[0].Parent_Id.id"}),
    );
    let script = Script::new()
        .reply(400, no_parent.clone())
        .reply(200, done("43", "insert"))
        .reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, json!({}), work(enquiry(), under("42")));
    assert_eq!(
        lines(&requests),
        [
            "POST /crm/v8/Notes",
            "POST /crm/v8/Contacts/upsert",
            "POST /crm/v8/Notes"
        ]
    );
    assert_eq!(data(&requests[2])["Parent_Id"]["id"], "43");
    assert_eq!(parents(&outcome), [("parent", "Contacts", "43")]);

    let script = Script::new()
        .reply(400, no_parent.clone())
        .reply(200, done("43", "insert"))
        .reply(400, no_parent);
    let (_, outcome) = run(script, json!({}), work(enquiry(), under("42")));
    assert_eq!(error(&outcome).kind, Kind::NotFound);
    assert_eq!(parents(&outcome), [("parent", "Contacts", "43")]);
}

#[test]
fn the_property_asked_for_goes_to_the_persons_own_field() {
    let own = json!({"property_reference_field": "Property_Reference"});
    let script = Script::new()
        .reply(200, done("42", "update"))
        .reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, own.clone(), work(enquiry(), under("42")));
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Contacts/42", "POST /crm/v8/Notes"]
    );
    assert_eq!(data(&requests[0]), json!({"Property_Reference": "V-1"}));
    assert!(data(&requests[1]).get("Property_Reference").is_none());

    let mut moved = enquiry();
    moved["property"]["reference"] = json!("V-2");
    let known = with(under("42"), "link", link_of(&outcome));
    let script = Script::new()
        .reply(200, done("42", "update"))
        .reply(200, done("90", "update"));
    let (requests, _) = run(script, own.clone(), work(moved, known));
    assert_eq!(data(&requests[0]), json!({"Property_Reference": "V-2"}));
    assert_eq!(lines(&requests)[1], "PUT /crm/v8/Notes/90");

    let script = Script::new()
        .reply(200, done("42", "insert"))
        .reply(201, done("90", "insert"));
    let (requests, _) = run(script, own, work(enquiry(), json!({})));
    assert_eq!(data(&requests[0])["Property_Reference"], "V-1");
}

#[test]
fn a_converted_lead_is_followed_to_its_contact() {
    let lead = json!({"parent": {"external_type": "Leads", "external_id": "42"}});
    let script = Script::new()
        .reply(400, refused("CONVERTED_RECORD", json!({})))
        .reply(200, done("50", "update"))
        .reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, json!({"enquirers": "lead"}), work(enquiry(), lead));
    assert_eq!(lines(&requests)[1], "POST /crm/v8/Contacts/upsert");
    assert_eq!(parents(&outcome), [("parent", "Contacts", "50")]);
}

#[test]
fn a_person_made_anew_is_not_made_again_when_the_note_went_with_the_old_one() {
    let own = json!({"property_reference_field": "Property_Reference"});
    let mut asked = enquiry();
    asked["contact"] = json!({"id": 7, "first_name": "Ana Ruiz"});
    let script = Script::new()
        .reply(200, done("42", "update"))
        .reply(201, done("90", "insert"));
    let (_, outcome) = run(script, own.clone(), work(asked.clone(), under("42")));

    asked["property"]["reference"] = json!("V-2");
    let known = with(under("42"), "link", link_of(&outcome));
    let script = Script::new()
        .reply(400, gone())
        .reply(201, done("43", "insert"))
        .reply(400, gone())
        .reply(201, done("91", "insert"));
    let (requests, outcome) = run(script, own, work(asked, known));
    assert_eq!(
        lines(&requests),
        [
            "PUT /crm/v8/Contacts/42",
            "POST /crm/v8/Contacts",
            "PUT /crm/v8/Notes/90",
            "POST /crm/v8/Notes"
        ]
    );
    assert_eq!(data(&requests[3])["Parent_Id"]["id"], "43");
    assert_eq!(parents(&outcome), [("parent", "Contacts", "43")]);
}
