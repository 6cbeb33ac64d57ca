//! One delivery, as the engine hands it over.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::record::{Record, Website};

/// What is to be true at the remote end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The record is there, in its present state. The link decides between create and update.
    Upsert,
    /// The record is gone.
    Delete,
    /// The remote is to know nothing of the record any more, whatever its settings say of deletes.
    Erase,
}

impl Action {
    /// Whether the remote record is to go.
    pub(crate) fn removes(self) -> bool {
        self != Self::Upsert
    }
}

/// A record's known place at the remote, with what it is known to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Link {
    /// The remote module or resource, for example `Contacts` or `ticket`.
    pub external_type: String,
    /// The remote id.
    pub external_id: String,
    /// A keyed hash for each field the remote is known to hold.
    #[serde(default)]
    pub shadow: BTreeMap<String, String>,
    /// The mapping that wrote the shadow; under another one every field counts as unknown.
    #[serde(default)]
    pub mapping_version: String,
}

/// The remote place of what a record belongs to: the person of a message or a ticket, the ticket of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ParentRef {
    /// The remote module or resource.
    pub external_type: String,
    /// The remote id.
    pub external_id: String,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Work {
    /// The engine's name for it; comes back in the outcome.
    pub key: String,
    /// What is to be done.
    pub action: Action,
    /// The record as it is now, or for a delete as it was.
    pub record: Record,
    /// The tenant.
    #[serde(default)]
    pub website: Website,
    /// Where the record is known to be.
    #[serde(default)]
    pub link: Option<Link>,
    /// Where its person is known to be, or for a reply its ticket.
    #[serde(default)]
    pub parent: Option<ParentRef>,
    /// Where the author of a reply is known to be.
    #[serde(default)]
    pub author: Option<ParentRef>,
    /// True when an earlier attempt may have arrived: look before repeating.
    #[serde(default)]
    pub doubt: bool,
    /// A short marker, unique for the record, that a look-up can find in remote text.
    #[serde(default)]
    pub reference: String,
    /// Stable over all attempts of this delivery.
    #[serde(default)]
    pub event_id: String,
    /// When the change happened, ISO 8601.
    #[serde(default)]
    pub occurred_at: String,
}

impl Work {
    /// The tenant's slug, or its id where it has none.
    pub fn website_slug(&self) -> String {
        let website = &self.website;
        website.slug.get().map_or_else(
            || format!("website-{}", website.id.get().unwrap_or("unknown")),
            str::to_owned,
        )
    }
}
