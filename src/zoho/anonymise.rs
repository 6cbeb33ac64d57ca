//! People who are to be forgotten, while their record stays for what the organisation has tied to it.

use serde_json::{Map, Value};

use super::account::Settings;
use super::payload::{Context, PersonModule, person_fields};
use crate::record::Contact;
use crate::work::Work;

/// Why the record is still there.
pub(super) const REASON: &str =
    "anonymised: the record stays in Zoho CRM without what was delivered of the person";
/// Zoho insists on a last name.
const NAME: &str = "Erased";
/// The tenant's own, which say nothing of the person, and Zoho insists on the first.
const OURS: [&str; 2] = ["Company", "Lead_Source"];
const TEXT: &str = "Description";

/// What empties every field that a delivery may have filled, under whatever mapping, and no other.
pub(super) fn fields(module: PersonModule, work: &Work, settings: &Settings) -> Map<String, Value> {
    let mapped = person_fields(module, &Contact::default(), &Context::of(work, settings));
    let known = work.link.iter().flat_map(|link| link.shadow.keys());
    let extra = settings.property_reference_field.get();
    let mut fields: Map<String, Value> = mapped
        .all()
        .keys()
        .map(String::as_str)
        .filter(|field| *field != TEXT || work.link.is_none())
        .chain(known.map(String::as_str))
        .chain(extra)
        .filter(|field| !OURS.contains(field))
        .map(|field| (field.to_owned(), Value::Null))
        .collect();
    fields.insert("Last_Name".to_owned(), NAME.into());
    fields
}
