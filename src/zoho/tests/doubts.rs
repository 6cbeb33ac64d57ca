use super::*;

fn nobody() -> Value {
    json!({"kind": "contact", "id": 8, "first_name": "Ana", "created_at": "2026-05-16T10:00:00Z"})
}

#[test]
fn without_an_address_a_lost_insert_is_looked_up_before_it_is_repeated() {
    let (_, lost) = run(Script::new().lost(), json!({}), work(nobody(), json!({})));
    assert_eq!(error(&lost).sent, Sent::Maybe);

    let found = json!({"data": [{"id": "41", "Description": "x"}, {"id": "42", "Description": "Ref: PWB-1a2b3c4d"}]});
    let script = Script::new()
        .reply(200, found)
        .reply(200, done("42", "update"));
    let (requests, outcome) = run(script, json!({}), work(nobody(), json!({"doubt": true})));
    assert_eq!(requests[0].path(), "/crm/v8/Contacts");
    assert_eq!(lines(&requests)[1], "PUT /crm/v8/Contacts/42");
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("42"), Some(Did::Created))
    );
}

#[test]
fn what_is_not_found_is_made() {
    let script = Script::new().raw(204, "").reply(201, done("42", "insert"));
    let (requests, outcome) = run(script, json!({}), work(nobody(), json!({"doubt": true})));
    assert_eq!(lines(&requests)[1], "POST /crm/v8/Contacts");
    let description = "Imported from villas\n\nRef: PWB-1a2b3c4d";
    assert_eq!(
        data(&requests[1]),
        json!({"Last_Name": "Ana", "Description": description})
    );
    assert_eq!(outcome.action, Some(Did::Created));
}

#[test]
fn the_look_up_ends_where_records_are_older_than_ours() {
    let page = |time: &str| json!({"data": [{"id": "1", "Created_Time": time}], "info": {"more_records": true}});
    let script = Script::new()
        .reply(200, page("2026-05-16T12:05:00+02:00"))
        .reply(200, page("2026-05-16T11:00:00+02:00"))
        .reply(201, done("42", "insert"));
    let (requests, _) = run(script, json!({}), work(nobody(), json!({"doubt": true})));
    assert_eq!(
        lines(&requests)[1],
        "GET /crm/v8/Contacts?fields=Description%2CCreated_Time&per_page=200&page=2&sort_by=Created_Time&sort_order=desc"
    );
    assert_eq!(requests.len(), 3);
}

#[test]
fn a_failed_look_up_leaves_the_doubt() {
    let (_, outcome) = run(
        Script::new().refused(),
        json!({}),
        work(nobody(), json!({"doubt": true})),
    );
    assert_eq!(
        (error(&outcome).kind, error(&outcome).sent),
        (Kind::Connection, Sent::Maybe)
    );
}
