//! The core of `pwb_crm`: what is sent to Zoho CRM, Zendesk and webhooks, and how.
//!
//! Work is a [`flow::Flow`]: it yields the requests to send and is fed their replies until it is
//! done with [`outcome::Outcome`]s. It holds no socket and no clock, so every flow can be tested and
//! fuzzed as a pure function; [`transport`] drives flows over real HTTP.

#[cfg(test)]
mod catalogue_fixtures;
mod enquiry;
pub mod error;
pub mod flow;
mod hmac;
mod moment;
mod origin;
pub mod outcome;
mod person;
pub mod record;
mod reply;
pub mod settings;
pub mod shadow;
pub mod text;
pub mod transport;
pub mod webhook;
pub mod work;
pub mod zendesk;
pub mod zoho;
