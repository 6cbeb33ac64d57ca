//! One delivery to Zendesk, from the record to the outcome.

mod contact;
mod erasure;
mod reply;
mod ticket;

use super::account::Account;
use super::desk::Desk;
use super::payloads::{Draft, Payloads};
use super::{MAPPING_VERSION, USER};
use crate::error::Error;
use crate::flow::{Flow, Io};
use crate::outcome::{Outcome, RelatedLink};
use crate::record::{Record, Reply};
use crate::settings::Deletes;
use crate::work::{Action, Work};

/// Brings `work` to Zendesk: a contact as a user; a message or a support ticket as a ticket of its
/// person, who is made first where Zendesk does not know them; a reply as a public comment in its ticket.
pub fn sync(account: &Account, work: Work) -> Flow {
    let account = account.clone();
    Flow::new(move |io| async move {
        let mut delivery = Delivery::new(io, account, work);
        vec![delivery.run().await]
    })
}

/// A delivery under way.
struct Delivery {
    desk: Desk,
    work: Work,
    links: Vec<RelatedLink>,
    remark: Option<String>,
}

impl Delivery {
    fn new(io: Io, account: Account, work: Work) -> Self {
        Self {
            desk: Desk::new(io, account),
            work,
            links: Vec::new(),
            remark: None,
        }
    }

    async fn run(&mut self) -> Outcome {
        let ended = self.deliver().await;
        self.told(ended)
    }

    async fn deliver(&mut self) -> Result<Outcome, Error> {
        let settings = self.desk.account.settings.clone();
        let payloads = Payloads::of(&self.work, &settings);
        match &self.work.record {
            Record::Contact(contact) => {
                let contact = contact.clone();
                self.contact(&payloads, &contact).await
            }
            Record::Message(message) => {
                let draft = Draft::of_message(&payloads, message);
                self.ticket(&draft).await
            }
            Record::SupportTicket(ticket) => {
                let draft = Draft::of_support_ticket(&payloads, ticket);
                self.ticket(&draft).await
            }
            Record::Comment(comment) => {
                let comment = comment.clone();
                match Reply::due(&self.work, &comment) {
                    Ok(reply) => self.reply(&payloads, &reply).await,
                    Err(outcome) => Ok(*outcome),
                }
            }
        }
    }

    /// The outcome with all that was learned on the way, also when it failed.
    fn told(&mut self, ended: Result<Outcome, Error>) -> Outcome {
        let failed = |error| Outcome::failed_delivery(&self.work, error);
        let outcome = ended.unwrap_or_else(failed);
        let outcome = Outcome {
            links: std::mem::take(&mut self.links),
            reason: outcome.reason.or(self.remark.take()),
            request_id: self.desk.request_id.take(),
            calls: self.desk.io.calls(),
            ..outcome
        };
        outcome.with_doubts(&self.work)
    }

    fn found_parent(&mut self, id: u64) {
        self.links = vec![RelatedLink::parent(USER, &id.to_string())];
    }

    fn keeps_deleted(&self) -> bool {
        self.desk.account.settings.deletes == Deletes::Keep && self.work.action != Action::Erase
    }

    fn skipped(&self, reason: &str) -> Outcome {
        Outcome::skipped(&self.work.key, reason)
    }
}

/// The reason when nothing ever reached Zendesk.
const NEVER_SENT: &str = "deleted before it was ever sent to Zendesk";
/// The reason when the tenant keeps what is deleted.
const KEPT: &str = "the setting \"deletes\" keeps records in Zendesk";

#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod properties;
