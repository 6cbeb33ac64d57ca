//! Tickets (Zendesk Ticketing API: Tickets).

use serde_json::{Map, Value};

use super::{Answer, Desk, query, with_body};
use crate::error::{Error, Kind};
use crate::flow::Method;
use crate::reply::text;
use crate::zendesk::limits::idempotency_key;
use crate::zendesk::reply::{KEY_REUSED, incomplete};
use crate::zendesk::settings::CustomField;

/// The code of a change to a ticket that is closed for good.
const CLOSED: &str = "closed";

/// A ticket as Zendesk answers it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::zendesk) struct Ticket {
    pub(in crate::zendesk) id: u64,
    /// Zendesk's modification time.
    pub(in crate::zendesk) version: Option<String>,
    value: Value,
}

impl Ticket {
    fn of(answer: &Answer) -> Result<Self, Error> {
        let found = answer.body.get("ticket").and_then(Self::read);
        found.ok_or_else(|| incomplete(answer.status, "the ticket's id"))
    }

    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: value.get("id")?.as_u64()?,
            version: text(value.get("updated_at")),
            value: value.clone(),
        })
    }

    /// What it holds of `wanted`, by the same names, and of the field `reference`; not its text, for
    /// which one has to read its comments.
    pub(in crate::zendesk) fn holds(
        &self,
        wanted: &Map<String, Value>,
        reference: Option<u64>,
    ) -> Map<String, Value> {
        let own = wanted.keys().filter(|key| *key != "comment");
        let own = own.filter_map(|key| Some((key.clone(), self.value.get(key)?.clone())));
        let property = reference
            .and_then(|id| self.field(id))
            .filter(|value| !value.is_null());
        let property = property.map(|value| ("property_reference".to_owned(), value));
        own.chain(property).collect()
    }

    fn field(&self, id: u64) -> Option<Value> {
        let fields = self.value.get("custom_fields")?.as_array()?;
        let field = |field: &&Value| field.get("id").and_then(Value::as_u64) == Some(id);
        fields.iter().find(field)?.get("value").cloned()
    }
}

impl Desk {
    /// Creates a ticket (Zendesk Ticketing API: Create Ticket). A repeat under the same key within
    /// two hours answers the first ticket instead of making a second one; with `for_body` the key
    /// is good for these bytes only.
    pub(in crate::zendesk) async fn create_ticket(
        &mut self,
        body: &Value,
        event_id: &str,
        for_body: bool,
    ) -> Result<Ticket, Error> {
        let request = with_body(self.request(Method::Post, "tickets"), body);
        let bytes = request
            .body
            .as_deref()
            .filter(|_| for_body || event_id.is_empty());
        let key = idempotency_key(event_id, bytes);
        let answer = self.call(request.header("idempotency-key", key)).await?;
        Ticket::of(&answer)
    }

    /// The oldest ticket with our name, or none (Zendesk Ticketing API: List Tickets). Zendesk
    /// does not keep these names unique.
    pub(in crate::zendesk) async fn ticket_named(
        &mut self,
        external_id: &str,
    ) -> Result<Option<Ticket>, Error> {
        let path = format!("tickets?{}", query("external_id", external_id));
        let answer = self.call(self.request(Method::Get, &path)).await?;
        let tickets = answer.body.get("tickets").and_then(Value::as_array);
        let tickets = tickets.ok_or_else(|| incomplete(answer.status, "a list of tickets"))?;
        let named = |ticket: &&Value| {
            ticket.get("external_id").and_then(Value::as_str) == Some(external_id)
        };
        let named = tickets.iter().filter(named).filter_map(Ticket::read);
        Ok(named.min_by_key(|ticket| ticket.id))
    }

    /// Zendesk Ticketing API: Update Ticket.
    pub(in crate::zendesk) async fn update_ticket(
        &mut self,
        id: u64,
        body: &Value,
    ) -> Result<Ticket, Error> {
        let request = self.request(Method::Put, &format!("tickets/{id}"));
        let answer = self.call(with_body(request, body)).await;
        let answer = answer.map_err(|error| out_of_reach(id, error))?;
        Ticket::of(&answer)
    }

    /// Zendesk Ticketing API: Show Ticket.
    pub(in crate::zendesk) async fn ticket(&mut self, id: u64) -> Result<Ticket, Error> {
        let answer = self
            .call(self.request(Method::Get, &format!("tickets/{id}")))
            .await;
        Ticket::of(&answer.map_err(|error| out_of_reach(id, error))?)
    }

    /// Zendesk Ticketing API: Delete Ticket. Says whether it was there.
    pub(in crate::zendesk) async fn delete_ticket(&mut self, id: u64) -> Result<bool, Error> {
        self.delete(&format!("tickets/{id}")).await
    }

    /// The ticket field for a property's reference, where the tenant has one.
    pub(in crate::zendesk) fn reference_field(&self) -> Option<u64> {
        self.account
            .settings
            .custom_field(CustomField::PropertyReference)
    }
}

/// Whether the key was used for another body before.
pub(in crate::zendesk) fn is_key_reused(error: &Error) -> bool {
    error.code.as_deref() == Some(KEY_REUSED)
}

/// Whether the requester is not, or no longer, somebody who can ask.
pub(in crate::zendesk) fn is_requester_refused(error: &Error) -> bool {
    let named = |text: &str| text.to_lowercase().contains("requester");
    error.kind == Kind::Validation
        && error
            .details
            .iter()
            .any(|detail| detail.field.as_deref().is_some_and(named) || named(&detail.message))
}

/// Closed and deleted tickets can't be changed by anybody: says what can be done instead.
pub(super) fn out_of_reach(id: u64, error: Error) -> Error {
    let closed = |text: &str| text.to_lowercase().contains("closed");
    let is_closed = error.kind == Kind::Validation
        && error.details.iter().any(|detail| closed(&detail.message));
    let told = |message: String| Error {
        message,
        ..error.clone()
    };
    match error.kind {
        _ if is_closed => told(format!(
            "Zendesk ticket {id} is closed and can no longer be changed: write a follow-up ticket \
             in Zendesk (\"Create follow-up\" on ticket {id}), or remove the link to make a new one"
        ))
        .with_code(CLOSED),
        Kind::NotFound => told(format!(
            "Zendesk ticket {id} was deleted, or the connected user may not see it: restore it in \
             Zendesk, or remove the link to make a new one"
        )),
        _ => error,
    }
}
