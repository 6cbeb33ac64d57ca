//! Whatever a host hands over becomes valid JSON within Zendesk's limits.

use proptest::collection::btree_map;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Draft, Payloads, PersonKind, update_body};
use crate::record::{Record, Reply};
use crate::zendesk::fixtures::{settings, work};
use crate::zendesk::limits;

const LEAVES: [&str; 14] = [
    "id",
    "title",
    "text",
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "subject",
    "description",
    "status",
    "reference",
    "price",
    "sender_email",
];

fn leaf() -> impl Strategy<Value = Value> {
    let long = ("(?s).{1,4}", 0usize..30_000).prop_map(|(text, times)| json!(text.repeat(times)));
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "(?s).{0,60}".prop_map(Value::from),
        "[a-z]{1,9}@[a-z]{1,9}\\.example".prop_map(Value::from),
        long,
    ]
}

fn object() -> impl Strategy<Value = Value> {
    btree_map(prop::sample::select(LEAVES.to_vec()), leaf(), 0..8).prop_map(|map| json!(map))
}

fn record() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["contact", "message", "support_ticket", "comment"]);
    (kind, object(), object(), object()).prop_map(|(kind, record, person, property)| {
        let mut record = record;
        record["kind"] = json!(kind);
        record["body"] = record["text"].clone();
        record["public"] = json!(true);
        record["contact"] = person.clone();
        record["requester"] = person;
        record["property"] = property;
        record
    })
}

fn chars(value: &Value) -> usize {
    value.as_str().map_or(0, |text| text.chars().count())
}

fn check_user(user: &Value) {
    for key in ["name", "email", "phone", "external_id"] {
        assert!(chars(&user[key]) <= limits::LINE, "{key}");
    }
    assert!(chars(&user["name"]) > 0);
}

fn check_ticket(ticket: &Value) {
    assert!((1..=limits::SUBJECT).contains(&chars(&ticket["subject"])));
    assert!(chars(&ticket["external_id"]) <= limits::LINE);
    check_comment(&ticket["comment"]["body"]);
    for tag in ticket["tags"].as_array().expect("tags") {
        assert_eq!(
            limits::tag(tag.as_str().expect("a tag"))
                .map(Value::from)
                .as_ref(),
            Some(tag)
        );
    }
}

fn check_comment(body: &Value) {
    let bytes = body.as_str().map_or(0, str::len);
    assert!(
        (1..=limits::COMMENT_BYTES).contains(&bytes),
        "{bytes} bytes"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_body_obeys_the_limits(record in record(), requester in any::<Option<u64>>()) {
        let work = work(record);
        let settings = settings(json!({"custom_fields": {"property_reference": 1},
            "user_fields": {"website": "site"}, "tags": ["A b"]}));
        let payloads = Payloads::of(&work, &settings);
        let draft = match &work.record {
            Record::Contact(contact) => {
                check_user(&payloads.user(contact, PersonKind::Contact)["user"]);
                return Ok(());
            }
            Record::Message(message) => Draft::of_message(&payloads, message),
            Record::SupportTicket(ticket) => Draft::of_support_ticket(&payloads, ticket),
            Record::Comment(comment) => {
                if let Some(said) = Reply::of(comment) {
                    check_comment(&payloads.reply(&said, requester)["ticket"]["comment"]["body"]);
                }
                return Ok(());
            }
        };
        check_ticket(&draft.create_body(requester)["ticket"]);
        check_comment(&update_body(&draft.fields, &settings)["ticket"]["comment"]["body"]);
        if let Some(person) = &draft.person {
            check_user(&person["user"]);
        }
    }
}
