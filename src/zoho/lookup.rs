//! Finding a record that an earlier attempt may have made. Zoho knows no idempotency keys, so what
//! is inserted carries a short reference in its text, and that is looked for before it is repeated.

use jiff::Timestamp;
use serde_json::Value;

use super::client::Client;
use super::reply::Result;
use crate::enquiry::carries;
use crate::moment::earliest;
use crate::reply::text;

/// Pages that are read at most: 1,000 records, newest first.
const MOST_PAGES: u32 = 5;
const PER_PAGE: &str = "200";

/// The list to look through.
struct Search<'a> {
    path: &'a [&'a str],
    /// The field that carries the reference.
    field: &'a str,
    reference: &'a str,
    /// Older records cannot be ours.
    since: Option<Timestamp>,
}

/// The newest record of `module` whose Description carries `reference`; `since` is the time the
/// host's record was made.
pub(super) async fn record(
    client: &Client,
    module: &str,
    reference: &str,
    since: Option<&str>,
) -> Result<Option<String>> {
    let search = Search {
        path: &[module],
        field: "Description",
        reference,
        since: earliest(since),
    };
    search.run(client).await
}

/// The note under the record `id` of `module` that carries `reference`. (A list of all notes is for administrators
/// only: Zoho CRM v7/v8, Get records.)
pub(super) async fn note(
    client: &Client,
    module: &str,
    id: &str,
    reference: &str,
) -> Result<Option<String>> {
    let search = Search {
        path: &[module, id, "Notes"],
        field: "Note_Content",
        reference,
        since: None,
    };
    search.run(client).await
}

impl Search<'_> {
    async fn run(&self, client: &Client) -> Result<Option<String>> {
        if self.reference.trim().is_empty() {
            return Ok(None);
        }
        for page in 1..=MOST_PAGES {
            let (rows, more) = self.page(client, page).await?;
            let found = rows.iter().find(|row| self.is_ours(row));
            if let Some(id) = found.and_then(|row| text(row.get("id"))) {
                return Ok(Some(id));
            }
            if !more || rows.last().is_none_or(|row| self.is_too_old(row)) {
                break;
            }
        }
        Ok(None)
    }

    async fn page(&self, client: &Client, page: u32) -> Result<(Vec<Value>, bool)> {
        let fields = format!("{},Created_Time", self.field);
        let page = page.to_string();
        let mut query = vec![
            ("fields", &*fields),
            ("per_page", PER_PAGE),
            ("page", &page),
        ];
        // Related lists are not documented to take an order.
        if self.path.len() == 1 {
            query.extend([("sort_by", "Created_Time"), ("sort_order", "desc")]);
        }
        client.list(self.path, &query).await
    }

    fn is_ours(&self, row: &Value) -> bool {
        let text = row.get(self.field).and_then(Value::as_str);
        text.is_some_and(|text| carries(text, self.reference))
    }

    fn is_too_old(&self, row: &Value) -> bool {
        let made = row.get("Created_Time").and_then(Value::as_str);
        let made: Option<Timestamp> = made.and_then(|time| time.parse().ok());
        self.since
            .zip(made)
            .is_some_and(|(since, made)| made < since)
    }
}
