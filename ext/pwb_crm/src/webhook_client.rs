//! `PwbCrm::Native::WebhookClient`: deliveries to one receiver.

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::{
    Class, Error, Module, Object, RArray, RHash, RModule, RString, Ruby, TypedData,
    value::ReprValue,
};
use pwb_crm_core::flow::HostRule;
use pwb_crm_core::transport::{Policy, guard};
use pwb_crm_core::webhook::{self, Endpoint};
use serde::Deserialize;

use crate::convert::{self, Limits};
use crate::entry::native;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::plain;
use crate::webhook_signer::secrets;

/// Receivers are often small, and their events come in order of their deliveries.
const CONCURRENCY: usize = 4;

#[derive(TypedData)]
#[magnus(
    class = "PwbCrm::Native::WebhookClient",
    free_immediately,
    frozen_shareable,
    size
)]
struct WebhookClient {
    endpoint: Endpoint,
    policy: Policy,
    at_a_time: usize,
}

impl DataTypeFunctions for WebhookClient {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

#[derive(Deserialize)]
struct Options {
    url: String,
    limits: Limits,
}

fn new(
    ruby: &Ruby,
    options: RHash,
    texts: RArray,
    shadow_key: RString,
) -> Result<WebhookClient, Error> {
    let options: Options = convert::read(ruby, "options", options.as_value())?;
    let secrets = secrets(ruby, texts)?;
    let endpoint =
        Endpoint::new(&options.url, secrets, convert::shadow_key(shadow_key)).or_raise(ruby)?;
    Ok(WebhookClient {
        endpoint,
        policy: options.limits.policy_of(ruby, shadow_key)?,
        at_a_time: options.limits.at_a_time(CONCURRENCY),
    })
}

/// The address as it will be called, if it may be.
fn address(ruby: &Ruby, options: RHash) -> Result<String, Error> {
    let options: Options = convert::read(ruby, "options", options.as_value())?;
    let policy = options.limits.policy(ruby)?;
    let url = guard::check(&options.url, HostRule::Public, &policy);
    Ok(url.or_raise(ruby)?.into())
}

/// Nothing if one of the works is not plain, or has no id by which its receiver knows repeats.
fn sync(_: &Ruby, this: Obj<WebhookClient>, works: RArray) -> Result<Option<Flow>, Error> {
    let Some(works) = plain::all(works, plain::event)? else {
        return Ok(None);
    };
    let flows = works
        .into_iter()
        .map(|work| webhook::sync(&this.endpoint, work));
    Ok(Some(Flow::of(flows, &this.policy, this.at_a_time)))
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("WebhookClient", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(function class, "new", new, 3)?;
    native!(function class, "address", address, 1)?;
    native!(method class, "sync", sync, 1)?;
    Ok(())
}
