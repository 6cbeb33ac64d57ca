use super::fixtures::*;
use serde_json::json;

use crate::error::{Kind, Sent};
use crate::flow::script::{Script, lines};
use crate::outcome::Did;
use crate::work::Work;
use crate::zendesk::fixtures::work;

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
