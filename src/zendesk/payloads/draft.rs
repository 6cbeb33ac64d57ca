//! A ticket as a record of ours makes it.

use serde_json::{Map, Value, json};

use super::{Payloads, PersonKind, wrapped};
use crate::enquiry;
use crate::person::line;
use crate::record::{Message, SupportTicket};
use crate::text::cut;
use crate::zendesk::limits;
use crate::zendesk::settings::{CustomField, Settings};
use crate::zendesk::words::{TicketPriority, TicketStatus};

/// What a private comment begins with.
const CHANGED: &str = "Changed on the website. It now reads:\n\n";
/// Stands where a support ticket says nothing.
const NO_TEXT: &str = "(no description)";
/// Stands where a support ticket has no subject.
const NO_SUBJECT: &str = "Support ticket";

/// A ticket before it is known who asks.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::zendesk) struct Draft {
    /// Our name for it at Zendesk; none for a record without id.
    pub(in crate::zendesk) external_id: Option<String>,
    /// What a shadow remembers: `comment` (the text), and of subject, priority, status and
    /// property_reference what is ever updated.
    pub(in crate::zendesk) fields: Map<String, Value>,
    /// The request's body for the person who asks; none where there is nobody.
    pub(in crate::zendesk) person: Option<Value>,
    subject: String,
    tags: Vec<String>,
    custom_fields: Vec<Value>,
}

impl Draft {
    /// An enquiry. Its subject is set once: agents rename tickets.
    pub(in crate::zendesk) fn of_message(payloads: &Payloads<'_>, message: &Message) -> Self {
        let person = message.person();
        let property = message.property.clone().unwrap_or_default();
        let reference = property.reference.get();
        let subject = enquiry::subject(message);
        Self {
            external_id: payloads.external_id("message", &message.id),
            fields: enquiry_fields(payloads, message, reference),
            person: person.and_then(|person| payloads.person(&person, PersonKind::Contact)),
            subject: cut(&subject, limits::SUBJECT).to_owned(),
            tags: payloads.tags("property_inquiry"),
            custom_fields: [(CustomField::PropertyReference, reference)]
                .into_iter()
                .chain([(CustomField::PwbWebsite, Some(payloads.slug.as_str()))])
                .filter_map(|(field, value)| payloads.custom_field(field, value))
                .collect(),
        }
    }

    /// A support ticket.
    pub(in crate::zendesk) fn of_support_ticket(
        payloads: &Payloads<'_>,
        ticket: &SupportTicket,
    ) -> Self {
        let person = ticket.requester.as_ref();
        let subject = line(ticket.subject.get()).unwrap_or_else(|| NO_SUBJECT.to_owned());
        let subject = cut(&subject, limits::SUBJECT).to_owned();
        Self {
            external_id: payloads.external_id("support_ticket", &ticket.id),
            fields: support_fields(payloads.settings, ticket, &subject),
            person: person.and_then(|person| payloads.person(person, PersonKind::User)),
            subject,
            tags: payloads.tags("pwb_support"),
            custom_fields: [(CustomField::TicketNumber, ticket.number.get())]
                .into_iter()
                .chain([(CustomField::PwbWebsite, Some(payloads.slug.as_str()))])
                .filter_map(|(field, value)| payloads.custom_field(field, value))
                .collect(),
        }
    }

    /// What Zendesk holds once the ticket is created.
    pub(in crate::zendesk) fn created_fields(&self) -> Map<String, Value> {
        let mut fields = self.fields.clone();
        if let Some(status) = self.status() {
            fields.insert("status".to_owned(), json!(status.on_create()));
        }
        fields
    }

    /// The whole request's body for a new ticket. The person who asks also submits it: so the
    /// first comment is theirs and not the API user's.
    pub(in crate::zendesk) fn create_body(&self, requester_id: Option<u64>) -> Value {
        let comment = self.fields.get("comment");
        let fields = self.created_fields();
        let custom = (!self.custom_fields.is_empty()).then(|| json!(self.custom_fields));
        let ticket = [
            ("subject", Some(json!(self.subject))),
            ("comment", Some(json!({"body": comment}))),
            ("external_id", self.external_id.clone().map(Value::from)),
            ("requester_id", requester_id.map(Value::from)),
            ("submitter_id", requester_id.map(Value::from)),
            ("priority", fields.get("priority").cloned()),
            ("status", fields.get("status").cloned()),
            ("tags", Some(json!(self.tags))),
            ("custom_fields", custom),
        ];
        let present = ticket.into_iter();
        let ticket = present.filter_map(|(key, value)| Some((key.to_owned(), value?)));
        wrapped("ticket", ticket.collect())
    }

    /// The status of the host, in Zendesk's word.
    pub(in crate::zendesk) fn status(&self) -> Option<TicketStatus> {
        serde_json::from_value(self.fields.get("status")?.clone()).ok()
    }
}

/// The request's body for what `changed`. A text once sent can't be edited: the new one becomes a
/// private comment.
pub(in crate::zendesk) fn update_body(changed: &Map<String, Value>, settings: &Settings) -> Value {
    let mut ticket = changed.clone();
    if let Some(Value::String(text)) = ticket.remove("comment") {
        let body = changed_text(&text);
        ticket.insert("comment".to_owned(), json!({"body": body, "public": false}));
    }
    if let Some(value) = ticket.remove("property_reference") {
        let id = settings.custom_field(CustomField::PropertyReference);
        ticket.insert(
            "custom_fields".to_owned(),
            json!([{"id": id, "value": value}]),
        );
    }
    wrapped("ticket", ticket)
}

/// The private comment that says how a text reads now.
pub(in crate::zendesk) fn changed_text(text: &str) -> String {
    limits::comment(&format!("{CHANGED}{text}"), "")
}

/// Whether a comment is one of ours that says how a text reads now.
pub(in crate::zendesk) fn is_change(comment: &str) -> bool {
    comment.trim_start().starts_with(CHANGED.trim_end())
}

fn enquiry_fields(
    payloads: &Payloads<'_>,
    message: &Message,
    reference: Option<&str>,
) -> Map<String, Value> {
    let block = message.property.as_ref().map(enquiry::property_block);
    let block = block.filter(|block| !block.is_empty());
    let tail = block.map_or_else(String::new, |block| format!("\n\n{block}"));
    let text = limits::comment(&enquiry::text(message, "", usize::MAX), &tail);
    let mut fields = Map::from_iter([("comment".to_owned(), json!(text))]);
    if let Some(field) = payloads.custom_field(CustomField::PropertyReference, reference) {
        let value = field.get("value").cloned().unwrap_or_default();
        fields.insert("property_reference".to_owned(), value);
    }
    fields
}

fn support_fields(
    settings: &Settings,
    ticket: &SupportTicket,
    subject: &str,
) -> Map<String, Value> {
    let priority = TicketPriority::of(&ticket.priority, &settings.ticket_priority);
    let status = TicketStatus::of(&ticket.status, &settings.ticket_status);
    let text = ticket.description.get().unwrap_or(NO_TEXT);
    let fields = [
        ("subject", Some(json!(subject))),
        ("comment", Some(json!(limits::comment(text, "")))),
        ("priority", Some(json!(priority))),
        ("status", status.map(|status| json!(status))),
    ];
    let present = fields.into_iter();
    present
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect()
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
