//! What a host's record becomes in Zoho CRM: field API names and values in the shapes of version 8.

mod case;
mod fields;
mod note;
mod person;

pub use case::case;
pub use note::{note, reply};
pub use person::{contact, lead};

pub(super) use case::{MODULE as CASES, case_fields};
pub(super) use fields::Mapped;
pub(super) use note::{MODULE as NOTES, Parent, note_fields, parent_id, reply_fields};
pub(super) use person::{PersonModule, person_fields};

use super::account::Settings;
use crate::record::Website;
use crate::work::Work;

/// What a payload depends on besides its record.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The tenant.
    pub website: &'a Website,
    /// What the tenant chose.
    pub settings: &'a Settings,
    /// The marker by which a look-up finds the record again; none if blank.
    pub reference: &'a str,
}

impl<'a> Context<'a> {
    pub(super) fn of(work: &'a Work, settings: &'a Settings) -> Self {
        Self {
            website: &work.website,
            settings,
            reference: &work.reference,
        }
    }

    /// How people know the tenant.
    fn site(&self) -> &'a str {
        let Website {
            name, slug, url, ..
        } = self.website;
        let known = [slug, name, url].into_iter().find_map(|text| text.get());
        known.unwrap_or("the website")
    }

    /// The tenant as a company.
    fn company(&self) -> &'a str {
        self.website.name.get().unwrap_or_else(|| self.site())
    }
}

#[cfg(test)]
mod tests;
