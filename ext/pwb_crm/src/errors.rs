//! Errors on their way to Ruby. The classes are defined and documented in lib/pwb_crm/errors.rb.

use magnus::{Error, Exception, Module, RModule, Ruby, Value, prelude::*};
use pwb_crm_core::error::{Error as CoreError, Kind, Sent};
use serde_magnus::serialize;

use crate::panics::Place;

/// An error of the core that is about to be raised.
struct Raised<'a> {
    ruby: &'a Ruby,
    error: &'a CoreError,
}

/// The one way from the core's errors to Ruby's: an exception of the class for its kind.
impl From<Raised<'_>> for Error {
    fn from(Raised { ruby, error }: Raised<'_>) -> Self {
        build(ruby, error).map_or_else(|why| why, Error::from)
    }
}

/// The error of the core as an exception.
pub(crate) fn exception(ruby: &Ruby, error: &CoreError) -> Error {
    Raised { ruby, error }.into()
}

/// Turns what the core refuses into an exception.
pub(crate) trait OrRaise<T> {
    fn or_raise(self, ruby: &Ruby) -> Result<T, Error>;
}

impl<T> OrRaise<T> for Result<T, CoreError> {
    fn or_raise(self, ruby: &Ruby) -> Result<T, Error> {
        self.map_err(|error| exception(ruby, &error))
    }
}

/// A fault of our own: something that cannot be.
pub(crate) fn fault(ruby: &Ruby, place: &str) -> Error {
    internal(
        ruby,
        format!("pwb_crm failed inside {place}. This is a bug of the gem: please report it"),
    )
}

/// A panic, told by its place. Something may have been sent before it.
pub(crate) fn panicked(ruby: &Ruby, what: &str, place: &Place) -> Error {
    let message = format!(
        "pwb_crm failed inside {what}, at {place}. This is a bug of the gem: please report it"
    );
    exception(
        ruby,
        &CoreError::new(Kind::Internal, message).with_sent(Sent::Maybe),
    )
}

/// Something that is no fault of the caller.
pub(crate) fn internal(ruby: &Ruby, message: impl Into<String>) -> Error {
    exception(ruby, &CoreError::new(Kind::Internal, message))
}

/// No thread or no descriptor was to be had, so nothing was sent; it may go better later.
pub(crate) fn exhausted(ruby: &Ruby, why: &std::io::Error) -> Error {
    let kind = why.kind();
    let message = format!(
        "the system gave pwb_crm no thread or descriptor ({kind}): raise the limits of the process"
    );
    exception(ruby, &CoreError::new(Kind::Connection, message))
}

/// The process was forked in the middle of a request, which belongs to the parent.
pub(crate) fn forked(ruby: &Ruby) -> Error {
    let message = "this process was forked in the middle of the request, which goes on in its parent: \
                   whether it arrived is known there";
    let error = CoreError::new(Kind::Connection, message).with_sent(Sent::Maybe);
    exception(ruby, &error)
}

pub(crate) fn build(ruby: &Ruby, error: &CoreError) -> Result<Exception, Error> {
    let attributes: Value = serialize(ruby, error)?;
    let namespace: RModule = ruby.class_object().const_get("PwbCrm")?;
    let root: Value = namespace.const_get("Error")?;
    root.funcall("build", (attributes,))
}
