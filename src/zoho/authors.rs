//! The person behind an enquiry: linked already, or made of what the enquiry says.

use serde_json::{Map, Value};

use super::client::Client;
use super::limits::OF_OWN_FIELDS;
use super::payload::{Context, Parent, PersonModule};
use super::people::Person;
use super::reply::{Refusal, Result};
use crate::person::line;
use crate::record::Message;
use crate::text::cut;
use crate::work::Work;

/// One enquiry's author.
pub(super) struct Author<'a> {
    client: &'a Client,
    work: &'a Work,
    message: &'a Message,
    /// The tenant's own field for the property last asked for, and the property's reference.
    pub(super) asked_for: Option<(String, String)>,
    /// The person, if made on the way: told even when the note fails.
    pub(super) made: Option<Parent>,
}

impl<'a> Author<'a> {
    pub(super) fn new(client: &'a Client, work: &'a Work, message: &'a Message) -> Self {
        let context = Context::of(work, client.account.settings());
        Self {
            client,
            work,
            message,
            asked_for: asked_for(message, &context),
            made: None,
        }
    }

    /// Where the person is, with the property they last asked for. None if the enquiry names
    /// nobody. Whoever was made on the way is not made again: without an e-mail address that would
    /// be a second person.
    pub(super) async fn find(&mut self) -> Result<Option<Parent>> {
        if self.made.is_some() {
            return Ok(self.made.clone());
        }
        let linked = self.work.parent.as_ref().and_then(Parent::of);
        let Some(parent) = linked else {
            let wanted = self.client.account.settings().enquirers;
            return self.make(PersonModule::wanted(wanted)).await;
        };
        match self.note_property(&parent).await {
            Err(refusal) if is_stale(&refusal) => self.anew(&parent, &refusal).await,
            noted => noted.map(|()| Some(parent)),
        }
    }

    /// Makes the person anew whose link proved stale. A lead that was converted goes on as a
    /// contact.
    pub(super) async fn anew(
        &mut self,
        stale: &Parent,
        refusal: &Refusal,
    ) -> Result<Option<Parent>> {
        let module = match refusal.is_converted() {
            true => PersonModule::Contacts,
            false => stale.module,
        };
        self.make(module).await
    }

    async fn note_property(&self, parent: &Parent) -> Result<()> {
        let Some((field, reference)) = &self.asked_for else {
            return Ok(());
        };
        let fields = Map::from_iter([(field.clone(), Value::from(reference.as_str()))]);
        let updated = self
            .client
            .update(parent.module.name(), &parent.id, &fields)
            .await;
        updated.map(|_| ())
    }

    async fn make(&mut self, module: PersonModule) -> Result<Option<Parent>> {
        let Some(contact) = self.message.person() else {
            return Ok(None);
        };
        let person = Person {
            client: self.client,
            work: self.work,
            contact: &contact,
            extra: self.asked_for.clone(),
        };
        let placed = person.create(module).await?;
        self.made = Parent::named(placed.module, placed.id);
        Ok(self.made.clone())
    }
}

/// Whether the link to the person leads nowhere.
pub(super) fn is_stale(refusal: &Refusal) -> bool {
    refusal.is_gone() || refusal.is_converted()
}

fn asked_for(message: &Message, context: &Context<'_>) -> Option<(String, String)> {
    let field = context.settings.property_reference_field.get()?;
    let property = message.property.as_ref()?;
    let reference = line(property.reference.get())?;
    Some((field.to_owned(), cut(&reference, OF_OWN_FIELDS).to_owned()))
}
