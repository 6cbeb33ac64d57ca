//! Enquiries: Notes under a person. Replies: Notes under a Case.
//!
//! Source: Zoho CRM v8 OpenAPI (notes): `Parent_Id` is an object of module and id; the `se_module`
//! of version 2 is gone.

use serde_json::{Map, Value, json};

use super::case::MODULE as CASES;
use super::{Context, Mapped, PersonModule};
use crate::enquiry;
use crate::person::display_name;
use crate::record::{Message, Reply};
use crate::work::ParentRef;
use crate::zoho::limits;

pub(in crate::zoho) const MODULE: &str = "Notes";
const VERSION: &str = "1";

/// The person a note stands under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zoho) struct Parent {
    pub(in crate::zoho) module: PersonModule,
    pub(in crate::zoho) id: String,
}

impl Parent {
    /// The record `id` of `module`, if that is one of people.
    pub(in crate::zoho) fn named(module: &str, id: String) -> Option<Self> {
        let module = PersonModule::named(module)?;
        Some(Self { module, id })
    }

    /// The person a link points to, if its type is one of people.
    pub(in crate::zoho) fn of(link: &ParentRef) -> Option<Self> {
        Self::named(&link.external_type, link.external_id.clone())
    }
}

/// The fields of a new Note: a title that names the property, the text with the property's block
/// and the reference, and the person it stands under where known.
pub fn note(
    message: &Message,
    parent: Option<&ParentRef>,
    context: &Context<'_>,
) -> Map<String, Value> {
    let mut fields = note_fields(message, context).present();
    if let Some(parent) = parent.and_then(Parent::of) {
        let place = parent_id(parent.module.name(), &parent.id);
        fields.insert("Parent_Id".to_owned(), place);
    }
    fields
}

pub(in crate::zoho) fn note_fields(message: &Message, context: &Context<'_>) -> Mapped {
    let limit = limits::limit(MODULE, "Note_Content").unwrap_or_default();
    let text = enquiry::text(message, context.reference, limit);
    Mapped::new(MODULE, VERSION)
        .line("Note_Title", Some(&enquiry::subject(message)))
        .block("Note_Content", Some(&text))
}

/// The fields of a new Note for a reply: who wrote it, the text with the reference, and the Case it stands under
/// where known.
pub fn reply(
    reply: &Reply<'_>,
    parent: Option<&ParentRef>,
    context: &Context<'_>,
) -> Map<String, Value> {
    let mut fields = reply_fields(reply, context).present();
    if let Some(case) = parent.filter(|parent| parent.external_type == CASES) {
        fields.insert("Parent_Id".to_owned(), parent_id(CASES, &case.external_id));
    }
    fields
}

pub(in crate::zoho) fn reply_fields(reply: &Reply<'_>, context: &Context<'_>) -> Mapped {
    let limit = limits::limit(MODULE, "Note_Content").unwrap_or_default();
    let text = enquiry::compose(reply.text(), "", context.reference, limit);
    let author = reply.comment().author.as_ref().map(display_name);
    let title = author.map_or_else(|| "Reply".to_owned(), |author| format!("Reply by {author}"));
    Mapped::new(MODULE, VERSION)
        .line("Note_Title", Some(&title))
        .block("Note_Content", Some(&text))
}

pub(in crate::zoho) fn parent_id(module: &str, id: &str) -> Value {
    json!({"module": {"api_name": module}, "id": id})
}
