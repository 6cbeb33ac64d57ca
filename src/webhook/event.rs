//! The events a receiver gets: one shape for each type, every key always there.

use serde_json::{Value, json};

use crate::person::display_name;
use crate::record::{Contact, Message, Property, Record, Reply, SupportTicket};
use crate::text::Text;
use crate::work::{Action, Work};

/// The version of the shapes below; keys may be added under it, never changed or removed.
const SCHEMA_VERSION: u32 = 1;

/// The type of the event a delivery makes, for example `contact.created`. Whether the receiver
/// was told of the record before decides between created and updated.
pub(super) fn event_type(work: &Work) -> String {
    let kind = match work.record {
        Record::Contact(_) => "contact",
        Record::Message(_) => "message",
        Record::SupportTicket(_) => "ticket",
        Record::Comment(_) => "comment",
    };
    let change = match (work.action, &work.link) {
        (Action::Delete, _) => "deleted",
        (Action::Erase, _) => "erased",
        (Action::Upsert, None) => "created",
        (Action::Upsert, Some(_)) => "updated",
    };
    format!("{kind}.{change}")
}

/// The whole event. `type` is Standard Webhooks' name for what `event` holds too; ids are strings
/// for every record, because hosts number some and give others UUIDs.
pub fn event(work: &Work) -> Value {
    let event_type = event_type(work);
    json!({
        "id": work.event_id,
        "type": event_type,
        "event": event_type,
        "schema_version": SCHEMA_VERSION,
        "timestamp": work.occurred_at,
        "website": work.website_slug(),
        "website_id": work.website.id,
        "data": data_of(work),
    })
}

/// Of what is erased nothing is told but which it was.
fn data_of(work: &Work) -> Value {
    match work.action {
        Action::Erase => json!({"id": work.record.id()}),
        _ => data(&work.record),
    }
}

/// The record as the event shows it; null for an internal note, which no event is made of.
pub(super) fn data(record: &Record) -> Value {
    match record {
        Record::Contact(contact) => contact_data(contact),
        Record::Message(message) => message_data(message),
        Record::SupportTicket(ticket) => ticket_data(ticket),
        Record::Comment(comment) => Reply::of(comment).map_or(Value::Null, reply_data),
    }
}

fn contact_data(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "phone": contact.phone,
        "created_at": contact.created_at,
    })
}

fn message_data(message: &Message) -> Value {
    let contact = message.contact.clone().unwrap_or_default();
    let property = message.property.clone().unwrap_or_default();
    let Property {
        reference, title, ..
    } = property;
    json!({
        "id": message.id,
        "contact_id": message.contact_id.or(&contact.id),
        "contact_name": contact_name(&contact).or(&message.sender_name),
        "contact_email": contact.email.or(&message.sender_email),
        "message": message.text,
        "property_reference": reference,
        "property_title": title,
        "created_at": message.created_at,
    })
}

fn ticket_data(ticket: &SupportTicket) -> Value {
    json!({
        "id": ticket.id,
        "ticket_number": ticket.number,
        "subject": ticket.subject,
        "description": ticket.description,
        "status": ticket.status,
        "priority": ticket.priority,
        "creator_email": ticket.requester.as_ref().map(|creator| &creator.email),
        "created_at": ticket.created_at,
    })
}

fn reply_data(reply: Reply<'_>) -> Value {
    let comment = reply.comment();
    let author = comment.author.as_ref();
    json!({
        "id": comment.id,
        "ticket_id": comment.ticket_id,
        "ticket_number": comment.ticket_number,
        "body": reply.text(),
        "author_name": author.map(display_name),
        "author_email": author.map(|author| &author.email),
        "created_at": comment.created_at,
    })
}

fn contact_name(contact: &Contact) -> Text {
    let parts = [contact.first_name.get(), contact.last_name.get()];
    let joined = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    contact.name.or(&Text::new(&joined)).clone()
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
