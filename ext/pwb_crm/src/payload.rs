//! `PwbCrm::Native::Payload`: what would be sent for a record, for previews and specs.

use magnus::{Error, Module, Object, RHash, RModule, Ruby, Value, value::ReprValue};
use pwb_crm_core::error::{Error as CoreError, Kind};
use pwb_crm_core::record::{Comment, Contact, Message, Record, Reply, SupportTicket, Website};
use pwb_crm_core::work::{ParentRef, Work};
use pwb_crm_core::zendesk::{self, Payloads, PersonKind};
use pwb_crm_core::zoho::payload::{self as zoho, Context};
use pwb_crm_core::{webhook, zoho::Settings};
use serde_json::Value as Json;

use crate::entry::native;
use crate::{convert, errors};

/// The fields of a Zoho record; `shape` is `contact`, `lead`, `note`, `case` or `reply`.
fn zoho_fields(ruby: &Ruby, shape: String, work: RHash, settings: RHash) -> Result<Value, Error> {
    let work: Work = convert::read(ruby, "the record", work.as_value())?;
    let settings: Settings = convert::settings(ruby, settings)?;
    let context = Context {
        website: &work.website,
        settings: &settings,
        reference: &work.reference,
    };
    let fields = match (shape.as_str(), &work.record) {
        ("contact", Record::Contact(contact)) => zoho::contact(contact, &context),
        ("lead", Record::Contact(contact)) => zoho::lead(contact, &context),
        ("note", Record::Message(message)) => zoho::note(message, work.parent.as_ref(), &context),
        ("case", Record::SupportTicket(ticket)) => zoho::case(ticket, &context),
        ("reply", Record::Comment(comment)) => {
            zoho::reply(&reply(ruby, comment)?, work.parent.as_ref(), &context)
        }
        _ => return Err(mismatch(ruby)),
    };
    convert::write(ruby, &fields)
}

/// The body of a Zendesk request; `shape` is `contact`, `user`, `ticket`, `update` or `reply`.
fn zendesk_body(ruby: &Ruby, shape: String, work: RHash, settings: RHash) -> Result<Value, Error> {
    let work: Work = convert::read(ruby, "the record", work.as_value())?;
    let settings: zendesk::Settings = convert::settings(ruby, settings)?;
    let payloads = Payloads::of(&work, &settings);
    let id = |place: &Option<ParentRef>| place.as_ref()?.external_id.parse().ok();
    let (requester, author) = (id(&work.parent), id(&work.author));
    let user = |person: &Contact, kind| payloads.user(person, kind);
    let body: Json = match (shape.as_str(), &work.record) {
        ("contact", Record::Contact(contact)) => user(contact, PersonKind::Contact),
        ("user", Record::Contact(contact)) => user(contact, PersonKind::User),
        ("ticket", Record::Message(message)) => payloads.message_ticket(message, requester),
        ("ticket", Record::SupportTicket(ticket)) => payloads.support_ticket(ticket, requester),
        ("update", Record::SupportTicket(ticket)) => payloads.ticket_update(ticket),
        ("reply", Record::Comment(comment)) => payloads.reply(&reply(ruby, comment)?, author),
        _ => return Err(mismatch(ruby)),
    };
    convert::write(ruby, &body)
}

/// The event a webhook gets.
fn webhook_event(ruby: &Ruby, work: RHash) -> Result<Value, Error> {
    let work: Work = convert::read(ruby, "the record", work.as_value())?;
    if let Record::Comment(comment) = &work.record {
        reply(ruby, comment)?;
    }
    convert::write(ruby, &webhook::event(&work))
}

/// Refuses a record, or the `website` of one, with a value that its field has no place for. `path` names it.
fn check(ruby: &Ruby, kind: String, path: String, fields: RHash) -> Result<(), Error> {
    match kind.as_str() {
        "contact" => convert::check::<Contact>(ruby, &path, fields),
        "message" => convert::check::<Message>(ruby, &path, fields),
        "support_ticket" => convert::check::<SupportTicket>(ruby, &path, fields),
        "comment" => convert::check::<Comment>(ruby, &path, fields),
        "website" => convert::check::<Website>(ruby, &path, fields),
        _ => Err(mismatch(ruby)),
    }
}

/// Nothing can be shown of an internal note, because nothing is ever sent of one.
fn reply<'a>(ruby: &Ruby, comment: &'a Comment) -> Result<Reply<'a>, Error> {
    Reply::of(comment).ok_or_else(|| {
        let message = "comment: an internal note, or a reply without a body, is never sent. A reply has public: true";
        errors::exception(ruby, &CoreError::new(Kind::Configuration, message))
    })
}

fn mismatch(ruby: &Ruby) -> Error {
    errors::fault(
        ruby,
        "Payload: there is no such shape for this kind of record",
    )
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    let module = namespace.define_module("Payload")?;
    native!(function module, "zoho", zoho_fields, 3)?;
    native!(function module, "zendesk", zendesk_body, 3)?;
    native!(function module, "webhook_event", webhook_event, 1)?;
    native!(function module, "check", check, 3)?;
    Ok(())
}
