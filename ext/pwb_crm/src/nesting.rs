//! How deep a value may be nested. What reads it goes as deep as it is, and one that holds itself would
//! take the whole stack, and the process with it.

use magnus::r_hash::ForEach;
use magnus::{Error, RArray, RHash, Ruby, Value};

use crate::errors;

/// Ruby lets through less; see [`crate::plain::DEEPEST`].
const DEEPEST: usize = 64;

/// # Errors
/// `PwbCrm::InternalError` naming `what`.
pub(crate) fn check(ruby: &Ruby, what: &str, value: Value) -> Result<(), Error> {
    if fits(ruby, value, DEEPEST)? {
        return Ok(());
    }
    let place = format!("the border: {what} is nested more than {DEEPEST} deep");
    Err(errors::fault(ruby, &place))
}

fn fits(ruby: &Ruby, value: Value, room: usize) -> Result<bool, Error> {
    if let Some(hash) = RHash::from_value(value) {
        hash_fits(ruby, hash, room)
    } else if let Some(array) = RArray::from_value(value) {
        array_fits(ruby, array, room)
    } else {
        Ok(true)
    }
}

fn hash_fits(ruby: &Ruby, hash: RHash, room: usize) -> Result<bool, Error> {
    let Some(room) = room.checked_sub(1) else {
        return Ok(false);
    };
    let mut all = true;
    hash.foreach(|_key: Value, value: Value| {
        all = fits(ruby, value, room)?;
        Ok(if all {
            ForEach::Continue
        } else {
            ForEach::Stop
        })
    })?;
    Ok(all)
}

fn array_fits(ruby: &Ruby, array: RArray, room: usize) -> Result<bool, Error> {
    let Some(room) = room.checked_sub(1) else {
        return Ok(false);
    };
    for index in 0..array.len() {
        let value: Value = array.entry(index.try_into().unwrap_or(isize::MAX))?;
        if !fits(ruby, value, room)? {
            return Ok(false);
        }
    }
    Ok(true)
}
