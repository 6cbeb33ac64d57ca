//! What Zoho says of a notification channel (Zoho CRM v8: Notification APIs).

use serde_json::Value;

use super::{Refusal, Result, json, whole};
use crate::flow::Response;

/// Whether a channel is no more. Zoho tells of each module that it was for; one that ran out or was
/// removed before is fine.
pub(in crate::zoho) fn unsubscribed(response: &Response) -> Result<()> {
    if response.status == 204 {
        return Ok(());
    }
    let body = json(response)?;
    let refusals = match body.get("watch").and_then(Value::as_array) {
        Some(items) => refused(items, response),
        None => vec![whole(&body, response)],
    };
    match refusals.into_iter().find(|refusal| !refusal.is_gone()) {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}

fn refused(items: &[Value], response: &Response) -> Vec<Refusal> {
    let done = |item: &&Value| item.get("code").and_then(Value::as_str) == Some("SUCCESS");
    let refused = items.iter().filter(|item| !done(item));
    refused.map(|item| Refusal::read(item, response)).collect()
}
