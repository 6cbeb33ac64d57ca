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
        assert_eq!(outcome.calls[0].fields, ["Email", "Last_Name"]);
    }
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

#[test]
fn each_kind_of_write_goes_with_its_like() {
    let ticket = |key: usize| {
        keyed(
            key,
            json!({"kind": "support_ticket", "id": key, "subject": "S"}),
            json!({}),
        )
    };
    let works = vec![
        people(0..1).remove(0),
        keyed(1, person(1, None), json!({})),
        linked(2, "Contacts", "42"),
        note(3, "42"),
        ticket(4),
        people(5..6).remove(0),
        keyed(6, person(6, None), json!({})),
        linked(7, "Contacts", "47"),
        note(8, "47"),
        ticket(9),
        linked(10, "Leads", "48"),
    ];
    let replies = (0..6).map(|group| match group {
        5 => answer(200, done("48", "update")),
        _ => saved(group * 2 + 60..group * 2 + 62),
    });
    let (requests, outcomes) = run_all(replies.collect(), json!({}), works);
    assert_eq!(
        lines(&requests),
        [
            "POST /crm/v8/Contacts/upsert",
            "POST /crm/v8/Contacts",
            "PUT /crm/v8/Contacts",
            "POST /crm/v8/Notes",
            "POST /crm/v8/Cases",
            "PUT /crm/v8/Leads/48"
        ]
    );
    assert_eq!(records(&requests[2])[1]["id"], "47");
    assert_eq!(records(&requests[3])[1]["Parent_Id"]["id"], "47");
    assert!(body(&requests[4]).get("duplicate_check_fields").is_none());
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.status == Status::Succeeded)
    );
    assert_eq!(outcomes[2].calls[0].path, "/crm/v8/Contacts");
    assert_eq!(outcomes[2].id.as_deref(), Some("42"));
}

#[test]
fn the_same_address_is_never_twice_in_a_request() {
    let works = ["a@x.example", "b@x.example", "A@X.example", "a@x.example"];
    let works = works
        .iter()
        .enumerate()
        .map(|(key, email)| keyed(key, person(key, Some(email)), json!({})));
    let replies = vec![
        saved(1..3),
        answer(200, done("1", "update")),
        answer(200, done("1", "update")),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), works.collect());
    let sent: Vec<usize> = requests
        .iter()
        .map(|request| records(request).len())
        .collect();
    assert_eq!(sent, [2, 1, 1]);
    assert_eq!(records(&requests[1])[0]["Last_Name"], "L2");
    assert_eq!(ids(&outcomes), [Some("1"), Some("2"), Some("1"), Some("1")]);
    assert_eq!(outcomes[3].action, Some(Did::Updated));
}

#[test]
fn the_same_address_shares_a_flow_even_past_a_hundred() {
    let mut works = people(0..150);
    works.push(keyed(150, person(150, Some("0@X.EXAMPLE")), json!({})));
    let replies = vec![
        saved(1..101),
        answer(200, done("1", "update")),
        saved(101..151),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), works);
    assert_eq!(requests.len(), 3);
    assert_eq!(records(&requests[1])[0]["Last_Name"], "L150");
    assert_eq!(outcomes[150].id.as_deref(), Some("1"));
}

#[test]
fn one_remote_record_is_never_twice_in_a_request() {
    let works = vec![
        linked(0, "Contacts", "42"),
        linked(1, "Contacts", "43"),
        linked(2, "Contacts", "42"),
    ];
    let replies = vec![saved(42..44), answer(200, done("42", "update"))];
    let (requests, _) = run_all(replies, json!({}), works);
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Contacts", "PUT /crm/v8/Contacts/42"]
    );
    assert_eq!(data(&requests[1])["Last_Name"], "L2");
}

#[test]
fn one_records_refusal_is_only_its_own() {
    let too_long = refusal(
        "INVALID_DATA",
        json!({"api_name": "Last_Name", "maximum_length": 80}),
    );
    let (_, outcomes) = run_all(
        vec![all(vec![item("1"), too_long, item("3")])],
        json!({}),
        people(1..4),
    );
    assert_eq!(ids(&outcomes), [Some("1"), None, Some("3")]);
    let failed = error(&outcomes[1]);
    assert_eq!((failed.kind, failed.sent), (Kind::Validation, Sent::Yes));
    assert!(
        failed
            .message
            .starts_with("contact 2: Zoho CRM answered INVALID_DATA for Last_Name")
    );
    assert_eq!(
        outcomes[1].calls[0].error_code.as_deref(),
        Some("INVALID_DATA")
    );
    assert_eq!(outcomes[0].calls[0].error_code, None);
}

#[test]
fn what_is_gone_or_a_duplicate_goes_on_together() {
    let not_there = || {
        refusal(
            "INVALID_DATA",
            json!({"api_name": "id", "json_path": "$.data[0].id"}),
        )
    };
    let works = (0..3)
        .map(|key| linked(key, "Contacts", &format!("4{key}")))
        .collect();
    let replies = vec![
        all(vec![not_there(), item("41"), not_there()]),
        saved(60..62),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), works);
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Contacts", "POST /crm/v8/Contacts"]
    );
    assert_eq!(ids(&outcomes), [Some("60"), Some("41"), Some("61")]);
    assert_eq!((outcomes[0].calls.len(), outcomes[1].calls.len()), (2, 1));

    let taken = |id: &str| {
        refusal(
            "DUPLICATE_DATA",
            json!({"duplicate_record": {"id": id, "module": {"api_name": "Contacts"}}}),
        )
    };
    let replies = vec![all(vec![taken("8"), item("1"), taken("9")]), saved(8..10)];
    let (requests, outcomes) = run_all(replies, json!({"enquirers": "lead"}), people(0..3));
    assert_eq!(
        lines(&requests),
        ["POST /crm/v8/Leads/upsert", "PUT /crm/v8/Contacts"]
    );
    assert_eq!(ids(&outcomes), [Some("8"), Some("1"), Some("9")]);
    assert_eq!(outcomes[2].external_type.as_deref(), Some("Contacts"));
}

#[test]
fn new_people_and_their_enquiries_are_two_requests() {
    let enquiry = |key: usize, sender: &str| {
        let record = json!({"kind": "message", "id": key, "text": "Hi", "sender_name": "Bo", "sender_email": sender});
        keyed(key, record, json!({}))
    };
    let works = vec![
        enquiry(0, "a@x.example"),
        enquiry(1, "b@x.example"),
        enquiry(2, "A@x.example"),
    ];
    let replies = vec![
        saved(40..42),
        answer(200, done("40", "update")),
        saved(90..93),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), works);
    assert_eq!(
        lines(&requests),
        [
            "POST /crm/v8/Contacts/upsert",
            "POST /crm/v8/Contacts/upsert",
            "POST /crm/v8/Notes"
        ]
    );
    let parents: Vec<_> = records(&requests[2])
        .iter()
        .map(|note| note["Parent_Id"]["id"].clone())
        .collect();
    assert_eq!(parents, ["40", "41", "40"]);
    assert_eq!(outcomes[2].links[0].external_id, "40");
}

#[test]
fn a_lost_request_is_lost_for_all_and_they_come_back_in_doubt() {
    let lost = || Err(Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe));
    let (_, outcomes) = run_all(vec![lost()], json!({}), people(1..4));
    for outcome in &outcomes {
        assert_eq!(
            (error(outcome).kind, error(outcome).sent),
            (Kind::Timeout, Sent::Maybe)
        );
        assert_eq!(outcome.calls.len(), 1);
    }

    let doubted = people(1..4).into_iter().map(|work| Work {
        doubt: true,
        ..work
    });
    let nobody = keyed(4, person(4, None), json!({"doubt": true}));
    let replies = vec![
        saved(1..4),
        answer(204, json!(null)),
        answer(201, done("4", "insert")),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), doubted.chain([nobody]).collect());
    assert_eq!(records(&requests[0]).len(), 3);
    assert_eq!(requests[1].method.as_str(), "GET");
    assert_eq!(ids(&outcomes), [Some("1"), Some("2"), Some("3"), Some("4")]);
}

#[test]
fn a_fault_of_the_account_is_everybodys() {
    let root = json!({"code": "TOO_MANY_REQUESTS", "status": "error"});
    let busy = Response::new(429)
        .with_header("retry-after", "7")
        .with_body(root.to_string());
    let (_, outcomes) = run_all(vec![Ok(busy)], json!({}), people(1..4));
    assert!(
        outcomes
            .iter()
            .all(|outcome| error(outcome).retry_after == Some(7))
    );

    let fault = json!({"data": [{"code": "INVALID_TOKEN", "status": "error", "details": {}}]});
    let (requests, outcomes) = run_all(vec![answer(401, fault)], json!({}), people(1..4));
    assert_eq!(requests.len(), 1);
    assert!(
        outcomes
            .iter()
            .all(|outcome| error(outcome).kind == Kind::Authentication)
    );
}

#[test]
fn what_one_record_may_be_to_blame_for_is_looked_for_in_halves() {
    let fault = || {
        answer(
            400,
            json!({"code": "INVALID_DATA", "status": "error", "details": {"api_name": "data"}}),
        )
    };
    let replies = vec![
        fault(),
        saved(1..3),
        fault(),
        answer(200, done("3", "insert")),
        fault(),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), people(1..5));
    let sent: Vec<usize> = requests
        .iter()
        .map(|request| records(request).len())
        .collect();
    assert_eq!(sent, [4, 2, 2, 1, 1]);
    assert_eq!(ids(&outcomes), [Some("1"), Some("2"), Some("3"), None]);
    assert_eq!(error(&outcomes[3]).kind, Kind::Validation);
    assert_eq!(outcomes[3].calls.len(), 3);
    let codes: Vec<_> = outcomes[0]
        .calls
        .iter()
        .map(|call| call.error_code.as_deref())
        .collect();
    assert_eq!(codes, [Some("INVALID_DATA"), None]);
}

#[test]
fn results_that_fit_nobody_are_nobodys() {
    for items in [
        vec![],
        vec![item("1")],
        vec![item("1"), item("2")],
        vec![item("1"); 4],
    ] {
        let (requests, outcomes) = run_all(
            vec![answer(200, json!({"data": items}))],
            json!({}),
            people(1..4),
        );
        assert_eq!(requests.len(), 1);
        for outcome in &outcomes {
            assert_eq!(outcome.id, None);
            assert_eq!(
                (error(outcome).kind, error(outcome).sent),
                (Kind::Remote, Sent::Maybe)
            );
        }
    }
}

#[test]
fn what_never_had_its_turn_is_no_call() {
    let late = Err(Error::not_attempted("www.zohoapis.eu"));
    let (_, outcomes) = run_all(vec![late], json!({}), people(1..3));
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.calls.is_empty() && !error(outcome).attempted())
    );
}

#[test]
fn what_has_nothing_to_send_needs_no_request_and_keys_may_repeat() {
    let known = |phone: &str| {
        let record = json!({"kind": "contact", "id": 7, "last_name": "L", "email": "l@x.example", "phone": phone});
        let (_, outcome) = run(
            Script::new().reply(200, done("7", "insert")),
            json!({}),
            work(record.clone(), json!({})),
        );
        work(record, json!({"link": link_of(&outcome)}))
    };
    let anonymous = work(json!({"kind": "message", "id": 3, "text": "Hi"}), json!({}));
    let kept = work(person(1, None), json!({"action": "delete"}));
    let works = vec![known("1"), anonymous, kept, known("2")];
    let (requests, outcomes) = run_all(vec![], json!({}), works);
    assert!(requests.is_empty());
    assert_eq!(outcomes.len(), 4);
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.key == "k" && outcome.status == Status::Skipped)
    );
    assert!(sync_all(&account(json!({})), Vec::new(), START).is_empty());
}

#[test]
fn enquiries_in_doubt_look_each_on_its_own() {
    let doubted = |key| Work {
        doubt: true,
        ..note(key, "42")
    };
    assert_eq!(
        sync_all(&account(json!({})), vec![doubted(0), doubted(1)], START).len(),
        2
    );
    let orphan = |key: usize| {
        let record = json!({"kind": "message", "id": key, "text": "Hi", "sender_email": format!("{key}@x.example")});
        keyed(key, record, json!({"doubt": true}))
    };
    assert_eq!(
        sync_all(&account(json!({})), vec![orphan(0), orphan(1)], START).len(),
        2
    );
}
