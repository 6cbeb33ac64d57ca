use super::*;

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
fn the_same_list_is_read_once_for_all_who_look_there() {
    let ticket = |key: usize| {
        let record = json!({"kind": "support_ticket", "id": key, "subject": "S"});
        let more = json!({"doubt": true, "reference": format!("PWB-0000000{key}")});
        keyed(key, record, more)
    };
    let rows = json!([{"id": "71", "Description": "Ref: PWB-00000001"}]);
    let replies = vec![
        answer(200, json!({"data": rows})),
        saved(80..82),
        answer(200, done("71", "update")),
    ];
    let (requests, outcomes) = run_all(replies, json!({}), (0..3).map(ticket).collect());
    let sent: Vec<_> = requests
        .iter()
        .map(|request| request.method.as_str())
        .collect();
    assert_eq!(sent, ["GET", "POST", "PUT"]);
    assert_eq!(ids(&outcomes), [Some("80"), Some("71"), Some("81")]);
    assert!(outcomes.iter().all(|outcome| outcome.calls.len() == 2));
}

#[test]
fn enquiries_in_doubt_look_each_under_its_person() {
    let doubted = |key, parent: &str| Work {
        doubt: true,
        ..note(key, parent)
    };
    let flows = |works| sync_all(&account(json!({})), works, START).len();
    assert_eq!(
        flows(vec![doubted(0, "42"), doubted(1, "42"), doubted(2, "43")]),
        2
    );
    let orphan = |key: usize| {
        let email = format!("{key}@x.example");
        let record = json!({"kind": "message", "id": key, "text": "Hi", "sender_email": email});
        keyed(key, record, json!({"doubt": true}))
    };
    assert_eq!(flows(vec![orphan(0), orphan(1)]), 2);
}
