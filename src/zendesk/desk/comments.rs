//! What is said in a ticket (Zendesk Ticketing API: Ticket Comments).

use serde_json::{Value, json};

use super::tickets::out_of_reach;
use super::{Answer, Desk, with_body};
use crate::error::{Error, Kind};
use crate::flow::Method;
use crate::moment;
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

/// A reply to look for.
pub(in crate::zendesk) struct Sought<'a> {
    pub(in crate::zendesk) text: &'a str,
    /// When the host's reply was written.
    pub(in crate::zendesk) since: Option<&'a str>,
    /// Ids that are known to be other replies'.
    pub(in crate::zendesk) taken: &'a [String],
}

impl Sought<'_> {
    fn is(&self, comment: &Value) -> bool {
        let said = comment.get("body").and_then(Value::as_str);
        let made_at = text(comment.get("created_at"));
        comment.get("public") == Some(&json!(true))
            && said.is_some_and(|said| same_words(said, self.text))
            && moment::is_since(made_at.as_deref(), self.since)
            && text(comment.get("id")).is_some_and(|id| !self.taken.contains(&id))
    }
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
        Ok(Said {
            id: said_in(&answer).ok_or_else(|| incomplete(answer.status, "the comment's id"))?,
            version: text(updated.and_then(|ticket| ticket.get("updated_at"))),
        })
    }

    /// The oldest of the ticket's newest hundred comments that is the one sought.
    pub(in crate::zendesk) async fn said(
        &mut self,
        ticket: u64,
        sought: &Sought<'_>,
    ) -> Result<Option<String>, Error> {
        let comments = self.comments(ticket).await?;
        let found = comments.iter().rev().find(|comment| sought.is(comment));
        Ok(found.and_then(|comment| text(comment.get("id"))))
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

/// The id of the comment that an update made: that of its event in the audit (Zendesk Ticketing API: Ticket Audits).
fn said_in(answer: &Answer) -> Option<String> {
    let events = answer.body.get("audit")?.get("events")?.as_array()?;
    let comment = events
        .iter()
        .find(|event| event.get("type") == Some(&json!("Comment")))?;
    text(comment.get("id"))
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
