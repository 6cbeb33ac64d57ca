//! What became of a delivery.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Error, Sent};
use crate::shadow;
use crate::work::Work;

/// How a delivery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The remote holds what it should.
    Succeeded,
    /// Nothing had to be sent, or a setting says not to.
    Skipped,
    /// It did not work; `error` says why.
    Failed,
}

/// What was done at the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum Did {
    Created,
    Updated,
    Unchanged,
    Deleted,
}

/// A second remote record that was found or made on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RelatedLink {
    /// What it is to the delivered record: `parent` for the person behind it.
    pub role: String,
    /// The remote module or resource.
    pub external_type: String,
    /// The remote id.
    pub external_id: String,
}

impl RelatedLink {
    /// The link of the person behind the delivered record.
    pub fn parent(external_type: &str, external_id: &str) -> Self {
        Self {
            role: "parent".to_owned(),
            external_type: external_type.to_owned(),
            external_id: external_id.to_owned(),
        }
    }
}

/// One request that was made, told without values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The answer's status, where there was an answer.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Whether it reached the remote.
    pub sent: Sent,
    /// The names of the fields it carried.
    pub fields: Vec<String>,
    /// The transport error's or the remote's code.
    pub error_code: Option<String>,
    /// How many deliveries shared it.
    pub records: u32,
    /// What the answer told of the remote's limits: numbers, by the names of its headers.
    pub limits: BTreeMap<String, u64>,
}

/// What became of one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// The delivery's name, as it came in.
    pub key: String,
    /// How it ended.
    pub status: Status,
    /// What was done.
    pub action: Option<Did>,
    /// The remote id.
    pub id: Option<String>,
    /// The remote module or resource.
    pub external_type: Option<String>,
    /// What the remote is now known to hold; none leaves the link's as it is. After a failure it names
    /// fields of which only that is unknown.
    pub shadow: Option<BTreeMap<String, String>>,
    /// The mapping that wrote the shadow.
    pub mapping_version: Option<String>,
    /// The remote's own version of the record, for example its modification time.
    pub remote_version: Option<String>,
    /// Remote records found or made on the way, also when the delivery itself failed.
    pub links: Vec<RelatedLink>,
    /// Why it was skipped.
    pub reason: Option<String>,
    /// Why it failed.
    pub error: Option<Error>,
    /// The remote's name for the last request.
    pub request_id: Option<String>,
    /// The requests that were made. Records that went together share theirs.
    pub calls: Vec<Arc<Call>>,
}

impl Outcome {
    fn with_status(key: &str, status: Status) -> Self {
        Self {
            key: key.to_owned(),
            status,
            action: None,
            id: None,
            external_type: None,
            shadow: None,
            mapping_version: None,
            remote_version: None,
            links: Vec::new(),
            reason: None,
            error: None,
            request_id: None,
            calls: Vec::new(),
        }
    }

    /// It worked: `did` was done to the remote record `external_type` `id`.
    pub fn succeeded(key: &str, did: Did, external_type: &str, id: &str) -> Self {
        Self {
            action: Some(did),
            id: Some(id.to_owned()),
            external_type: Some(external_type.to_owned()),
            ..Self::with_status(key, Status::Succeeded)
        }
    }

    /// Nothing was sent, for `reason`.
    pub fn skipped(key: &str, reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..Self::with_status(key, Status::Skipped)
        }
    }

    /// Nothing was done, although the remote holds it, or may hold it, among its `external_type`.
    pub fn left_there(key: &str, external_type: &str, reason: impl Into<String>) -> Self {
        Self {
            external_type: Some(external_type.to_owned()),
            ..Self::skipped(key, reason)
        }
    }

    /// What was to be erased was not there any more.
    pub(crate) fn not_there(key: &str) -> Self {
        Self {
            action: Some(Did::Deleted),
            ..Self::skipped(key, "it was not there")
        }
    }

    /// What was to be erased is there under another id than its link's: nothing was done to it yet.
    pub(crate) fn elsewhere(key: &str, external_type: &str, id: &str) -> Self {
        Self {
            id: Some(id.to_owned()),
            ..Self::left_there(key, external_type, "it is there under another id")
        }
    }

    /// Nothing was sent because the remote already holds it.
    pub fn unchanged(work: &Work) -> Self {
        let link = work.link.as_ref();
        Self {
            action: Some(Did::Unchanged),
            id: link.map(|link| link.external_id.clone()),
            external_type: link.map(|link| link.external_type.clone()),
            ..Self::skipped(&work.key, "nothing changed since it was last sent")
        }
    }

    /// The delivery of `work` failed. One that was in doubt stays so until it succeeds: this failure
    /// does not tell what became of the attempts before.
    pub(crate) fn failed_delivery(work: &Work, error: Error) -> Self {
        let error = error.about(&work.record.label());
        match work.doubt {
            true => Self::failed(&work.key, error.with_sent(Sent::Maybe)),
            false => Self::failed(&work.key, error),
        }
    }

    /// After a failure that leaves open what the linked record now holds: fields that were on their
    /// way count as filled with nobody knows what, so that the next delivery sends or empties them.
    #[must_use]
    pub(crate) fn with_doubts(mut self, work: &Work) -> Self {
        let open = self.error.as_ref().is_some_and(|e| e.sent == Sent::Maybe);
        if let Some(link) = work.link.as_ref().filter(|_| open) {
            let sent = self.calls.iter().flat_map(|call| &call.fields).cloned();
            let mut shadow = link.shadow.clone();
            shadow.extend(sent.map(|field| (field, shadow::UNKNOWN.to_owned())));
            self.shadow = Some(shadow);
        }
        self
    }

    /// It failed.
    pub fn failed(key: &str, error: Error) -> Self {
        Self {
            error: Some(error),
            ..Self::with_status(key, Status::Failed)
        }
    }

    /// With the shadow the remote holds after it.
    #[must_use]
    pub fn with_shadow(self, shadow: BTreeMap<String, String>, mapping_version: &str) -> Self {
        Self {
            shadow: Some(shadow),
            mapping_version: Some(mapping_version.to_owned()),
            ..self
        }
    }

    /// With a remote record found or made on the way.
    #[must_use]
    pub fn with_parent(mut self, external_type: &str, external_id: &str) -> Self {
        self.links
            .push(RelatedLink::parent(external_type, external_id));
        self
    }
}
