//! Replies as Notes under the Case of their ticket. They are only ever added.

use super::client::Client;
use super::lookup;
use super::payload::{CASES, Context, Mapped, NOTES, parent_id, reply_fields};
use super::reply::{Refusal, Result, Saved};
use super::save::nameless;
use crate::error::Error;
use crate::outcome::{Did, Outcome};
use crate::record::{Reply, ticket_missing};
use crate::work::Work;

/// Zoho's name in messages.
const ZOHO: &str = "Zoho CRM";

/// Puts `reply` under its case. In doubt it looks first: a note that carries its reference is the one.
pub(super) async fn place(client: &Client, work: &Work, reply: Reply<'_>) -> Result<Outcome> {
    let parent = work.parent.as_ref();
    let Some(case) = parent.filter(|parent| parent.external_type == CASES) else {
        return Err(ticket_missing(ZOHO).into());
    };
    let mapped = reply_fields(&reply, &Context::of(work, client.account.settings()));
    let placed = match earlier(client, work, &case.external_id).await {
        Ok(Some(id)) => Ok((id, Saved::default())),
        Ok(None) => insert(client, &mapped, &case.external_id).await,
        Err(refusal) => Err(refusal),
    };
    let (id, saved) = placed.map_err(with_cure)?;
    let shadow = client.account.shadow_key().digests(&mapped.present());
    let outcome = Outcome::succeeded(&work.key, Did::Created, NOTES, &id);
    Ok(Outcome {
        remote_version: saved.version,
        ..outcome.with_shadow(shadow, mapped.version)
    })
}

async fn earlier(client: &Client, work: &Work, case: &str) -> Result<Option<String>> {
    match work.doubt {
        true => lookup::note(client, CASES, case, &work.reference).await,
        false => Ok(None),
    }
}

async fn insert(client: &Client, mapped: &Mapped, case: &str) -> Result<(String, Saved)> {
    let mut fields = mapped.present();
    fields.insert("Parent_Id".to_owned(), parent_id(CASES, case));
    let saved = client.insert(NOTES, &fields).await?;
    let id = saved.id.clone().ok_or_else(nameless)?;
    Ok((id, saved))
}

/// The case was deleted: what to do about it.
fn with_cure(refusal: Refusal) -> Refusal {
    match refusal.is_gone() {
        true => Error {
            status: refusal.error.status,
            sent: refusal.error.sent,
            ..ticket_missing(ZOHO)
        }
        .into(),
        false => refusal,
    }
}
