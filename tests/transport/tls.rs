//! TLS and HTTP/2: whom it trusts, and what it makes of requests the server did not begin.

use std::sync::atomic::Ordering;

use h2::server::SendResponse;
use hyper::body::Bytes;
use hyper::http::Response;
use pwb_crm_core::error::{Kind, Sent};
use pwb_crm_core::transport::{Http, Policy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::secure::{Stream, Talk, certificates, serve};
use super::server::{Server, answer};
use super::{error, get, local, post, run, send};

async fn http2(stream: Stream) -> h2::server::Connection<Stream, Bytes> {
    h2::server::handshake(stream).await.expect("HTTP/2")
}

fn ok(mut respond: SendResponse<Bytes>, body: &str) {
    let mut stream = respond
        .send_response(Response::new(()), false)
        .expect("a stream");
    let body = Bytes::copy_from_slice(body.as_bytes());
    stream.send_data(body, true).expect("a stream");
}

pub(super) fn telling_the_length(stream: Stream) -> Talk {
    Box::pin(async move {
        let mut connection = http2(stream).await;
        while let Some(Ok((request, respond))) = connection.accept().await {
            let length = request.headers().get("content-length");
            let length = length.and_then(|value| value.to_str().ok());
            ok(respond, length.unwrap_or("none"));
        }
    })
}

fn refusing(stream: Stream) -> Talk {
    Box::pin(async move {
        let mut connection = http2(stream).await;
        while let Some(Ok((_, mut respond))) = connection.accept().await {
            respond.send_reset(h2::Reason::REFUSED_STREAM);
        }
    })
}

fn cancelling(stream: Stream) -> Talk {
    Box::pin(async move {
        let mut connection = http2(stream).await;
        while let Some(Ok((_, mut respond))) = connection.accept().await {
            respond.send_reset(h2::Reason::CANCEL);
        }
    })
}

/// Takes the first request and says that it will not serve it: a graceful GOAWAY frame that names
/// stream 0 as the last one begun (RFC 9113, 6.8).
fn going_away(mut stream: Stream) -> Talk {
    const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    const GOAWAY: [u8; 17] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const HEADERS: u8 = 1;
    Box::pin(async move {
        stream.write_all(&SETTINGS).await.expect("a stream");
        let mut preface = [0; 24];
        stream.read_exact(&mut preface).await.expect("a preface");
        let mut head = [0; 9];
        while head[3] != HEADERS {
            stream.read_exact(&mut head).await.expect("a frame");
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; length as usize];
            stream.read_exact(&mut payload).await.expect("a frame");
        }
        stream.write_all(&GOAWAY).await.expect("a stream");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    })
}

#[test]
fn requests_share_one_http2_connection_and_tell_their_length() {
    run(async {
        let server = serve(telling_the_length).await;
        let http = Http::new();
        for _ in 0..3 {
            let reply = http.send(post(&server.url), &server.policy, None).await;
            assert_eq!(reply.expect("an answer").body, b"19");
        }
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_certificate_of_a_stranger_is_refused_before_anything_is_sent() {
    run(async {
        let server = serve(telling_the_length).await;
        let stranger = Policy {
            roots: Some(certificates().roots),
            ..local()
        };
        let error = error(Http::new().send(post(&server.url), &stranger, None).await);
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
        assert!(error.message.contains("certificate"), "{error}");
    });
}

#[test]
fn a_refused_stream_was_not_sent() {
    run(async {
        let server = serve(refusing).await;
        for request in [post(&server.url), get(&server.url)] {
            let error = error(Http::new().send(request, &server.policy, None).await);
            assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
        }
    });
}

#[test]
fn a_request_to_a_server_that_goes_away_was_not_sent() {
    run(async {
        let server = serve(going_away).await;
        let error = error(
            Http::new()
                .send(post(&server.url), &server.policy, None)
                .await,
        );
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
        assert_eq!(server.connections.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn a_cancelled_stream_may_have_been_acted_on() {
    run(async {
        let server = serve(cancelling).await;
        let error = error(
            Http::new()
                .send(post(&server.url), &server.policy, None)
                .await,
        );
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::Maybe));
    });
}

/// A machine without certificates, as slim containers are: this test runs itself again as a process
/// that finds none.
#[test]
fn without_certificates_https_says_what_to_install_and_plain_http_works() {
    const AGAIN: &str = "PWB_CRM_WITHOUT_CERTIFICATES";
    const NAME: &str =
        "transport::tls::without_certificates_https_says_what_to_install_and_plain_http_works";
    if std::env::var_os(AGAIN).is_some() {
        return without_certificates();
    }
    let ran = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", NAME])
        .env(AGAIN, "1")
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .expect("a process");
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
}

fn without_certificates() {
    let error = error(send(post("https://hooks.example.com"), &Policy::default()));
    assert_eq!((error.kind, error.sent), (Kind::Configuration, Sent::No));
    for cure in ["ca-certificates", "SSL_CERT_FILE", "ca_file"] {
        assert!(error.message.contains(cure), "{error}");
    }
    let plain = Server::answering(answer(200, "", ""));
    assert_eq!(
        send(get(&plain.url), &local()).expect("an answer").status,
        200
    );
    run(async {
        let server = serve(telling_the_length).await;
        let http = Http::new();
        let reply = http.send(get(&server.url), &server.policy, None).await;
        assert_eq!(reply.expect("trusted by ca_file").status, 200);
    });
}
