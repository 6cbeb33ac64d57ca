//! `PwbCrm::Native::WebhookSigner`: signatures after Standard Webhooks.

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::value::{InnerValue, Lazy};
use magnus::{
    Class, Error, Module, Object, RArray, RModule, RString, Ruby, TypedData, Value,
    value::ReprValue,
};
use pwb_crm_core::error::Error as CoreError;
use pwb_crm_core::transport::now;
use pwb_crm_core::webhook::{self, Secret, Signer};

use crate::convert;
use crate::entry::native;
use crate::errors::OrRaise;

/// The names of the headers, made once: a Hash would copy and freeze each anew.
static NAMES: [Lazy<RString>; 3] = [
    Lazy::new(|ruby| ruby.str_new(webhook::ID).to_interned_str()),
    Lazy::new(|ruby| ruby.str_new(webhook::TIMESTAMP).to_interned_str()),
    Lazy::new(|ruby| ruby.str_new(webhook::SIGNATURE).to_interned_str()),
];

#[derive(TypedData)]
#[magnus(
    class = "PwbCrm::Native::WebhookSigner",
    free_immediately,
    frozen_shareable,
    size
)]
struct WebhookSigner {
    signer: Signer,
}

impl DataTypeFunctions for WebhookSigner {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

/// The secrets of an endpoint, one or several.
///
/// # Errors
/// `PwbCrm::ConfigurationError` when one is none.
pub(crate) fn secrets(ruby: &Ruby, texts: RArray) -> Result<Vec<Secret>, Error> {
    let texts: Vec<String> = convert::read(ruby, "secrets", texts.as_value())?;
    let secrets: Result<Vec<Secret>, CoreError> =
        texts.iter().map(|text| Secret::parse(text)).collect();
    secrets.or_raise(ruby)
}

fn new(ruby: &Ruby, texts: RArray) -> Result<WebhookSigner, Error> {
    let signer = Signer::new(secrets(ruby, texts)?).or_raise(ruby)?;
    Ok(WebhookSigner { signer })
}

fn sign(
    ruby: &Ruby,
    this: Obj<WebhookSigner>,
    body: RString,
    id: String,
    timestamp: u64,
) -> Result<Value, Error> {
    let signed = this.signer.sign(&id, timestamp, &body.to_bytes());
    let headers = ruby.hash_new_capa(NAMES.len());
    for (name, (_, value)) in NAMES.iter().zip(signed.or_raise(ruby)?.into_headers()) {
        headers.aset(name.get_inner_with(ruby), value)?;
    }
    Ok(headers.as_value())
}

fn verify(
    ruby: &Ruby,
    this: Obj<WebhookSigner>,
    body: RString,
    headers: RArray,
    tolerance: u64,
) -> Result<bool, Error> {
    let headers: Vec<(String, String)> = convert::read(ruby, "headers", headers.as_value())?;
    let verdict = this
        .signer
        .verify(&body.to_bytes(), &headers, now() / 1_000, tolerance);
    verdict.map(|()| true).or_raise(ruby)
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("WebhookSigner", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(function class, "new", new, 1)?;
    native!(method class, "sign", sign, 3)?;
    native!(method class, "verify", verify, 3)?;
    Ok(())
}
