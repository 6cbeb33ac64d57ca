//! Support tickets: Cases.
//!
//! Sources: Zoho CRM help "Standard modules and fields" and "Working with Cases".

use serde_json::{Map, Value};

use super::{Context, Mapped};
use crate::enquiry;
use crate::person::line;
use crate::record::SupportTicket;
use crate::zoho::limits;
use crate::zoho::words::{case_priority, case_status};

pub(in crate::zoho) const MODULE: &str = "Cases";
const VERSION: &str = "1";
const ORIGIN: &str = "Web";
/// Zoho refuses this origin where there is no e-mail address.
const ORIGIN_NEEDING_EMAIL: &str = "Email";

/// The fields of a new Case: Subject, Status, Case Origin, Priority, the requester's e-mail, and a
/// Description with the ticket's number and category.
pub fn case(ticket: &SupportTicket, context: &Context<'_>) -> Map<String, Value> {
    case_fields(ticket, context).present()
}

pub(in crate::zoho) fn case_fields(ticket: &SupportTicket, context: &Context<'_>) -> Mapped {
    let settings = context.settings;
    let status = case_status(ticket.status.get(), &settings.case_status);
    let priority = case_priority(ticket.priority.get(), &settings.case_priority);
    let email = ticket
        .requester
        .as_ref()
        .and_then(|person| person.email.get());
    let mapped = Mapped::new(MODULE, VERSION)
        .line("Subject", Some(&subject(ticket)))
        .line("Status", status.as_deref())
        .line("Priority", priority.as_deref())
        .email("Email", email)
        .block("Description", Some(&description(ticket, context)));
    with_origin(mapped, settings.case_origin.get())
}

fn with_origin(mapped: Mapped, wanted: Option<&str>) -> Mapped {
    let has_email = mapped.get("Email").is_some();
    let possible = wanted.filter(|origin| has_email || *origin != ORIGIN_NEEDING_EMAIL);
    mapped.line("Case_Origin", Some(possible.unwrap_or(ORIGIN)))
}

fn subject(ticket: &SupportTicket) -> String {
    let named = line(ticket.subject.get());
    named.unwrap_or_else(|| match ticket.number.get().or(ticket.id.get()) {
        Some(number) => format!("Support ticket {number}"),
        None => "Support ticket".to_owned(),
    })
}

fn description(ticket: &SupportTicket, context: &Context<'_>) -> String {
    let facts = enquiry::facts(&[
        ("Ticket", ticket.number.get()),
        ("Category", ticket.category.get()),
        ("Website", context.website.slug.get()),
    ]);
    let limit = limits::limit(MODULE, "Description").unwrap_or_default();
    let written = ticket.description.get().unwrap_or("(no description)");
    enquiry::compose(written, &facts, context.reference, limit)
}
