//! What a value may be at most. What reads it goes as deep as it is, and one that holds itself would take the whole
//! stack, and the process with it. A number of more than 64 bits is the one thing that reading would raise for: so
//! whatever is raised after this check came from outside.

use magnus::r_hash::ForEach;
use magnus::{Error, Integer, RArray, RHash, Ruby, Value};

use crate::{errors, integer};

/// Ruby lets through less; see [`crate::plain::DEEPEST`].
const DEEPEST: usize = 64;

/// How a value goes too far.
type Excess = &'static str;

const TOO_DEEP: Excess = "is nested more than 64 deep";
const TOO_WIDE: Excess = "has a number of more than 64 bits";

/// # Errors
/// `PwbCrm::InternalError` naming `what`.
pub(crate) fn check(ruby: &Ruby, what: &str, value: Value) -> Result<(), Error> {
    match excess(value, DEEPEST)? {
        None => Ok(()),
        Some(excess) => Err(errors::fault(ruby, &format!("the border: {what} {excess}"))),
    }
}

fn excess(value: Value, room: usize) -> Result<Option<Excess>, Error> {
    if let Some(hash) = RHash::from_value(value) {
        in_hash(hash, room)
    } else if let Some(array) = RArray::from_value(value) {
        in_array(array, room)
    } else {
        let wide =
            Integer::from_value(value).is_some_and(|number| integer::narrow(number).is_none());
        Ok(wide.then_some(TOO_WIDE))
    }
}

fn in_hash(hash: RHash, room: usize) -> Result<Option<Excess>, Error> {
    let Some(room) = room.checked_sub(1) else {
        return Ok(Some(TOO_DEEP));
    };
    let mut found = None;
    hash.foreach(|_key: Value, value: Value| {
        found = excess(value, room)?;
        Ok(match found {
            None => ForEach::Continue,
            Some(_) => ForEach::Stop,
        })
    })?;
    Ok(found)
}

fn in_array(array: RArray, room: usize) -> Result<Option<Excess>, Error> {
    let Some(room) = room.checked_sub(1) else {
        return Ok(Some(TOO_DEEP));
    };
    for index in 0..array.len() {
        let value: Value = array.entry(index.try_into().unwrap_or(isize::MAX))?;
        if let Some(found) = excess(value, room)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
