//! What one owner has under way keeps nobody else waiting.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use h2::server::SendResponse;
use hyper::body::Bytes;
use hyper::http::Response;
use pwb_crm_core::flow::{HostRule, Method, Request};
use pwb_crm_core::transport::{Http, Owner, Policy};

use super::run;
use super::secure::{Server, Stream, Talk, serve};

/// What the server allows on one connection.
const STREAMS: u32 = 40;
/// What the first owner asks for at once: more than fits.
const FLOOD: usize = 200;

/// Requests of the flood that the server has begun.
static BEGUN: AtomicUsize = AtomicUsize::new(0);

fn ok(mut respond: SendResponse<Bytes>) {
    let _ = respond.send_response(Response::new(()), true);
}

/// Answers the flood only once somebody else was answered.
fn holding(stream: Stream) -> Talk {
    Box::pin(async move {
        let mut builder = h2::server::Builder::new();
        let builder = builder.max_concurrent_streams(STREAMS);
        let mut connection = builder.handshake(stream).await.expect("HTTP/2");
        let mut held = Some(Vec::new());
        while let Some(Ok((request, respond))) = connection.accept().await {
            match (request.uri().path(), held.as_mut()) {
                ("/flood", Some(held)) => {
                    held.push(respond);
                    BEGUN.fetch_add(1, Ordering::SeqCst);
                }
                ("/other", _) => {
                    ok(respond);
                    held.take().into_iter().flatten().for_each(ok);
                }
                _ => ok(respond),
            }
        }
    })
}

async fn ask(http: &Http, server: &Server, path: &str, owner: &str) -> u16 {
    let policy = Policy {
        owner: Some(Owner::new(owner.as_bytes())),
        timeout: Duration::from_secs(20),
        ..server.policy.clone()
    };
    let request = Request::new(
        Method::Post,
        format!("{}{path}", server.url),
        HostRule::Public,
    );
    let reply = http.send(request.body(b"{}".to_vec()), &policy, None).await;
    reply.map_or(0, |answer| answer.status)
}

#[test]
fn one_owner_does_not_fill_a_connection_that_it_shares_with_others() {
    run(async {
        let server = std::sync::Arc::new(serve(holding).await);
        let http = Http::new();
        assert_eq!(ask(&http, &server, "/warm", "one").await, 200);
        let flood: Vec<_> = (0..FLOOD)
            .map(|_| {
                let (http, server) = (http.clone(), server.clone());
                tokio::spawn(async move { ask(&http, &server, "/flood", "one").await })
            })
            .collect();
        while BEGUN.load(Ordering::SeqCst) < 32 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(ask(&http, &server, "/other", "other").await, 200);
        for request in flood {
            assert_eq!(request.await.expect("no panic"), 200);
        }
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    });
}
