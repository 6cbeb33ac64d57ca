//! Enquiries: Notes under a person.
//!
//! Source: Zoho CRM v8 OpenAPI (notes): `Parent_Id` is an object of module and id; the `se_module`
//! of version 2 is gone.

use serde_json::{Map, Value, json};

use super::{Context, Mapped, PersonModule};
use crate::enquiry;
use crate::record::Message;
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
        fields.insert("Parent_Id".to_owned(), parent_id(&parent));
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

pub(in crate::zoho) fn parent_id(parent: &Parent) -> Value {
    json!({"module": {"api_name": parent.module.name()}, "id": parent.id})
}
