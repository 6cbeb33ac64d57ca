//! Whether there are certificates to check remotes with, for who looks before anything is sent.

use magnus::{Error, Object, RHash, RModule, Ruby, value::ReprValue};
use pwb_crm_core::transport;

use crate::convert::{self, Limits};
use crate::entry::native;
use crate::errors::OrRaise;

fn check(ruby: &Ruby, limits: RHash) -> Result<(), Error> {
    let limits: Limits = convert::read(ruby, "limits", limits.as_value())?;
    transport::check_trust(&limits.policy(ruby)?).or_raise(ruby)
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    native!(function namespace, "check_trust", check, 1)
}
