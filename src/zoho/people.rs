//! People: a contact of its own, or the one behind an enquiry.

use super::client::Client;
use super::payload::{Context, PersonModule, person_fields};
use super::reply::{Refusal, Result};
use super::save::{Placed, Save};
use crate::outcome::Did;
use crate::record::Contact;
use crate::work::{Link, Work};

/// One person on the way to Zoho.
pub(super) struct Person<'a> {
    pub(super) client: &'a Client,
    pub(super) work: &'a Work,
    pub(super) contact: &'a Contact,
    /// A field of the tenant's own and its value.
    pub(super) extra: Option<(String, String)>,
}

impl Person<'_> {
    /// Puts the person where `link` says, else where the setting wants new people. Somebody who is
    /// gone there is made anew; a lead that was converted goes on as the contact it became.
    pub(super) async fn place(&self, link: Option<&Link>) -> Result<Placed> {
        let known = link.and_then(|link| Some((link, PersonModule::named(&link.external_type)?)));
        let Some((link, module)) = known else {
            let wanted = self.client.account.settings().enquirers;
            return self.create(PersonModule::wanted(wanted)).await;
        };
        match self.save(module).update(link).await {
            Err(refusal) if refusal.is_converted() => self.create(PersonModule::Contacts).await,
            Err(refusal) if refusal.is_gone() => self.create(module).await,
            placed => placed,
        }
    }

    /// Makes the person in `module`, or updates who is there already under the e-mail address.
    pub(super) async fn create(&self, module: PersonModule) -> Result<Placed> {
        let save = self.save(module);
        let created = match save.mapped.get("Email") {
            Some(_) => save.upsert("Email").await,
            None => save.insert().await,
        };
        match created {
            Err(refusal) => self.instead(module, refusal).await,
            placed => placed,
        }
    }

    /// Goes on with the record that stands in the way, perhaps in the other module of people.
    async fn instead(&self, module: PersonModule, refusal: Refusal) -> Result<Placed> {
        let Some(duplicate) = &refusal.duplicate else {
            return Err(refusal);
        };
        let there = duplicate.module.as_deref().map(PersonModule::named);
        match there.unwrap_or(Some(module)) {
            Some(module) => self.save(module).adopt(&duplicate.id, Did::Updated).await,
            None => Err(refusal),
        }
    }

    fn save(&self, module: PersonModule) -> Save<'_> {
        let context = Context::of(self.work, self.client.account.settings());
        let mapped = person_fields(module, self.contact, &context);
        let mapped = match &self.extra {
            Some((field, value)) => mapped.line(field, Some(value)),
            None => mapped,
        };
        Save {
            client: self.client,
            mapped,
            reference: &self.work.reference,
            since: self.contact.created_at.get(),
            doubt: self.work.doubt,
        }
    }
}
