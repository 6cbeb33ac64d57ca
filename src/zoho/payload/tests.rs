use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::person::NAMELESS;
use crate::record::{Contact, Message, Property, SupportTicket, Website};
use crate::text::Text;
use crate::work::ParentRef;
use crate::zoho::limits;

const REFERENCE: &str = "PWB-1a2b3c4d";

fn website() -> Website {
    Website {
        slug: "villas".into(),
        name: "Villas Ltd".into(),
        ..Website::default()
    }
}

fn built<R>(settings: &Settings, build: impl FnOnce(&Context<'_>) -> R) -> R {
    build(&Context {
        website: &website(),
        settings,
        reference: REFERENCE,
    })
}

fn ana() -> Contact {
    Contact {
        first_name: "Ana María Ruiz".into(),
        email: "ana@example.com".into(),
        street: "Calle 1\n2º".into(),
        city: "Vigo".into(),
        ..Contact::default()
    }
}

#[test]
fn a_contact_with_an_address_of_its_own() {
    let fields = built(&Settings::default(), |context| contact(&ana(), context));
    let expected = json!({
        "First_Name": "Ana María", "Last_Name": "Ruiz", "Email": "ana@example.com",
        "Mailing_Street": "Calle 1\n2º", "Mailing_City": "Vigo"
    });
    assert_eq!(Value::Object(fields), expected);
}

#[test]
fn a_lead_has_a_company_and_a_source() {
    let fields = built(&Settings::default(), |context| lead(&ana(), context));
    assert_eq!(fields["Company"], "Villas Ltd");
    assert_eq!(fields["Lead_Source"], "Website Inquiry");
    assert_eq!(fields["City"], "Vigo");
}

#[test]
fn without_an_address_the_reference_stands_in_the_description() {
    let nobody = Contact::default();
    let fields = built(&Settings::default(), |context| contact(&nobody, context));
    let description = "Imported from villas\n\nRef: PWB-1a2b3c4d";
    let expected = json!({"Last_Name": NAMELESS, "Description": description});
    assert_eq!(Value::Object(fields), expected);
}

#[test]
fn an_address_the_field_cannot_hold_is_not_sent_but_told() {
    for email in [
        &format!("{}@example.com", "x".repeat(120)),
        "ana at example.com",
        "a@b@c.example",
        "a@localhost",
    ] {
        let person = Contact {
            email: email.into(),
            ..Contact::default()
        };
        let fields = built(&Settings::default(), |context| contact(&person, context));
        assert!(!fields.contains_key("Email"), "{email}");
        assert!(fields["Description"].as_str().unwrap().contains(email));
    }
}

#[test]
fn a_note_stands_under_its_person_in_the_shape_of_version_8() {
    let message = Message {
        text: "Hello".into(),
        property: Some(Property {
            reference: "V-1".into(),
            ..Property::default()
        }),
        ..Message::default()
    };
    let parent = ParentRef {
        external_type: "Leads".into(),
        external_id: "42".into(),
    };
    let fields = built(&Settings::default(), |context| {
        note(&message, Some(&parent), context)
    });
    let expected = json!({
        "Note_Title": "Property Inquiry - V-1",
        "Note_Content": "Hello\n\nReference: V-1\n\nRef: PWB-1a2b3c4d",
        "Parent_Id": {"module": {"api_name": "Leads"}, "id": "42"}
    });
    assert_eq!(Value::Object(fields), expected);
}

#[test]
fn a_case_from_the_web() {
    let ticket = SupportTicket {
        number: "TKT-1".into(),
        description: "Broken".into(),
        status: "waiting_on_customer".into(),
        priority: "urgent".into(),
        requester: Some(ana()),
        ..SupportTicket::default()
    };
    let fields = built(&Settings::default(), |context| case(&ticket, context));
    let expected = json!({
        "Subject": "Support ticket TKT-1", "Status": "On Hold", "Priority": "High",
        "Email": "ana@example.com", "Case_Origin": "Web",
        "Description": "Broken\n\nTicket: TKT-1\nWebsite: villas\n\nRef: PWB-1a2b3c4d"
    });
    assert_eq!(Value::Object(fields), expected);
}

#[test]
fn the_origin_email_needs_an_address() {
    let settings = Settings {
        case_origin: "Email".into(),
        ..Settings::default()
    };
    let origin = |ticket: &SupportTicket| {
        built(&settings, |context| case(ticket, context))["Case_Origin"].clone()
    };
    assert_eq!(origin(&SupportTicket::default()), "Web");
    let known = SupportTicket {
        requester: Some(ana()),
        ..SupportTicket::default()
    };
    assert_eq!(origin(&known), "Email");
}

fn too_long(module: &str, fields: &Map<String, Value>) -> Vec<String> {
    let over = |(field, value): &(&String, &Value)| {
        let limit = limits::limit(module, field).unwrap_or(usize::MAX);
        value
            .as_str()
            .is_some_and(|text| text.chars().count() > limit || text.is_empty())
    };
    fields
        .iter()
        .filter(over)
        .map(|(field, _)| field.clone())
        .collect()
}

proptest! {
    #[test]
    fn whatever_comes_in_fits(words in proptest::collection::vec("(\\PC|\\s|👨‍👩‍👧|é){0,130}", 8)) {
        let text = |at: usize| Text::from(words[at].as_str());
        let person = Contact {
            first_name: text(0), last_name: text(1), name: text(2), email: text(3), phone: text(4),
            street: text(5), city: text(6), postal_code: text(7), ..Contact::default()
        };
        let message = Message {
            text: text(0), title: text(1), property: Some(Property { title: text(2), url: text(3), ..Property::default() }),
            ..Message::default()
        };
        let ticket = SupportTicket {
            subject: text(4), description: text(5), status: text(6), requester: Some(person.clone()), ..SupportTicket::default()
        };
        let settings = Settings { lead_source: text(7), ..Settings::default() };
        built(&settings, |context| {
            for (module, fields) in [
                ("Contacts", contact(&person, context)), ("Leads", lead(&person, context)),
                ("Notes", note(&message, None, context)), ("Cases", case(&ticket, context)),
            ] {
                assert_eq!(too_long(module, &fields), Vec::<String>::new(), "{module}");
            }
            assert!(contact(&person, context).contains_key("Last_Name"));
        });
    }
}
