use serde_json::{Value, json};

use crate::error::{Error, Kind, Sent};
use crate::flow::Request;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Outcome, Status};
use crate::work::{Action, ParentRef, Work};
use crate::zendesk::fixtures::{account, after, linked, work};
use crate::zendesk::sync;

const PUT: &str = "PUT /api/v2/tickets/900";
const LOOK: &str = "GET /api/v2/tickets/900/comments?sort=-created_at";

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

/// A public comment of that text, made at that minute.
fn comment(id: u64, text: &str, minute: u32) -> Value {
    json!({"id": id, "body": text, "public": true,
        "created_at": format!("2026-05-16T10:{minute:02}:00Z")})
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
    assert_eq!(
        requests.first().map(body),
        Some(json!({"ticket": {"comment": comment}}))
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
    let there = json!({"comments": [comment(79, "More", 5), comment(78, "We look\r\ninto it", 1), comment(70, "It broke", 0)]});
    let (requests, outcome) = run(Script::new().reply(200, there), doubtful(reply()));
    assert_eq!(lines(&requests), [LOOK]);
    assert_eq!(
        (outcome.id.as_deref(), outcome.action),
        (Some("78"), Some(Did::Created))
    );
}

#[test]
fn in_doubt_a_reply_that_was_cut_is_known_again() {
    let long = || {
        let text = "long ".repeat(14_000);
        let said = json!({"kind": "comment", "id": "c7", "body": text, "public": true,
            "created_at": "2026-05-16T10:00:00Z"});
        Work {
            parent: place("ticket", "900"),
            ..work(said)
        }
    };
    let (requests, _) = run(Script::new().reply(200, updated(80)), long());
    let sent = body(&requests[0])["ticket"]["comment"]["body"].clone();
    let there = json!({"comments": [comment(78, sent.as_str().expect("a text"), 1)]});
    let (requests, outcome) = run(Script::new().reply(200, there), doubtful(long()));
    assert_eq!((requests.len(), outcome.id.as_deref()), (1, Some("78")));
}

#[test]
fn in_doubt_what_is_another_ones_is_not_taken_over() {
    let private = json!({"id": 71, "body": "We look into it", "public": false, "created_at": "2026-05-16T10:01:00Z"});
    let earlier = json!({"id": 72, "body": "We look into it", "public": true, "created_at": "2026-05-16T09:00:00Z"});
    for other in [private, earlier, comment(73, "We look", 1)] {
        let script = Script::new()
            .reply(200, json!({"comments": [other]}))
            .reply(200, updated(80));
        let (requests, outcome) = run(script, doubtful(reply()));
        assert_eq!(lines(&requests), [LOOK, PUT]);
        assert_eq!(outcome.id.as_deref(), Some("80"));
    }
}

/// The same words, said twice within a minute.
#[test]
fn in_doubt_another_reply_of_the_same_words_is_not_taken_over() {
    let second = || Work {
        taken: vec!["77".to_owned()],
        ..doubtful(reply())
    };
    let first = comment(77, "We look into it", 1);
    let script = Script::new()
        .reply(200, json!({"comments": [first.clone()]}))
        .reply(200, updated(80));
    assert_eq!(run(script, second()).1.id.as_deref(), Some("80"));
    let both = json!({"comments": [comment(80, "We look into it", 1), first]});
    let (requests, outcome) = run(Script::new().reply(200, both), second());
    assert_eq!((requests.len(), outcome.id.as_deref()), (1, Some("80")));
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
