//! Whatever goes wrong on the way says what it was and whether the request may have arrived.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use pwb_crm_core::error::{Kind, Sent};
use pwb_crm_core::transport::{Http, Policy};

use super::server::{Act, Server, answer};
use super::{A_WHILE, LONG, SOON, error, get, local, post, run, send};

fn within(timeout: Duration) -> Policy {
    Policy { timeout, ..local() }
}

/// A port that accepts and says nothing, so that TLS never begins.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    (listener, url)
}

#[test]
fn a_slow_answer_may_have_been_asked_for() {
    let start = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec();
    for before in [vec![], vec![Act::Write(start)]] {
        let server = Server::start([[before, vec![Act::Sleep(LONG)]].concat()]);
        let begun = Instant::now();
        let error = error(send(post(&server.url), &within(A_WHILE)));
        assert_eq!((error.kind, error.sent), (Kind::Timeout, Sent::Maybe));
        assert!(
            error.message.contains("no whole answer within 1.0 s"),
            "{error}"
        );
        assert!(begun.elapsed() < LONG / 4);
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn a_closed_port_was_not_sent_to() {
    let (listener, url) = silent();
    drop(listener);
    let error = error(send(post(&url), &local()));
    assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
    assert!(
        error.message.starts_with("no connection to 127.0.0.1: "),
        "{error}"
    );
}

#[test]
fn a_connection_that_never_gets_ready_was_not_sent_over() {
    let (_listener, url) = silent();
    let mut policy = local();
    policy.connect_timeout = SOON;
    let error = error(send(post(&url), &policy));
    assert_eq!((error.kind, error.sent), (Kind::Timeout, Sent::No));
}

#[test]
fn a_deadline_that_passes_while_connecting_leaves_no_doubt() {
    let (_listener, url) = silent();
    let error = error(send(post(&url), &within(SOON)));
    assert_eq!((error.kind, error.sent), (Kind::Timeout, Sent::No));
}

#[test]
fn after_the_last_moment_nothing_is_sent() {
    let server = Server::answering(answer(200, "", ""));
    let sending = async {
        let latest = tokio::time::Instant::now();
        Http::new()
            .send(post(&server.url), &local(), Some(latest))
            .await
    };
    let error = error(run(sending));
    assert_eq!((error.kind, error.sent), (Kind::Timeout, Sent::No));
    assert!(!error.attempted());
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_last_moment_cuts_the_policy_s_time() {
    let server = Server::start([vec![Act::Sleep(LONG)]]);
    let sending = async {
        let latest = tokio::time::Instant::now() + SOON;
        Http::new()
            .send(get(&server.url), &local(), Some(latest))
            .await
    };
    let begun = Instant::now();
    assert_eq!(error(run(sending)).kind, Kind::Timeout);
    assert!(begun.elapsed() < LONG / 4);
}

#[test]
fn a_connection_that_breaks_after_the_request_may_have_carried_it() {
    for end in [Act::Reset, Act::Close] {
        let server = Server::start([vec![end]]);
        let error = error(send(post(&server.url), &local()));
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::Maybe));
        assert!(error.message.contains("broke before the answer"), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[test]
fn a_connection_that_breaks_in_the_answer_tells_its_status() {
    let start = b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":".to_vec();
    for end in [Act::Close, Act::Reset] {
        // A moment for the bytes: a reset throws away what has not been read.
        let pause = Act::Sleep(A_WHILE);
        let server = Server::start([vec![Act::Write(start.clone()), pause, end]]);
        let error = error(send(post(&server.url), &local()));
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::Maybe));
        assert_eq!(error.status, Some(201));
        assert!(error.message.contains("in the middle"), "{error}");
    }
}

#[test]
fn what_is_no_http_is_a_broken_connection() {
    let server = Server::start([vec![
        Act::Write(b"220 smtp ready\r\n\r\n".to_vec()),
        Act::Close,
    ]]);
    let error = error(send(post(&server.url), &local()));
    assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::Maybe));
}

#[test]
fn a_header_that_cannot_be_sent_stops_the_request() {
    let server = Server::answering(answer(200, "", ""));
    let request = post(&server.url).header("x-note", "s3cret\r\nhost: evil.example");
    let error = error(send(request, &local()));
    assert_eq!((error.kind, error.sent), (Kind::Configuration, Sent::No));
    assert_eq!(server.connections(), 0);
}
