use serde_json::{Value, json};

use super::*;
use crate::record::Record;
use crate::zendesk::fixtures::{settings, work};

fn draft(record: Value, settings: &Settings) -> Draft {
    let work = work(record);
    let payloads = Payloads::of(&work, settings);
    match &work.record {
        Record::Message(message) => Draft::of_message(&payloads, message),
        Record::SupportTicket(ticket) => Draft::of_support_ticket(&payloads, ticket),
        Record::Contact(_) | Record::Comment(_) => panic!("it is no ticket"),
    }
}

fn enquiry() -> Value {
    json!({"kind": "message", "id": 5, "text": "Is it free?", "contact": {"id": 7, "name": "Ana"},
        "property": {"reference": "ABC123", "title": "Villa", "price": "€1", "url": "https://x.example/p"}})
}

fn ticket(more: &[(&str, &str)]) -> Value {
    let mut ticket = json!({"kind": "support_ticket", "id": "b7c1", "number": "TKT-1",
        "subject": "Help", "description": "It broke", "status": "open", "priority": "high"});
    for (key, value) in more {
        ticket[key] = json!(value);
    }
    ticket
}

fn all_fields() -> Settings {
    settings(json!({"tags": ["VIP", "acme"], "custom_fields":
        {"property_reference": 11, "ticket_number": 12, "pwb_website": 13}}))
}

#[test]
fn an_enquiry_becomes_a_ticket() {
    let body = draft(enquiry(), &all_fields()).create_body(Some(99));
    let text =
        "Is it free?\n\nProperty: Villa\nReference: ABC123\nPrice: €1\nLink: https://x.example/p";
    let expected = json!({"ticket": {"subject": "Property Inquiry - ABC123",
        "comment": {"body": text}, "external_id": "pwb:3:message:5", "requester_id": 99,
        "submitter_id": 99, "tags": ["property_inquiry", "acme", "vip"],
        "custom_fields": [{"id": 11, "value": "ABC123"}, {"id": 13, "value": "acme"}]}});
    assert_eq!(body, expected);
}

#[test]
fn a_support_ticket_becomes_a_ticket() {
    let body = draft(ticket(&[]), &all_fields()).create_body(Some(99));
    let expected = json!({"ticket": {"subject": "Help", "comment": {"body": "It broke"},
        "external_id": "pwb:3:support_ticket:b7c1", "requester_id": 99, "submitter_id": 99,
        "priority": "high", "status": "new", "tags": ["pwb_support", "acme", "vip"],
        "custom_fields": [{"id": 12, "value": "TKT-1"}, {"id": 13, "value": "acme"}]}});
    assert_eq!(body, expected);
}

#[test]
fn unset_fields_and_unknown_words_are_left_out() {
    let plain = Settings::default();
    let body = draft(ticket(&[("status", "archived")]), &plain).create_body(None);
    let keys: Vec<&String> = body["ticket"]
        .as_object()
        .expect("a ticket")
        .keys()
        .collect();
    assert_eq!(
        keys,
        ["comment", "external_id", "priority", "subject", "tags"]
    );
    let bare = draft(json!({"kind": "support_ticket"}), &plain).create_body(Some(1));
    assert_eq!(bare["ticket"]["subject"], NO_SUBJECT);
    assert_eq!(bare["ticket"]["comment"]["body"], NO_TEXT);
}

#[test]
fn a_closed_ticket_is_created_as_solved_and_remembered_so() {
    let draft = draft(ticket(&[("status", "closed")]), &Settings::default());
    assert_eq!(draft.create_body(None)["ticket"]["status"], "solved");
    assert_eq!(draft.created_fields()["status"], "solved");
    assert_eq!(draft.fields["status"], "closed");
}

#[test]
fn who_asks_is_a_user_of_zendesk_or_nobody() {
    let plain = Settings::default();
    let asks = |record: Value| draft(record, &plain).person;
    let of_contact = asks(enquiry()).expect("a contact");
    assert_eq!(of_contact["user"]["external_id"], "pwb:3:contact:7");
    let sender = asks(json!({"kind": "message", "sender_email": "a@b.example"}));
    assert_eq!(sender.expect("a sender")["user"]["email"], "a@b.example");
    let user = json!({"kind": "support_ticket", "requester": {"id": 7}});
    assert_eq!(
        asks(user).expect("a user")["user"]["external_id"],
        "pwb:3:user:7"
    );
    assert_eq!(
        asks(json!({"kind": "message", "contact": {"name": "Ana"}})),
        None
    );
    assert_eq!(asks(ticket(&[])), None);
}

#[test]
fn an_update_says_a_new_text_in_private() {
    let draft = draft(enquiry(), &all_fields());
    let body = update_body(&draft.fields, &all_fields());
    assert_eq!(body["ticket"]["comment"]["public"], false);
    let text = body["ticket"]["comment"]["body"].as_str().expect("a text");
    assert!(
        text.starts_with(CHANGED) && text.contains("Is it free?"),
        "{text}"
    );
    assert_eq!(
        body["ticket"]["custom_fields"],
        json!([{"id": 11, "value": "ABC123"}])
    );
    assert!(body["ticket"].get("subject").is_none());
}

#[test]
fn the_same_record_makes_the_same_bytes() {
    let bytes = || {
        draft(enquiry(), &all_fields())
            .create_body(Some(99))
            .to_string()
    };
    assert_eq!(bytes(), bytes());
}
