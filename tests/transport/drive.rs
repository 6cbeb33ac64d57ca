//! Many flows over one client.

use std::time::Duration;

use pwb_crm_core::error::{Kind, Sent};
use pwb_crm_core::flow::{Flow, HostRule, Method, Request};
use pwb_crm_core::transport::{Http, now};

use super::server::{Act, Server, answer};
use super::{A_WHILE, LONG, local, run};

/// Two requests one after the other; gives both statuses.
fn two_steps(url: &str, name: usize) -> Flow<(usize, Vec<u16>)> {
    let url = url.to_owned();
    Flow::new(move |io| async move {
        let mut statuses = Vec::new();
        for step in 1..=2 {
            let request = Request::new(
                Method::Post,
                format!("{url}/{name}/{step}"),
                HostRule::Public,
            );
            let reply = io.send(request.body(b"{}".to_vec())).await;
            statuses.push(reply.map_or(0, |response| response.status));
        }
        (name, statuses)
    })
}

#[test]
fn flows_keep_their_order_and_go_side_by_side() {
    let pause = Act::Sleep(Duration::from_millis(100));
    let server = Server::start([vec![pause, Act::Write(answer(200, "", "{}"))]]);
    let flows: Vec<_> = (0..12).map(|name| two_steps(&server.url, name)).collect();
    let done = run(Http::new().drive(flows, &local(), 4, None));
    let expected: Vec<_> = (0..12).map(|name| Some((name, vec![200, 200]))).collect();
    assert_eq!(done, expected);
    assert_eq!(server.seen().len(), 24);
    assert!(
        (2..=4).contains(&server.most_at_once()),
        "{}",
        server.most_at_once()
    );
}

#[test]
fn the_steps_of_a_flow_follow_each_other() {
    let server = Server::answering(answer(200, "", "{}"));
    run(Http::new().drive(vec![two_steps(&server.url, 7)], &local(), 8, None));
    let lines: Vec<_> = server.seen().into_iter().map(|seen| seen.head).collect();
    assert!(lines[0].starts_with("post /7/1 ") && lines[1].starts_with("post /7/2 "));
}

#[test]
fn a_flow_that_fails_leaves_the_others_alone() {
    let server = Server::start([vec![Act::Close], vec![Act::Write(answer(200, "", "{}"))]]);
    let flows = (0..3).map(|name| two_steps(&server.url, name)).collect();
    let done = run(Http::new().drive(flows, &local(), 1, None));
    let statuses: Vec<_> = done
        .into_iter()
        .flatten()
        .map(|(_, statuses)| statuses)
        .collect();
    assert_eq!(statuses, [vec![0, 200], vec![200, 200], vec![200, 200]]);
}

#[test]
fn when_the_time_is_up_each_flow_is_told_and_nothing_more_is_sent() {
    let server = Server::start([vec![Act::Sleep(LONG)]]);
    let flow = |url: String| {
        Flow::new(move |io| async move {
            let mut told = Vec::new();
            for _ in 0..2 {
                let request = Request::new(Method::Post, url.clone(), HostRule::Public);
                let error = io
                    .send(request.body(b"{}".to_vec()))
                    .await
                    .expect_err("no answer");
                told.push((error.kind, error.sent));
            }
            told
        })
    };
    let flows = (0..3).map(|_| flow(server.url.clone())).collect();
    let http = Http::new();
    let driving = async {
        let latest = tokio::time::Instant::now() + A_WHILE;
        http.drive(flows, &local(), 1, Some(latest)).await
    };
    let done = run(driving);
    let late = (Kind::Timeout, Sent::No);
    assert_eq!(done[0], Some(vec![(Kind::Timeout, Sent::Maybe), late]));
    assert_eq!(done[1..], [Some(vec![late, late]), Some(vec![late, late])]);
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_flow_that_is_over_gives_nothing() {
    let mut flow = Flow::new(|_| async { 1 });
    let _ = flow.advance(now(), None);
    let done = run(Http::new().drive(vec![flow, Flow::new(|_| async { 2 })], &local(), 0, None));
    assert_eq!(done, [None, Some(2)]);
}

#[test]
fn a_flow_is_told_the_time() {
    let before = now();
    let done = run(Http::new().drive(
        vec![Flow::new(|io| async move { io.now() })],
        &local(),
        1,
        None,
    ));
    assert!(done[0].is_some_and(|told| told >= before && told <= now()));
    assert!(before > 1_700_000_000_000);
}

#[test]
fn once_the_remote_asks_for_a_pause_what_is_under_way_ends_and_nothing_is_begun() {
    let busy = vec![Act::Write(answer(429, "", "{}"))];
    let server = Server::start([busy, vec![Act::Write(answer(200, "", "{}"))]]);
    let flows = (0..5).map(|name| two_steps(&server.url, name)).collect();
    let done = run(Http::new().drive(flows, &local(), 1, None));
    let statuses: Vec<_> = done.into_iter().flatten().map(|(_, all)| all).collect();
    assert_eq!(statuses[0], [429, 200]);
    assert_eq!(statuses[1..], vec![vec![0, 0]; 4]);
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn what_was_put_off_was_not_attempted() {
    let server = Server::answering(answer(429, "retry-after: 30\r\n", "{}"));
    let flow = |url: String| {
        Flow::new(move |io| async move {
            let request = Request::new(Method::Post, url, HostRule::Public);
            io.send(request).await.err()
        })
    };
    let flows = (0..20).map(|_| flow(server.url.clone())).collect();
    let done = run(Http::new().drive(flows, &local(), 4, None));
    let put_off: Vec<_> = done.into_iter().flatten().flatten().collect();
    assert!(put_off.len() >= 16, "{} were put off", put_off.len());
    for error in &put_off {
        assert_eq!(
            (error.kind, error.sent, error.attempted()),
            (Kind::RateLimit, Sent::No, false)
        );
    }
    assert_eq!(server.seen().len() + put_off.len(), 20);
}

#[test]
fn a_remote_that_is_out_and_says_until_when_is_left_alone_too() {
    let out = vec![Act::Write(answer(503, "retry-after: 30\r\n", "{}"))];
    let server = Server::start([out, vec![Act::Write(answer(200, "", "{}"))]]);
    let flows = (0..5).map(|name| two_steps(&server.url, name)).collect();
    let done = run(Http::new().drive(flows, &local(), 1, None));
    let statuses: Vec<_> = done.into_iter().flatten().map(|(_, all)| all).collect();
    assert_eq!(statuses[0], [503, 200]);
    assert_eq!(statuses[1..], vec![vec![0, 0]; 4]);
    assert_eq!(server.seen().len(), 2);
}
