//! One delivery to a receiver.

use serde_json::{Map, Value};

use super::endpoint::Endpoint;
use super::event::{data, event, event_type};
use super::reply::verdict;
use super::signer::check_id;
use super::{EVENT, MAPPING_VERSION};
use crate::error::Error;
use crate::flow::{Flow, HostRule, Io, Method, Request, USER_AGENT};
use crate::outcome::{Did, Outcome};
use crate::record::{Record, Reply};
use crate::work::{Action, Work};

/// Delivers `work` as one signed event. A repeat carries the same id, so that the receiver can
/// drop it; the signature is made at the attempt.
pub fn sync(endpoint: &Endpoint, work: Work) -> Flow {
    let endpoint = endpoint.clone();
    Flow::new(move |io| async move {
        let outcome = match needless(&endpoint, &work) {
            Some(outcome) => outcome,
            None => deliver(&io, &endpoint, &work).await,
        };
        vec![Outcome {
            calls: io.calls(),
            ..outcome
        }]
    })
}

/// The outcome of a delivery that needs no request. In doubt each needs one: the receiver may know
/// more than the link.
fn needless(endpoint: &Endpoint, work: &Work) -> Option<Outcome> {
    if let Record::Comment(comment) = &work.record
        && work.action != Action::Erase
    {
        return Reply::due(work, comment).err().map(|outcome| *outcome);
    }
    match (work.action, &work.link) {
        _ if work.doubt => None,
        (Action::Delete | Action::Erase, None) => Some(Outcome::skipped(
            &work.key,
            "deleted before the receiver was ever told of it",
        )),
        (Action::Upsert, Some(link)) => endpoint
            .shadow_key
            .changed(&shadowed(data(&work.record)), Some(link), MAPPING_VERSION)
            .is_empty()
            .then(|| Outcome::unchanged(work)),
        _ => None,
    }
}

async fn deliver(io: &Io, endpoint: &Endpoint, work: &Work) -> Outcome {
    match attempt(io, endpoint, work).await {
        Ok(data) => delivered(endpoint, work, data),
        Err(error) => {
            io.note_error(&error);
            Outcome::failed_delivery(work, error)
        }
    }
}

/// Sends the event, and gives the data that it carried.
async fn attempt(io: &Io, endpoint: &Endpoint, work: &Work) -> Result<Value, Error> {
    let mut event = event(work);
    let request = signed_request(endpoint, work, &event, io.now() / 1_000)?;
    let response = io.send(request).await?;
    verdict(&response, io.now())?;
    Ok(event.get_mut("data").map(Value::take).unwrap_or_default())
}

fn signed_request(
    endpoint: &Endpoint,
    work: &Work,
    event: &Value,
    timestamp: u64,
) -> Result<Request, Error> {
    check_id("event_id", &work.event_id)?;
    let request = Request::new(Method::Post, endpoint.url.as_str(), HostRule::Public)
        .json(event)
        .fields(event.as_object().into_iter().flat_map(Map::keys))
        .header("user-agent", USER_AGENT)
        .header("x-pwb-event", event_type(work));
    let body = request.body.as_deref().unwrap_or_default();
    let signed = endpoint.signer.sign(&work.event_id, timestamp, body)?;
    let headers = signed.into_headers().into_iter();
    Ok(headers.fold(request, |request, (name, value)| {
        request.header(name, value)
    }))
}

fn delivered(endpoint: &Endpoint, work: &Work, data: Value) -> Outcome {
    let did = match (work.action, &work.link) {
        (Action::Delete | Action::Erase, _) => Did::Deleted,
        (Action::Upsert, None) => Did::Created,
        (Action::Upsert, Some(_)) => Did::Updated,
    };
    let outcome = Outcome::succeeded(&work.key, did, EVENT, &work.event_id);
    if did == Did::Deleted {
        return outcome;
    }
    let shadow = endpoint.shadow_key.digests(&shadowed(data));
    outcome.with_shadow(shadow, MAPPING_VERSION)
}

/// What counts as the same event: the record's data, not the id and the time of the event.
fn shadowed(data: Value) -> Map<String, Value> {
    Map::from_iter([("data".to_owned(), data)])
}

#[cfg(test)]
#[path = "sync_tests.rs"]
mod tests;
