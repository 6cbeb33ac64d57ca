//! What is to be erased, and has no record under its link's id any more: it was deleted by hand, or the person was
//! merged with another record and lives under that one's id.

use serde_json::Value;

use super::client::Client;
use super::payload::{Context, PersonModule, person_fields};
use super::reply::Result;
use crate::error::Kind;
use crate::outcome::Outcome;
use crate::record::Record;
use crate::reply::text;
use crate::work::Work;

const MERGED: &str = "it is gone from Zoho CRM under the id it had there, but the person may have been merged with \
     another record: look for them by name and e-mail address, and delete them by hand";

/// Looks for a person as a save finds them: by the e-mail address.
pub(super) async fn look(client: &Client, work: &Work, module: &str) -> Result<Outcome> {
    let Record::Contact(contact) = &work.record else {
        return Ok(Outcome::not_there(&work.key));
    };
    let context = Context::of(work, client.account.settings());
    let fields = person_fields(PersonModule::Contacts, contact, &context);
    let Some(email) = fields.get("Email") else {
        return Ok(Outcome::left_there(&work.key, module, MERGED));
    };
    for module in [PersonModule::Contacts, PersonModule::Leads].map(PersonModule::name) {
        if let Some(found) = at(client, work, module, email).await? {
            return Ok(found);
        }
    }
    Ok(Outcome::not_there(&work.key))
}

/// Zoho searches all addresses of a record; whoever has it as a second one may be somebody else. The search has a scope
/// of its own (Zoho CRM v8: Search records).
async fn at(client: &Client, work: &Work, module: &str, email: &str) -> Result<Option<Outcome>> {
    let rows = match client.list(&[module, "search"], &[("email", email)]).await {
        Err(refusal) if is_closed(refusal.error.kind) => {
            return Ok(Some(Outcome::left_there(&work.key, module, MERGED)));
        }
        listed => listed?.0,
    };
    let same = |row: &&Value| {
        let address = row.get("Email").and_then(Value::as_str);
        address.is_some_and(|address| address.eq_ignore_ascii_case(email))
    };
    let found = rows.iter().filter(same).find_map(|row| text(row.get("id")));
    Ok(match found {
        Some(id) => Some(Outcome::elsewhere(&work.key, module, &id)),
        None if rows.is_empty() => None,
        None => Some(Outcome::left_there(&work.key, module, MERGED)),
    })
}

/// What was just asked to be deleted was let in.
fn is_closed(kind: Kind) -> bool {
    matches!(kind, Kind::Authentication | Kind::Permission)
}
