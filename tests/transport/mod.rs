//! What the tests share: a client, policies, a way to run them.

mod answers;
mod credentials;
mod drive;
mod fair;
mod faults;
mod guard;
mod names;
mod pool;
mod proxy;
mod secure;
mod server;
mod tls;

use std::future::Future;
use std::time::Duration;

use pwb_crm_core::error::Error;
use pwb_crm_core::flow::{HostRule, Method, Reply, Request};
use pwb_crm_core::transport::{Http, Policy};

/// A wait that no test gets to the end of.
const LONG: Duration = Duration::from_secs(60);
/// A deadline that passes soon.
const SOON: Duration = Duration::from_millis(150);
/// A deadline that passes, but not before a connection on this machine is made.
const A_WHILE: Duration = Duration::from_secs(1);
/// What must never be shown.
const SECRET: &str = "s3cret";

/// Runs `work` on one thread, as the binding does.
fn run<F: Future>(work: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(work)
}

fn local() -> Policy {
    Policy {
        allow_private_hosts: true,
        timeout: LONG,
        connect_timeout: LONG,
        ..Policy::default()
    }
}

fn post(url: &str) -> Request {
    Request::new(
        Method::Post,
        format!("{url}/in?token={SECRET}"),
        HostRule::Public,
    )
    .header("authorization", format!("Bearer {SECRET}"))
    .json(&serde_json::json!({"secret": SECRET}))
}

fn get(url: &str) -> Request {
    Request::new(
        Method::Get,
        format!("{url}/out?token={SECRET}"),
        HostRule::Public,
    )
}

fn send(request: Request, policy: &Policy) -> Reply {
    run(Http::new().send(request, policy, None))
}

/// The error of `reply`, after a look that it holds no secret.
fn error(reply: Reply) -> Error {
    let error = reply.expect_err("no answer");
    let shown = format!("{error} {error:?}");
    assert!(
        !shown.contains(SECRET) && !shown.contains("token"),
        "{shown}"
    );
    error
}
