//! Enquiries as Notes under the person who wrote them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::client::Client;
use super::lookup;
use super::payload::{Context, Mapped, NOTES, Parent, PersonModule, note_fields, parent_id};
use super::people::Person;
use super::reply::{Refusal, Result, Saved};
use super::save::nameless;
use crate::outcome::{Did, Outcome};
use crate::person::line;
use crate::record::Message;
use crate::work::{Link, Work};

const NOBODY: &str = "the enquiry names neither a contact nor an e-mail address, so there is nobody \
                      in Zoho CRM to put it under";

/// One enquiry on the way to Zoho.
pub(super) struct Enquiry<'a> {
    client: &'a Client,
    work: &'a Work,
    message: &'a Message,
    mapped: Mapped,
    /// The person's own field for the property asked for, and its reference.
    asked_for: Option<(String, String)>,
    /// The person, if made on the way: told even when the note fails.
    made: Option<Parent>,
}

impl<'a> Enquiry<'a> {
    pub(super) fn new(client: &'a Client, work: &'a Work, message: &'a Message) -> Self {
        let context = Context::of(work, client.account.settings());
        let asked_for = asked_for(message, &context);
        let note = note_fields(message, &context);
        let mapped = match &asked_for {
            Some((field, reference)) => note.line(field, Some(reference)),
            None => note,
        };
        Self {
            client,
            work,
            message,
            mapped,
            asked_for,
            made: None,
        }
    }

    /// Updates the linked note; makes one where there is none, or none any more.
    pub(super) async fn place(mut self) -> (Result<Outcome>, Option<Parent>) {
        let link = self.work.link.as_ref();
        let outcome = match link.filter(|link| link.external_type == NOTES) {
            Some(link) => self.update(link).await,
            None => self.create().await,
        };
        (outcome, self.made)
    }

    async fn update(&mut self, link: &Link) -> Result<Outcome> {
        let key = self.client.account.shadow_key();
        let changes = self.mapped.changes(key, link, self.work.doubt);
        if changes.is_empty() {
            return Ok(Outcome::unchanged(self.work));
        }
        let note = self.of_note(&changes);
        if note.len() < changes.len() {
            self.person().await?;
        }
        let saved = match note.is_empty() {
            true => Ok(Saved::default()),
            false => self.client.update(NOTES, &link.external_id, &note).await,
        };
        match saved {
            Err(refusal) if refusal.is_gone() => self.create().await,
            saved => {
                let shadow = key.after(&changes, Some(link), self.mapped.version);
                Ok(self.outcome(Did::Updated, &link.external_id, saved?, shadow))
            }
        }
    }

    async fn create(&mut self) -> Result<Outcome> {
        let Some(parent) = self.person().await? else {
            return Ok(Outcome::skipped(&self.work.key, NOBODY));
        };
        match self.note(&parent).await {
            // The link to the person is stale: make them anew, once.
            Err(refusal) if self.made.is_none() && is_stale(&refusal) => {
                match self.anew(parent.module, &refusal).await? {
                    Some(parent) => self.note(&parent).await,
                    None => Err(refusal),
                }
            }
            outcome => outcome,
        }
    }

    /// Puts the note under `parent`. In doubt it looks first, and goes on with what it finds.
    async fn note(&self, parent: &Parent) -> Result<Outcome> {
        let mut fields = self.of_note(&self.mapped.present());
        let (id, saved) = match self.earlier(parent).await? {
            Some(id) => (
                Some(id.clone()),
                self.client.update(NOTES, &id, &fields).await?,
            ),
            None => {
                fields.insert("Parent_Id".to_owned(), parent_id(parent));
                (None, self.client.insert(NOTES, &fields).await?)
            }
        };
        let id = id.or_else(|| saved.id.clone()).ok_or_else(nameless)?;
        let shadow = self
            .client
            .account
            .shadow_key()
            .digests(&self.mapped.present());
        Ok(self.outcome(Did::Created, &id, saved, shadow))
    }

    async fn earlier(&self, parent: &Parent) -> Result<Option<String>> {
        if !self.work.doubt {
            return Ok(None);
        }
        lookup::note(self.client, parent, &self.work.reference).await
    }

    /// The person behind the enquiry, with the property they last asked for: the linked one, else
    /// one made of what the enquiry says.
    async fn person(&mut self) -> Result<Option<Parent>> {
        let linked = self.work.parent.as_ref().and_then(Parent::of);
        let Some(parent) = linked else {
            let wanted = self.client.account.settings().enquirers;
            return self.make(PersonModule::wanted(wanted)).await;
        };
        match self.note_property(&parent).await {
            Err(refusal) if is_stale(&refusal) => self.anew(parent.module, &refusal).await,
            noted => noted.map(|()| Some(parent)),
        }
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

    /// A lead that was converted goes on as a contact.
    async fn anew(&mut self, module: PersonModule, refusal: &Refusal) -> Result<Option<Parent>> {
        let converted = refusal.is_converted();
        self.make(if converted {
            PersonModule::Contacts
        } else {
            module
        })
        .await
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

    /// The fields that stand in the note itself.
    fn of_note(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let elsewhere = self.asked_for.as_ref().map(|(field, _)| field);
        let own = fields.iter().filter(|(field, _)| Some(*field) != elsewhere);
        own.map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    fn outcome(
        &self,
        did: Did,
        id: &str,
        saved: Saved,
        shadow: BTreeMap<String, String>,
    ) -> Outcome {
        Outcome {
            remote_version: saved.version,
            ..Outcome::succeeded(&self.work.key, did, NOTES, id)
                .with_shadow(shadow, self.mapped.version)
        }
    }
}

/// The tenant's own field for the property last asked for, and the property's reference.
fn asked_for(message: &Message, context: &Context<'_>) -> Option<(String, String)> {
    let field = context.settings.property_reference_field.get()?;
    let property = message.property.as_ref()?;
    Some((field.to_owned(), line(property.reference.get())?))
}

fn is_stale(refusal: &Refusal) -> bool {
    refusal.is_gone() || refusal.is_converted()
}
