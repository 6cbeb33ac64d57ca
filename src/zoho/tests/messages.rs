use super::*;

pub(super) fn enquiry() -> Value {
    json!({
        "kind": "message", "id": 3, "text": "Hello", "created_at": "2026-05-16T10:00:00Z",
        "contact": {"id": 7, "first_name": "Ana Ruiz", "email": "ana@example.com"},
        "property": {"reference": "V-1", "title": "Villa"}
    })
}

pub(super) fn under(id: &str) -> Value {
    json!({"parent": {"external_type": "Contacts", "external_id": id}})
}

pub(super) fn with(mut more: Value, name: &str, value: Value) -> Value {
    more[name] = value;
    more
}

fn linked() -> Value {
    let script = Script::new().reply(201, done("90", "insert"));
    let (_, outcome) = run(script, json!({}), work(enquiry(), under("42")));
    with(under("42"), "link", link_of(&outcome))
}

#[test]
fn an_enquiry_becomes_a_note_under_its_linked_person() {
    let script = Script::new().reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, json!({}), work(enquiry(), under("42")));
    assert_eq!(lines(&requests), ["POST /crm/v8/Notes"]);
    assert_eq!(
        data(&requests[0]),
        json!({
            "Note_Title": "Property Inquiry - V-1",
            "Note_Content": "Hello\n\nProperty: Villa\nReference: V-1\n\nRef: PWB-1a2b3c4d",
            "Parent_Id": {"module": {"api_name": "Contacts"}, "id": "42"}
        })
    );
    assert_eq!(outcome.external_type.as_deref(), Some("Notes"));
    assert_eq!(outcome.action, Some(Did::Created));
    assert!(outcome.links.is_empty());
    let shadow: Vec<_> = outcome.shadow.expect("a shadow").into_keys().collect();
    assert_eq!(shadow, ["Note_Content", "Note_Title"]);
}

#[test]
fn in_doubt_a_note_that_carries_the_reference_is_adopted() {
    let notes = json!({"data": [{"id": "89", "Note_Content": "Ref: PWB-1a2b3c4dd"}, {"id": "90", "Note_Content": "Hello\n\nRef: PWB-1a2b3c4d"}]});
    let script = Script::new()
        .reply(200, notes)
        .reply(200, done("90", "update"));
    let (requests, outcome) = run(
        script,
        json!({}),
        work(enquiry(), with(under("42"), "doubt", json!(true))),
    );
    assert_eq!(requests[0].path(), "/crm/v8/Contacts/42/Notes");
    assert_eq!(lines(&requests)[1], "PUT /crm/v8/Notes/90");
    assert!(data(&requests[1]).get("Parent_Id").is_none());
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("90"), Some(Did::Created))
    );
}

#[test]
fn in_doubt_a_note_that_is_not_there_is_made() {
    let script = Script::new().raw(204, "").reply(201, done("90", "insert"));
    let (requests, _) = run(
        script,
        json!({}),
        work(enquiry(), with(under("42"), "doubt", json!(true))),
    );
    assert_eq!(lines(&requests)[1], "POST /crm/v8/Notes");
}

#[test]
fn a_changed_text_updates_the_note_and_no_change_nothing() {
    let mut changed = enquiry();
    changed["text"] = json!("Hello again");
    let script = Script::new().reply(200, done("90", "update"));
    let (requests, outcome) = run(script, json!({}), work(changed, linked()));
    assert_eq!(lines(&requests), ["PUT /crm/v8/Notes/90"]);
    assert!(data(&requests[0]).get("Note_Title").is_none());
    assert_eq!(outcome.action, Some(Did::Updated));
    assert_eq!(outcome.shadow.expect("merged").len(), 2);

    let (requests, outcome) = run(Script::new(), json!({}), work(enquiry(), linked()));
    assert!(requests.is_empty());
    assert_eq!(outcome.action, Some(Did::Unchanged));
}

#[test]
fn a_note_that_is_gone_is_made_anew() {
    let mut changed = enquiry();
    changed["text"] = json!("Hello again");
    let script = Script::new()
        .reply(400, gone())
        .reply(201, done("91", "insert"));
    let (requests, outcome) = run(script, json!({}), work(changed, linked()));
    assert_eq!(
        lines(&requests),
        ["PUT /crm/v8/Notes/90", "POST /crm/v8/Notes"]
    );
    assert_eq!(outcome.id.as_deref(), Some("91"));
}
