//! Custom webhooks, after Standard Webhooks 1.0 (`standard-webhooks/standard-webhooks`,
//! `spec/standard-webhooks.md`): one signed POST for each change of a record.

mod endpoint;
mod event;
mod reply;
mod secret;
mod signer;
mod sync;
mod verify;

pub use endpoint::Endpoint;
pub use event::event;
pub use secret::Secret;
pub use signer::{ID, SIGNATURE, Signed, Signer, TIMESTAMP};
pub use sync::sync;

/// The mapping behind a link's shadow; raised whenever a field of `data` changes its meaning.
const MAPPING_VERSION: &str = "1";

/// The external type of a webhook's links: what was delivered is an event, named by its id.
const EVENT: &str = "event";

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod properties;
