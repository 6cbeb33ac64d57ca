//! What the sink remembers.

use std::collections::HashMap;
use std::time::Duration;

use hyper::body::Bytes;
use serde::Serialize;

use crate::canned;

/// Zoho's ids have 18 digits and more.
const FIRST_ID: u64 = 554_023_000_000_000_001;

/// What was sent so far.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Counts {
    pub(crate) requests: u64,
    pub(crate) records: u64,
}

/// Counters, ids given away, and how long an answer takes.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) latency: Duration,
    pub(crate) counts: Counts,
    /// What Zoho answers to every upsert.
    pub(crate) canned: Option<Bytes>,
    next: u64,
    by_key: HashMap<String, u64>,
}

impl State {
    pub(crate) fn new(latency: Duration, canned: bool) -> Self {
        Self {
            latency,
            counts: Counts::default(),
            canned: canned.then(|| canned::upserted(FIRST_ID)),
            next: FIRST_ID,
            by_key: HashMap::new(),
        }
    }

    /// Forgets everything but the ids that are used up.
    pub(crate) fn reset(&mut self, latency: Duration) {
        self.latency = latency;
        self.counts = Counts::default();
        self.by_key.clear();
    }

    /// A new id.
    pub(crate) fn id(&mut self) -> u64 {
        let id = self.next;
        self.next += 1;
        id
    }

    /// The id of the record with this key, and whether it is new. Without a key each is new.
    pub(crate) fn id_of(&mut self, key: Option<String>) -> (u64, bool) {
        let Some(key) = key else {
            return (self.id(), true);
        };
        if let Some(known) = self.by_key.get(&key) {
            return (*known, false);
        }
        let id = self.id();
        self.by_key.insert(key, id);
        (id, true)
    }
}

/// # Errors
/// For anything but a whole number.
pub(crate) fn milliseconds(text: &str) -> Result<Duration, String> {
    let milliseconds = text
        .parse()
        .map_err(|_| format!("{text} is no number of milliseconds"))?;
    Ok(Duration::from_millis(milliseconds))
}
