//! Upserts of plain records, in batches.

use std::sync::Arc;

use super::account::{Account, is_api_name};
use super::client::{Client, MOST_RECORDS};
use super::records::{Chunk, Prepared, Records};
use super::reply::{Result, Saved};
use super::save::nameless;
use crate::error::{Error, Kind, Sent};
use crate::flow::Flow;
use crate::outcome::{Call, Did, Outcome};

/// Modules and the field by which an upsert finds a record (Zoho CRM v8: Upsert records, system
/// defined duplicate check fields).
const KEYS: [(&str, &str); 7] = [
    ("Contacts", "Email"),
    ("Leads", "Email"),
    ("Accounts", "Account_Name"),
    ("Deals", "Deal_Name"),
    ("Products", "Product_Name"),
    ("Vendors", "Vendor_Name"),
    ("Campaigns", "Campaign_Name"),
];

/// Zoho upserts none of these, or (Cases) only by a subject that two customers may share.
const NOT_UPSERTABLE: [&str; 5] = ["Cases", "Notes", "Tasks", "Events", "Calls"];

/// The flow that adds or updates `records` of one module, 100 in a request.
///
/// Field names may be API names (`First_Name`) or their snake case (`first_name`). Over-long texts
/// of known fields are cut. There is one outcome for each record, in order, with its position as
/// key; one record's failure is only its own. When a whole request fails, the records after it are
/// not sent and fail with the same error, marked as not sent.
///
/// Contacts and Leads without e-mail address are added anew each time: Zoho has nothing to find
/// them by.
pub fn upsert(account: &Account, module: &str, records: Records) -> Flow {
    let (account, module) = (account.clone(), module.to_owned());
    Flow::new(move |io| async move {
        let records = records.prepared(&module);
        let batches = Batches {
            client: Client::new(io, account),
            module,
            outcomes: Vec::new(),
            call: None,
        };
        batches.run(records).await
    })
}

struct Batches {
    client: Client,
    module: String,
    outcomes: Vec<Outcome>,
    /// The request of the batch at hand.
    call: Option<Arc<Call>>,
}

impl Batches {
    async fn run(mut self, records: Prepared) -> Vec<Outcome> {
        let mut failure = check(&self.module).err();
        for chunk in records.chunks(MOST_RECORDS) {
            failure = match failure {
                None => self.send(chunk).await,
                Some(error) => Some(self.unsent(chunk, error)),
            };
        }
        self.outcomes
    }

    /// Sends one batch. Returns what failed it as a whole.
    async fn send(&mut self, chunk: Chunk<'_>) -> Option<Error> {
        let sent = self
            .client
            .upsert_all(&self.module, key(&self.module), chunk)
            .await;
        self.call = self.client.io.calls().pop();
        match sent {
            Ok(results) => {
                results.into_iter().for_each(|result| self.told(result));
                None
            }
            Err(refusal) => {
                (0..chunk.len()).for_each(|_| self.failed(refusal.error.clone()));
                Some(refusal.error)
            }
        }
    }

    fn unsent(&mut self, chunk: Chunk<'_>, error: Error) -> Error {
        let unsent = error.with_sent(Sent::No);
        self.call = None;
        (0..chunk.len()).for_each(|_| self.failed(unsent.clone()));
        unsent
    }

    fn told(&mut self, result: Result<Saved>) {
        match result.and_then(|saved| Ok((saved.id.clone().ok_or_else(nameless)?, saved))) {
            Ok((id, saved)) => {
                let did = saved.did.unwrap_or(Did::Updated);
                let outcome = Outcome::succeeded(&self.key(), did, &self.module, &id);
                self.push(Outcome {
                    remote_version: saved.version,
                    ..outcome
                });
            }
            Err(refusal) => self.failed(refusal.error),
        }
    }

    fn failed(&mut self, error: Error) {
        let label = format!("{} record {}", self.module, self.outcomes.len());
        self.push(Outcome::failed(&self.key(), error.about(&label)));
    }

    fn push(&mut self, mut outcome: Outcome) {
        outcome.calls = self.call.iter().cloned().collect();
        self.outcomes.push(outcome);
    }

    fn key(&self) -> String {
        self.outcomes.len().to_string()
    }
}

fn check(module: &str) -> std::result::Result<(), Error> {
    if !is_api_name(module) {
        return Err(Error::new(
            Kind::Configuration,
            "the module is not an API name such as Contacts; see Setup > Developer Hub > APIs in \
             Zoho CRM",
        ));
    }
    if NOT_UPSERTABLE.contains(&module) {
        return Err(Error::new(
            Kind::Configuration,
            format!("{module} cannot be upserted without risk of doubles; deliver them with sync"),
        ));
    }
    Ok(())
}

/// A module of one's own is matched by Zoho's default, its Name.
fn key(module: &str) -> Option<&'static str> {
    let known = KEYS.iter().find(|(name, _)| *name == module);
    known.map(|(_, key)| *key)
}

#[cfg(test)]
mod tests;
