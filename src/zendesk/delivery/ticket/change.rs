//! A ticket that is there already: what it lacks.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::linked;
use crate::error::Error;
use crate::outcome::{Did, Outcome};
use crate::work::Link;
use crate::zendesk::delivery::Delivery;
use crate::zendesk::desk::Ticket;
use crate::zendesk::payloads::{Draft, update_body};
use crate::zendesk::words::TicketStatus;
use crate::zendesk::{MAPPING_VERSION, TICKET};

impl Delivery {
    /// Takes over the ticket of an earlier attempt and sends what it lacks.
    pub(super) async fn adopt(&mut self, draft: &Draft, found: &Ticket) -> Result<Outcome, Error> {
        let wanted = draft.created_fields();
        let link = Link {
            external_type: TICKET.to_owned(),
            external_id: found.id.to_string(),
            shadow: self.held(&wanted, found).await?,
            mapping_version: MAPPING_VERSION.to_owned(),
        };
        let changed = self.changed(wanted, &link);
        let version = self.send(found.id, &changed).await?;
        let version = version.or_else(|| found.version.clone());
        self.remark = Some("an earlier attempt had arrived: its ticket was found".to_owned());
        Ok(self.as_ticket(Did::Created, found.id, version, &changed, Some(&link)))
    }

    pub(super) async fn update_ticket(
        &mut self,
        draft: &Draft,
        link: &Link,
    ) -> Result<Outcome, Error> {
        let id = linked(link)?;
        let link = match self.work.doubt {
            true => self.looked_up(draft, id, link).await?,
            false => self.assumed(draft, link),
        };
        let changed = self.changed(draft.fields.clone(), &link);
        if changed.is_empty() {
            return Ok(Outcome::unchanged(&self.work).with_shadow(link.shadow, MAPPING_VERSION));
        }
        let version = self.send(id, &changed).await?;
        Ok(self.as_ticket(Did::Updated, id, version, &changed, Some(&link)))
    }

    /// The link with what the ticket holds: an earlier attempt may have changed it, and nobody knows
    /// to what.
    async fn looked_up(&mut self, draft: &Draft, id: u64, link: &Link) -> Result<Link, Error> {
        let ticket = self.desk.ticket(id).await?;
        Ok(Link {
            shadow: self.held(&draft.fields, &ticket).await?,
            mapping_version: MAPPING_VERSION.to_owned(),
            ..link.clone()
        })
    }

    /// The shadow of what `ticket` holds of `wanted`.
    async fn held(
        &mut self,
        wanted: &Map<String, Value>,
        ticket: &Ticket,
    ) -> Result<BTreeMap<String, String>, Error> {
        let mut held = ticket.holds(wanted, self.desk.reference_field());
        if let Some(Value::String(text)) = wanted.get("comment")
            && self.desk.reads(ticket.id, text).await?
        {
            held.insert("comment".to_owned(), json!(text));
        }
        Ok(self.desk.account.shadow_key.digests(&held))
    }

    /// The link with a text it knows nothing of taken for sent: said twice it would be worse than
    /// a change that is missed once. What another mapping knew of the text still holds: an edit that
    /// came together with the new mapping is not to be missed.
    fn assumed(&self, draft: &Draft, link: &Link) -> Link {
        let mut shadow = link.shadow.clone();
        if link.mapping_version != MAPPING_VERSION {
            shadow.retain(|field, _| field == "comment");
        }
        if let Some(text) = draft.fields.get("comment") {
            let digest = self.desk.account.shadow_key.digest("comment", text);
            shadow.entry("comment".to_owned()).or_insert(digest);
        }
        Link {
            shadow,
            mapping_version: MAPPING_VERSION.to_owned(),
            ..link.clone()
        }
    }

    /// What differs from `link`'s shadow.
    fn changed(&self, fields: Map<String, Value>, link: &Link) -> Map<String, Value> {
        let key = &self.desk.account.shadow_key;
        let fields = cleared(self.reopened(fields, link), link);
        key.changed(&fields, Some(link), MAPPING_VERSION)
    }

    /// A ticket that left `new` is reopened as `open`, because none ever becomes new again (Zendesk
    /// Support: About the Support ticket life cycle).
    fn reopened(&self, mut fields: Map<String, Value>, link: &Link) -> Map<String, Value> {
        let key = &self.desk.account.shadow_key;
        let new = json!(TicketStatus::New);
        let still_new = link.shadow.get("status") == Some(&key.digest("status", &new));
        if fields.get("status") == Some(&new) && !still_new {
            fields.insert("status".to_owned(), json!(TicketStatus::Open));
        }
        fields
    }

    /// Sends `changed`; answers the ticket's new version, none where nothing had to be sent.
    async fn send(
        &mut self,
        id: u64,
        changed: &Map<String, Value>,
    ) -> Result<Option<String>, Error> {
        if changed.is_empty() {
            return Ok(None);
        }
        let body = update_body(changed, &self.desk.account.settings);
        Ok(self.desk.update_ticket(id, &body).await?.version)
    }

    pub(super) fn as_ticket(
        &self,
        did: Did,
        id: u64,
        version: Option<String>,
        sent: &Map<String, Value>,
        link: Option<&Link>,
    ) -> Outcome {
        let key = &self.desk.account.shadow_key;
        let shadow = key.after(sent, link, MAPPING_VERSION);
        Outcome {
            remote_version: version,
            ..Outcome::succeeded(&self.work.key, did, TICKET, &id.to_string())
                .with_shadow(shadow, MAPPING_VERSION)
        }
    }
}

/// `fields` with a null for the property that the ticket names and the enquiry no longer does.
fn cleared(mut fields: Map<String, Value>, link: &Link) -> Map<String, Value> {
    if link.shadow.contains_key("property_reference") {
        fields.entry("property_reference").or_insert(Value::Null);
    }
    fields
}
