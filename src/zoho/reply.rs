//! Reading what Zoho CRM answers.
//!
//! There are two envelopes: `{"data":[…]}` with a result for each record in the order of the
//! request, and a single `{code,status,message,details}` for faults of the whole request. Either
//! may come with any status (207 for a mixed batch, 202 or 400 for one that failed whole), so each
//! result is decided by its code (Zoho CRM v7/v8: Insert, Upsert, Update and Delete records).

mod accepted;
mod catalogue;
mod refusal;
mod watch;

use serde_json::Value;

pub(super) use refusal::Refusal;
pub(super) use watch::unsubscribed;

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
    /// When the record was made.
    pub(super) made_at: Option<String>,
    /// Only an upsert says whether it created or updated.
    pub(super) did: Option<Did>,
}

/// What became of one record.
pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// The results of `count` records, in their order; an error if the request failed as a whole.
pub(super) fn results(response: &Response, count: usize) -> Result<Vec<Result<Saved>>> {
    if let Some(saved) = accepted::all(response, count) {
        return Ok(saved.into_iter().map(Ok).collect());
    }
    let body = json(response)?;
    match items(&body, count, response) {
        Items::Each(items) => Ok(items.iter().map(|item| one(item, response)).collect()),
        Items::Whole(fault) => Err(whole(fault, response)),
        Items::Unclear => Ok((0..count).map(|_| Err(missing(response))).collect()),
    }
}

/// What an answer says of the records it was asked about.
enum Items<'a> {
    /// Something of each, in their order.
    Each(&'a [Value]),
    /// One thing of all.
    Whole(&'a Value),
    /// Of more or fewer: whose result is whose cannot be told.
    Unclear,
}

fn items<'a>(body: &'a Value, count: usize, response: &Response) -> Items<'a> {
    match body.get("data").and_then(Value::as_array) {
        None => Items::Whole(body),
        Some(items) if items.len() == count => Items::Each(items),
        // Some faults of the whole request (a dead token) come as its only result.
        Some(items) => match items.as_slice() {
            [fault] if !response.is_success() => Items::Whole(fault),
            _ => Items::Unclear,
        },
    }
}

/// The answer to a request about several records, as an answer to each of them.
pub(super) struct Shares {
    response: Response,
    body: Value,
    count: usize,
}

impl Shares {
    /// None if it cannot be read: then it answers each of them as it is. What all were refused for together, as for
    /// their size, says enough without a body.
    pub(super) fn of(response: &Response, count: usize) -> Option<Self> {
        let body = match json(response) {
            Err(refusal) if refusal.error.kind == Kind::Validation => Value::Null,
            body => body.ok()?,
        };
        Some(Self {
            body,
            response: response.clone(),
            count,
        })
    }

    /// The refusal, if all were refused for what only one of them may be to blame for.
    pub(super) fn blame(&self) -> Option<Refusal> {
        let Items::Whole(fault) = items(&self.body, self.count, &self.response) else {
            return None;
        };
        let refusal = whole(fault, &self.response);
        let of_one = matches!(
            refusal.error.kind,
            Kind::Validation | Kind::NotFound | Kind::Internal
        );
        (of_one && refusal.error.sent == Sent::Yes).then_some(refusal)
    }

    /// The answer to the record at `place`.
    pub(super) fn one(&self, place: usize) -> Response {
        match items(&self.body, self.count, &self.response) {
            Items::Each(items) => self.with(items.get(place)),
            Items::Whole(_) => self.response.clone(),
            Items::Unclear => self.with(None),
        }
    }

    fn with(&self, item: Option<&Value>) -> Response {
        let items: Vec<&Value> = item.into_iter().collect();
        let body = serde_json::json!({ "data": items });
        Response {
            body: body.to_string().into_bytes(),
            status: self.response.status,
            headers: self.response.headers.clone(),
        }
    }
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

/// The number of the organisation that was asked about.
pub(super) fn organisation(response: &Response) -> Result<String> {
    let body = json(response)?;
    let number = body.pointer("/org/0/zgid").or(body.pointer("/org/0/id"));
    match reply::text(number).filter(|number| response.is_success() && !number.is_empty()) {
        Some(number) => Ok(number),
        None => Err(whole(&body, response)),
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
        made_at: reply::text(item.pointer("/details/Created_Time")),
        did: did(item.get("action").and_then(Value::as_str)),
    })
}

fn did(action: Option<&str>) -> Option<Did> {
    match action? {
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
