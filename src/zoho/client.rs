//! The calls a flow makes, each one request of the v8 record API.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::account::{Account, is_api_name};
use super::heavy;
use super::records::Chunk;
use super::reply::{self, Result, Saved};
use crate::error::{Error, Kind};
use crate::flow::{Bulk, HostRule, Io, Method, Request, Response};

/// The most records of one insert, update or upsert (Zoho CRM v8: Upsert records).
pub(super) const MOST_RECORDS: usize = 100;

/// One tenant's Zoho, as a flow sees it.
pub(super) struct Client {
    pub(super) io: Io,
    pub(super) account: Account,
}

impl Client {
    pub(super) fn new(io: Io, account: Account) -> Self {
        Self { io, account }
    }

    /// Adds one record. It is not idempotent.
    pub(super) async fn insert(&self, module: &str, fields: &Map<String, Value>) -> Result<Saved> {
        let request = self.write(Method::Post, &[module], fields)?;
        let bulk = self.bulk(&[module], fields.clone())?;
        self.call(request.bulk(bulk), reply::result).await
    }

    /// Adds one record, or updates the one whose `key` has the same value. (Two of one value in one
    /// request could become two records. Zoho compares without regard to case.)
    pub(super) async fn upsert(
        &self,
        module: &str,
        key: &str,
        fields: &Map<String, Value>,
    ) -> Result<Saved> {
        let request = self
            .upsert_request(module, Some(key), [fields])?
            .fields(fields.keys());
        let bulk = Bulk {
            frame: frame(Some(key)),
            target: fields
                .get(key)
                .and_then(Value::as_str)
                .map(str::to_lowercase),
            ..self.bulk(&[module, "upsert"], fields.clone())?
        };
        self.call(request.bulk(bulk), reply::result).await
    }

    /// Adds or updates up to [`MOST_RECORDS`] records; one's failure is only its own.
    pub(super) async fn upsert_all(
        &self,
        module: &str,
        key: Option<&str>,
        records: Chunk<'_>,
    ) -> Result<Vec<Result<Saved>>> {
        let request = self
            .upsert_request(module, key, records)?
            .heavy(heavy::at_a_time(records.len()))
            .fields(records.names());
        let read = |response: &Response| reply::results(response, records.len());
        self.call(request, read).await
    }

    fn upsert_request(
        &self,
        module: &str,
        key: Option<&str>,
        records: impl Serialize,
    ) -> Result<Request> {
        let request = self.request(Method::Post, &[module, "upsert"], &[])?;
        let body = Upsert {
            data: records,
            duplicate_check_fields: key.map(|key| [key]),
        };
        Ok(request.json(&body))
    }

    /// Changes these fields of one record.
    pub(super) async fn update(
        &self,
        module: &str,
        id: &str,
        fields: &Map<String, Value>,
    ) -> Result<Saved> {
        let request = self.write(Method::Put, &[module, id], fields)?;
        let mut record = fields.clone();
        record.insert("id".to_owned(), id.into());
        let bulk = Bulk {
            target: Some(id.to_owned()),
            ..self.bulk(&[module], record)?
        };
        self.call(request.bulk(bulk), reply::result).await
    }

    /// Moves one record to the recycle bin.
    pub(super) async fn delete(&self, module: &str, id: &str) -> Result<Saved> {
        let request = self.request(Method::Delete, &[module, id], &[])?;
        self.call(request, reply::result).await
    }

    /// One page of a list, and whether there are more.
    pub(super) async fn list(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<(Vec<Value>, bool)> {
        let request = self.request(Method::Get, path, query)?;
        self.call(request, reply::rows).await
    }

    /// The number of the organisation, which all grants of it have in common.
    pub(super) async fn organisation(&self) -> Result<String> {
        let request = self.request(Method::Get, &["org"], &[])?;
        self.call(request, reply::organisation).await
    }

    /// Ends one notification channel.
    pub(super) async fn unsubscribe(&self, channel: &str) -> Result<()> {
        let query = [("channel_ids", channel)];
        let request = self.request(Method::Delete, &["actions", "watch"], &query)?;
        self.call(request, reply::unsubscribed).await
    }

    fn write(&self, method: Method, path: &[&str], fields: &Map<String, Value>) -> Result<Request> {
        let request = self.request(method, path, &[])?;
        Ok(request
            .json(&json!({"data": [fields]}))
            .fields(fields.keys()))
    }

    fn bulk(&self, path: &[&str], record: Map<String, Value>) -> Result<Bulk> {
        Ok(Bulk {
            url: self.url(path)?,
            frame: Map::new(),
            record,
            target: None,
        })
    }

    fn url(&self, path: &[&str]) -> Result<String> {
        check(path)?;
        let host = self.account.api_url();
        Ok(format!("{host}/crm/v8/{}", path.join("/")))
    }

    fn request(&self, method: Method, path: &[&str], query: &[(&str, &str)]) -> Result<Request> {
        let mut url = self.url(path)?;
        if !query.is_empty() {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            url = format!("{url}?{}", pairs.extend_pairs(query).finish());
        }
        let request = Request::new(method, url, HostRule::Zoho);
        Ok(request.header("authorization", self.account.authorization()))
    }

    async fn call<T>(
        &self,
        request: Request,
        read: impl FnOnce(&Response) -> Result<T>,
    ) -> Result<T> {
        let response = self.io.send(request).await?;
        read(&response).map_err(|refusal| {
            self.io.note_error(&refusal.error);
            refusal.with_pause(response.retry_after(self.io.now()))
        })
    }
}

/// The body of an upsert.
#[derive(Serialize)]
struct Upsert<'a, T> {
    data: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    duplicate_check_fields: Option<[&'a str; 1]>,
}

/// What an upsert says beside its records; without a key Zoho compares by the module's own.
fn frame(key: Option<&str>) -> Map<String, Value> {
    let keys = key.map(|key| ("duplicate_check_fields".to_owned(), json!([key])));
    keys.into_iter().collect()
}

/// An id that a link holds stands in the path: it must not lead anywhere else.
fn check(path: &[&str]) -> std::result::Result<(), Error> {
    let good = |part: &&str| is_api_name(part) || is_id(part);
    if path.iter().all(good) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Configuration,
        "a module or record id is none of Zoho's: remove the link of this record",
    ))
}

fn is_id(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
