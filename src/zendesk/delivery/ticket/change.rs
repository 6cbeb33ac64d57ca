//! A ticket that is there already: what it lacks.

use serde_json::{Map, Value, json};

use super::linked;
use crate::error::Error;
use crate::outcome::{Did, Outcome};
use crate::work::Link;
use crate::zendesk::delivery::Delivery;
use crate::zendesk::desk::{Ticket, is_closed};
use crate::zendesk::payloads::{Draft, update_body};
use crate::zendesk::words::TicketStatus;
use crate::zendesk::{MAPPING_VERSION, TICKET};

impl Delivery {
    /// Takes over the ticket of an earlier attempt and sends what it lacks.
    pub(super) async fn adopt(&mut self, draft: &Draft, found: &Ticket) -> Result<Outcome, Error> {
        let wanted = draft.created_fields();
        let holds = found.holds(&wanted, self.desk.reference_field());
        let link = Link {
            external_type: TICKET.to_owned(),
            external_id: found.id.to_string(),
            shadow: self.desk.account.shadow_key.digests(&holds),
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
        let link = self.assumed(draft, link);
        let changed = self.changed_or_doubted(draft.fields.clone(), &link);
        if changed.is_empty() {
            return Ok(Outcome::unchanged(&self.work).with_shadow(link.shadow, MAPPING_VERSION));
        }
        let version = self.send(id, &changed).await?;
        Ok(self.as_ticket(Did::Updated, id, version, &changed, Some(&link)))
    }

    /// The link with a text it knows nothing of taken for sent: said twice it would be worse than
    /// a change that is missed once.
    fn assumed(&self, draft: &Draft, link: &Link) -> Link {
        let known = Some(link).filter(|link| link.mapping_version == MAPPING_VERSION);
        let mut shadow = known.map(|link| link.shadow.clone()).unwrap_or_default();
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
        key.changed(&self.reopened(fields, link), Some(link), MAPPING_VERSION)
    }

    /// What differs; in doubt every field, because the ticket may hold what an earlier attempt
    /// sent. But no text, which would stand there twice, and not `new`, which it may have left.
    fn changed_or_doubted(&self, fields: Map<String, Value>, link: &Link) -> Map<String, Value> {
        let changed = self.changed(fields.clone(), link);
        if !self.work.doubt {
            return changed;
        }
        let new = json!(TicketStatus::New);
        let again = self.reopened(fields, link).into_iter();
        let again = again.filter(|(field, value)| field != "comment" && *value != new);
        again.chain(changed).collect()
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
        let mut body = update_body(changed, &self.desk.account.settings);
        self.drop_repeated_comment(id, &mut body).await?;
        if fields(&mut body).is_none_or(|fields| fields.is_empty()) {
            return Ok(None);
        }
        match self.desk.update_ticket(id, &body).await {
            Err(error) if is_closed(&error) && self.may_have_closed(&body) => Ok(None),
            updated => Ok(updated?.version),
        }
    }

    /// Whether an earlier attempt may have closed the ticket: then all that came with it arrived,
    /// and no repeat is let through.
    fn may_have_closed(&self, body: &Value) -> bool {
        let closing = body.pointer("/ticket/status") == Some(&json!(TicketStatus::Closed));
        self.work.doubt && closing && body.pointer("/ticket/comment").is_none()
    }

    /// Fields may be sent twice, a comment would stand there twice: in doubt it is looked for.
    async fn drop_repeated_comment(&mut self, id: u64, body: &mut Value) -> Result<(), Error> {
        let text = body.pointer("/ticket/comment/body").and_then(Value::as_str);
        let Some(text) = text.filter(|_| self.work.doubt) else {
            return Ok(());
        };
        if self.desk.has_comment(id, text).await? {
            fields(body).map(|fields| fields.remove("comment"));
        }
        Ok(())
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

fn fields(body: &mut Value) -> Option<&mut Map<String, Value>> {
    body.get_mut("ticket")?.as_object_mut()
}
