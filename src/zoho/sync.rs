//! One delivery, from work to outcome.

use super::account::Account;
use super::client::Client;
use super::comments;
use super::deletes;
use super::enquiries::Enquiry;
use super::payload::Parent;
use super::people::Person;
use super::reply::Result;
use super::tickets;
use crate::flow::{Flow, Io};
use crate::outcome::Outcome;
use crate::record::{Comment, Record, Reply};
use crate::work::{Action, Work};

/// The flow that brings one record of the host to Zoho CRM.
///
/// A contact becomes a Contact or a Lead (upserted by e-mail address, else inserted), an enquiry a
/// Note under its person, a support ticket a Case, a reply a Note under that. With a link only the fields that differ are
/// sent, and nothing if none does. A linked record that is gone is made anew. With
/// [`Work::doubt`] whatever is not idempotent is looked up by [`Work::reference`] before it is
/// repeated. The outcome names a person made on the way in its links, also when the delivery
/// itself failed.
pub fn sync(account: &Account, work: Work) -> Flow {
    let account = account.clone();
    Flow::new(move |io| async move {
        let client = Client::new(io.clone(), account);
        vec![finish(deliver(&client, &work).await, &work, &io)]
    })
}

async fn deliver(client: &Client, work: &Work) -> (Result<Outcome>, Option<Parent>) {
    match &work.record {
        Record::Comment(_) if work.action == Action::Erase => {
            (deletes::delete(client, work).await, None)
        }
        Record::Comment(comment) => (reply(client, work, comment).await, None),
        _ if work.action.removes() => (deletes::delete(client, work).await, None),
        Record::Message(message) => Enquiry::new(client, work, message).place().await,
        Record::Contact(contact) => {
            let person = Person {
                client,
                work,
                contact,
                extra: None,
            };
            let placed = person.place(work.link.as_ref()).await;
            (placed.map(|placed| placed.outcome(work)), None)
        }
        Record::SupportTicket(ticket) => {
            let placed = tickets::place(client, work, ticket).await;
            (placed.map(|placed| placed.outcome(work)), None)
        }
    }
}

async fn reply(client: &Client, work: &Work, comment: &Comment) -> Result<Outcome> {
    match Reply::due(work, comment) {
        Ok(reply) => comments::place(client, work, reply).await,
        Err(outcome) => Ok(*outcome),
    }
}

fn finish((result, made): (Result<Outcome>, Option<Parent>), work: &Work, io: &Io) -> Outcome {
    let mut outcome = match result {
        Ok(outcome) => outcome,
        Err(refusal) => Outcome::failed_delivery(work, refusal.error),
    };
    if let Some(person) = made {
        outcome = outcome.with_parent(person.module.name(), &person.id);
    }
    outcome.calls = io.calls();
    outcome.with_doubts(work)
}
