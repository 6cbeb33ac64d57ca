use super::super::fixtures::{linked, work};
use super::*;

fn keys(value: &Value) -> Vec<String> {
    let object = value.as_object().expect("an object");
    object.keys().cloned().collect()
}

#[test]
fn the_envelope_of_a_contact() {
    let event = event(&work(
        json!({"kind": "contact", "id": 123, "first_name": "John",
        "last_name": "Doe", "email": "john@example.com", "phone": "+1234567890"}),
    ));
    let expected = json!({
        "id": "msg_1", "type": "contact.created", "event": "contact.created",
        "schema_version": 1, "timestamp": "2025-01-08T20:30:00Z",
        "website": "example-agency", "website_id": "3",
        "data": {"id": "123", "first_name": "John", "last_name": "Doe",
            "email": "john@example.com", "phone": "+1234567890", "created_at": null},
    });
    assert_eq!(event, expected);
}

#[test]
fn a_message_tells_of_its_contact_and_property() {
    let event = event(&work(
        json!({"kind": "message", "id": 456, "text": "Interested",
        "contact": {"id": 7, "first_name": "John", "last_name": "Doe", "email": "j@e.example"},
        "property": {"reference": "ABC123", "title": "Luxury Villa"}}),
    ));
    let expected = json!({"id": "456", "contact_id": "7", "contact_name": "John Doe",
        "contact_email": "j@e.example", "message": "Interested",
        "property_reference": "ABC123", "property_title": "Luxury Villa", "created_at": null});
    assert_eq!(event["data"], expected);
}

#[test]
fn a_message_without_contact_tells_of_its_sender() {
    let record = json!({"kind": "message", "id": 1, "sender_name": "Ana",
        "sender_email": "ana@example.com"});
    let event = event(&work(record));
    assert_eq!(event["data"]["contact_name"], "Ana");
    assert_eq!(event["data"]["contact_email"], "ana@example.com");
}

#[test]
fn a_ticket_keeps_the_hosts_words() {
    let event = event(&work(
        json!({"kind": "support_ticket", "id": "b7c1", "number": "TKT-1",
        "subject": "Help", "description": "It broke", "status": "in_progress",
        "priority": "urgent", "requester": {"email": "owner@example.com"}}),
    ));
    let expected = json!({"id": "b7c1", "ticket_number": "TKT-1", "subject": "Help",
        "description": "It broke", "status": "in_progress", "priority": "urgent",
        "creator_email": "owner@example.com", "created_at": null});
    assert_eq!(
        (&event["type"], &event["data"]),
        (&json!("ticket.created"), &expected)
    );
}

#[test]
fn a_reply_names_its_ticket_and_its_author() {
    let event = event(&work(
        json!({"kind": "comment", "id": "c7", "ticket_id": "b7c1", "ticket_number": "TKT-1",
        "body": "We look into it", "public": true, "author": {"name": "Ana Ruiz", "email": "ana@example.com"}}),
    ));
    let expected = json!({"id": "c7", "ticket_id": "b7c1", "ticket_number": "TKT-1",
        "body": "We look into it", "author_name": "Ana Ruiz", "author_email": "ana@example.com", "created_at": null});
    assert_eq!(
        (&event["type"], &event["data"]),
        (&json!("comment.created"), &expected)
    );
}

#[test]
fn no_event_is_made_of_an_internal_note() {
    let note = json!({"kind": "comment", "id": 7, "body": "s3cret", "public": false, "author": {"name": "s3cret"}});
    assert_eq!(data(&work(note).record), Value::Null);
}

#[test]
fn the_link_and_the_action_decide_the_type() {
    let contact = json!({"kind": "contact", "id": 1});
    let known = linked(work(contact.clone()));
    assert_eq!(event_type(&known), "contact.updated");
    let gone = Work {
        action: Action::Delete,
        ..known
    };
    assert_eq!(event_type(&gone), "contact.deleted");
}

#[test]
fn of_what_is_erased_only_the_id_is_told() {
    let records = [
        json!({"kind": "contact", "id": 7, "email": "s3cret@example.com", "first_name": "s3cret"}),
        json!({"kind": "comment", "id": 7, "public": false, "body": "s3cret"}),
    ];
    for (record, kind) in records.into_iter().zip(["contact", "comment"]) {
        let erased = Work {
            action: Action::Erase,
            ..linked(work(record))
        };
        let event = event(&erased);
        assert_eq!(event["type"], format!("{kind}.erased"));
        assert_eq!(event["data"], json!({"id": "7"}));
        assert!(!event.to_string().contains("s3cret"));
    }
}

#[test]
fn nil_everywhere_keeps_every_key() {
    for kind in ["contact", "message", "support_ticket"] {
        let empty = data(&work(json!({"kind": kind})).record);
        let values = empty.as_object().expect("an object").values();
        assert!(values.clone().all(Value::is_null), "{empty}");
        assert!(keys(&empty).contains(&"created_at".to_owned()));
    }
}
