use serde_json::{Value, json};

use crate::error::{Error, Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::work::{Action, ParentRef, Work};
use crate::zendesk::fixtures::{account, after, linked, work};
use crate::zendesk::sync;

const PUT: &str = "PUT /api/v2/tickets/900";
const LOOK: &str = "GET /api/v2/tickets/900/audits?sort_order=desc&page=1";
const MARK: &str = "pwb:3:comment:c7";

fn place(external_type: &str, id: &str) -> Option<ParentRef> {
    Some(ParentRef {
        external_type: external_type.to_owned(),
        external_id: id.to_owned(),
    })
}

fn orphan() -> Work {
    work(
        json!({"kind": "comment", "id": "c7", "body": "We look into it", "public": true,
        "created_at": "2026-05-16T10:00:00Z"}),
    )
}

fn reply() -> Work {
    Work {
        parent: place("ticket", "900"),
        author: place("user", "42"),
        ..orphan()
    }
}

fn doubtful(work: Work) -> Work {
    Work {
        doubt: true,
        ..work
    }
}

fn updated(comment: u64) -> Value {
    json!({"ticket": {"id": 900, "updated_at": "2026-05-16T10:00:02Z"},
        "audit": {"id": 5, "events": [{"id": 4, "type": "Change"}, {"id": comment, "type": "Comment"}]}})
}

/// An update of that minute that made a comment, marked so.
fn audit(comment: u64, mark: &str, minute: u32) -> Value {
    json!({"id": comment + 1000, "created_at": format!("2026-05-16T10:{minute:02}:00Z"),
        "metadata": {"system": {}, "custom": {"pwb_external_id": mark}},
        "events": [{"id": comment, "type": "Comment", "body": "We look into it", "public": true}]})
}

fn audits(all: &[Value], next: Value) -> Value {
    json!({"audits": all, "next_page": next})
}

fn run(script: Script, work: Work) -> (Vec<Request>, Outcome) {
    let (requests, mut outcomes) = script.run(sync(&account(json!({})), work));
    (requests, outcomes.remove(0))
}

fn failure(outcome: Outcome) -> Error {
    outcome.error.expect("a failure")
}

#[test]
fn a_reply_is_a_public_comment_of_its_author() {
    let script = Script::new().reply(200, updated(77));
    let (requests, outcome) = run(script, reply());
    assert_eq!(lines(&requests), [PUT]);
    let comment = json!({"body": "We look into it", "public": true, "author_id": 42});
    let metadata = json!({"pwb_external_id": MARK});
    assert_eq!(
        requests.first().map(body),
        Some(json!({"ticket": {"comment": comment, "metadata": metadata}}))
    );
    assert_eq!(
        (outcome.external_type.as_deref(), outcome.id.as_deref()),
        (Some("comment"), Some("77"))
    );
    assert_eq!(outcome.action, Some(Did::Created));
    let (none, again) = run(Script::new(), after(&outcome, reply()));
    assert_eq!((none.len(), again.action), (0, Some(Did::Unchanged)));
}

#[test]
fn an_author_unknown_there_is_left_out() {
    let unknown = Work {
        author: None,
        ..reply()
    };
    let (requests, _) = run(Script::new().reply(200, updated(77)), unknown);
    let sent = requests.first().map(body).expect("one");
    assert!(sent["ticket"]["comment"].get("author_id").is_none());
    let refused = json!({"error": "RecordInvalid", "details": {"base": [{"description": "Author is invalid"}]}});
    let script = Script::new().reply(422, refused).reply(200, updated(77));
    let (requests, outcome) = run(script, reply());
    let sent = requests.last().map(body).expect("two");
    assert!(sent["ticket"]["comment"].get("author_id").is_none());
    assert_eq!(outcome.status, Status::Succeeded);
}

#[test]
fn an_internal_note_makes_no_request_whatever_is_known_of_it() {
    let internal = |work: Work| {
        let mut work = work;
        if let crate::record::Record::Comment(comment) = &mut work.record {
            comment.public = false;
        }
        work
    };
    for work in [reply(), doubtful(reply()), linked(reply(), "comment", "77")] {
        let (requests, outcome) = run(Script::new(), internal(work));
        assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
        assert_eq!(
            outcome.reason.as_deref(),
            Some("an internal note stays here")
        );
    }
}

#[test]
fn a_reply_is_not_taken_back() {
    let gone = Work {
        action: Action::Delete,
        ..linked(reply(), "comment", "77")
    };
    let (requests, outcome) = run(Script::new(), gone);
    assert_eq!((requests.len(), outcome.status), (0, Status::Skipped));
}

#[test]
fn without_its_ticket_it_waits_for_people() {
    for work in [
        orphan(),
        doubtful(orphan()),
        Work {
            parent: place("user", "42"),
            ..reply()
        },
    ] {
        let (requests, outcome) = run(Script::new(), work);
        let error = failure(outcome);
        assert_eq!((requests.len(), error.kind), (0, Kind::NotFound));
        assert_eq!(error.code.as_deref(), Some("ticket_missing"));
        assert!(
            error
                .message
                .starts_with("comment c7: its ticket is not in Zendesk: replay"),
            "{error}"
        );
    }
}

#[test]
fn closed_and_deleted_tickets_say_what_can_be_done() {
    let closed = json!({"error": "RecordInvalid",
        "details": {"status": [{"description": "Status: closed prevents ticket update"}]}});
    let error = failure(run(Script::new().reply(422, closed), reply()).1);
    assert_eq!(error.code.as_deref(), Some("closed"));
    let gone = Script::new().reply(404, json!({"error": "RecordNotFound"}));
    let error = failure(run(gone, reply()).1);
    assert_eq!(error.kind, Kind::NotFound);
    assert!(error.message.contains("900"), "{error}");
}

#[test]
fn in_doubt_the_comment_that_stands_there_is_taken_over() {
    let all = [
        audit(79, "pwb:3:comment:c8", 5),
        json!({"id": 5, "created_at": "2026-05-16T10:02:00Z", "events": [{"id": 6, "type": "Change"}]}),
        audit(78, MARK, 1),
    ];
    let there = audits(&all, json!(null));
    let (requests, outcome) = run(Script::new().reply(200, there), doubtful(reply()));
    assert_eq!(lines(&requests), [LOOK]);
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("78"), Some(Did::Created))
    );
}

#[test]
fn in_doubt_an_edited_reply_stays_as_it_was_sent() {
    let edited = work(
        json!({"kind": "comment", "id": "c7", "body": "Other words", "public": true,
        "created_at": "2026-05-16T10:00:00Z"}),
    );
    let edited = Work {
        parent: place("ticket", "900"),
        ..doubtful(edited)
    };
    let there = audits(&[audit(78, MARK, 1)], json!(null));
    let (requests, outcome) = run(Script::new().reply(200, there), edited);
    assert_eq!((requests.len(), outcome.id.as_deref()), (1, Some("78")));
}

#[test]
fn in_doubt_what_is_another_ones_is_not_taken_over_whatever_it_says() {
    let unmarked = json!({"id": 5, "created_at": "2026-05-16T10:01:00Z", "metadata": {"custom": {}},
        "events": [{"id": 71, "type": "Comment", "body": "We look into it", "public": true}]});
    for other in [unmarked, audit(72, "pwb:3:comment:c6", 1)] {
        let script = Script::new()
            .reply(200, audits(&[other], json!(null)))
            .reply(200, updated(80));
        let (requests, outcome) = run(script, doubtful(reply()));
        assert_eq!(lines(&requests), [LOOK, PUT]);
        assert_eq!(outcome.id.as_deref(), Some("80"));
    }
}

#[test]
fn in_doubt_older_updates_are_read_as_far_as_the_reply_may_be_among_them() {
    let next = json!("https://acme.zendesk.com/next");
    let pages = |minute| {
        Script::new()
            .reply(
                200,
                audits(&[audit(90, "pwb:3:comment:c9", minute)], next.clone()),
            )
            .reply(200, audits(&[audit(78, MARK, 1)], json!(null)))
    };
    let (requests, outcome) = run(pages(30), doubtful(reply()));
    let second = LOOK.replace("page=1", "page=2");
    assert_eq!(lines(&requests), [LOOK, second.as_str()]);
    assert_eq!(outcome.id.as_deref(), Some("78"));
    let old = json!({"id": 5, "created_at": "2026-05-16T09:00:00Z", "events": []});
    let script = Script::new()
        .reply(200, audits(&[old], next))
        .reply(200, updated(80));
    assert_eq!(lines(&run(script, doubtful(reply())).0), [LOOK, PUT]);
}

#[test]
fn in_doubt_a_thousand_updates_are_read_and_no_more() {
    let page = || audits(&[audit(90, "pwb:3:comment:c9", 30)], json!("https://next"));
    let script = (0..10).fold(Script::new(), |script, _| script.reply(200, page()));
    let (requests, outcome) = run(script.reply(200, updated(80)), doubtful(reply()));
    assert_eq!((requests.len(), outcome.id.as_deref()), (11, Some("80")));
}

#[test]
fn in_doubt_what_is_no_list_of_updates_leaves_it_in_doubt() {
    let script = Script::new().reply(200, json!({"audits": "none"}));
    let error = failure(run(script, doubtful(reply())).1);
    assert_eq!(error.sent, Sent::Maybe);
    assert!(error.message.contains("a list of audits"), "{error}");
}

#[test]
fn an_answer_that_does_not_name_the_comment_leaves_it_in_doubt() {
    let change = json!({"id": 5, "events": [{"id": 4, "type": "Change"}]});
    for audit in [json!(null), json!({"id": 5}), change] {
        let answer = json!({"ticket": {"id": 900}, "audit": audit});
        let (_, outcome) = run(Script::new().reply(200, answer), reply());
        assert_eq!(outcome.id, None);
        let error = failure(outcome);
        assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Maybe));
        assert!(error.message.contains("the comment's id"), "{error}");
    }
}

#[test]
fn a_lost_reply_stays_in_doubt() {
    let (_, outcome) = run(Script::new().lost(), reply());
    assert_eq!(failure(outcome).sent, Sent::Maybe);
    let (_, outcome) = run(Script::new().reply(503, json!({})), doubtful(reply()));
    assert_eq!(failure(outcome).sent, Sent::Maybe);
}
