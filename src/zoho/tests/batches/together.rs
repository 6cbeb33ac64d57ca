//! What shares a request.

use super::*;

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
