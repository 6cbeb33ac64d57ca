use super::messages::with;
use super::*;
use crate::zoho::batch::sync_all;

fn comment(body: &str) -> Value {
    json!({"kind": "comment", "id": "c7", "body": body, "public": true,
        "author": {"first_name": "Ana Ruiz"}, "created_at": "2026-05-16T10:00:00Z"})
}

fn under(case: &str) -> Value {
    json!({"parent": {"external_type": "Cases", "external_id": case}})
}

#[test]
fn a_reply_becomes_a_note_under_its_case() {
    let script = Script::new().reply(201, done("90", "insert"));
    let (requests, outcome) = run(script, json!({}), work(comment("We look"), under("70")));
    assert_eq!(lines(&requests), ["POST /crm/v8/Notes"]);
    assert_eq!(
        data(&requests[0]),
        json!({
            "Note_Title": "Reply by Ana Ruiz",
            "Note_Content": "We look\n\nRef: PWB-1a2b3c4d",
            "Parent_Id": {"module": {"api_name": "Cases"}, "id": "70"}
        })
    );
    assert_eq!(
        (outcome.external_type.as_deref(), outcome.id.as_deref()),
        (Some("Notes"), Some("90"))
    );
    let known = with(under("70"), "link", link_of(&outcome));
    let (requests, again) = run(
        Script::new(),
        json!({}),
        work(comment("We look, edited"), known),
    );
    assert_eq!((requests.len(), again.action), (0, Some(Did::Unchanged)));
}

#[test]
fn in_doubt_the_note_that_carries_the_reference_is_it() {
    let doubtful = || work(comment("We look"), with(under("70"), "doubt", json!(true)));
    let notes = json!({"data": [{"id": "90", "Note_Content": "We look\n\nRef: PWB-1a2b3c4d"}]});
    let (requests, outcome) = run(Script::new().reply(200, notes), json!({}), doubtful());
    assert_eq!(requests[0].path(), "/crm/v8/Cases/70/Notes");
    assert_eq!((requests.len(), outcome.id.as_deref()), (1, Some("90")));
    let script = Script::new().raw(204, "").reply(201, done("91", "insert"));
    let (requests, _) = run(script, json!({}), doubtful());
    assert_eq!(lines(&requests)[1], "POST /crm/v8/Notes");
}

#[test]
fn without_its_case_it_waits_for_people() {
    let (requests, outcome) = run(Script::new(), json!({}), work(comment("x"), json!({})));
    assert!(requests.is_empty());
    let missing = error(&outcome);
    assert_eq!(
        (missing.kind, missing.code.as_deref()),
        (Kind::NotFound, Some("ticket_missing"))
    );
    let details = json!({"api_name": "id", "json_path": "$.data[0].Parent_Id.id", "parent_api_name": "Parent_Id"});
    let script = Script::new().reply(400, refused("INVALID_DATA", details));
    let (_, outcome) = run(script, json!({}), work(comment("x"), under("70")));
    let deleted = error(&outcome);
    assert_eq!(deleted.code.as_deref(), Some("ticket_missing"));
    assert_eq!((deleted.kind, deleted.sent), (Kind::NotFound, Sent::Yes));
}

#[test]
fn an_internal_note_makes_no_request_and_a_reply_is_not_taken_back() {
    let internal = with(comment("s3cret"), "public", json!(false));
    let link = json!({"external_type": "Notes", "external_id": "90"});
    let all = json!({"deletes": "delete"});
    for (record, more) in [
        (internal.clone(), under("70")),
        (internal.clone(), with(under("70"), "doubt", json!(true))),
        (internal, with(under("70"), "link", link.clone())),
        (
            comment("x"),
            json!({"action": "delete", "link": link, "doubt": true}),
        ),
    ] {
        let (requests, outcome) = run(Script::new(), all.clone(), work(record, more));
        assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
    }
}

#[test]
fn replies_go_together_with_enquiries() {
    let mut reply = work(comment("We look"), under("70"));
    reply.key = "1".to_owned();
    let person = json!({"parent": {"external_type": "Contacts", "external_id": "42"}});
    let mut enquiry = work(messages::enquiry(), person);
    enquiry.key = "2".to_owned();
    let mut flows = sync_all(&account(json!({})), vec![reply, enquiry], START);
    assert_eq!(flows.len(), 1);
    let both = [done("90", "insert"), done("91", "insert")];
    let both: Vec<Value> = both.iter().map(|done| done["data"][0].clone()).collect();
    let script = Script::new().reply(201, json!({ "data": both }));
    let (requests, outcomes) = script.run(flows.remove(0));
    assert_eq!(lines(&requests), ["POST /crm/v8/Notes"]);
    let ids: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome.id.as_deref())
        .collect();
    assert_eq!(ids, [Some("90"), Some("91")]);
}
