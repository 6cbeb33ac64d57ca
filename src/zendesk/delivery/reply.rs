//! A reply: a public comment in the ticket of its ticket.

use serde_json::{Map, json};

use super::Delivery;
use crate::error::Error;
use crate::outcome::{Did, Outcome};
use crate::record::{Reply, ticket_missing};
use crate::work::ParentRef;
use crate::zendesk::desk::{Said, Sought, is_author_refused, number};
use crate::zendesk::payloads::Payloads;
use crate::zendesk::reply::ZENDESK;
use crate::zendesk::{COMMENT, MAPPING_VERSION, TICKET, USER};

impl Delivery {
    pub(super) async fn reply(
        &mut self,
        payloads: &Payloads<'_>,
        reply: &Reply<'_>,
    ) -> Result<Outcome, Error> {
        let Some(ticket) = known(self.work.parent.as_ref(), TICKET) else {
            return Err(ticket_missing(ZENDESK));
        };
        if self.work.doubt
            && let Some(id) = self.said_before(ticket, payloads, reply).await?
        {
            self.remark = Some("an earlier attempt had arrived: its comment was found".to_owned());
            return Ok(self.as_comment(&id, None, reply));
        }
        let said = self.say(ticket, payloads, reply).await?;
        Ok(self.as_comment(&said.id, said.version, reply))
    }

    /// As its author, where Zendesk knows them.
    async fn say(
        &mut self,
        ticket: u64,
        payloads: &Payloads<'_>,
        reply: &Reply<'_>,
    ) -> Result<Said, Error> {
        let author = known(self.work.author.as_ref(), USER);
        match self.desk.say(ticket, &payloads.reply(reply, author)).await {
            // The link to the author is stale: the user was deleted or merged.
            Err(error) if author.is_some() && is_author_refused(&error) => {
                self.desk.say(ticket, &payloads.reply(reply, None)).await
            }
            said => said,
        }
    }

    async fn said_before(
        &mut self,
        ticket: u64,
        payloads: &Payloads<'_>,
        reply: &Reply<'_>,
    ) -> Result<Option<String>, Error> {
        let Some(mark) = payloads.mark(reply) else {
            return Ok(None);
        };
        let since = reply.comment().created_at.get();
        let sought = Sought { mark: &mark, since };
        self.desk.said(ticket, &sought).await
    }

    fn as_comment(&self, id: &str, version: Option<String>, reply: &Reply<'_>) -> Outcome {
        let text = Map::from_iter([("comment".to_owned(), json!(reply.text()))]);
        let shadow = self.desk.account.shadow_key.digests(&text);
        Outcome {
            remote_version: version,
            ..Outcome::succeeded(&self.work.key, Did::Created, COMMENT, id)
                .with_shadow(shadow, MAPPING_VERSION)
        }
    }
}

fn known(place: Option<&ParentRef>, wanted: &str) -> Option<u64> {
    let place = place?;
    number(&place.external_type, &place.external_id, wanted)
}

#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod sending_tests;
