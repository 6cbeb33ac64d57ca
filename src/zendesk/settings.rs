//! What a tenant may choose for its Zendesk.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::words::{TicketPriority, TicketStatus};
use crate::settings::{Deletes, or_default};
use crate::text::Text;

/// A tenant's choices; everything may be left out or null.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// What a deletion at the host does to the remote record.
    #[serde(deserialize_with = "or_default")]
    pub deletes: Deletes,
    /// The ids of the tenant's ticket fields that are filled in.
    #[serde(deserialize_with = "or_default")]
    pub custom_fields: BTreeMap<CustomField, FieldId>,
    /// The keys of the tenant's user fields that are filled in; they must exist in Zendesk.
    #[serde(deserialize_with = "or_default")]
    pub user_fields: BTreeMap<UserField, Text>,
    /// Own words for the host's statuses.
    #[serde(deserialize_with = "or_default")]
    pub ticket_status: BTreeMap<String, TicketStatus>,
    /// Own words for the host's priorities.
    #[serde(deserialize_with = "or_default")]
    pub ticket_priority: BTreeMap<String, TicketPriority>,
    /// More tags for every ticket.
    #[serde(deserialize_with = "or_default")]
    pub tags: Vec<Text>,
}

/// What can go into ticket fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomField {
    /// The reference of the property an enquiry is about.
    PropertyReference,
    /// The number people quote for a support ticket.
    TicketNumber,
    /// The website's slug.
    PwbWebsite,
}

/// What can go into user fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserField {
    /// The website's slug.
    Website,
    /// The contact's id at the host.
    PwbContactId,
}

/// The id of a ticket field; none where it was left blank.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FieldId(Option<u64>);

impl<'de> Deserialize<'de> for FieldId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        let id = text.get().map(str::parse).transpose();
        id.map(Self).map_err(|_| {
            D::Error::custom("custom_fields takes the ids of ticket fields, which are numbers")
        })
    }
}

impl Settings {
    /// The id of the ticket field for `field`, where the tenant gave one.
    pub fn custom_field(&self, field: CustomField) -> Option<u64> {
        self.custom_fields.get(&field).and_then(|id| id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(value: Value) -> Result<Settings, serde_json::Error> {
        serde_json::from_value(value)
    }

    #[test]
    fn nothing_and_nulls_are_the_defaults() {
        let nulls = json!({"deletes": null, "custom_fields": null, "user_fields": null,
            "ticket_status": null, "ticket_priority": null, "tags": null, "later": 1});
        assert_eq!(read(json!({})).expect("empty"), Settings::default());
        assert_eq!(read(nulls).expect("nulls"), Settings::default());
    }

    #[test]
    fn field_ids_are_numbers_in_any_dress() {
        let given = read(json!({"custom_fields": {"property_reference": "360001",
            "ticket_number": 42, "pwb_website": ""}}))
        .expect("ids");
        assert_eq!(
            given.custom_field(CustomField::PropertyReference),
            Some(360_001)
        );
        assert_eq!(given.custom_field(CustomField::TicketNumber), Some(42));
        assert_eq!(given.custom_field(CustomField::PwbWebsite), None);
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (wrong, named) in [
            (json!({"deletes": "purge"}), "purge"),
            (
                json!({"custom_fields": {"property_reference": "Ref"}}),
                "custom_fields",
            ),
            (json!({"custom_fields": {"propertyref": 1}}), "propertyref"),
            (json!({"ticket_status": {"open": "opened"}}), "opened"),
            (json!({"ticket_priority": {"low": "lowest"}}), "lowest"),
            (json!({"user_fields": {"site": "x"}}), "site"),
        ] {
            let error = read(wrong).expect_err(named).to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
