//! A user who is to go: with the host's record, or for good.

use super::{Delivery, KEPT, NEVER_SENT, USER};
use crate::error::Error;
use crate::outcome::Outcome;
use crate::work::Action;
use crate::zendesk::desk::{User, Wanted};

const STAFF: &str = "the Zendesk user is an agent or admin; these are not deleted from here";
const MERGED: &str = "the user is gone from Zendesk under the id they had there, but may have been merged with another: \
     look for them by name and e-mail address, and delete them by hand";
/// Whose tickets are not closed is not deleted (Zendesk help: Deleting end users).
const TICKETS_STAY: &str = "closed tickets of theirs that did not come from here stay in Zendesk";

/// By what a user is known.
pub(super) struct Farewell {
    /// The link's.
    pub(super) id: Option<u64>,
    pub(super) external_id: Option<String>,
    pub(super) address: Option<String>,
}

impl Delivery {
    /// Looks before it deletes: it may be an agent, and another than the link's user may be others', too. Zendesk keeps
    /// what it knows of a deleted user; to erase them they are deleted once more, for good (Zendesk Ticketing API:
    /// Users, permanently delete user).
    pub(super) async fn delete_contact(&mut self, who: Farewell) -> Result<Outcome, Error> {
        if self.keeps_deleted() {
            return Ok(self.skipped(KEPT));
        }
        let linked = match who.id {
            Some(id) => self.desk.user(id).await?,
            None => None,
        };
        let (found, unclear) = match &linked {
            Some(_) => (None, false),
            None => self.whom(&who).await?,
        };
        let user = linked.as_ref().or(found.as_ref());
        if user.is_some_and(User::is_staff) {
            return Ok(Outcome::left_there(&self.work.key, USER, STAFF));
        }
        let erases = self.work.action == Action::Erase;
        let Some(id) = who.id.or(found.as_ref().map(|user| user.id)) else {
            return Ok(self.skipped(NEVER_SENT));
        };
        if linked.is_some() {
            self.desk.delete(&format!("users/{id}")).await?;
        }
        let forgets = erases && who.id.is_some();
        let was_there = forgets && self.desk.delete(&format!("deleted_users/{id}")).await?;
        let unclear = unclear && (who.address.is_some() || !was_there);
        Ok(match found {
            Some(user) => Outcome::elsewhere(&self.work.key, USER, &user.id.to_string()),
            None if unclear && erases => Outcome::left_there(&self.work.key, USER, MERGED),
            None if linked.is_some() || was_there || !erases => Outcome {
                reason: erases.then(|| TICKETS_STAY.to_owned()),
                ..self.deleted(USER, id)
            },
            None => Outcome::not_there(&self.work.key),
        })
    }

    /// Whom a save would find, by our name in doubt, by that and the address where the link's user is gone; and whether
    /// that leaves a doubt.
    async fn whom(&mut self, who: &Farewell) -> Result<(Option<User>, bool), Error> {
        let merged = who.id.is_some() && self.work.action == Action::Erase;
        let named = who
            .external_id
            .as_deref()
            .filter(|_| merged || self.work.doubt && who.id.is_none());
        let address = who.address.as_deref().filter(|_| merged);
        let names = [named.map(Wanted::named), address.map(Wanted::at)];
        let mut unclear = address.is_none();
        for wanted in names.iter().flatten() {
            let (user, somebody) = self.desk.search(wanted).await?;
            if user.is_some() {
                return Ok((user, false));
            }
            unclear |= somebody;
        }
        Ok((None, unclear))
    }
}
