//! Zoho CRM, version 8 of its REST API: `{api_domain}/crm/v8`.
//!
//! [`sync`] brings a host's record to Zoho, [`sync_all`] many at a time, [`upsert`] plain records, [`oauth`] gets and ends
//! access, [`organisation`] says whose it is, [`remove_channel`] ends what tells of changes; [`payload`] shows what a record becomes.

mod account;
mod anonymise;
mod authors;
mod batch;
mod channels;
mod client;
mod comments;
mod deletes;
mod enquiries;
mod gone;
mod heavy;
pub mod hosts;
mod limits;
mod lookup;
pub mod oauth;
mod organisation;
pub mod payload;
mod people;
mod records;
mod reply;
mod save;
mod sync;
mod tickets;
mod upsert;
mod words;

pub use account::{Account, Enquirers, Erase, Settings};
pub use batch::sync_all;
pub use channels::remove_channel;
pub use hosts::Loopback;
pub use organisation::organisation;
pub use records::{Records, Row};
pub use sync::sync;
pub use upsert::upsert;
pub use words::Overrides;

#[cfg(test)]
mod tests;
