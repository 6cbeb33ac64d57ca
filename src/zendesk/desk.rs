//! One account's API, as the flows call it.

mod audits;
mod comments;
mod tickets;
mod users;

use serde_json::Value;

use super::account::Account;
use super::reply::read;
use crate::error::{Error, Kind};
use crate::flow::{HostRule, Io, Method, Request};
use crate::reply;

pub(super) use audits::Sought;
pub(super) use comments::{Said, is_author_refused};
pub(super) use tickets::{Ticket, is_key_reused, is_requester_refused};
pub(super) use users::{User, Wanted, is_duplicate};

/// The API, and what the last answer said about itself.
pub(super) struct Desk {
    pub(super) io: Io,
    pub(super) account: Account,
    pub(super) request_id: Option<String>,
}

/// A success.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Desk {
    pub(super) fn new(io: Io, account: Account) -> Self {
        Self {
            io,
            account,
            request_id: None,
        }
    }

    pub(super) fn request(&self, method: Method, path: &str) -> Request {
        let url = format!("{}/api/v2/{path}", self.account.base_url.as_str());
        Request::new(method, url, HostRule::Zendesk)
            .header("authorization", self.account.auth.header())
            .header("accept", "application/json")
    }

    pub(super) async fn call(&mut self, request: Request) -> Result<Answer, Error> {
        let response = self.io.send(request).await?;
        self.request_id = reply::request_id(&response);
        let body = read(&response, self.io.now()).inspect_err(|error| self.io.note_error(error))?;
        Ok(Answer {
            status: response.status,
            body,
        })
    }

    /// Deletes what is at `path`, and says whether it was there.
    pub(super) async fn delete(&mut self, path: &str) -> Result<bool, Error> {
        let request = self.request(Method::Delete, path);
        // What a success says besides does not matter here.
        let done = |error: &Error| matches!(error.status, Some(200..300));
        match self.call(request).await {
            Err(error) if is_gone(&error) => Ok(false),
            Err(error) if !done(&error) => Err(error),
            _ => Ok(true),
        }
    }
}

/// `request` with `body` (`{"user": {…}}`, `{"ticket": {…}}`) and the names of its fields.
fn with_body(request: Request, body: &Value) -> Request {
    let inner = body.as_object().and_then(|outer| outer.values().next());
    let names = inner.and_then(Value::as_object).into_iter();
    request
        .json(body)
        .fields(names.flat_map(serde_json::Map::keys))
}

/// Whether the remote says that the record is not there.
pub(super) fn is_gone(error: &Error) -> bool {
    error.kind == Kind::NotFound
}

/// The id a link holds, as it may stand in a path (Zendesk's are numbers), if it is one of
/// `wanted`.
pub(super) fn number(external_type: &str, id: &str, wanted: &str) -> Option<u64> {
    id.parse().ok().filter(|_| external_type == wanted)
}

pub(super) fn query(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish()
}
