//! A reply as a public comment.

use serde_json::{Map, Value, json};

use super::wrapped;
use crate::record::Reply;
use crate::zendesk::limits;

/// `PUT /api/v2/tickets/{id}` with a public comment (Zendesk Ticketing API: Update Ticket). Without an author it is
/// the connected user's.
pub fn reply(reply: &Reply<'_>, author_id: Option<u64>) -> Value {
    let body = json!(limits::comment(reply.text(), ""));
    let author = author_id.map(|id| ("author_id".to_owned(), Value::from(id)));
    let comment = [
        ("body".to_owned(), body),
        ("public".to_owned(), Value::Bool(true)),
    ];
    let comment: Map<_, _> = comment.into_iter().chain(author).collect();
    wrapped(
        "ticket",
        Map::from_iter([("comment".to_owned(), comment.into())]),
    )
}
