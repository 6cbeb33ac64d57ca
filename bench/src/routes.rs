//! Who answers what.

use hyper::body::Bytes;
use hyper::header::HeaderValue;
use hyper::http::request::Parts;
use serde_json::json;

use crate::state::{self, State};
use crate::{desk, zoho};

/// Status and JSON.
pub(crate) type Answer = (u16, Bytes);

pub(crate) fn content_type() -> HeaderValue {
    HeaderValue::from_static("application/json;charset=UTF-8")
}

/// Whether the bench speaks to the sink itself.
pub(crate) fn is_control(head: &Parts) -> bool {
    head.uri.path().starts_with("/sink/")
}

pub(crate) fn answer(head: &Parts, body: &[u8], state: &mut State) -> Answer {
    if is_control(head) {
        return control(head, state);
    }
    state.counts.requests += 1;
    let (method, path) = (head.method.as_str(), head.uri.path());
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        ["crm", _, _, "upsert"] if state.canned.is_some() => {
            (200, state.canned.clone().unwrap_or_default())
        }
        ["crm", _version, module, rest @ ..] => zoho::answer(method, module, rest, body, state),
        ["api", "v2", resource, ..] => desk::answer(method, resource, path, body, state),
        _ => {
            state.counts.records += 1;
            (200, "{}".into())
        }
    }
}

fn control(head: &Parts, state: &mut State) -> Answer {
    if head.uri.path() == "/sink/reset" {
        let query = head.uri.query().unwrap_or_default();
        let asked = query.strip_prefix("latency=").unwrap_or("0");
        match state::milliseconds(asked) {
            Ok(latency) => state.reset(latency),
            Err(fault) => return (400, json!({ "error": fault }).to_string().into()),
        }
    }
    (200, json!(state.counts).to_string().into())
}
