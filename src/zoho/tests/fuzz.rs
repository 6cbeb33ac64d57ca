//! Whatever the host hands over and whatever Zoho answers, a flow ends soon and in an outcome.

use proptest::prelude::*;

use super::arbitrary::any_json;
use super::*;
use crate::flow::script::drive;
use crate::flow::{Reply, Response};
use crate::zoho::limits::limit;

/// Two looks through five pages each, and the writes around them.
const MOST_REQUESTS: usize = 25;

fn any_reply() -> impl Strategy<Value = Reply> {
    let json = (200u16..600, any_json())
        .prop_map(|(status, body)| Ok(Response::new(status).with_body(body.to_string())));
    let bytes = (100u16..600, proptest::collection::vec(any::<u8>(), 0..20))
        .prop_map(|(status, bytes)| Ok(Response::new(status).with_body(bytes)));
    let likely = prop_oneof![
        Just(done("42", "insert")),
        Just(gone()),
        Just(refused("CONVERTED_RECORD", json!({}))),
        Just(refused("DUPLICATE_DATA", json!({"id": "9"}))),
        Just(json!({"data": [{"id": "70", "Description": REFERENCE, "Note_Content": REFERENCE}]})),
        Just(json!({"data": [{"id": "70"}], "info": {"more_records": true}})),
    ];
    prop_oneof![
        4 => likely.prop_map(|body| Ok(Response::new(200).with_body(body.to_string()))),
        2 => json,
        1 => bytes,
        1 => Just(Err(Error::new(Kind::Timeout, "late").with_sent(Sent::Maybe))),
        1 => Just(Err(Error::new(Kind::Connection, "refused"))),
    ]
}

fn any_person() -> impl Strategy<Value = Value> {
    ("\\PC{0,60}", "\\PC{0,110}", "([a-z]{1,9}@x\\.example)?", "(\\PC|\\s){0,300}").prop_map(|(first, last, email, street)| {
        json!({"id": 7, "first_name": first, "last_name": last, "email": email, "street": street})
    })
}

fn any_record() -> impl Strategy<Value = Value> {
    (any_person(), "(\\PC|\\s){0,600}", "\\PC{0,300}", 0usize..5).prop_map(|(person, text, line, kind)| {
        let property = json!({"reference": line, "title": text});
        let mut record = match kind {
            0 => person,
            1 => json!({"id": 3, "text": text, "contact": person, "property": property}),
            2 => json!({"id": 3, "text": text, "sender_name": line}),
            3 => json!({"id": 8, "body": text, "public": true, "author": person}),
            _ => json!({"id": 5, "subject": line, "description": text, "status": line, "requester": person}),
        };
        record["kind"] = ["contact", "message", "message", "comment", "support_ticket"][kind].into();
        record
    })
}

fn any_work() -> impl Strategy<Value = Work> {
    let modules = prop_oneof![
        Just("Contacts"),
        Just("Leads"),
        Just("Notes"),
        Just("Cases"),
        Just("?")
    ];
    let link = proptest::option::of((modules.clone(), "[0-9]{1,4}|\\PC{0,3}"));
    let parent = proptest::option::of((modules, "[0-9]{1,4}"));
    (any_record(), link, parent, any::<bool>(), any::<bool>()).prop_map(|(record, link, parent, doubt, delete)| {
        let place = |(module, id): (&str, String)| json!({"external_type": module, "external_id": id});
        let action = if delete { "delete" } else { "upsert" };
        work(record, json!({"link": link.map(place), "parent": parent.map(place), "doubt": doubt, "action": action}))
    })
}

fn check_body(request: &Request) {
    let sent = body(request);
    let module = request
        .path()
        .split('/')
        .nth(3)
        .map(str::to_owned)
        .expect("a module");
    let data = sent["data"].as_array().into_iter().flatten();
    for (field, value) in data.filter_map(Value::as_object).flatten() {
        let length = value.as_str().map_or(0, |text| text.chars().count());
        assert!(
            length <= limit(&module, field).unwrap_or(usize::MAX),
            "{module} {field}"
        );
    }
}

proptest! {
    #[test]
    fn every_delivery_ends_in_an_outcome(
        work in any_work(), lead in any::<bool>(), delete in any::<bool>(),
        replies in proptest::collection::vec(any_reply(), MOST_REQUESTS)
    ) {
        let settings = json!({
            "enquirers": if lead { "lead" } else { "contact_and_note" },
            "deletes": if delete { "delete" } else { "keep" },
            "property_reference_field": if lead { Some("Property_Reference") } else { None }
        });
        let mut replies = replies.into_iter();
        let doubt = work.doubt;
        let (requests, outcomes) = drive(sync(&account(settings), work), MOST_REQUESTS, |_| replies.next().expect("enough"));
        requests.iter().for_each(check_body);
        prop_assert_eq!(outcomes.len(), 1);
        let outcome = &outcomes[0];
        prop_assert_eq!(outcome.error.is_some(), outcome.status == Status::Failed);
        prop_assert!(outcome.status != Status::Succeeded || outcome.id.is_some());
        prop_assert!(!doubt || outcome.error.as_ref().is_none_or(|error| error.sent == Sent::Maybe));
        prop_assert_eq!(outcome.calls.len(), requests.len());
    }
}
