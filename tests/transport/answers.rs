//! Whatever the remote answers is either told as it is or refused in clear words.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use pwb_crm_core::error::{Kind, Sent};
use pwb_crm_core::flow::{HostRule, Method, Request};

use super::server::{Act, Server, answer};
use super::{SECRET, error, get, local, post, send};

const MIB: usize = 1024 * 1024;

fn gzip(chunk: &[u8], times: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for _ in 0..times {
        encoder.write_all(chunk).expect("memory");
    }
    encoder.finish().expect("memory")
}

#[test]
fn a_request_arrives_as_it_was_written_and_its_answer_comes_back() {
    let server = Server::answering(answer(201, "X-Request-Id: 7\r\n", "{\"id\":1}"));
    let reply = send(post(&server.url), &local()).expect("an answer");
    assert_eq!((reply.status, reply.body), (201, b"{\"id\":1}".to_vec()));
    assert!(reply.headers.contains(&("x-request-id".into(), "7".into())));

    let seen = server.seen().pop().expect("one request");
    assert!(
        seen.head
            .starts_with(&format!("post /in?token={SECRET} http/1.1\r\n"))
    );
    assert!(
        seen.head.contains("\r\ncontent-length: 19\r\n"),
        "{}",
        seen.head
    );
    assert!(seen.head.contains("\r\naccept-encoding: gzip\r\n"));
    assert!(seen.head.contains(concat!(
        "\r\nuser-agent: pwb_crm/",
        env!("CARGO_PKG_VERSION")
    )));
    assert!(!seen.head.contains("transfer-encoding"));
    assert_eq!(seen.body, b"{\"secret\":\"s3cret\"}");
}

#[test]
fn every_method_goes_out_under_its_name() {
    let server = Server::answering(answer(200, "", ""));
    for method in [Method::Get, Method::Post, Method::Put, Method::Delete] {
        let request = Request::new(method, server.url.clone(), HostRule::Public);
        assert_eq!(send(request, &local()).expect("an answer").status, 200);
        let seen = server.seen().pop().expect("a request");
        let start = format!("{} / ", method.as_str().to_lowercase());
        assert!(seen.head.starts_with(&start), "{}", seen.head);
    }
}

#[test]
fn an_error_page_is_an_answer() {
    let html = "<html><body>Bad gateway</body></html>";
    let server = Server::answering(answer(502, "content-type: text/html\r\n", html));
    let reply = send(get(&server.url), &local()).expect("an answer");
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (502, html.as_bytes())
    );
    assert_eq!(reply.header("Content-Type"), Some("text/html"));
}

#[test]
fn an_answer_without_body_is_an_answer() {
    let server = Server::answering(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    let reply = send(post(&server.url), &local()).expect("an answer");
    assert_eq!((reply.status, reply.body.len()), (204, 0));
}

#[test]
fn a_redirect_is_told_and_not_followed() {
    let elsewhere = Server::answering(answer(200, "", "stolen"));
    let location = format!("location: {}/\r\n", elsewhere.url);
    for status in [301, 302, 303, 307, 308] {
        let server = Server::answering(answer(status, &location, ""));
        assert_eq!(
            send(post(&server.url), &local()).expect("an answer").status,
            status
        );
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_packed_answer_is_unpacked() {
    let packed = gzip(b"{\"data\":[]}", 1);
    let server = Server::answering(answer(200, "content-encoding: gzip\r\n", packed));
    let reply = send(get(&server.url), &local()).expect("an answer");
    assert_eq!(reply.body, b"{\"data\":[]}");
}

#[test]
fn an_answer_that_cannot_be_unpacked_is_a_fault_of_the_remote() {
    let server = Server::answering(answer(200, "content-encoding: gzip\r\n", "no gzip"));
    let error = error(send(post(&server.url), &local()));
    assert_eq!((error.kind, error.status), (Kind::Remote, Some(200)));
    assert_eq!(error.sent, Sent::Maybe);
}

#[test]
fn a_long_answer_is_not_read_whether_announced_or_not() {
    let body = vec![b'x'; 10 * MIB];
    let announced = answer(200, "", &body);
    let until_the_end = [b"HTTP/1.1 200 OK\r\n\r\n", body.as_slice()].concat();
    for bytes in [announced, until_the_end] {
        let server = Server::start([vec![Act::Write(bytes), Act::Close]]);
        let error = error(send(post(&server.url), &local()));
        assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Maybe));
        assert_eq!(error.status, Some(200));
        assert!(
            error.message.contains("longer than 2097152 bytes"),
            "{error}"
        );
    }
}

#[test]
fn a_bomb_is_counted_as_it_unpacks() {
    let bomb = gzip(&vec![0; MIB], 200);
    assert!(bomb.len() < MIB);
    let server = Server::answering(answer(200, "content-encoding: gzip\r\n", bomb));
    let error = error(send(get(&server.url), &local()));
    assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Maybe));
}

#[test]
fn an_answer_of_just_the_limit_is_read() {
    let mut policy = local();
    policy.max_response_bytes = 1_000;
    let fits = Server::answering(answer(200, "", vec![b'x'; 1_000]));
    assert_eq!(
        send(get(&fits.url), &policy).expect("an answer").body.len(),
        1_000
    );
    let over = Server::answering(answer(200, "", vec![b'x'; 1_001]));
    assert_eq!(error(send(get(&over.url), &policy)).kind, Kind::Remote);
}
