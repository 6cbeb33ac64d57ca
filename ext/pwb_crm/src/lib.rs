//! The Ruby binding of pwb_crm: one file for each Ruby class, all below `PwbCrm::Native`, which is
//! private. The public classes are Ruby and stand in lib/pwb_crm.
//!
//! Nothing starts here: the runtime is built at the first request.

mod convert;
mod entry;
mod errors;
mod fiber;
mod flow;
mod gvl;
mod runtime;
mod task;
mod webhook_client;
mod webhook_signer;
mod work;

use magnus::{Error, RModule, Ruby};

/// What `require "pwb_crm/pwb_crm"` runs.
#[magnus::init]
fn init(ruby: &Ruby) -> Result<(), Error> {
    gvl::allow_ractors();
    let namespace: RModule = ruby.define_module("PwbCrm")?;
    let native = magnus::Module::define_module(namespace, "Native")?;
    flow::define(ruby, native)?;
    fiber::define(ruby, native)?;
    webhook_client::define(ruby, native)?;
    webhook_signer::define(ruby, native)
}
