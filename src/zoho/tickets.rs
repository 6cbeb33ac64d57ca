//! Support tickets as Cases. They are inserted, never upserted: Zoho would match them by their
//! subject and overwrite another customer's (Zoho CRM v8: Upsert records).

use super::client::Client;
use super::payload::{CASES, Context, case_fields};
use super::reply::Result;
use super::save::{Placed, Save};
use crate::record::SupportTicket;
use crate::work::Work;

/// Updates the case the work's link points to; makes one where there is none, or none any more.
pub(super) async fn place(client: &Client, work: &Work, ticket: &SupportTicket) -> Result<Placed> {
    let save = Save {
        client,
        mapped: case_fields(ticket, &Context::of(work, client.account.settings())),
        reference: &work.reference,
        since: ticket.created_at.get(),
        doubt: work.doubt,
    };
    let link = work.link.as_ref();
    let Some(link) = link.filter(|link| link.external_type == CASES) else {
        return save.insert().await;
    };
    match save.update(link).await {
        Err(refusal) if refusal.is_gone() => save.insert().await,
        placed => placed,
    }
}
