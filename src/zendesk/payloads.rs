//! What is sent for each record, as JSON. The same record always makes the same bytes: Zendesk
//! refuses a repeat under the same idempotency key whose body differs.

mod comment;
mod draft;
mod user;

use serde_json::{Map, Value, json};

pub(super) use comment::MARK;
pub(super) use draft::{Draft, changed_text, is_change, update_body};
pub(super) use user::user_body;

use super::limits;
use super::settings::{CustomField, Settings};
use crate::record::{Contact, Message, SupportTicket};
use crate::text::Text;
use crate::work::Work;

/// The builders for one delivery.
#[derive(Debug, Clone)]
pub struct Payloads<'a> {
    website: String,
    slug: String,
    settings: &'a Settings,
}

/// What a person is at the host: contacts and users are numbered apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// An enquirer.
    Contact,
    /// Somebody with an account.
    User,
}

impl<'a> Payloads<'a> {
    /// The builders for the tenant of `work`.
    pub fn of(work: &Work, settings: &'a Settings) -> Self {
        let slug = work.website_slug();
        let website = work.website.id.get().unwrap_or(&slug).to_owned();
        Self {
            website,
            slug,
            settings,
        }
    }

    /// `POST /api/v2/tickets` for an enquiry (Zendesk Ticketing API: Create Ticket).
    pub fn message_ticket(&self, message: &Message, requester_id: Option<u64>) -> Value {
        Draft::of_message(self, message).create_body(requester_id)
    }

    /// `POST /api/v2/tickets` for a support ticket (Zendesk Ticketing API: Create Ticket).
    pub fn support_ticket(&self, ticket: &SupportTicket, requester_id: Option<u64>) -> Value {
        Draft::of_support_ticket(self, ticket).create_body(requester_id)
    }

    /// `PUT /api/v2/tickets/{id}` with all that is ever updated (Zendesk Ticketing API: Update
    /// Ticket). A delivery sends of it what changed.
    pub fn ticket_update(&self, ticket: &SupportTicket) -> Value {
        let draft = Draft::of_support_ticket(self, ticket);
        update_body(&draft.fields, self.settings)
    }

    /// The name of a record of ours at Zendesk; none where it has no id.
    pub(super) fn external_id(&self, kind: &str, id: &Text) -> Option<String> {
        let id = id.get()?;
        Some(limits::external_id(&self.website, kind, id))
    }

    fn tags(&self, first: &str) -> Vec<String> {
        let more = self.settings.tags.iter().filter_map(|tag| tag.get());
        let mut tags = Vec::new();
        for tag in [first, &self.slug].into_iter().chain(more) {
            tags.extend(limits::tag(tag).filter(|tag| !tags.contains(tag)));
        }
        tags
    }

    /// The ticket field `field` with `value`, where the tenant gave its id and there is a value.
    fn custom_field(&self, field: CustomField, value: Option<&str>) -> Option<Value> {
        let id = self.settings.custom_field(field)?;
        Some(json!({"id": id, "value": limits::short(value?)}))
    }

    /// The request's body for a person; none for somebody with neither an id nor an address.
    pub(super) fn person(&self, person: &Contact, kind: PersonKind) -> Option<Value> {
        let body = self.user(person, kind);
        let user = body.get("user").and_then(Value::as_object)?;
        let known = |key: &str| user.contains_key(key);
        (known("email") || known("external_id")).then_some(body)
    }
}

/// `fields` below one key: how Zendesk takes every record.
fn wrapped(key: &str, fields: Map<String, Value>) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), Value::Object(fields))]))
}

#[cfg(test)]
mod properties;
