//! A reply in a support ticket. The host keeps replies and internal notes in one table, so what is a reply has
//! to be proven: payloads are made of a [`Reply`] alone, and there is no other way to one.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use super::Contact;
use crate::error::{Error, Kind};
use crate::outcome::Outcome;
use crate::text::Text;
use crate::work::{Action, Work};

/// The code of [`ticket_missing`].
const TICKET_MISSING: &str = "ticket_missing";
/// Why an internal note is left out.
const INTERNAL: &str = "an internal note stays here";
/// Why a reply without text is left out.
const NO_TEXT: &str = "the reply has no text";
/// Why a reply that is linked is left out.
const SAID: &str = "it was sent already, and a reply stays as it was sent";
/// Why a reply that was destroyed is left where it is.
const KEPT: &str = "a reply that was sent is not taken back";

/// What a reply is at a remote that has it only within its ticket.
const COMMENT: &str = "comment";
/// Why a reply is not erased on its own.
const WITH_ITS_TICKET: &str = "a reply goes with its ticket: erase that";

/// A reply or an internal note in a support ticket.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the field names say it
pub struct Comment {
    pub id: Text,
    /// The host's id of its ticket.
    pub ticket_id: Text,
    /// The number people quote.
    pub ticket_number: Text,
    pub body: Text,
    /// False for notes that the customer must never see; so is whatever does not say.
    #[serde(deserialize_with = "said_to_be_so")]
    pub public: bool,
    pub author: Option<Contact>,
    pub created_at: Text,
}

/// A comment that may leave: public, and with a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reply<'a> {
    comment: &'a Comment,
    text: &'a str,
}

impl<'a> Reply<'a> {
    /// None for an internal note, and for what has no text.
    pub fn of(comment: &'a Comment) -> Option<Self> {
        let text = comment.body.get().filter(|_| comment.public)?;
        Some(Self { comment, text })
    }

    /// The reply that `work` is to bring; where there is none to bring, the outcome. Replies are only ever
    /// added: neither changed nor taken back.
    pub(crate) fn due(work: &Work, comment: &'a Comment) -> Result<Self, Box<Outcome>> {
        let skipped = |reason| Err(Box::new(Outcome::skipped(&work.key, reason)));
        match work.action {
            Action::Delete => skipped(KEPT),
            Action::Erase if work.doubt => {
                let left = Outcome::left_there(&work.key, COMMENT, WITH_ITS_TICKET);
                Err(Box::new(left))
            }
            Action::Erase => skipped(WITH_ITS_TICKET),
            Action::Upsert if !comment.public => skipped(INTERNAL),
            Action::Upsert if work.link.is_some() => Err(Box::new(Outcome {
                reason: Some(SAID.to_owned()),
                ..Outcome::unchanged(work)
            })),
            Action::Upsert => Self::of(comment).map_or_else(|| skipped(NO_TEXT), Ok),
        }
    }

    /// The comment it is.
    pub fn comment(&self) -> &'a Comment {
        self.comment
    }

    /// What was written.
    pub fn text(&self) -> &'a str {
        self.text
    }
}

/// Replies need their ticket: what is to be done where `remote` does not hold it, or no longer.
pub(crate) fn ticket_missing(remote: &str) -> Error {
    let message = format!(
        "its ticket is not in {remote}: replay the ticket's delivery first, then this one, or discard this one"
    );
    Error::new(Kind::NotFound, message).with_code(TICKET_MISSING)
}

/// Only `true` is; what is neither true, false nor null is refused rather than guessed at.
fn said_to_be_so<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Bool(public) => Ok(public),
        Value::Null => Ok(false),
        _ => Err(D::Error::custom("it must be true or false")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use proptest::prelude::*;
    use serde_json::json;

    fn comment(fields: Value) -> Comment {
        serde_json::from_value(fields).expect("a comment")
    }

    fn withheld_for(record: Value, more: Value) -> Option<String> {
        let mut work = json!({"key": "9", "action": "upsert", "record": record});
        work["record"]["kind"] = "comment".into();
        for (name, value) in more.as_object().expect("members") {
            work[name] = value.clone();
        }
        let work: Work = serde_json::from_value(work).expect("a work");
        let Record::Comment(comment) = &work.record else {
            panic!("a comment");
        };
        let withheld = Reply::due(&work, comment).err();
        withheld.map(|outcome| outcome.reason.expect("a reason"))
    }

    #[test]
    fn only_what_is_said_to_be_public_is_a_reply() {
        for internal in [json!(false), json!(null)] {
            assert_eq!(
                Reply::of(&comment(json!({"body": "x", "public": internal}))),
                None
            );
        }
        assert_eq!(Reply::of(&comment(json!({"body": "x"}))), None);
        assert_eq!(
            Reply::of(&comment(json!({"body": " ", "public": true}))),
            None
        );
        let public = comment(json!({"body": "Hello", "public": true}));
        assert_eq!(Reply::of(&public).map(|reply| reply.text()), Some("Hello"));
    }

    #[test]
    fn a_word_for_public_is_refused() {
        for wrong in [json!("false"), json!(1), json!([])] {
            let read: Result<Comment, _> = serde_json::from_value(json!({"public": wrong}));
            assert!(read.is_err(), "{wrong}");
        }
    }

    #[test]
    fn replies_are_only_ever_added() {
        let reply = || json!({"body": "Hello", "public": true});
        assert_eq!(withheld_for(reply(), json!({})), None);
        assert_eq!(withheld_for(reply(), json!({"doubt": true})), None);
        let link = json!({"external_type": "comment", "external_id": "1"});
        assert_eq!(
            withheld_for(reply(), json!({"link": link})).as_deref(),
            Some(SAID)
        );
        assert_eq!(
            withheld_for(reply(), json!({"action": "delete"})).as_deref(),
            Some(KEPT)
        );
        assert_eq!(
            withheld_for(reply(), json!({"action": "erase", "doubt": true})).as_deref(),
            Some(WITH_ITS_TICKET)
        );
        assert_eq!(
            withheld_for(json!({"public": true}), json!({})).as_deref(),
            Some(NO_TEXT)
        );
    }

    proptest! {
        #[test]
        fn an_internal_note_is_withheld_whatever_else(
            body in ".{0,20}", linked in any::<bool>(), doubt in any::<bool>(), delete in any::<bool>(),
        ) {
            let link = json!({"external_type": "comment", "external_id": "1"});
            let more = json!({"doubt": doubt, "link": linked.then_some(link),
                "action": if delete { "delete" } else { "upsert" }});
            let withheld = withheld_for(json!({"body": body, "public": false}), more);
            prop_assert!(withheld.is_some());
        }
    }
}
