//! An enquiry or a support ticket: a ticket of Zendesk.

mod change;

use super::{Delivery, KEPT, NEVER_SENT};
use crate::error::{Error, Kind};
use crate::outcome::{Did, Outcome};
use crate::work::{Action, Link, ParentRef};
use crate::zendesk::desk::{Ticket, is_key_reused, is_requester_refused, number};
use crate::zendesk::payloads::Draft;
use crate::zendesk::{TICKET, USER};

impl Delivery {
    pub(super) async fn ticket(&mut self, draft: &Draft) -> Result<Outcome, Error> {
        match (self.work.action, self.work.link.clone()) {
            (Action::Delete | Action::Erase, link) => self.delete_ticket(draft, link).await,
            (Action::Upsert, Some(link)) => self.update_ticket(draft, &link).await,
            (Action::Upsert, None) => self.create_ticket(draft).await,
        }
    }

    /// Looks first when an earlier attempt may have arrived.
    async fn create_ticket(&mut self, draft: &Draft) -> Result<Outcome, Error> {
        if self.work.doubt
            && let Some(found) = self.find(draft).await?
        {
            return self.adopt(draft, &found).await;
        }
        match self.requester(draft).await? {
            Some(requester) => self.create_for(draft, requester).await,
            None => Ok(self
                .skipped("nobody to answer: neither a known contact nor a usable e-mail address")),
        }
    }

    /// The user who asks: known, or made now.
    async fn requester(&mut self, draft: &Draft) -> Result<Option<u64>, Error> {
        let user = |parent: &ParentRef| number(&parent.external_type, &parent.external_id, USER);
        match self.work.parent.as_ref().and_then(user) {
            Some(known) => Ok(Some(known)),
            None => self.make_requester(draft).await,
        }
    }

    async fn make_requester(&mut self, draft: &Draft) -> Result<Option<u64>, Error> {
        let Some(person) = &draft.person else {
            return Ok(None);
        };
        let user = self.desk.create_or_update_user(person).await?;
        self.found_parent(user.id);
        self.remark = user.remark();
        Ok(Some(user.id))
    }

    async fn create_for(&mut self, draft: &Draft, requester: u64) -> Result<Outcome, Error> {
        match self.post(draft, requester, false).await {
            Err(error) if is_key_reused(&error) => self.find_or_post(draft, requester).await,
            // The link to the person is stale: the user was deleted or merged.
            Err(error) if is_requester_refused(&error) && self.links.is_empty() => {
                self.create_for_new_requester(draft, error).await
            }
            posted => Ok(self.created(draft, &posted?)),
        }
    }

    /// An earlier attempt sent the record as it was then: adopts its ticket.
    async fn find_or_post(&mut self, draft: &Draft, requester: u64) -> Result<Outcome, Error> {
        match self.find(draft).await? {
            Some(found) => self.adopt(draft, &found).await,
            None => {
                let posted = self.post(draft, requester, true).await?;
                Ok(self.created(draft, &posted))
            }
        }
    }

    async fn create_for_new_requester(
        &mut self,
        draft: &Draft,
        refused: Error,
    ) -> Result<Outcome, Error> {
        let Some(requester) = self.make_requester(draft).await? else {
            return Err(refused);
        };
        let posted = self.post(draft, requester, true).await?;
        Ok(self.created(draft, &posted))
    }

    async fn post(
        &mut self,
        draft: &Draft,
        requester: u64,
        for_body: bool,
    ) -> Result<Ticket, Error> {
        let body = draft.create_body(Some(requester));
        let event_id = self.work.event_id.clone();
        self.desk.create_ticket(&body, &event_id, for_body).await
    }

    async fn find(&mut self, draft: &Draft) -> Result<Option<Ticket>, Error> {
        match &draft.external_id {
            Some(external_id) => self.desk.ticket_named(external_id).await,
            None => Ok(None),
        }
    }

    fn created(&self, draft: &Draft, ticket: &Ticket) -> Outcome {
        let version = ticket.version.clone();
        self.as_ticket(
            Did::Created,
            ticket.id,
            version,
            &draft.created_fields(),
            None,
        )
    }

    async fn delete_ticket(&mut self, draft: &Draft, link: Option<Link>) -> Result<Outcome, Error> {
        if self.keeps_deleted() {
            return Ok(self.skipped(KEPT));
        }
        let id = match link {
            Some(link) => Some(linked(&link)?),
            None if self.work.doubt => self.find(draft).await?.map(|found| found.id),
            None => None,
        };
        let Some(id) = id else {
            return Ok(self.skipped(NEVER_SENT));
        };
        let was_there = self.desk.delete_ticket(id).await?;
        Ok(match was_there || self.work.action != Action::Erase {
            true => self.deleted(TICKET, id),
            false => Outcome::not_there(&self.work.key),
        })
    }
}

/// The ticket a link points to.
fn linked(link: &Link) -> Result<u64, Error> {
    number(&link.external_type, &link.external_id, TICKET).ok_or_else(|| {
        Error::new(
            Kind::Internal,
            "its link holds no Zendesk ticket number: remove the link to make a new ticket",
        )
    })
}

#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod create_tests;
#[cfg(test)]
mod doubt_tests;
#[cfg(test)]
mod fixtures;
