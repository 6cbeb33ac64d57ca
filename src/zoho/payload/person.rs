//! People: Contacts or Leads.
//!
//! Sources: Zoho CRM help "Standard modules and fields" (names, mandatory fields); Zoho CRM v8
//! OpenAPI (record).

use serde_json::{Map, Value};

use super::{Context, Mapped};
use crate::enquiry;
use crate::person::Name;
use crate::record::Contact;
use crate::zoho::account::Enquirers;
use crate::zoho::limits;

const VERSION: &str = "1";
const LEAD_SOURCE: &str = "Website Inquiry";

/// A module that holds people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::zoho) enum PersonModule {
    Contacts,
    Leads,
}

impl PersonModule {
    /// The API name.
    pub(in crate::zoho) fn name(self) -> &'static str {
        match self {
            Self::Contacts => "Contacts",
            Self::Leads => "Leads",
        }
    }

    /// The module of that API name, if it holds people.
    pub(in crate::zoho) fn named(name: &str) -> Option<Self> {
        [Self::Contacts, Self::Leads]
            .into_iter()
            .find(|module| module.name() == name)
    }

    /// Where the setting wants new people.
    pub(in crate::zoho) fn wanted(enquirers: Enquirers) -> Self {
        match enquirers {
            Enquirers::ContactAndNote => Self::Contacts,
            Enquirers::Lead => Self::Leads,
        }
    }
}

/// The fields of a new Contact: last name (never missing), and first name, e-mail addresses,
/// phones and mailing address where known.
///
/// Description is written only where there is no e-mail address. With one, Zoho may match a contact
/// the organisation had before, and its description is not ours to replace.
pub fn contact(contact: &Contact, context: &Context<'_>) -> Map<String, Value> {
    person_fields(PersonModule::Contacts, contact, context).present()
}

/// The fields of a new Lead: as [`contact`], and Company (the tenant), which Zoho insists on, and
/// Lead Source.
pub fn lead(contact: &Contact, context: &Context<'_>) -> Map<String, Value> {
    person_fields(PersonModule::Leads, contact, context).present()
}

pub(in crate::zoho) fn person_fields(
    module: PersonModule,
    person: &Contact,
    context: &Context<'_>,
) -> Mapped {
    let mapped = reachable(named(module, person), person);
    let mapped = match module {
        PersonModule::Contacts => address(mapped, person, &MAILING),
        PersonModule::Leads => as_lead(address(mapped, person, &OF_LEAD), context),
    };
    match mapped.get("Email") {
        Some(_) => mapped,
        None => described(mapped, person, context),
    }
}

fn named(module: PersonModule, person: &Contact) -> Mapped {
    let name = Name::of(person);
    Mapped::new(module.name(), VERSION)
        .line("First_Name", name.first.as_deref())
        .line("Last_Name", Some(&name.last))
}

fn reachable(mapped: Mapped, person: &Contact) -> Mapped {
    mapped
        .email("Email", person.email.get())
        .email("Secondary_Email", person.other_email.get())
        .line("Phone", person.phone.get())
        .line("Mobile", person.mobile.get())
}

/// The names of street, city, region, postal code and country.
type AddressNames = [&'static str; 5];
const MAILING: AddressNames = [
    "Mailing_Street",
    "Mailing_City",
    "Mailing_State",
    "Mailing_Zip",
    "Mailing_Country",
];
const OF_LEAD: AddressNames = ["Street", "City", "State", "Zip_Code", "Country"];

fn address(mapped: Mapped, person: &Contact, names: &AddressNames) -> Mapped {
    let [street, city, region, postal_code, country] = *names;
    mapped
        .block(street, person.street.get())
        .line(city, person.city.get())
        .line(region, person.region.get())
        .line(postal_code, person.postal_code.get())
        .line(country, person.country.get())
}

fn as_lead(mapped: Mapped, context: &Context<'_>) -> Mapped {
    let source = context.settings.lead_source.get();
    mapped
        .line("Company", Some(context.company()))
        .line("Lead_Source", Some(source.unwrap_or(LEAD_SOURCE)))
}

/// Without an e-mail address Zoho matches nothing: the marker is what a look-up finds. An address
/// that the field cannot hold stands here in full.
fn described(mapped: Mapped, person: &Contact, context: &Context<'_>) -> Mapped {
    let origin = format!("Imported from {}", context.site());
    let facts = enquiry::facts(&[("E-mail", person.email.get())]);
    let limit = limits::limit(mapped.module, "Description").unwrap_or_default();
    let text = enquiry::compose(&origin, &facts, context.reference, limit);
    mapped.block("Description", Some(&text))
}
