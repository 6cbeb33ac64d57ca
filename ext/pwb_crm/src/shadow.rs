//! `PwbCrm::Native::Shadow`: the hashes of what a remote tells that it holds.

use magnus::{Error, Module, Object, RHash, RModule, RString, Ruby};
use serde_json::{Map, Value as Json};

use crate::entry::native;
use crate::{convert, errors};

/// The hash of each field of an object, as deliveries keep it. It comes as JSON, as the remote has told it.
fn digests(ruby: &Ruby, key: RString, fields: RString) -> Result<RHash, Error> {
    let text = fields.to_bytes();
    let fields: Map<String, Json> = serde_json::from_slice(&text)
        .map_err(|_| errors::fault(ruby, "Shadow: the fields are no JSON object"))?;
    let digests = convert::shadow_key(key).digests(&fields);
    Ok(ruby.hash_from_iter(digests))
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    let module = namespace.define_module("Shadow")?;
    native!(function module, "digests", digests, 2)?;
    Ok(())
}
