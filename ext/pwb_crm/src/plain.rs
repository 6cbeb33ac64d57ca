//! The short way in, for what the core can take as it is: Hashes with String or Symbol keys, and text, numbers, true,
//! false and nil in them. That is what a host's records are made of most of the time. Anything else (a date, text in
//! another encoding, a value that is wrong) is none here: lib/pwb_crm/input.rb makes it plain, or says what is wrong.

use std::borrow::Cow;

use magnus::encoding::EncodingCapable;
use magnus::r_hash::ForEach;
use magnus::value::{Qfalse, Qtrue, ReprValue};
use magnus::{Error, Float, Integer, RArray, RHash, RString, Ruby, Symbol, Value};
use pwb_crm_core::work::Work;
use serde_json::{Map, Number, Value as Json};

use crate::convert::complaint;
use crate::integer;

/// A value as the core has it, or nothing where it is not plain.
pub(crate) type Plain<T> = Result<Option<T>, Error>;

/// How deep values may be nested, here and in input.rb.
pub(crate) const DEEPEST: usize = 20;

/// What must be a Hash where it is there at all.
const PARTS: [&str; 4] = ["contact", "requester", "property", "author"];

/// All of them, if each is plain.
///
/// # Errors
/// What Ruby raises meanwhile, which is never about a value: one that is not plain is none.
pub(crate) fn all<T>(
    values: RArray,
    mut read: impl FnMut(Value) -> Plain<T>,
) -> Result<Option<Vec<T>>, Error> {
    let mut plain = Vec::with_capacity(values.len());
    // By index: the Array is the caller's own, and stays so.
    for index in 0..values.len() {
        match read(values.entry(index.try_into().unwrap_or(isize::MAX))?)? {
            Some(value) => plain.push(value),
            None => return Ok(None),
        }
    }
    Ok(Some(plain))
}

/// A delivery, complete and with nothing to complain about.
pub(crate) fn work(value: Value) -> Plain<Work> {
    let Some(fields) = RHash::from_value(value) else {
        return Ok(None);
    };
    Ok(object(fields, 0)?.and_then(complete))
}

fn complete(fields: Map<String, Json>) -> Option<Work> {
    let mut work = present(fields);
    let key = key(work.get("key")?)?;
    work.insert("key".to_owned(), key.into());
    let record = work.get("record")?.as_object()?;
    if !PARTS.iter().all(|part| is_hash(record.get(*part))) || !is_hash(work.get("website")) {
        return None;
    }
    for place in ["link", "parent", "author"] {
        if let Some(given) = work.remove(place) {
            work.insert(place.to_owned(), self::place(given)?);
        }
    }
    serde_json::from_value(Json::Object(work)).ok()
}

/// A delivery with the id of an event.
pub(crate) fn event(value: Value) -> Plain<Work> {
    Ok(work(value)?.filter(|work| is_there(&work.event_id)))
}

/// A remote record: both its names are there.
fn place(given: Json) -> Option<Json> {
    let Json::Object(place) = given else {
        return None;
    };
    let place = present(place);
    let named = |name: &str| place.get(name).and_then(Json::as_str).is_some_and(is_there);
    (named("external_type") && named("external_id")).then_some(Json::Object(place))
}

fn present(mut fields: Map<String, Json>) -> Map<String, Json> {
    fields.retain(|_, value| !value.is_null());
    fields
}

fn key(given: &Json) -> Option<String> {
    match given {
        Json::String(text) if is_there(text) => Some(text.clone()),
        Json::Number(number) if number.is_i64() => Some(number.to_string()),
        _ => None,
    }
}

fn is_hash(part: Option<&Json>) -> bool {
    matches!(part, None | Some(Json::Null | Json::Object(_)))
}

fn is_there(text: &str) -> bool {
    !text
        .bytes()
        .all(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control())
}

/// A value `depth` deep.
pub(crate) fn plain(value: Value, depth: usize) -> Plain<Json> {
    if let Some(text) = RString::from_value(value) {
        return Ok(valid(text)?.map(Json::String));
    }
    if let Some(hash) = RHash::from_value(value) {
        return Ok(object(hash, depth)?.map(Json::Object));
    }
    match RArray::from_value(value) {
        Some(list) => Ok(array(list, depth)?.map(Json::Array)),
        None => Ok(scalar(value)),
    }
}

fn scalar(value: Value) -> Option<Json> {
    if let Some(number) = Integer::from_value(value) {
        return integer::narrow(number).map(Json::from);
    }
    if let Some(number) = Float::from_value(value) {
        return Number::from_f64(number.to_f64()).map(Json::Number);
    }
    if value.is_nil() {
        return Some(Json::Null);
    }
    let flag = Qtrue::from_value(value).is_some();
    (flag || Qfalse::from_value(value).is_some()).then_some(Json::Bool(flag))
}

fn object(hash: RHash, depth: usize) -> Plain<Map<String, Json>> {
    let mut fields = Map::new();
    let add = |name, value| Ok(self::name(name)?.map(|name| fields.insert(name, value).is_none()));
    let all = each_field(hash, depth, add)?;
    Ok(all.then_some(fields))
}

/// Whether all fields of a Hash that is `depth` deep are plain and could be added. `add` says whether the name is new:
/// one given twice, as Symbol and as String, is a mistake.
pub(crate) fn each_field(
    hash: RHash,
    depth: usize,
    mut add: impl FnMut(Value, Json) -> Plain<bool>,
) -> Result<bool, Error> {
    let mut good = depth <= DEEPEST;
    if !good {
        return Ok(false);
    }
    hash.foreach(|name: Value, value: Value| {
        good = match plain(value, depth + 1)? {
            Some(value) => add(name, value)? == Some(true),
            None => false,
        };
        Ok(match good {
            true => ForEach::Continue,
            false => ForEach::Stop,
        })
    })?;
    Ok(good)
}

fn array(list: RArray, depth: usize) -> Plain<Vec<Json>> {
    match depth > DEEPEST {
        true => Ok(None),
        false => all(list, |value| plain(value, depth + 1)),
    }
}

/// The name of a field.
pub(crate) fn name(name: Value) -> Plain<String> {
    match (Symbol::from_value(name), RString::from_value(name)) {
        (Some(name), _) if is_utf8(name) => taken(name.name().map(Cow::into_owned)),
        (Some(_), _) => Ok(None),
        (None, Some(name)) => valid(name),
        (None, None) => Ok(None),
    }
}

/// Whether a Symbol is text in UTF-8. Ruby makes a new String of any other when it is asked for its text.
fn is_utf8(name: Symbol) -> bool {
    let (ruby, encoding) = (Ruby::get_with(name), name.enc_get());
    encoding == ruby.utf8_encindex() || encoding == ruby.usascii_encindex()
}

/// Text that is UTF-8 as it is.
fn valid(text: RString) -> Plain<String> {
    match text.is_utf8_compatible_encoding() {
        true => taken(text.to_string()),
        false => Ok(None),
    }
}

/// None for text that is no UTF-8.
fn taken(text: Result<String, Error>) -> Plain<String> {
    text.map(Some)
        .or_else(|error| complaint(error).map(|_words| None))
}
