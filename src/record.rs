//! What a host hands over. Every leaf takes any scalar ([`Text`]): a record with nil everywhere is still
//! a record, and the builders decide what can be made of it.

mod comment;

use serde::Deserialize;

pub(crate) use comment::ticket_missing;
pub use comment::{Comment, Reply};

use crate::text::Text;

/// The tenant a record belongs to.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Website {
    /// The host's id.
    pub id: Text,
    /// A short unique name: the subdomain, else the custom domain.
    pub slug: Text,
    /// The name shown to people.
    pub name: Text,
    /// The address of the public site.
    pub url: Text,
}

/// A person: an enquirer, or the user behind a support ticket.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the field names say it
pub struct Contact {
    pub id: Text,
    pub title: Text,
    pub first_name: Text,
    pub last_name: Text,
    /// The display name, where the host keeps one.
    pub name: Text,
    pub email: Text,
    pub other_email: Text,
    pub phone: Text,
    pub mobile: Text,
    pub street: Text,
    pub city: Text,
    pub postal_code: Text,
    pub region: Text,
    pub country: Text,
    pub created_at: Text,
    pub updated_at: Text,
}

/// The listing an enquiry is about.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the field names say it
pub struct Property {
    pub id: Text,
    pub reference: Text,
    pub title: Text,
    /// Already formatted, with its currency.
    pub price: Text,
    pub url: Text,
}

/// A property enquiry or a message from a contact form.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the field names say it
pub struct Message {
    pub id: Text,
    pub title: Text,
    pub text: Text,
    pub locale: Text,
    /// The page it was sent from.
    pub source_url: Text,
    pub sender_name: Text,
    pub sender_email: Text,
    pub contact_id: Text,
    pub contact: Option<Contact>,
    pub property: Option<Property>,
    pub created_at: Text,
}

impl Message {
    /// Who wrote it: the contact, else a person made of the sender's name and e-mail.
    pub fn person(&self) -> Option<Contact> {
        self.contact.clone().or_else(|| {
            (!self.sender_email.is_none()).then(|| Contact {
                name: self.sender_name.clone(),
                email: self.sender_email.clone(),
                ..Contact::default()
            })
        })
    }
}

/// A support ticket.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // the field names say it
pub struct SupportTicket {
    pub id: Text,
    /// The number people quote, for example `TKT-1A2B3C4D`.
    pub number: Text,
    pub subject: Text,
    pub description: Text,
    /// The host's word: open, in_progress, waiting_on_customer, resolved or closed.
    pub status: Text,
    /// The host's word: low, normal, high or urgent.
    pub priority: Text,
    pub category: Text,
    /// The user who opened it.
    pub requester: Option<Contact>,
    pub created_at: Text,
    pub updated_at: Text,
}

/// Any record that is delivered on its own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A person.
    Contact(Contact),
    /// An enquiry.
    Message(Message),
    /// A support ticket.
    SupportTicket(SupportTicket),
    /// A reply in a support ticket, or an internal note, which is never sent.
    Comment(Comment),
}

impl Record {
    /// The kind as the engine and the logs call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Contact(_) => "contact",
            Self::Message(_) => "message",
            Self::SupportTicket(_) => "support_ticket",
            Self::Comment(_) => "comment",
        }
    }

    /// The host's id, empty where it has none.
    pub fn id(&self) -> &str {
        let id = match self {
            Self::Contact(contact) => &contact.id,
            Self::Message(message) => &message.id,
            Self::SupportTicket(ticket) => &ticket.id,
            Self::Comment(comment) => &comment.id,
        };
        id.get().unwrap_or_default()
    }

    /// How errors and logs name the record, for example `contact 12`.
    pub fn label(&self) -> String {
        format!("{} {}", self.kind(), self.id())
            .trim_end()
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nil_everywhere_is_still_a_record() {
        let json = r#"{"kind":"message","id":7,"text":null,"contact":null}"#;
        let record: Record = serde_json::from_str(json).expect("lenient");
        assert_eq!(record.label(), "message 7");
    }

    #[test]
    fn a_message_without_contact_is_from_its_sender() {
        let message = Message {
            sender_email: "a@b.example".into(),
            ..Message::default()
        };
        let person = message.person().expect("a sender");
        assert_eq!(person.email.get(), Some("a@b.example"));
        assert_eq!(Message::default().person(), None);
    }
}
