//! What a request needs to go together with others of its kind.

use serde_json::{Map, Value};

/// How a request about one record goes as part of a request about many. The parts of one request
/// have the same address and the same frame.
#[derive(Clone, PartialEq)]
pub(crate) struct Bulk {
    /// The address for many records.
    pub(crate) url: String,
    /// What stands beside the records in the body.
    pub(crate) frame: Map<String, Value>,
    /// The record, as it stands among others.
    pub(crate) record: Map<String, Value>,
    /// What is written to, where that is known: two parts with the same target must not go together.
    pub(crate) target: Option<String>,
}
