//! Zendesk Support: contacts become users, enquiries and support tickets become tickets,
//! replies public comments.
//!
//! Facts come from Zendesk's developer documentation, named where they matter ("Zendesk Ticketing
//! API: …").

mod account;
mod delivery;
mod desk;
pub mod farewell;
pub mod hosts;
mod limits;
pub mod oauth;
mod payloads;
mod reply;
mod settings;
mod words;

pub use account::{Account, Auth};
pub use delivery::sync;
pub use hosts::BaseUrl;
pub use payloads::{Payloads, PersonKind};
pub use settings::{CustomField, FieldId, Settings, UserField};
pub use words::{TicketPriority, TicketStatus};

/// The mapping behind a link's shadow; raised whenever a field changes its meaning.
const MAPPING_VERSION: &str = "1";

/// The external type of a person's link.
const USER: &str = "user";

/// The external type of an enquiry's or a support ticket's link.
const TICKET: &str = "ticket";

/// The external type of a reply's link.
const COMMENT: &str = "comment";

#[cfg(test)]
mod fixtures;
