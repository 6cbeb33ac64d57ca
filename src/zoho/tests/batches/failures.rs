use super::*;

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
