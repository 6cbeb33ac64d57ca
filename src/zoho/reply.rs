//! Reading what Zoho CRM answers.
//!
//! There are two envelopes: `{"data":[…]}` with a result for each record in the order of the
//! request, and a single `{code,status,message,details}` for faults of the whole request. Either
//! may come with any status (207 for a mixed batch, 202 or 400 for one that failed whole), so each
//! result is decided by its code (Zoho CRM v7/v8: Insert, Upsert, Update and Delete records).

mod catalogue;
mod refusal;

use serde_json::Value;

pub(super) use refusal::Refusal;

use crate::error::{Error, Kind, Sent};
use crate::flow::Response;
use crate::outcome::Did;
use crate::reply;

/// How errors call the remote.
pub(super) const SYSTEM: &str = "Zoho CRM";

/// A record as Zoho acknowledged it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Saved {
    /// The remote id; none where the answer leaves it out.
    pub(super) id: Option<String>,
    /// The time of the modification: the remote's own version of the record.
    pub(super) version: Option<String>,
    /// Only an upsert says whether it created or updated.
    pub(super) did: Option<Did>,
}

/// What became of one record.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// The results of `count` records, in their order; an error if the request failed as a whole.
pub(super) fn results(response: &Response, count: usize) -> Result<Vec<Result<Saved>>> {
    let body = json(response)?;
    let Some(items) = body.get("data").and_then(Value::as_array) else {
        return Err(whole(&body, response));
    };
    // Some faults of the whole request (a dead token) come as its only result.
    if let [fault] = items.as_slice()
        && count > 1
        && !response.is_success()
    {
        return Err(Refusal::read(fault, response));
    }
    let mut results: Vec<_> = items
        .iter()
        .take(count)
        .map(|item| one(item, response))
        .collect();
    results.resize_with(count, || Err(missing(response)));
    Ok(results)
}

/// The result of the only record of a request.
pub(super) fn result(response: &Response) -> Result<Saved> {
    let only = results(response, 1)?.pop();
    only.unwrap_or_else(|| Err(missing(response)))
}

/// The rows of a list; none for 204. A list that cannot be read is an error.
pub(super) fn rows(response: &Response) -> Result<(Vec<Value>, bool)> {
    if response.status == 204 {
        return Ok((Vec::new(), false));
    }
    let body = json(response)?;
    match (
        response.is_success(),
        body.get("data").and_then(Value::as_array),
    ) {
        (true, Some(rows)) => Ok((rows.clone(), more_records(&body))),
        (_, Some(items)) => Err(Refusal::read(items.first().unwrap_or(&body), response)),
        (_, None) => Err(whole(&body, response)),
    }
}

fn json(response: &Response) -> Result<Value> {
    Ok(reply::json(response, SYSTEM)?)
}

fn more_records(body: &Value) -> bool {
    let more = body.pointer("/info/more_records");
    more.and_then(Value::as_bool).unwrap_or_default()
}

fn one(item: &Value, response: &Response) -> Result<Saved> {
    if item.get("code").and_then(Value::as_str) != Some("SUCCESS") {
        return Err(Refusal::read(item, response));
    }
    Ok(Saved {
        id: reply::text(item.pointer("/details/id")),
        version: reply::text(item.pointer("/details/Modified_Time")),
        did: did(item.get("action")),
    })
}

fn did(action: Option<&Value>) -> Option<Did> {
    match action?.as_str()? {
        "insert" => Some(Did::Created),
        "update" => Some(Did::Updated),
        _ => None,
    }
}

/// An answer without results: a fault of the request, or nothing we know.
fn whole(body: &Value, response: &Response) -> Refusal {
    let says_why = body.get("code").is_some() || body.get("error").is_some();
    if says_why || !response.is_success() {
        return Refusal::read(body, response);
    }
    missing(response)
}

/// Zoho accepted the request, but does not say what became of the record.
fn missing(response: &Response) -> Refusal {
    let status = response.status;
    let message = format!(
        "{SYSTEM} answered {status} without saying what became of the record; it will be looked \
         up and tried again"
    );
    Error::answered(Kind::Remote, status, message)
        .with_sent(Sent::Maybe)
        .into()
}

#[cfg(test)]
mod tests;
