//! The way through a proxy: a tunnel for TLS, and every rule for addresses as without it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use pwb_crm_core::error::{Error, Kind, Sent};
use pwb_crm_core::flow::Reply;
use pwb_crm_core::transport::{Http, Lookup, Policy, Proxy};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use super::secure::{self, PUBLIC, serve};
use super::tls::telling_the_length;
use super::{error, get, local, post, run};

/// `me:s3cret`, as it is sent.
const CREDENTIALS: &str = "proxy-authorization: basic bwu6cznjcmv0";

/// An HTTP proxy on this machine, which leads everybody to one server.
struct Tunnels {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Tunnels {
    async fn to(server: &secure::Server) -> Self {
        let target = server.url.trim_start_matches("https://").to_owned();
        Self::answering("200 OK", target).await
    }

    async fn answering(status: &'static str, target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let seen = Arc::new(Mutex::new(Vec::new()));
        let heads = seen.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let head = head(&mut client).await;
                heads.lock().expect("no panic").push(head);
                let answer = format!("HTTP/1.1 {status}\r\n\r\n");
                client.write_all(answer.as_bytes()).await.expect("a client");
                if status.starts_with("200") {
                    let mut server = TcpStream::connect(&target).await.expect("a server");
                    tokio::spawn(async move {
                        let _ = copy_bidirectional(&mut client, &mut server).await;
                    });
                }
            }
        });
        Self { address, seen }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").clone()
    }

    /// Production's policy through this proxy, at `host`.
    fn policy(&self, host: &str) -> Policy {
        let address = format!("http://me:s3cret@{host}:{}", self.address.port());
        Policy {
            allow_private_hosts: false,
            proxy: Some(Proxy::new(&address).expect("a proxy")),
            ..local()
        }
    }
}

async fn head(client: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match client.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).to_ascii_lowercase()
}

/// Knows one name, which leads to this machine.
fn only(name: &'static str) -> Lookup {
    Arc::new(move |asked| {
        async move {
            let found = IpAddr::from([127, 0, 0, 1]);
            (asked == name)
                .then(|| vec![found])
                .ok_or(io::Error::other("not this one"))
        }
        .boxed()
    })
}

async fn ask(names: Lookup, policy: &Policy, url: &str) -> Reply {
    Http::with_lookup(names).send(post(url), policy, None).await
}

#[test]
fn tls_goes_through_a_tunnel_and_the_proxy_may_be_private_and_looks_the_names_up() {
    run(async {
        let server = serve(telling_the_length).await;
        for (proxy, known) in [("127.0.0.1", "nobody"), ("proxy.corp", "proxy.corp")] {
            let tunnels = Tunnels::to(&server).await;
            let policy = Policy {
                roots: server.policy.roots.clone(),
                ..tunnels.policy(proxy)
            };
            let reply = ask(only(known), &policy, &format!("https://{PUBLIC}")).await;
            assert_eq!(reply.expect("an answer").body, b"19");
            let seen = tunnels.seen();
            assert_eq!(seen.len(), 1);
            assert!(
                seen[0].starts_with(&format!("connect {PUBLIC}:443 http/1.1")),
                "{seen:?}"
            );
            assert!(seen[0].contains(CREDENTIALS), "{seen:?}");
            assert!(!seen[0].contains("authorization: bearer"), "{seen:?}");
        }
    });
}

#[test]
fn the_target_is_checked_before_the_proxy_hears_of_it() {
    run(async {
        let server = serve(telling_the_length).await;
        let tunnels = Tunnels::to(&server).await;
        for target in [
            "https://10.0.0.1",
            "https://127.0.0.1",
            "https://2130706433",
            "https://[::1]",
            "https://169.254.169.254/latest/meta-data",
            "https://localhost",
            "https://redis",
            "https://metadata.google.internal",
            "https://hooks.example.com:6379",
            "https://me:you@hooks.example.com",
            "http://hooks.example.com",
        ] {
            let policy = tunnels.policy("127.0.0.1");
            let error = error(ask(only("nobody"), &policy, target).await);
            let refused = (Kind::BlockedAddress, Sent::No);
            assert_eq!((error.kind, error.sent), refused, "{target}");
        }
        assert!(tunnels.seen().is_empty());
    });
}

#[test]
fn without_the_proxy_a_name_that_leads_to_this_machine_is_refused() {
    run(async {
        let direct = Policy {
            allow_private_hosts: false,
            ..local()
        };
        let error = error(
            ask(
                only("proxy.corp.example"),
                &direct,
                "https://proxy.corp.example",
            )
            .await,
        );
        assert_eq!(error.kind, Kind::BlockedAddress);
    });
}

async fn failure(tunnels: &Tunnels) -> Error {
    let policy = tunnels.policy("127.0.0.1");
    error(ask(only("nobody"), &policy, &format!("https://{PUBLIC}")).await)
}

#[test]
fn a_proxy_that_refuses_or_is_away_is_named_without_its_credentials() {
    run(async {
        for (status, told) in [
            (
                "407 Proxy Authentication Required",
                "authorization required",
            ),
            ("403 Forbidden", "unsuccessful"),
            ("502 Bad Gateway", "unsuccessful"),
        ] {
            let tunnels = Tunnels::answering(status, String::new()).await;
            let error = failure(&tunnels).await;
            assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
            let place = format!("{PUBLIC} (through the proxy {})", tunnels.address);
            assert!(
                error.message.contains(&place) && error.message.contains(told),
                "{error}"
            );
            assert!(!error.message.contains("me:"), "{error}");
        }
        let away = Tunnels {
            address: SocketAddr::from(([127, 0, 0, 1], 1)),
            seen: Arc::default(),
        };
        let error = failure(&away).await;
        assert_eq!((error.kind, error.sent), (Kind::Connection, Sent::No));
        assert!(error.message.contains("refused"), "{error}");
    });
}

#[test]
fn plain_http_to_a_stand_in_goes_through_the_proxy_too() {
    run(async {
        let tunnels = Tunnels::answering("204 No Content", String::new()).await;
        let policy = Policy {
            allow_private_hosts: true,
            ..tunnels.policy("127.0.0.1")
        };
        let reply = Http::new()
            .send(get("http://127.0.0.1:1"), &policy, None)
            .await;
        assert_eq!(reply.expect("an answer").status, 204);
        let seen = tunnels.seen();
        assert!(
            seen[0].starts_with("get http://127.0.0.1:1/out"),
            "{seen:?}"
        );
        assert!(seen[0].contains(CREDENTIALS), "{seen:?}");
    });
}
