//! Zoho CRM's record API: one result for each record of `data`, in its order.

use hyper::body::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::routes::Answer;
use crate::state::State;

const TIME: &str = "2026-01-01T12:00:00+00:00";

#[derive(Deserialize)]
struct Body {
    data: Vec<Record>,
}

/// The rest of a record is taken on trust.
#[derive(Deserialize)]
struct Record {
    id: Option<String>,
    #[serde(rename = "Email")]
    email: Option<String>,
}

pub(crate) fn answer(
    method: &str,
    module: &str,
    rest: &[&str],
    body: &[u8],
    state: &mut State,
) -> Answer {
    if method == "GET" {
        return (204, Bytes::new());
    }
    let Ok(Body { data }) = serde_json::from_slice(body) else {
        let fault =
            json!({"code": "INVALID_DATA", "status": "error", "message": "body", "details": {}});
        return (400, fault.to_string().into());
    };
    state.counts.records += u64::try_from(data.len()).unwrap_or_default();
    let results: Vec<Value> = data
        .into_iter()
        .map(|record| match (method, rest) {
            ("POST", ["upsert"]) => upsert(module, record, state),
            ("POST", _) => added(state.id(), None),
            (_, [id]) => changed(id, None),
            _ => changed(&record.id.unwrap_or_default(), None),
        })
        .collect();
    let status = if (method, rest) == ("POST", &[]) {
        201
    } else {
        200
    };
    (status, json!({ "data": results }).to_string().into())
}

fn upsert(module: &str, record: Record, state: &mut State) -> Value {
    let key = record
        .email
        .map(|email| format!("{module} {}", email.to_lowercase()));
    match state.id_of(key) {
        (id, true) => added(id, Some("insert")),
        (id, false) => changed(&id.to_string(), Some("update")),
    }
}

pub(crate) fn added(id: u64, action: Option<&str>) -> Value {
    result(&id.to_string(), action, "record added")
}

fn changed(id: &str, action: Option<&str>) -> Value {
    result(id, action, "record updated")
}

fn result(id: &str, action: Option<&str>, message: &str) -> Value {
    let by = json!({"name": "Ana", "id": "554023000000235011"});
    let mut result = json!({
        "code": "SUCCESS", "status": "success", "message": message,
        "details": {"id": id, "Created_Time": TIME, "Modified_Time": TIME, "Created_By": by, "Modified_By": by},
    });
    if let (Some(action), Some(fields)) = (action, result.as_object_mut()) {
        fields.insert("action".to_owned(), action.into());
        fields.insert("duplicate_field".to_owned(), Value::Null);
    }
    result
}
