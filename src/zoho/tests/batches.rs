mod failures;
mod order;
mod together;

use std::collections::VecDeque;

use super::*;
use crate::flow::{Reply, Response};

fn person(id: usize, email: Option<&str>) -> Value {
    json!({"kind": "contact", "id": id, "last_name": format!("L{id}"), "email": email})
}

fn people(ids: std::ops::Range<usize>) -> Vec<Work> {
    let work = |id: usize| keyed(id, person(id, Some(&format!("{id}@x.example"))), json!({}));
    ids.map(work).collect()
}

fn keyed(key: usize, record: Value, more: Value) -> Work {
    Work {
        key: key.to_string(),
        ..work(record, more)
    }
}

fn linked(key: usize, module: &str, id: &str) -> Work {
    let link = json!({"external_type": module, "external_id": id});
    keyed(key, person(key, None), json!({"link": link}))
}

fn note(key: usize, parent: &str) -> Work {
    let record = json!({"kind": "message", "id": key, "text": format!("T{key}")});
    let parent = json!({"external_type": "Contacts", "external_id": parent});
    keyed(key, record, json!({"parent": parent}))
}

/// Runs the flows one after the other. Panics when a reply is missing or left over.
fn run_all(replies: Vec<Reply>, settings: Value, works: Vec<Work>) -> (Vec<Request>, Vec<Outcome>) {
    let mut replies = VecDeque::from(replies);
    let (mut requests, mut outcomes) = (Vec::new(), Vec::new());
    for flow in sync_all(&account(settings), works, START) {
        let (sent, done) = drive(flow, 500, |request| {
            replies
                .pop_front()
                .unwrap_or_else(|| panic!("no reply left for {request:?}"))
        });
        requests.extend(sent);
        outcomes.extend(done);
    }
    assert!(replies.is_empty(), "{} replies left over", replies.len());
    outcomes.sort_by_key(|outcome| outcome.key.parse::<usize>().unwrap_or_default());
    (requests, outcomes)
}

fn answer(status: u16, body: Value) -> Reply {
    Ok(Response::new(status).with_body(body.to_string()))
}

fn item(id: &str) -> Value {
    done(id, "insert")["data"][0].clone()
}

fn all(items: Vec<Value>) -> Reply {
    answer(207, json!({"data": items}))
}

fn saved(ids: std::ops::Range<usize>) -> Reply {
    all(ids.map(|id| item(&id.to_string())).collect())
}

fn refusal(code: &str, details: Value) -> Value {
    refused(code, details)["data"][0].clone()
}

fn ids(outcomes: &[Outcome]) -> Vec<Option<&str>> {
    outcomes
        .iter()
        .map(|outcome| outcome.id.as_deref())
        .collect()
}

fn records(request: &Request) -> Vec<Value> {
    body(request)["data"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

#[test]
fn a_hundred_contacts_are_one_request() {
    let (requests, outcomes) = run_all(vec![saved(1..101)], json!({}), people(1..101));
    assert_eq!(lines(&requests), ["POST /crm/v8/Contacts/upsert"]);
    assert_eq!(records(&requests[0]).len(), 100);
    assert_eq!(requests[0].heavy, Some(10));
    assert_eq!(
        body(&requests[0])["duplicate_check_fields"],
        json!(["Email"])
    );
    for (place, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.id, Some((place + 1).to_string()));
        assert_eq!(outcome.action, Some(Did::Created));
        assert_eq!(outcome.shadow.as_ref().map(|shadow| shadow.len()), Some(2));
        assert_eq!(outcome.calls.len(), 1);
        assert_eq!(outcome.calls[0].path, "/crm/v8/Contacts/upsert");
        assert_eq!(outcome.calls[0].duration_ms, 0);
        assert_eq!(outcome.calls[0].records, 100);
        assert_eq!(outcome.calls[0].fields, ["Email", "Last_Name"]);
    }
}

#[test]
fn calls_tell_how_many_shared_them_and_what_is_left() {
    let left = |reply: Reply| reply.map(|it| it.with_header("X-API-CREDITS-REMAINING", "77"));
    let (requests, outcomes) = run_all(vec![left(saved(1..11))], json!({}), people(1..11));
    assert_eq!(requests[0].heavy, None);
    for outcome in &outcomes {
        assert_eq!(outcome.calls[0].records, 10);
        let told: Vec<_> = outcome.calls[0].limits.iter().collect();
        assert_eq!(told, [(&"x-api-credits-remaining".to_owned(), &77)]);
    }
    let (_, alone) = run_all(vec![saved(1..2)], json!({}), people(1..2));
    assert_eq!(
        (alone[0].calls[0].records, alone[0].calls[0].limits.len()),
        (1, 0)
    );
}

#[test]
fn more_than_a_hundred_are_more_flows() {
    let works = people(1..252);
    let flows = sync_all(&account(json!({})), works.clone(), START);
    assert_eq!(flows.len(), 3);
    let replies = vec![saved(1..101), saved(101..201), saved(201..252)];
    let (requests, outcomes) = run_all(replies, json!({}), works);
    assert_eq!(requests.len(), 3);
    assert_eq!(outcomes.len(), 251);
    assert_eq!(outcomes[250].id.as_deref(), Some("251"));
}
