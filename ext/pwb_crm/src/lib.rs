//! The Ruby binding of pwb_crm: one file for each Ruby class, all below `PwbCrm::Native`, which is
//! private. The public classes are Ruby and stand in lib/pwb_crm.
//!
//! Nothing starts here: the runtime is built at the first request.
#![allow(
    missing_docs,
    reason = "the one public item is Init_pwb_crm, which magnus makes"
)]

#[cfg(feature = "test-hooks")]
mod bombs;
mod bounds;
mod convert;
mod entry;
mod errors;
mod fiber;
mod flow;
mod gvl;
mod integer;
#[cfg(feature = "test-hooks")]
mod lookups;
mod outcomes;
mod panics;
mod payload;
mod plain;
mod records;
mod runtime;
mod shadow;
mod task;
mod tokens;
mod trace;
mod trust;
mod webhook_client;
mod webhook_signer;
mod work;
mod zendesk_client;
mod zoho_client;

use magnus::{Error, Module, RModule, Ruby, value::ReprValue};
use pwb_crm_core::transport::{MOST_AT_A_TIME, TLS_PROVIDER};

#[magnus::init]
fn init(ruby: &Ruby) -> Result<(), Error> {
    panics::install_hook();
    runtime::count_forks();
    gvl::allow_ractors();
    let namespace: RModule = ruby.define_module("PwbCrm")?;
    let native = namespace.define_module("Native")?;
    let provider = ruby.str_new(TLS_PROVIDER);
    provider.freeze();
    native.const_set("TLS_PROVIDER", provider)?;
    native.const_set("DEEPEST", plain::DEEPEST)?;
    native.const_set("MOST_AT_A_TIME", MOST_AT_A_TIME)?;
    flow::define(ruby, native)?;
    fiber::define(ruby, native)?;
    webhook_client::define(ruby, native)?;
    webhook_signer::define(ruby, native)?;
    zendesk_client::define(ruby, native)?;
    zoho_client::define(ruby, native)?;
    entry::define(native)?;
    #[cfg(feature = "test-hooks")]
    bombs::define(native)?;
    #[cfg(feature = "test-hooks")]
    lookups::define(native)?;
    shadow::define(native)?;
    trust::define(native)?;
    payload::define(native)
}
