//! Zendesk's users and tickets: one record a call.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::routes::Answer;
use crate::state::State;

const TIME: &str = "2026-01-01T12:00:00Z";

#[derive(Deserialize, Default)]
struct Body {
    #[serde(default)]
    user: User,
}

#[derive(Deserialize, Default)]
struct User {
    email: Option<String>,
    external_id: Option<String>,
}

pub(crate) fn answer(
    method: &str,
    resource: &str,
    path: &str,
    body: &[u8],
    state: &mut State,
) -> Answer {
    let user = resource == "users";
    if method == "GET" {
        let none = if user {
            json!({"users": []})
        } else {
            json!({"tickets": []})
        };
        return (200, none.to_string().into());
    }
    state.counts.records += 1;
    let (id, new) = match user {
        true => state.id_of(key(body)),
        false => (state.id(), true),
    };
    let id = named(path).unwrap_or(id);
    let status = if new && method == "POST" { 201 } else { 200 };
    (status, shown(user, id).to_string().into())
}

fn key(body: &[u8]) -> Option<String> {
    let Body { user } = serde_json::from_slice(body).unwrap_or_default();
    let key = user.email.or(user.external_id)?;
    Some(format!("user {}", key.to_lowercase()))
}

/// The id in the path of an update.
fn named(path: &str) -> Option<u64> {
    let last = path.rsplit('/').next()?;
    last.trim_end_matches(".json").parse().ok()
}

fn shown(user: bool, id: u64) -> Value {
    match user {
        true => json!({"user": {"id": id, "role": "end-user", "active": true, "updated_at": TIME}}),
        false => {
            json!({"ticket": {"id": id, "status": "new", "updated_at": TIME}, "audit": {"id": id}})
        }
    }
}
