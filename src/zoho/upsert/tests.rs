use secrecy::SecretString;
use serde_json::{Value, json};

use super::*;
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::Status;
use crate::shadow::ShadowKey;
use crate::zoho::{Loopback, Settings};

fn run(script: Script, module: &str, records: Vec<Value>) -> (Vec<Request>, Vec<Outcome>) {
    let token = SecretString::from("token");
    let key = ShadowKey::new(vec![1]);
    let account = Account::new(
        "www.zohoapis.com",
        token,
        Settings::default(),
        key,
        Loopback::Refused,
    )
    .expect("an account");
    let records = records
        .into_iter()
        .map(|record| record.as_object().cloned().expect("a record"));
    script.run(upsert(&account, module, records.collect()))
}

fn saved(ids: std::ops::Range<usize>) -> Value {
    let item = |id: usize| json!({"code": "SUCCESS", "action": "insert", "details": {"id": id.to_string()}});
    json!({"data": ids.map(item).collect::<Vec<_>>()})
}

#[test]
fn snake_case_becomes_api_names_and_texts_fit() {
    let record = json!({"first_name": "x".repeat(50), "email": "ana@example.com", "My_Field": 1, "id": "5", "$append_values": {}});
    let (requests, outcomes) = run(
        Script::new().reply(200, saved(5..6)),
        "Contacts",
        vec![record],
    );
    assert_eq!(
        body(&requests[0]),
        json!({
            "data": [{"First_Name": "x".repeat(40), "Email": "ana@example.com", "My_Field": 1, "id": "5", "$append_values": {}}],
            "duplicate_check_fields": ["Email"]
        })
    );
    assert_eq!(
        (outcomes[0].key.as_str(), outcomes[0].id.as_deref()),
        ("0", Some("5"))
    );
    assert_eq!(outcomes[0].action, Some(Did::Created));
}

#[test]
fn a_hundred_go_in_a_request_and_the_order_stays() {
    let records = vec![json!({"last_name": "x"}); 250];
    let script = Script::new()
        .reply(200, saved(0..100))
        .reply(200, saved(100..200))
        .reply(200, saved(200..250));
    let (requests, outcomes) = run(script, "Leads", records);
    assert_eq!(lines(&requests), ["POST /crm/v8/Leads/upsert"; 3]);
    let ids: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.id.clone())
        .collect();
    assert_eq!(ids, (0..250).map(|id| id.to_string()).collect::<Vec<_>>());
    assert!(outcomes.iter().all(|outcome| outcome.calls.len() == 1));
}

#[test]
fn one_records_failure_is_only_its_own() {
    let answer = json!({"data": [
        {"code": "SUCCESS", "action": "update", "details": {"id": "1"}},
        {"code": "INVALID_DATA", "details": {"api_name": "Email"}},
        {"code": "SUCCESS", "details": {}}
    ]});
    let (_, outcomes) = run(
        Script::new().reply(207, answer),
        "Contacts",
        vec![json!({}); 3],
    );
    let statuses: Vec<_> = outcomes.iter().map(|outcome| outcome.status).collect();
    assert_eq!(
        statuses,
        [Status::Succeeded, Status::Failed, Status::Failed]
    );
    let error = outcomes[1].error.as_ref().expect("an error");
    assert!(
        error
            .message
            .starts_with("Contacts record 1: Zoho CRM answered INVALID_DATA for Email")
    );
    assert_eq!(
        outcomes[2].error.as_ref().expect("an error").sent,
        Sent::Maybe
    );
}

#[test]
fn after_a_failed_request_the_rest_is_not_sent() {
    let script = Script::new().reply(429, json!({"code": "TOO_MANY_REQUESTS"}));
    let (requests, outcomes) = run(script, "Contacts", vec![json!({}); 101]);
    assert_eq!(requests.len(), 1);
    let errors: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.error.as_ref())
        .collect();
    assert!(errors.iter().all(|error| error.kind == Kind::RateLimit));
    assert_eq!((errors[0].sent, errors[100].sent), (Sent::Yes, Sent::No));
    assert_eq!(outcomes[100].key, "100");
    assert!(
        outcomes[100].calls.is_empty() && errors[100].message.starts_with("Contacts record 100: ")
    );
}

#[test]
fn what_cannot_be_upserted_safely_is_not_sent() {
    for module in ["Cases", "Notes", "../org", "", "é"] {
        let (requests, outcomes) = run(Script::new(), module, vec![json!({})]);
        assert!(requests.is_empty());
        assert_eq!(
            outcomes[0].error.as_ref().expect("an error").kind,
            Kind::Configuration,
            "{module}"
        );
    }
}

#[test]
fn a_module_of_ones_own_is_matched_by_zohos_default() {
    let (requests, _) = run(
        Script::new().reply(200, saved(1..2)),
        "Villas",
        vec![json!({"name": "x"})],
    );
    assert_eq!(body(&requests[0]), json!({"data": [{"Name": "x"}]}));
}

#[test]
fn a_fault_of_the_request_is_one_also_where_it_stands_among_the_results() {
    let fault = json!({"data": [{"code": "INVALID_TOKEN", "status": "error", "details": {}}]});
    let script = Script::new().reply(401, fault);
    let (requests, outcomes) = run(script, "Contacts", vec![json!({}); 101]);
    assert_eq!(requests.len(), 1);
    let mut errors = outcomes.iter().filter_map(|outcome| outcome.error.as_ref());
    assert!(errors.all(|error| error.kind == Kind::Authentication));
}
