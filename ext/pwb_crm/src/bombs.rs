//! Panics on demand, to prove that the guard holds. Not in a gem that is installed.
#![allow(clippy::panic)] // that is the point

use magnus::r_hash::ForEach;
use magnus::{Error, Object, RHash, RModule, Ruby, Value};
use pwb_crm_core::flow::{Flow as CoreFlow, HostRule, Method, Request};
use pwb_crm_core::outcome::Outcome;
use pwb_crm_core::transport::Policy;

use crate::entry::native;
use crate::flow::Flow;

/// What a real panic might quote.
const SECRET: &str = "s3cret";

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in a drop, by request, with {SECRET}");
    }
}

fn here(_: &Ruby) -> Result<(), Error> {
    panic!("by request, with {SECRET}");
}

fn in_each(_: &Ruby, hash: RHash) -> Result<(), Error> {
    hash.foreach(|_: Value, _: Value| -> Result<ForEach, Error> {
        panic!("in a callback, by request, with {SECRET}")
    })
}

fn in_drop(_: &Ruby) -> Result<(), Error> {
    drop(Bomb);
    Ok(())
}

fn flow(flow: CoreFlow<Vec<Outcome>>) -> Result<Flow, Error> {
    let policy = Policy {
        allow_private_hosts: true,
        ..Policy::default()
    };
    Ok(Flow::of([flow], &policy, 1))
}

/// A flow that panics at its first step, on whichever thread takes it.
fn panicking_flow(_: &Ruby) -> Result<Flow, Error> {
    flow(CoreFlow::new(|_io| async {
        panic!("in a flow, by request, with {SECRET}")
    }))
}

/// A flow that panics when something in it is dropped: as it runs, or by the collector.
fn flow_with_a_bomb(_: &Ruby) -> Result<Flow, Error> {
    let bomb = Bomb;
    flow(CoreFlow::new(|_io| async move {
        drop(bomb);
        Vec::new()
    }))
}

/// A flow that asks `url`, and panics when it is dropped meanwhile.
fn waiting_bomb(_: &Ruby, url: String) -> Result<Flow, Error> {
    let bomb = Bomb;
    flow(CoreFlow::new(|io| async move {
        let _ = io
            .send(Request::new(Method::Post, url, HostRule::Public))
            .await;
        drop(bomb);
        Vec::new()
    }))
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    native!(function namespace, "panic_here", here, 0)?;
    native!(function namespace, "panic_in_each", in_each, 1)?;
    native!(function namespace, "panic_in_drop", in_drop, 0)?;
    native!(function namespace, "panicking_flow", panicking_flow, 0)?;
    native!(function namespace, "flow_with_a_bomb", flow_with_a_bomb, 0)?;
    native!(function namespace, "waiting_flow_with_a_bomb", waiting_bomb, 1)
}
