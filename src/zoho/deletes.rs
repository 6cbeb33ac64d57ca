//! Records the host destroyed.

use super::account::Erase;
use super::anonymise;
use super::client::Client;
use super::gone;
use super::lookup;
use super::payload::{CASES, Context, NOTES, Parent, PersonModule, person_fields};
use super::reply::{Refusal, Result};
use crate::outcome::{Did, Outcome};
use crate::record::{Contact, Record};
use crate::settings::Deletes;
use crate::work::{Action, Link, Work};

const KEPT: &str = "kept in Zoho CRM: the integration's setting \"deletes\" is \"keep\"";
const NEVER_THERE: &str = "it was never confirmed to be in Zoho CRM, so there is nothing to delete";
const MAYBE_THERE: &str = "it may be in Zoho CRM, because the answer to an earlier attempt was lost: \
     look for it there, and delete it by hand";

/// Deletes the remote record if the setting says so; one that is gone already counts as deleted.
pub(super) async fn delete(client: &Client, work: &Work) -> Result<Outcome> {
    let kept = client.account.settings().deletes == Deletes::Keep;
    if kept && work.action != Action::Erase {
        return Ok(Outcome::skipped(&work.key, KEPT));
    }
    let Some((module, id)) = place(client, work).await? else {
        return Ok(not_found(client, work));
    };
    let stays = PersonModule::named(module).filter(|_| anonymises(client, work));
    let removed = match stays {
        Some(people) => {
            let fields = anonymise::fields(people, work, client.account.settings());
            client.update(module, &id, &fields).await
        }
        None => client.delete(module, &id).await,
    };
    match removed {
        Err(refusal) if work.action == Action::Erase && is_elsewhere(&refusal) => {
            gone::look(client, work, module).await
        }
        Err(refusal) if !refusal.is_gone() => Err(refusal),
        removed => Ok(Outcome {
            reason: stays
                .filter(|_| removed.is_ok())
                .map(|_| anonymise::REASON.to_owned()),
            ..Outcome::succeeded(&work.key, Did::Deleted, module, &id)
        }),
    }
}

/// A lead that was converted goes on as a contact.
fn is_elsewhere(refusal: &Refusal) -> bool {
    refusal.is_gone() || refusal.is_converted()
}

/// Whoever is erased may have arrived with an e-mail address and so without a reference, which says nothing of them
/// then; and of a note nobody can look whose person is not known.
fn not_found(client: &Client, work: &Work) -> Outcome {
    let module = match &work.record {
        Record::Contact(_) => PersonModule::wanted(client.account.settings().enquirers).name(),
        Record::Message(_) if work.parent.as_ref().and_then(Parent::of).is_none() => NOTES,
        _ => return Outcome::skipped(&work.key, NEVER_THERE),
    };
    match work.doubt && work.action == Action::Erase {
        true => Outcome::left_there(&work.key, module, MAYBE_THERE),
        false => Outcome::skipped(&work.key, NEVER_THERE),
    }
}

fn anonymises(client: &Client, work: &Work) -> bool {
    work.action == Action::Erase && client.account.settings().erase == Erase::Anonymise
}

async fn place(client: &Client, work: &Work) -> Result<Option<(&'static str, String)>> {
    let linked = work
        .link
        .as_ref()
        .and_then(|link| Some((module(&work.record, link)?, link)));
    match linked {
        Some((module, link)) => Ok(Some((module, link.external_id.clone()))),
        None if work.doubt => earlier(client, work).await,
        None => Ok(None),
    }
}

fn module(record: &Record, link: &Link) -> Option<&'static str> {
    match record {
        Record::Contact(_) => PersonModule::named(&link.external_type).map(PersonModule::name),
        Record::Message(_) | Record::Comment(_) => {
            Some(NOTES).filter(|name| *name == link.external_type)
        }
        Record::SupportTicket(_) => Some(CASES).filter(|name| *name == link.external_type),
    }
}

/// What an earlier attempt may have made, found by its reference.
async fn earlier(client: &Client, work: &Work) -> Result<Option<(&'static str, String)>> {
    let (module, found) = match &work.record {
        Record::Contact(contact) => return person(client, work, contact).await,
        Record::Message(_) => (NOTES, note(client, work).await?),
        Record::Comment(_) => (NOTES, reply(client, work).await?),
        Record::SupportTicket(ticket) => {
            let since = ticket.created_at.get();
            (
                CASES,
                lookup::record(client, CASES, &work.reference, since).await?,
            )
        }
    };
    Ok(found.map(|id| (module, id)))
}

/// Only people without an e-mail address carry a reference; whoever is found by an address may have
/// been the organisation's before.
async fn person(
    client: &Client,
    work: &Work,
    contact: &Contact,
) -> Result<Option<(&'static str, String)>> {
    let settings = client.account.settings();
    let module = PersonModule::wanted(settings.enquirers);
    let fields = person_fields(module, contact, &Context::of(work, settings));
    if fields.get("Email").is_some() {
        return Ok(None);
    }
    let since = contact.created_at.get();
    let found = lookup::record(client, module.name(), &work.reference, since).await?;
    Ok(found.map(|id| (module.name(), id)))
}

/// Notes go with the person they stand under.
async fn note(client: &Client, work: &Work) -> Result<Option<String>> {
    let parent = work.parent.as_ref().and_then(Parent::of);
    match parent {
        Some(parent) => noted(client, work, parent.module.name(), &parent.id).await,
        None => Ok(None),
    }
}

/// As are the notes under a case.
async fn reply(client: &Client, work: &Work) -> Result<Option<String>> {
    let case = work.parent.as_ref();
    match case.filter(|case| case.external_type == CASES) {
        Some(case) => noted(client, work, CASES, &case.external_id).await,
        None => Ok(None),
    }
}

async fn noted(client: &Client, work: &Work, module: &str, id: &str) -> Result<Option<String>> {
    match lookup::note(client, module, id, &work.reference).await {
        Err(refusal) if refusal.is_gone() => Ok(None),
        found => found,
    }
}
