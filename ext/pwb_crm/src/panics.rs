//! Panics on demand, to prove that the guard holds. Not in a gem that is installed.
#![allow(clippy::panic)] // that is the point

use magnus::{Error, Object, RModule, Ruby};
use pwb_crm_core::flow::Flow as CoreFlow;
use pwb_crm_core::outcome::Outcome;
use pwb_crm_core::transport::Policy;

use crate::entry::native;
use crate::flow::Flow;
use crate::work::Batch;

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("in a drop, by request");
    }
}

fn here(_: &Ruby) -> Result<(), Error> {
    panic!("by request");
}

/// A flow that panics at its first step, on whichever thread takes it.
fn flow(_: &Ruby) -> Result<Flow, Error> {
    let flow: CoreFlow<Vec<Outcome>> =
        CoreFlow::new(|_io| async { panic!("in a flow, by request") });
    Ok(Flow::new(Batch::new([flow], &Policy::default(), 1)))
}

/// A flow that panics when the collector frees it.
fn bomb(_: &Ruby) -> Result<Flow, Error> {
    let bomb = Bomb;
    let flow: CoreFlow<Vec<Outcome>> = CoreFlow::new(|_io| async move {
        drop(bomb);
        Vec::new()
    });
    Ok(Flow::new(Batch::new([flow], &Policy::default(), 1)))
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    native!(function namespace, "panic_here", here, 0)?;
    native!(function namespace, "panicking_flow", flow, 0)?;
    native!(function namespace, "flow_with_a_bomb", bomb, 0)
}
