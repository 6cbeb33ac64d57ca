//! A reply as a public comment.

use serde_json::{Map, Value, json};

use super::{Payloads, wrapped};
use crate::record::Reply;
use crate::zendesk::limits;

/// Under this name the audit of its update keeps a reply's mark.
pub(in crate::zendesk) const MARK: &str = "pwb_external_id";

impl Payloads<'_> {
    /// `PUT /api/v2/tickets/{id}` with a public comment (Zendesk Ticketing API: Update Ticket). Without an author it
    /// is the connected user's.
    pub fn reply(&self, reply: &Reply<'_>, author_id: Option<u64>) -> Value {
        let body = json!(limits::comment(reply.text(), ""));
        let author = author_id.map(|id| ("author_id".to_owned(), Value::from(id)));
        let comment = [
            ("body".to_owned(), body),
            ("public".to_owned(), Value::Bool(true)),
        ];
        let comment: Map<_, _> = comment.into_iter().chain(author).collect();
        let said = ("comment".to_owned(), comment.into());
        let marked = |mark| ("metadata".to_owned(), json!({MARK: mark}));
        let fields = [said].into_iter().chain(self.mark(reply).map(marked));
        wrapped("ticket", fields.collect())
    }

    /// What a look-up knows the reply by: the same for each attempt, whatever it says by now.
    pub(in crate::zendesk) fn mark(&self, reply: &Reply<'_>) -> Option<String> {
        self.external_id("comment", &reply.comment().id)
    }
}
