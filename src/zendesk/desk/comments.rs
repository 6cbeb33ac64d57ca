//! What is said in a ticket (Zendesk Ticketing API: Ticket Comments).

use serde_json::Value;

use super::audits::comment_in;
use super::tickets::out_of_reach;
use super::{Desk, with_body};
use crate::error::{Error, Kind};
use crate::flow::Method;
use crate::reply::text;
use crate::zendesk::payloads::{changed_text, is_change};
use crate::zendesk::reply::incomplete;

/// A comment as Zendesk tells it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::zendesk) struct Said {
    pub(in crate::zendesk) id: String,
    /// The ticket's modification time.
    pub(in crate::zendesk) version: Option<String>,
}

impl Desk {
    /// Adds a comment to a ticket; there is no other way to one (Zendesk Ticketing API: Update Ticket).
    pub(in crate::zendesk) async fn say(
        &mut self,
        ticket: u64,
        body: &Value,
    ) -> Result<Said, Error> {
        let request = self.request(Method::Put, &format!("tickets/{ticket}"));
        let answer = self.call(with_body(request, body)).await;
        let answer = answer.map_err(|error| out_of_reach(ticket, error))?;
        let updated = answer.body.get("ticket");
        if updated.and_then(|ticket| ticket.get("id")).is_none() {
            return Err(incomplete(answer.status, "the ticket's id"));
        }
        let said = answer.body.get("audit").and_then(comment_in);
        Ok(Said {
            id: said.ok_or_else(|| incomplete(answer.status, "the comment's id"))?,
            version: text(updated.and_then(|ticket| ticket.get("updated_at"))),
        })
    }

    /// Whether the ticket's text now reads `text`: the newest comment of ours, among the newest
    /// hundred, says so, or where there is none the description, which is the first comment.
    pub(in crate::zendesk) async fn reads(&mut self, id: u64, text: &str) -> Result<bool, Error> {
        let comments = self.comments(id).await?;
        let bodies = || comments.iter().filter_map(|one| one.get("body")?.as_str());
        let wanted = changed_text(text);
        Ok(match bodies().find(|body| is_change(body)) {
            Some(newest) => same_words(newest, &wanted),
            None => bodies()
                .next_back()
                .is_some_and(|first| same_words(first, text)),
        })
    }

    /// The newest hundred, newest first (Zendesk Ticketing API: List Comments).
    async fn comments(&mut self, ticket: u64) -> Result<Vec<Value>, Error> {
        let path = format!("tickets/{ticket}/comments?sort=-created_at");
        let answer = self.call(self.request(Method::Get, &path)).await;
        let mut answer = answer.map_err(|error| out_of_reach(ticket, error))?;
        match answer.body.get_mut("comments").map(Value::take) {
            Some(Value::Array(comments)) => Ok(comments),
            _ => Err(incomplete(answer.status, "a list of comments")),
        }
    }
}

/// Whether the author of a comment is not, or no longer, somebody who can write one.
pub(in crate::zendesk) fn is_author_refused(error: &Error) -> bool {
    let named = |text: &str| text.to_lowercase().contains("author");
    error.kind == Kind::Validation
        && error
            .details
            .iter()
            .any(|detail| detail.field.as_deref().is_some_and(named) || named(&detail.message))
}

/// Whether both say the same but for blanks, which Zendesk may lay out anew.
fn same_words(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}
