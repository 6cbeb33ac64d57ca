//! Which value of a Hash could not be read. Reading says only that one could not, and keeping account
//! of the place costs time, so the value is read once more when it is known to be wrong.

use std::cell::RefCell;
use std::marker::PhantomData;

use magnus::{Error, Ruby, Value};
use serde::{Deserialize, Deserializer};
use serde_magnus::deserialize;

use crate::convert;

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Reads a `T` and notes where that failed.
struct Traced<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Traced<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match serde_path_to_error::deserialize::<D, T>(deserializer) {
            Ok(_) => Ok(Self(PhantomData)),
            Err(wrong) => {
                PLACE.set(Some(wrong.path().to_string()));
                Err(wrong.into_inner())
            }
        }
    }
}

/// The place of the wrong value, for example `works[3].action`.
///
/// # Errors
/// What is raised in this thread meanwhile.
pub(crate) fn place<T: for<'de> Deserialize<'de>>(
    ruby: &Ruby,
    what: &str,
    value: Value,
) -> Result<String, Error> {
    let again: Result<Traced<T>, Error> = deserialize(ruby, value);
    let place = PLACE.take();
    let Err(error) = again else {
        return Ok(what.to_owned());
    };
    convert::complaint(error)?;
    Ok(match place.as_deref() {
        None | Some(".") => what.to_owned(),
        Some(index) if index.starts_with('[') => format!("{what}{index}"),
        Some(field) => format!("{what}.{field}"),
    })
}
