use super::*;

fn ticket() -> Value {
    json!({
        "kind": "support_ticket", "id": "1b4e", "number": "TKT-1", "subject": "Broken", "description": "It broke",
        "status": "open", "priority": "urgent", "requester": {"email": "ana@example.com"}
    })
}

fn linked() -> Value {
    let script = Script::new().reply(201, done("70", "insert"));
    let (_, outcome) = run(script, json!({}), work(ticket(), json!({})));
    link_of(&outcome)
}

#[test]
fn a_ticket_is_inserted_never_upserted() {
    let script = Script::new().reply(201, done("70", "insert"));
    let (requests, outcome) = run(script, json!({}), work(ticket(), json!({})));
    assert_eq!(lines(&requests), ["POST /crm/v8/Cases"]);
    let sent = body(&requests[0]);
    assert!(sent.get("duplicate_check_fields").is_none());
    assert_eq!(sent["data"][0]["Priority"], "High");
    assert_eq!(
        (outcome.external_type.as_deref(), outcome.id.as_deref()),
        (Some("Cases"), Some("70"))
    );
}

#[test]
fn a_new_status_is_all_that_is_sent() {
    let mut closed = ticket();
    closed["status"] = json!("closed");
    let script = Script::new().reply(200, done("70", "update"));
    let (requests, outcome) = run(script, json!({}), work(closed, json!({"link": linked()})));
    assert_eq!(lines(&requests), ["PUT /crm/v8/Cases/70"]);
    assert_eq!(data(&requests[0]), json!({"Status": "Closed"}));
    assert_eq!(outcome.action, Some(Did::Updated));
}

#[test]
fn a_lost_case_is_found_by_its_reference() {
    let found = json!({"data": [{"id": "70", "Description": "It broke\n\nRef: PWB-1a2b3c4d"}]});
    let script = Script::new()
        .reply(200, found)
        .reply(200, done("70", "update"));
    let (requests, outcome) = run(script, json!({}), work(ticket(), json!({"doubt": true})));
    assert_eq!(requests[0].path(), "/crm/v8/Cases");
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("70"), Some(Did::Created))
    );
}

#[test]
fn a_case_that_is_gone_is_made_anew() {
    let mut closed = ticket();
    closed["status"] = json!("closed");
    let script = Script::new()
        .reply(400, gone())
        .reply(201, done("71", "insert"));
    let (_, outcome) = run(script, json!({}), work(closed, json!({"link": linked()})));
    assert_eq!(outcome.id.as_deref(), Some("71"));
}

#[test]
fn an_edition_without_cases_is_told_what_to_do() {
    let script = Script::new().reply(
        400,
        json!({"code": "INVALID_MODULE", "status": "error", "details": {}}),
    );
    let (_, outcome) = run(script, json!({}), work(ticket(), json!({})));
    assert_eq!(error(&outcome).kind, Kind::Configuration);
    assert!(error(&outcome).message.contains("Enterprise"));
}
