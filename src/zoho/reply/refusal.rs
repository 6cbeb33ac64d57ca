//! One refusal of Zoho's, read into an error with a cure.

use serde_json::Value;

use super::SYSTEM;
use super::catalogue::{cure, meaning};
use crate::error::{Detail, Error, Kind, Sent};
use crate::flow::Response;
use crate::reply::{kind_of, text, word};

/// Most complaints that are read from one answer.
const MOST_DETAILS: usize = 20;

/// Why a record was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zoho) struct Refusal {
    pub(in crate::zoho) error: Error,
    /// The record that stands in the way.
    pub(in crate::zoho) duplicate: Option<Box<Duplicate>>,
}

/// A record that holds the same unique value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zoho) struct Duplicate {
    pub(in crate::zoho) module: Option<String>,
    pub(in crate::zoho) id: String,
}

impl Refusal {
    /// Reads a refusal from `item`, be it a record's result or a whole answer.
    pub(super) fn read(item: &Value, response: &Response) -> Self {
        let details = complaints(item);
        let code = code(item);
        let (kind, cure) = judge(code.as_deref(), item, response.status);
        let message = sentence(code.as_deref(), response.status, &details, cure);
        let mut error = Error::answered(kind, response.status, message)
            .with_sent(sent(kind))
            .with_details(details);
        error.code = code;
        Self {
            duplicate: duplicate(item, error.code.as_deref()),
            error,
        }
    }

    /// Whether the record it was about, or its parent, is not there.
    pub(in crate::zoho) fn is_gone(&self) -> bool {
        self.error.kind == Kind::NotFound
    }

    /// Whether the lead it was about became a contact.
    pub(in crate::zoho) fn is_converted(&self) -> bool {
        self.error.code.as_deref() == Some("CONVERTED_RECORD")
    }

    /// With the pause the answer asked for, if what went wrong may pass.
    pub(in crate::zoho) fn with_pause(self, seconds: Option<u64>) -> Self {
        let pause = seconds.filter(|_| self.error.retryable());
        Self {
            error: self.error.with_retry_after(pause),
            ..self
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self {
            error,
            duplicate: None,
        }
    }
}

fn code(item: &Value) -> Option<String> {
    // Some rate limits and all OAuth faults name it `error`; then `code` is a number.
    let named = item.get("code").filter(|code| code.is_string());
    text(named.or(item.get("error"))).and_then(|code| word(&code))
}

fn judge(code: Option<&str>, item: &Value, status: u16) -> (Kind, &'static str) {
    // Some codes of a limit are those of a full organisation, too.
    if status == 429 {
        return (Kind::RateLimit, cure(Kind::RateLimit));
    }
    if code == Some("INVALID_DATA") && is_about_an_id(item) {
        return (Kind::NotFound, cure(Kind::NotFound));
    }
    if let Some(known) = code.and_then(meaning) {
        return known;
    }
    // A record that is refused in an answer that as a whole succeeded.
    let kind = match status {
        ..400 => Kind::Validation,
        _ => kind_of(status),
    };
    (kind, cure(kind))
}

/// `INVALID_DATA` says the same of a wrong value and of a record that is gone; only its details
/// tell them apart: an id in the path, the record's own id, or a note's parent.
fn is_about_an_id(item: &Value) -> bool {
    let Some(details) = item.get("details") else {
        return false;
    };
    let named = |key: &str| details.get(key).and_then(Value::as_str).unwrap_or_default();
    let has = |key: &str| details.get(key).is_some();
    let names_no_field = named("api_name").is_empty();
    (names_no_field && (has("resource_path_index") || has("id")))
        || ["id", "ids", "Parent_Id"].contains(&named("api_name"))
        || ["id", "ids"].contains(&named("param_name"))
        || named("json_path").contains("Parent_Id")
        || item.get("message").and_then(Value::as_str) == Some("the id given seems to be invalid")
}

/// A failure of Zoho's own leaves open what was done.
fn sent(kind: Kind) -> Sent {
    match kind {
        Kind::Remote | Kind::Timeout => Sent::Maybe,
        _ => Sent::Yes,
    }
}

fn sentence(code: Option<&str>, status: u16, details: &[Detail], cure: &str) -> String {
    let fields: Vec<&str> = details
        .iter()
        .filter_map(|detail| detail.field.as_deref())
        .collect();
    let about = match fields.is_empty() {
        true => String::new(),
        false => format!(" for {}", fields.join(", ")),
    };
    match code {
        Some(code) => format!("{SYSTEM} answered {code}{about}; {cure}"),
        None => format!("{SYSTEM} answered {status}{about}; {cure}"),
    }
}

/// `MULTIPLE_OR_MULTI_ERRORS` holds several refusals, each with details of its own.
fn complaints(item: &Value) -> Vec<Detail> {
    let several = item.pointer("/details/errors").or(item.get("errors"));
    match several.and_then(Value::as_array) {
        Some(errors) => errors
            .iter()
            .take(MOST_DETAILS)
            .filter_map(complaint)
            .collect(),
        None => complaint(item).into_iter().collect(),
    }
}

fn complaint(item: &Value) -> Option<Detail> {
    let details = item.get("details")?;
    let named = |key: &str| text(details.get(key)).and_then(|name| word(&name));
    let field = named("api_name")
        .or(named("json_path"))
        .or(named("param_name"))?;
    Some(Detail {
        field: Some(field),
        message: wrong(item, details),
    })
}

fn wrong(item: &Value, details: &Value) -> String {
    if let Some(length) = details
        .get("maximum_length")
        .and_then(|length| text(Some(length)))
    {
        return format!("at most {} characters", word(&length).unwrap_or_default());
    }
    if let Some(expected) = text(details.get("expected_data_type")).and_then(|name| word(&name)) {
        return format!("must be of type {expected}");
    }
    code(item).unwrap_or_else(|| "not accepted".to_owned())
}

fn duplicate(item: &Value, code: Option<&str>) -> Option<Box<Duplicate>> {
    let details = item
        .get("details")
        .filter(|_| code == Some("DUPLICATE_DATA"))?;
    let record = details.get("duplicate_record").unwrap_or(details);
    Some(Box::new(Duplicate {
        module: text(record.pointer("/module/api_name")),
        id: text(record.get("id"))?,
    }))
}
