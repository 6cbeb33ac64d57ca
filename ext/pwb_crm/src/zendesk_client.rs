//! `PwbCrm::Native::ZendeskClient`: one tenant's Zendesk.

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::{
    Class, Error, Module, Object, RArray, RHash, RModule, RString, Ruby, TypedData,
    value::ReprValue,
};
use pwb_crm_core::error::Error as CoreError;
use pwb_crm_core::transport::Policy;
use pwb_crm_core::zendesk::farewell::{self, Hook};
use pwb_crm_core::zendesk::oauth::{self, Client};
use pwb_crm_core::zendesk::{self, Account, Auth, BaseUrl};
use secrecy::SecretString;
use serde::Deserialize;

use crate::convert::{self, Limits};
use crate::entry::native;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::plain;

/// Users can be written once a second for a whole account (Zendesk: Rate limits), so more at a time
/// would only meet refusals.
const CONCURRENCY: usize = 1;

#[derive(TypedData)]
#[magnus(
    class = "PwbCrm::Native::ZendeskClient",
    free_immediately,
    frozen_shareable,
    size
)]
struct ZendeskClient {
    account: Account,
    policy: Policy,
    at_a_time: usize,
}

impl DataTypeFunctions for ZendeskClient {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

/// Where the account is: its subdomain, or an address of this machine that plays it.
#[derive(Deserialize)]
struct Place {
    subdomain: String,
    base_url: Option<String>,
    limits: Limits,
}

impl Place {
    fn base_url(&self) -> Result<BaseUrl, CoreError> {
        match &self.base_url {
            Some(url) => BaseUrl::loopback(url),
            None => BaseUrl::of_subdomain(&self.subdomain),
        }
    }
}

/// An access token, or the e-mail address and the API token of an agent.
#[derive(Deserialize)]
struct Credentials {
    access_token: Option<SecretString>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    api_token: SecretString,
}

impl Credentials {
    fn auth(&self) -> Result<Auth, CoreError> {
        match &self.access_token {
            Some(token) => Auth::bearer(token),
            None => Auth::api_token(&self.email, &self.api_token),
        }
    }
}

#[derive(Deserialize)]
struct Grant {
    client_id: String,
    client_secret: SecretString,
    refresh_token: SecretString,
}

fn new(
    ruby: &Ruby,
    options: RHash,
    settings: RHash,
    shadow_key: RString,
) -> Result<ZendeskClient, Error> {
    let place: Place = convert::read(ruby, "options", options.as_value())?;
    let credentials: Credentials = convert::read(ruby, "options", options.as_value())?;
    let account = Account {
        base_url: place.base_url().or_raise(ruby)?,
        auth: credentials.auth().or_raise(ruby)?,
        settings: convert::settings(ruby, settings)?,
        shadow_key: convert::shadow_key(shadow_key),
    };
    Ok(ZendeskClient {
        account,
        policy: place.limits.policy_of(ruby, shadow_key)?,
        at_a_time: place.limits.at_a_time(CONCURRENCY),
    })
}

/// Nothing if one of the works is not plain.
fn sync(_: &Ruby, this: Obj<ZendeskClient>, works: RArray) -> Result<Option<Flow>, Error> {
    let Some(works) = plain::all(works, plain::work)? else {
        return Ok(None);
    };
    let flows = works
        .into_iter()
        .map(|work| zendesk::sync(&this.account, work));
    Ok(Some(Flow::of(flows, &this.policy, this.at_a_time)))
}

fn refresh(ruby: &Ruby, options: RHash) -> Result<Flow, Error> {
    let place: Place = convert::read(ruby, "options", options.as_value())?;
    let grant: Grant = convert::read(ruby, "options", options.as_value())?;
    let client = Client {
        id: grant.client_id,
        secret: grant.client_secret,
    };
    let flow = oauth::refresh(
        &place.base_url().or_raise(ruby)?,
        &client,
        &grant.refresh_token,
    );
    Ok(Flow::of([flow], &place.limits.policy(ruby)?, 1))
}

fn signed_in(ruby: &Ruby, options: RHash) -> Result<(Account, Policy), Error> {
    let place: Place = convert::read(ruby, "options", options.as_value())?;
    let credentials: Credentials = convert::read(ruby, "options", options.as_value())?;
    let base_url = place.base_url().or_raise(ruby)?;
    let account = Account::signed_in(base_url, credentials.auth().or_raise(ruby)?);
    Ok((account, place.limits.policy(ruby)?))
}

fn revoke(ruby: &Ruby, options: RHash) -> Result<Flow, Error> {
    let (account, policy) = signed_in(ruby, options)?;
    Ok(Flow::of([farewell::revoke(&account)], &policy, 1))
}

fn remove_hook(ruby: &Ruby, options: RHash, kind: String, id: String) -> Result<Flow, Error> {
    let (account, policy) = signed_in(ruby, options)?;
    let hook = Hook::named(&kind).or_raise(ruby)?;
    let flow = farewell::remove(&account, hook, &id).or_raise(ruby)?;
    Ok(Flow::of([flow], &policy, 1))
}

fn remove_webhooks_to(ruby: &Ruby, options: RHash, place: String) -> Result<Flow, Error> {
    let (account, policy) = signed_in(ruby, options)?;
    let flow = farewell::remove_to(&account, &place).or_raise(ruby)?;
    Ok(Flow::of([flow], &policy, 1))
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("ZendeskClient", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(function class, "new", new, 3)?;
    native!(function class, "refresh", refresh, 1)?;
    native!(function class, "revoke", revoke, 1)?;
    native!(function class, "remove_hook", remove_hook, 3)?;
    native!(function class, "remove_webhooks_to", remove_webhooks_to, 2)?;
    native!(method class, "sync", sync, 1)?;
    Ok(())
}
