use super::fixtures::*;
use serde_json::json;

use crate::error::Kind;
use crate::flow::script::{Script, body, lines};
use crate::outcome::{Did, Status};
use crate::record::Record;
use crate::work::{Action, Work};
use crate::zendesk::fixtures::{after, linked};

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
        if let Record::Comment(comment) = &mut work.record {
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
