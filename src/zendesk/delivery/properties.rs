//! Whatever Zendesk answers, a delivery ends soon and in exactly one way.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::error::{Error, Kind, Sent};
use crate::flow::script::drive;
use crate::flow::{Reply, Response};
use crate::outcome::{Outcome, Status};
use crate::work::{Action, Work};
use crate::zendesk::fixtures::{account, linked, with_parent, work};
use crate::zendesk::sync;

/// The longest way: look up, user twice, ticket, look up, its comments, its update.
const MOST_REQUESTS: usize = 8;

fn answers() -> impl Strategy<Value = Value> {
    let details = prop::sample::select(vec!["requester", "email", "status", "base"]);
    let complaint = "(closed|already|Requester|DuplicateValue|\\PC{0,9})";
    prop_oneof![
        any::<u64>().prop_map(|id| json!({"user": {"id": id, "role": "agent"}})),
        any::<u64>().prop_map(|id| json!({"ticket": {"id": id}})),
        Just(json!({"tickets": [], "users": []})),
        any::<u64>().prop_map(|id| json!({"users": [{"id": id}], "tickets": [
            {"id": id, "external_id": "pwb:3:message:5", "description": "x", "custom_fields": 1}]})),
        Just(json!({"error": "IdempotentRequestError"})),
        (details, complaint).prop_map(|(field, text)| {
            let mut details = json!({});
            details[field] = json!([{"description": text}]);
            json!({"error": "RecordInvalid", "details": details})
        }),
        Just(json!([null, {"user": null}])),
    ]
}

fn reply() -> impl Strategy<Value = Reply> {
    let status = prop_oneof![
        prop::sample::select(vec![
            200u16, 201, 204, 301, 400, 401, 403, 404, 409, 422, 429, 503
        ]),
        any::<u16>(),
    ];
    let body = prop_oneof![
        6 => answers().prop_map(|json| json.to_string().into_bytes()),
        1 => vec(any::<u8>(), 0..40),
        1 => Just(b"<html>".to_vec()),
    ];
    let lost = Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe);
    prop_oneof![
        12 => (status, body).prop_map(|(status, body)| Ok(Response::new(status).with_body(body))),
        1 => Just(Err(lost)),
    ]
}

fn deliveries() -> impl Strategy<Value = Work> {
    let kind = prop::sample::select(vec!["contact", "message", "support_ticket", "comment"]);
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (kind, flags, "(42|x|)").prop_map(|(kind, (delete, doubt, link, parent), id)| {
        let person = json!({"id": 7, "email": "a@b.example"});
        let work = work(
            json!({"kind": kind, "id": 5, "email": "a@b.example", "text": "x",
            "status": "open", "contact": person, "requester": person, "body": "x", "public": true}),
        );
        let work = if link {
            linked(work, "ticket", &id)
        } else {
            work
        };
        let work = if parent { with_parent(work, &id) } else { work };
        let action = if delete {
            Action::Delete
        } else {
            Action::Upsert
        };
        Work {
            action,
            doubt,
            ..work
        }
    })
}

/// Done, skipped or failed, and in each case with what the engine needs to go on.
fn is_whole(outcome: &Outcome) -> bool {
    match outcome.status {
        Status::Succeeded => outcome.id.is_some() && outcome.action.is_some(),
        Status::Skipped => outcome.reason.is_some(),
        Status::Failed => outcome
            .error
            .as_ref()
            .is_some_and(|e| e.message.contains(" 5: ")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_answers_end_the_flow(work in deliveries(), replies in vec(reply(), MOST_REQUESTS)) {
        let account = account(json!({"deletes": "delete", "custom_fields": {"property_reference": 1}}));
        let mut replies = replies.into_iter();
        let flow = sync(&account, work);
        let answer = |_: &_| replies.next().expect("a reply");
        let (requests, outcomes) = drive(flow, MOST_REQUESTS, answer);
        prop_assert_eq!(outcomes.len(), 1);
        let outcome = outcomes.first().expect("one");
        prop_assert!(is_whole(outcome), "{:?}", outcome);
        prop_assert_eq!(outcome.calls.len(), requests.len());
    }
}
