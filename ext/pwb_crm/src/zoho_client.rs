//! `PwbCrm::Native::ZohoClient`: one tenant's Zoho CRM.

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::{
    Class, Error, Module, Object, RArray, RHash, RModule, RString, Ruby, TypedData,
    value::ReprValue,
};
use pwb_crm_core::transport::{Policy, now};
use pwb_crm_core::zoho::oauth::{self, App};
use pwb_crm_core::zoho::{self, Account};
use secrecy::SecretString;
use serde::Deserialize;

use crate::convert::{self, Limits};
use crate::entry::native;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::{plain, records};

/// The number of calls the smallest edition of Zoho CRM takes at a time (Zoho CRM v8: API limits).
const CONCURRENCY: usize = 5;

#[derive(TypedData)]
#[magnus(
    class = "PwbCrm::Native::ZohoClient",
    free_immediately,
    frozen_shareable,
    size
)]
struct ZohoClient {
    account: Account,
    policy: Policy,
    at_a_time: usize,
}

impl DataTypeFunctions for ZohoClient {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

#[derive(Deserialize)]
struct Options {
    api_domain: String,
    access_token: SecretString,
    limits: Limits,
}

/// The OAuth app, and what it asks for.
#[derive(Deserialize)]
struct Grant {
    accounts_server: String,
    client_id: String,
    client_secret: SecretString,
    #[serde(default)]
    token: SecretString,
    #[serde(default)]
    redirect_uri: String,
    limits: Limits,
}

impl Grant {
    fn read(ruby: &Ruby, options: RHash) -> Result<(Self, App), Error> {
        let grant: Self = convert::read(ruby, "options", options.as_value())?;
        let app = App::new(
            &grant.accounts_server,
            &grant.client_id,
            grant.client_secret.clone(),
            grant.limits.loopback(),
        );
        Ok((grant, app.or_raise(ruby)?))
    }
}

fn new(
    ruby: &Ruby,
    options: RHash,
    settings: RHash,
    shadow_key: RString,
) -> Result<ZohoClient, Error> {
    let options: Options = convert::read(ruby, "options", options.as_value())?;
    let account = Account::new(
        &options.api_domain,
        options.access_token,
        convert::settings(ruby, settings)?,
        convert::shadow_key(shadow_key),
        options.limits.loopback(),
    );
    Ok(ZohoClient {
        account: account.or_raise(ruby)?,
        policy: options.limits.policy_of(ruby, shadow_key)?,
        at_a_time: options.limits.at_a_time(CONCURRENCY),
    })
}

/// Nothing if one of the works is not plain.
fn sync(_: &Ruby, this: Obj<ZohoClient>, works: RArray) -> Result<Option<Flow>, Error> {
    let Some(works) = plain::all(works, plain::work)? else {
        return Ok(None);
    };
    let keys = works.iter().map(|work| work.key.clone()).collect();
    let flows = zoho::sync_all(&this.account, works, now());
    let flow = Flow::of(flows, &this.policy, this.at_a_time);
    Ok(Some(flow.with_keys(keys)))
}

/// Nothing if one of the records is not plain.
fn upsert(
    _: &Ruby,
    this: Obj<ZohoClient>,
    module: String,
    records: RArray,
) -> Result<Option<Flow>, Error> {
    let Some(records) = records::read(records)? else {
        return Ok(None);
    };
    let flow = zoho::upsert(&this.account, &module, records);
    Ok(Some(Flow::of([flow], &this.policy, 1)))
}

fn organisation(_: &Ruby, this: Obj<ZohoClient>) -> Result<Flow, Error> {
    let flow = zoho::organisation(&this.account);
    Ok(Flow::of([flow], &this.policy, 1))
}

fn remove_channel(ruby: &Ruby, this: Obj<ZohoClient>, id: String) -> Result<Flow, Error> {
    let flow = zoho::remove_channel(&this.account, &id).or_raise(ruby)?;
    Ok(Flow::of([flow], &this.policy, 1))
}

fn refresh(ruby: &Ruby, options: RHash) -> Result<Flow, Error> {
    let (grant, app) = Grant::read(ruby, options)?;
    let flow = oauth::refresh(&app, &grant.token);
    Ok(Flow::of([flow], &grant.limits.policy(ruby)?, 1))
}

fn exchange(ruby: &Ruby, options: RHash) -> Result<Flow, Error> {
    let (grant, app) = Grant::read(ruby, options)?;
    let flow = oauth::exchange(&app, grant.token, &grant.redirect_uri);
    Ok(Flow::of([flow], &grant.limits.policy(ruby)?, 1))
}

fn revoke(ruby: &Ruby, options: RHash) -> Result<Flow, Error> {
    let (grant, app) = Grant::read(ruby, options)?;
    let flow = oauth::revoke(&app, &grant.token);
    Ok(Flow::of([flow], &grant.limits.policy(ruby)?, 1))
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("ZohoClient", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(function class, "new", new, 3)?;
    native!(function class, "refresh", refresh, 1)?;
    native!(function class, "exchange", exchange, 1)?;
    native!(function class, "revoke", revoke, 1)?;
    native!(method class, "sync", sync, 1)?;
    native!(method class, "upsert", upsert, 2)?;
    native!(method class, "organisation", organisation, 0)?;
    native!(method class, "remove_channel", remove_channel, 1)?;
    Ok(())
}
