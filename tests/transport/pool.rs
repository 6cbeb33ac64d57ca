//! Connections are kept, shared where they may be, and replaced when the remote closes them.

use std::time::Duration;

use pwb_crm_core::transport::Http;

use super::server::{Act, Server, answer};
use super::{A_WHILE, get, local, post, run};

/// Time for a connection to go back to the pool after its answer was read.
const BACK: Duration = Duration::from_millis(300);

#[test]
fn requests_one_after_the_other_share_a_connection() {
    let server = Server::answering(answer(200, "", "{}"));
    run(async {
        let http = Http::new();
        for _ in 0..5 {
            let reply = http.clone().send(post(&server.url), &local(), None).await;
            assert_eq!(reply.expect("an answer").status, 200);
            tokio::time::sleep(BACK).await;
        }
    });
    assert_eq!((server.connections(), server.seen().len()), (1, 5));
}

#[test]
fn a_connection_closed_while_idle_is_replaced() {
    let closing = vec![Act::Write(answer(200, "", "{}")), Act::Close];
    let server = Server::start([closing]);
    run(async {
        let http = Http::new();
        for _ in 0..3 {
            let reply = http.send(post(&server.url), &local(), None).await;
            assert_eq!(reply.expect("an answer").status, 200);
            tokio::time::sleep(A_WHILE).await;
        }
    });
    assert_eq!((server.connections(), server.seen().len()), (3, 3));
}

#[test]
fn another_way_of_connecting_has_connections_of_its_own() {
    let server = Server::answering(answer(200, "", "{}"));
    let mut other = local();
    other.connect_timeout = Duration::from_secs(59);
    let mut same = local();
    same.timeout = Duration::from_secs(58);
    run(async {
        let http = Http::new();
        for policy in [local(), same, other] {
            assert!(http.send(get(&server.url), &policy, None).await.is_ok());
            tokio::time::sleep(BACK).await;
        }
    });
    assert_eq!(server.connections(), 2);
}
