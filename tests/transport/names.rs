//! Where a host name leads is checked at the moment it is dialled.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::Mutex;

use futures_util::FutureExt;
use pwb_crm_core::error::{Kind, Sent};
use pwb_crm_core::flow::{HostRule, Method, Request};
use pwb_crm_core::transport::{Http, Lookup, Policy};

use super::secure::{PUBLIC, Stream, Talk, serve};
use super::server::{Act, Server, answer};
use super::{A_WHILE, SOON, error, local, post, run};

/// Gives each of `answers` in turn, then nothing.
fn scripted(answers: &[&[&str]]) -> Lookup {
    let parse = |ips: &&[&str]| -> Vec<IpAddr> {
        ips.iter()
            .map(|ip| ip.parse().expect("an address"))
            .collect()
    };
    let mut answers: Vec<_> = answers.iter().map(parse).collect();
    answers.reverse();
    let answers = Arc::new(Mutex::new(answers));
    Arc::new(move |_| {
        let answer = answers.lock().expect("no panic").pop();
        async move { answer.ok_or_else(|| io::Error::other("no such host")) }.boxed()
    })
}

fn ask(lookup: Lookup, url: &str, policy: &Policy) -> pwb_crm_core::error::Error {
    error(run(Http::with_lookup(lookup).send(post(url), policy, None)))
}

#[test]
fn a_name_that_leads_inside_is_refused_before_any_connection() {
    for addresses in [
        &["127.0.0.1"][..],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:192.168.1.1"],
        &["fd00::1"],
        &["8.8.8.8", "10.0.0.1"],
        &["2606:4700::1111", "::1"],
    ] {
        let error = ask(
            scripted(&[addresses]),
            "https://hooks.example.com",
            &Policy::default(),
        );
        assert_eq!(
            (error.kind, error.sent),
            (Kind::BlockedAddress, Sent::No),
            "{addresses:?}"
        );
        assert!(error.message.contains("hooks.example.com"), "{error}");
    }
}

#[test]
fn a_listed_host_is_no_exception() {
    for (url, rule) in [
        ("https://www.zohoapis.eu/crm/v8/Contacts", HostRule::Zoho),
        ("https://acme.zendesk.com/api/v2/users", HostRule::Zendesk),
    ] {
        let http = Http::with_lookup(scripted(&[&["192.168.0.10"]]));
        let request = Request::new(Method::Get, url, rule);
        let error = error(run(http.send(request, &Policy::default(), None)));
        assert_eq!((error.kind, error.sent), (Kind::BlockedAddress, Sent::No));
    }
}

#[test]
fn a_name_that_changes_its_mind_is_refused_the_next_time() {
    let closing = vec![Act::Write(answer(200, "", "")), Act::Close];
    let server = Server::start([closing]);
    let url = server.url.replace("127.0.0.1", "localhost");
    let http = Http::with_lookup(scripted(&[&["127.0.0.1"], &["169.254.169.254"]]));
    run(async {
        assert!(http.send(post(&url), &local(), None).await.is_ok());
        tokio::time::sleep(A_WHILE).await;
        let error = error(http.send(post(&url), &local(), None).await);
        assert_eq!((error.kind, error.sent), (Kind::BlockedAddress, Sent::No));
    });
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_unknown_name_was_not_sent_to() {
    let error = ask(
        scripted(&[]),
        "https://hooks.example.com",
        &Policy::default(),
    );
    assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
    assert!(error.message.contains("hooks.example.com"), "{error}");
}

#[test]
fn a_name_that_is_not_found_in_time_was_not_sent_to() {
    let never: Lookup = Arc::new(|_| futures_util::future::pending().boxed());
    let connecting = Policy {
        connect_timeout: SOON,
        ..Policy::default()
    };
    let whole = Policy {
        timeout: SOON,
        ..Policy::default()
    };
    for policy in [connecting, whole] {
        let error = ask(never.clone(), "https://hooks.example.com", &policy);
        assert_eq!((error.kind, error.sent), (Kind::Timeout, Sent::No));
    }
}

#[test]
fn a_refused_address_is_not_even_looked_up() {
    let lookup: Lookup = Arc::new(|host| panic!("looked up {host}"));
    for url in [
        "http://hooks.example.com",
        "https://10.0.0.1",
        "https://db.internal",
    ] {
        let error = ask(lookup.clone(), url, &Policy::default());
        assert_eq!(
            (error.kind, error.sent),
            (Kind::BlockedAddress, Sent::No),
            "{url}"
        );
    }
}

/// Tells the name that was asked for in TLS and the one in the request.
fn telling_names(stream: Stream) -> Talk {
    Box::pin(async move {
        let asked = stream.get_ref().1.server_name().map(str::to_owned);
        let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            let told = format!("{asked:?} {:?}", request.uri().host());
            let response = hyper::http::Response::new(());
            let mut body = respond.send_response(response, false).expect("a stream");
            body.send_data(told.into(), true).expect("a stream");
        }
    })
}

#[test]
fn the_address_that_was_found_is_called_by_the_name_it_was_found_under() {
    let secure = run(async {
        let server = serve(telling_names).await;
        let url = server.url.replace("127.0.0.1", PUBLIC);
        let http = Http::with_lookup(scripted(&[&["127.0.0.1"]]));
        http.send(post(&url), &server.policy, None).await
    });
    let told = format!("Some({PUBLIC:?}) Some({PUBLIC:?})");
    assert_eq!(secure.expect("an answer").body, told.into_bytes());

    let plain = Server::answering(answer(200, "", ""));
    let url = plain.url.replace("127.0.0.1", "localhost");
    let http = Http::with_lookup(scripted(&[&["127.0.0.1"]]));
    run(http.send(post(&url), &local(), None)).expect("an answer");
    let host = url.replace("http://", "\r\nhost: ");
    assert!(plain.seen()[0].head.contains(&host));
}
