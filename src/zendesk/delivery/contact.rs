//! A contact: a user of Zendesk.

use serde_json::{Map, Value};

use super::erasure::Farewell;
use super::{Delivery, MAPPING_VERSION, USER};
use crate::error::Error;
use crate::moment;
use crate::outcome::{Did, Outcome};
use crate::record::Contact;
use crate::reply::text;
use crate::work::{Action, Link};
use crate::zendesk::desk::{User, is_duplicate, is_gone, number};
use crate::zendesk::payloads::{Payloads, PersonKind, user_body};

impl Delivery {
    pub(super) async fn contact(
        &mut self,
        payloads: &Payloads<'_>,
        contact: &Contact,
    ) -> Result<Outcome, Error> {
        let link = self.work.link.clone();
        let number = |link: &Link| number(&link.external_type, &link.external_id, USER);
        let known = link.as_ref().and_then(|link| Some((link, number(link)?)));
        match (self.work.action, known) {
            (Action::Delete | Action::Erase, known) => {
                let external_id = payloads.external_id("contact", &contact.id);
                let address = payloads.person(contact, PersonKind::Contact);
                let farewell = Farewell {
                    id: known.map(|(_, id)| id),
                    external_id,
                    address: address.and_then(|body| text(body.pointer("/user/email"))),
                };
                self.delete_contact(farewell).await
            }
            (Action::Upsert, Some((link, id))) => {
                self.update_contact(payloads, contact, link, id).await
            }
            (Action::Upsert, None) => self.create_contact(payloads, contact).await,
        }
    }

    async fn create_contact(
        &mut self,
        payloads: &Payloads<'_>,
        contact: &Contact,
    ) -> Result<Outcome, Error> {
        let Some(body) = payloads.person(contact, PersonKind::Contact) else {
            return Ok(self.skipped("the contact has neither an id nor an e-mail address"));
        };
        let user = self.desk.create_or_update_user(&body).await?;
        let did = if user.created {
            Did::Created
        } else {
            Did::Updated
        };
        let mut fields = payloads.user_fields(contact, PersonKind::Contact);
        if !fields.contains_key("phone") && self.may_have_given_phone(&user, contact) {
            fields.insert("phone".to_owned(), Value::Null);
            self.desk
                .update_user(user.id, &user_body(fields.clone()))
                .await?;
        }
        Ok(self.as_user(did, &user, &fields, None))
    }

    /// Whether the user may have a phone number from an earlier attempt, although the contact has none
    /// by now. A user from before the contact is the tenant's.
    fn may_have_given_phone(&self, user: &User, contact: &Contact) -> bool {
        let made_at = user.made_at.as_deref();
        let ours = !user.created && moment::is_since(made_at, contact.created_at.get());
        self.work.doubt && ours && user.has_phone
    }

    /// Sends what changed; in doubt everything, because the user may hold what an earlier attempt
    /// sent.
    async fn update_contact(
        &mut self,
        payloads: &Payloads<'_>,
        contact: &Contact,
        link: &Link,
        id: u64,
    ) -> Result<Outcome, Error> {
        let fields = cleared(payloads.user_fields(contact, PersonKind::Contact), link);
        let key = &self.desk.account.shadow_key;
        let changed = match self.work.doubt {
            true => fields,
            false => key.changed(&fields, Some(link), MAPPING_VERSION),
        };
        if changed.is_empty() {
            return Ok(Outcome::unchanged(&self.work));
        }
        match self.desk.update_user(id, &user_body(changed.clone())).await {
            Ok(user) => Ok(self.as_user(Did::Updated, &user, &changed, Some(link))),
            // The user is gone, or the new address is another user's: that one it is from now on.
            Err(error) if is_gone(&error) || is_duplicate(&error) => {
                self.create_contact(payloads, contact).await
            }
            Err(error) => Err(error),
        }
    }

    fn as_user(
        &mut self,
        did: Did,
        user: &User,
        sent: &Map<String, Value>,
        link: Option<&Link>,
    ) -> Outcome {
        self.remark = user.remark();
        let key = &self.desk.account.shadow_key;
        let shadow = key.after(sent, link, MAPPING_VERSION);
        let id = user.id.to_string();
        Outcome {
            remote_version: user.version.clone(),
            ..Outcome::succeeded(&self.work.key, did, USER, &id)
                .with_shadow(shadow, MAPPING_VERSION)
        }
    }

    pub(super) fn deleted(&self, external_type: &str, id: u64) -> Outcome {
        let id = id.to_string();
        Outcome::succeeded(&self.work.key, Did::Deleted, external_type, &id)
    }
}

/// `fields` with a null for a phone number that was sent once and is gone. Names and addresses are
/// never emptied: Zendesk insists on a name, and an address is removed as an identity.
fn cleared(mut fields: Map<String, Value>, link: &Link) -> Map<String, Value> {
    if link.shadow.contains_key("phone") {
        fields.entry("phone").or_insert(Value::Null);
    }
    fields
}

#[cfg(test)]
#[path = "contact_tests.rs"]
mod tests;
