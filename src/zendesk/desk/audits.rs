//! The updates of a ticket, each with what its caller wanted to be kept with it (Zendesk Ticketing API: Ticket
//! Audits).

use serde_json::{Value, json};

use super::Desk;
use super::tickets::out_of_reach;
use crate::error::Error;
use crate::flow::Method;
use crate::moment;
use crate::reply::text;
use crate::zendesk::payloads::MARK;
use crate::zendesk::reply::incomplete;

/// Pages of a hundred that are read at most.
const MOST_PAGES: u8 = 10;

/// A reply to look for.
pub(in crate::zendesk) struct Sought<'a> {
    /// Its own name, which its update carries. Its words say nothing: they may have been edited since, and
    /// others may say the same.
    pub(in crate::zendesk) mark: &'a str,
    /// When the host's reply was written.
    pub(in crate::zendesk) since: Option<&'a str>,
}

impl Sought<'_> {
    fn is(&self, audit: &Value) -> bool {
        let custom = audit.get("metadata").and_then(|data| data.get("custom"));
        custom.and_then(|data| data.get(MARK)) == Some(&json!(self.mark))
    }

    /// Whether it may be older than `audit`.
    fn is_before(&self, audit: &Value) -> bool {
        moment::is_since(text(audit.get("created_at")).as_deref(), self.since)
    }
}

impl Desk {
    /// The comment that an earlier attempt made, among the ticket's newest thousand updates.
    pub(in crate::zendesk) async fn said(
        &mut self,
        ticket: u64,
        sought: &Sought<'_>,
    ) -> Result<Option<String>, Error> {
        for page in 1..=MOST_PAGES {
            let (audits, more) = self.audits(ticket, page).await?;
            let ours = audits.iter().find(|audit| sought.is(audit));
            let go_on = more && audits.last().is_some_and(|oldest| sought.is_before(oldest));
            if ours.is_some() || !go_on {
                return Ok(ours.and_then(comment_in));
            }
        }
        Ok(None)
    }

    /// A page of them, the newest first, and whether there are older ones.
    async fn audits(&mut self, ticket: u64, page: u8) -> Result<(Vec<Value>, bool), Error> {
        let path = format!("tickets/{ticket}/audits?sort_order=desc&page={page}");
        let answer = self.call(self.request(Method::Get, &path)).await;
        let mut answer = answer.map_err(|error| out_of_reach(ticket, error))?;
        let more = answer.body.get("next_page").is_some_and(Value::is_string);
        match answer.body.get_mut("audits").map(Value::take) {
            Some(Value::Array(audits)) => Ok((audits, more)),
            _ => Err(incomplete(answer.status, "a list of audits")),
        }
    }
}

/// The id of the comment that an update made: that of its event.
pub(super) fn comment_in(audit: &Value) -> Option<String> {
    let events = audit.get("events")?.as_array()?;
    let comment = events
        .iter()
        .find(|event| event.get("type") == Some(&json!("Comment")))?;
    text(comment.get("id"))
}
