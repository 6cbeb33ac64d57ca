use super::fixtures::*;
use serde_json::json;

use crate::flow::script::{Script, body, lines};
use crate::outcome::Did;
use crate::zendesk::fixtures::after;

#[test]
fn in_doubt_a_ticket_that_is_closed_already_is_as_it_should_be() {
    let first = created(support(&[("status", "in_progress")]));
    let closing = || after(&first, support(&[("status", "closed")]));
    let closed = json!({"subject": "Help", "priority": "high", "status": "closed"});
    let script = Script::new()
        .reply(200, holding(closed))
        .reply(200, comments(&["It broke"]));
    let (requests, outcome) = run(script, doubtful(closing()));
    assert_eq!(lines(&requests), [SHOW, LOOK]);
    assert_eq!(
        (outcome.error, outcome.action),
        (None, Some(Did::Unchanged))
    );
    let script = Script::new().reply(422, refusal("status", "Status: closed prevents update"));
    let error = failure(run(script, closing()).1);
    assert_eq!(error.code.as_deref(), Some("closed"));
}

#[test]
fn in_doubt_it_looks_first_and_sends_what_differs() {
    let first = created(support(&[("status", "in_progress")]));
    let back_again = || doubtful(after(&first, support(&[("status", "in_progress")])));
    let there = json!({"subject": "Help", "priority": "high", "status": "pending"});
    let script = Script::new()
        .reply(200, holding(there))
        .reply(200, comments(&["It broke"]))
        .reply(200, ticket(900));
    let (requests, outcome) = run(script, back_again());
    assert_eq!(lines(&requests), [SHOW, LOOK, PUT]);
    let expected = json!({"ticket": {"status": "open"}});
    assert_eq!(requests.last().map(body), Some(expected));
    assert_eq!(outcome.shadow, first.shadow);
    let arrived = json!({"subject": "Help", "priority": "high", "status": "open"});
    let script = Script::new()
        .reply(200, holding(arrived))
        .reply(200, comments(&["It broke"]));
    assert_eq!(run(script, back_again()).1.action, Some(Did::Unchanged));
}

#[test]
fn in_doubt_a_new_ticket_stays_new() {
    let there = json!({"subject": "Help", "priority": "high", "status": "new"});
    let script = Script::new()
        .reply(200, holding(there))
        .reply(200, comments(&["It broke"]));
    let (requests, _) = run(
        script,
        doubtful(after(&created(support(&[])), support(&[]))),
    );
    assert_eq!(lines(&requests), [SHOW, LOOK]);
}

#[test]
fn in_doubt_a_comment_that_stands_there_is_not_repeated() {
    let first = created(support(&[]));
    let more = [("description", "Worse"), ("status", "in_progress")];
    let next = || doubtful(after(&first, support(&more)));
    let there = json!({"subject": "Help", "priority": "high", "status": "new"});
    let said = |texts: &[&str]| {
        let script = Script::new().reply(200, holding(there.clone()));
        let script = script.reply(200, comments(texts)).reply(200, ticket(900));
        let (requests, outcome) = run(script, next());
        assert_eq!(lines(&requests), [SHOW, LOOK, PUT]);
        (
            requests.last().map(body).expect("three")["ticket"].clone(),
            outcome,
        )
    };
    let worse = "Changed on the website. It now reads:\n\nWorse";
    let (sent, outcome) = said(&["We look", worse, "It broke"]);
    assert_eq!(sent, json!({"status": "open"}));
    let settled = after(&outcome, support(&more));
    assert_eq!(run(Script::new(), settled).1.action, Some(Did::Unchanged));
    assert!(said(&["It broke"]).0.get("comment").is_some());
    // It stood there once, but something else since.
    let other = "Changed on the website. It now reads:\n\nBetter";
    assert!(said(&[other, worse, "It broke"]).0.get("comment").is_some());
}
