//! Enquiries as Notes under the person who wrote them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::authors::{Author, is_stale};
use super::client::Client;
use super::lookup;
use super::payload::{Context, Mapped, NOTES, Parent, note_fields, parent_id};
use super::reply::{Result, Saved};
use super::save::nameless;
use crate::outcome::{Did, Outcome};
use crate::record::Message;
use crate::work::{Link, Work};

const NOBODY: &str = "the enquiry names neither a contact nor an e-mail address, so there is nobody \
                      in Zoho CRM to put it under";

/// One enquiry on the way to Zoho.
pub(super) struct Enquiry<'a> {
    client: &'a Client,
    work: &'a Work,
    mapped: Mapped,
    author: Author<'a>,
}

impl<'a> Enquiry<'a> {
    pub(super) fn new(client: &'a Client, work: &'a Work, message: &'a Message) -> Self {
        let author = Author::new(client, work, message);
        let note = note_fields(message, &Context::of(work, client.account.settings()));
        let mapped = match &author.asked_for {
            Some((field, reference)) => note.line(field, Some(reference)),
            None => note,
        };
        Self {
            client,
            work,
            mapped,
            author,
        }
    }

    /// Updates the linked note; makes one where there is none, or none any more. The person is
    /// told too, if made on the way.
    pub(super) async fn place(mut self) -> (Result<Outcome>, Option<Parent>) {
        let link = self.work.link.as_ref();
        let outcome = match link.filter(|link| link.external_type == NOTES) {
            Some(link) => self.update(link).await,
            None => self.create().await,
        };
        (outcome, self.author.made)
    }

    async fn update(&mut self, link: &Link) -> Result<Outcome> {
        let key = self.client.account.shadow_key();
        let changes = self.mapped.changes(key, link, self.work.doubt);
        if changes.is_empty() {
            return Ok(Outcome::unchanged(self.work));
        }
        let note = self.of_note(&changes);
        if note.len() < changes.len() {
            self.author.find().await?;
        }
        match self.put(&link.external_id, &note).await {
            Err(refusal) if refusal.is_gone() => self.create().await,
            saved => {
                let shadow = key.after(&changes, Some(link), self.mapped.version);
                Ok(self.outcome(Did::Updated, &link.external_id, saved?, shadow))
            }
        }
    }

    async fn put(&self, id: &str, note: &Map<String, Value>) -> Result<Saved> {
        match note.is_empty() {
            true => Ok(Saved::default()),
            false => self.client.update(NOTES, id, note).await,
        }
    }

    async fn create(&mut self) -> Result<Outcome> {
        let Some(parent) = self.author.find().await? else {
            return Ok(Outcome::skipped(&self.work.key, NOBODY));
        };
        match self.note(&parent).await {
            // The link to the person is stale: make them anew, once.
            Err(refusal) if self.author.made.is_none() && is_stale(&refusal) => {
                match self.author.anew(&parent, &refusal).await? {
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
            Some(id) => (Some(id.clone()), self.put(&id, &fields).await?),
            None => {
                let place = parent_id(parent.module.name(), &parent.id);
                fields.insert("Parent_Id".to_owned(), place);
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
        lookup::note(
            self.client,
            parent.module.name(),
            &parent.id,
            &self.work.reference,
        )
        .await
    }

    /// The fields that stand in the note itself.
    fn of_note(&self, fields: &Map<String, Value>) -> Map<String, Value> {
        let elsewhere = self.author.asked_for.as_ref().map(|(field, _)| field);
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
        let outcome = Outcome::succeeded(&self.work.key, did, NOTES, id);
        Outcome {
            remote_version: saved.version,
            ..outcome.with_shadow(shadow, self.mapped.version)
        }
    }
}
