use super::*;

fn ana() -> Value {
    json!({"kind": "contact", "id": 7, "first_name": "Ana Ruiz", "email": "ana@example.com", "phone": "1"})
}

fn linked() -> Value {
    let (_, outcome) = run(
        Script::new().reply(200, done("42", "insert")),
        json!({}),
        work(ana(), json!({})),
    );
    link_of(&outcome)
}

#[test]
fn a_new_contact_is_upserted_by_its_address() {
    let script = Script::new().reply(200, done("42", "insert"));
    let (requests, outcome) = run(script, json!({}), work(ana(), json!({})));
    assert_eq!(lines(&requests), ["POST /crm/v8/Contacts/upsert"]);
    assert_eq!(
        body(&requests[0]),
        json!({
            "data": [{"First_Name": "Ana", "Last_Name": "Ruiz", "Email": "ana@example.com", "Phone": "1"}],
            "duplicate_check_fields": ["Email"]
        })
    );
    let headers = &requests[0].headers;
    assert!(headers.contains(&(
        "authorization".to_owned(),
        "Zoho-oauthtoken token".to_owned()
    )));
    assert_eq!(
        (outcome.status, outcome.action),
        (Status::Succeeded, Some(Did::Created))
    );
    assert_eq!(outcome.id.as_deref(), Some("42"));
    assert_eq!(outcome.external_type.as_deref(), Some("Contacts"));
    assert_eq!(
        outcome.remote_version.as_deref(),
        Some("2026-05-16T10:00:00+02:00")
    );
    assert_eq!(outcome.shadow.expect("a shadow").len(), 4);
    assert_eq!(
        outcome.calls[0].fields,
        ["Email", "First_Name", "Last_Name", "Phone"]
    );
}

#[test]
fn an_update_sends_what_differs_and_nothing_else() {
    let mut changed = ana();
    changed["phone"] = json!("2");
    let script = Script::new().reply(200, done("42", "update"));
    let (requests, outcome) = run(
        script,
        json!({}),
        work(changed.clone(), json!({"link": linked()})),
    );
    assert_eq!(lines(&requests), ["PUT /crm/v8/Contacts/42"]);
    assert_eq!(data(&requests[0]), json!({"Phone": "2"}));
    assert_eq!(outcome.action, Some(Did::Updated));

    let (requests, again) = run(
        Script::new(),
        json!({}),
        work(changed, json!({"link": link_of(&outcome)})),
    );
    assert!(requests.is_empty());
    assert_eq!(
        (again.status, again.action),
        (Status::Skipped, Some(Did::Unchanged))
    );
}

#[test]
fn a_field_that_was_emptied_is_emptied_there() {
    let mut emptied = ana();
    emptied["phone"] = Value::Null;
    let script = Script::new().reply(200, done("42", "update"));
    let (requests, outcome) = run(
        script,
        json!({}),
        work(emptied.clone(), json!({"link": linked()})),
    );
    assert_eq!(data(&requests[0]), json!({"Phone": null}));
    let (requests, _) = run(
        Script::new(),
        json!({}),
        work(emptied, json!({"link": link_of(&outcome)})),
    );
    assert!(requests.is_empty());
}

#[test]
fn in_doubt_an_update_sends_everything_again() {
    let script = Script::new().reply(200, done("42", "update"));
    let (requests, _) = run(
        script,
        json!({}),
        work(ana(), json!({"link": linked(), "doubt": true})),
    );
    assert_eq!(data(&requests[0])["Last_Name"], "Ruiz");
}

#[test]
fn whoever_is_gone_is_made_anew() {
    let mut changed = ana();
    changed["phone"] = json!("2");
    let script = Script::new()
        .reply(400, gone())
        .reply(200, done("43", "insert"));
    let (requests, outcome) = run(script, json!({}), work(changed, json!({"link": linked()})));
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Contacts/42", "POST /crm/v8/Contacts/upsert"]
    );
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("43"), Some(Did::Created))
    );
}

#[test]
fn the_setting_decides_for_new_people_and_the_link_for_known_ones() {
    let lead = json!({"enquirers": "lead"});
    let script = Script::new().reply(200, done("42", "insert"));
    let (requests, outcome) = run(script, lead.clone(), work(ana(), json!({})));
    assert_eq!(lines(&requests), ["POST /crm/v8/Leads/upsert"]);
    assert_eq!(data(&requests[0])["Company"], "Villas Ltd");
    assert_eq!(outcome.external_type.as_deref(), Some("Leads"));

    let (requests, _) = run(Script::new(), lead, work(ana(), json!({"link": linked()})));
    assert!(requests.is_empty(), "a contact stays one");
}

#[test]
fn a_converted_lead_goes_on_as_a_contact() {
    let link = json!({"external_type": "Leads", "external_id": "42"});
    let script = Script::new()
        .reply(400, refused("CONVERTED_RECORD", json!({})))
        .reply(200, done("50", "update"));
    let (requests, outcome) = run(script, json!({}), work(ana(), json!({"link": link})));
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Leads/42", "POST /crm/v8/Contacts/upsert"]
    );
    assert_eq!(outcome.external_type.as_deref(), Some("Contacts"));
}

#[test]
fn a_duplicate_is_updated_in_its_own_module() {
    let duplicate = json!({"duplicate_record": {"id": "9", "module": {"api_name": "Contacts"}}});
    let script = Script::new()
        .reply(400, refused("DUPLICATE_DATA", duplicate))
        .reply(200, done("9", "update"));
    let (requests, outcome) = run(script, json!({"enquirers": "lead"}), work(ana(), json!({})));
    assert_eq!(
        lines(&requests),
        ["POST /crm/v8/Leads/upsert", "PUT /crm/v8/Contacts/9"]
    );
    assert!(data(&requests[1]).get("Company").is_none());
    assert_eq!(outcome.external_type.as_deref(), Some("Contacts"));
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("9"), Some(Did::Updated))
    );
}
