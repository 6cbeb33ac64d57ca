//! The one error of the core: its [`Kind`] says what to do, its message what happened. It never holds a
//! token, a query string or a body. The binding turns it into a Ruby exception, in one `From`.

use serde::{Deserialize, Serialize};

/// What went wrong, in the terms of what to do about it: one class of lib/pwb_crm/errors.rb each. It is
/// the source of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An option or setting is missing or wrong.
    #[error("an option or setting is missing or wrong")]
    Configuration,
    /// The credentials were refused: refresh once, then reconnect.
    #[error("the credentials were refused")]
    Authentication,
    /// The credentials are good but may not do this.
    #[error("the credentials are good but may not do this")]
    Permission,
    /// The remote asks for a pause.
    #[error("the remote asks for a pause")]
    RateLimit,
    /// The remote refuses the record as it is.
    #[error("the remote refuses the record as it is")]
    Validation,
    /// The remote has no such record or address.
    #[error("the remote has no such record or address")]
    NotFound,
    /// Somebody else changed the record meanwhile.
    #[error("somebody else changed the record meanwhile")]
    Conflict,
    /// The remote failed, or answered with something that is no answer.
    #[error("the remote failed, or answered with something that is no answer")]
    Remote,
    /// No answer within the deadline.
    #[error("no answer within the deadline")]
    Timeout,
    /// No connection, or it broke.
    #[error("no connection, or it broke")]
    Connection,
    /// The address is not one we may call.
    #[error("the address is not one we may call")]
    BlockedAddress,
    /// A signature did not verify.
    #[error("a signature did not verify")]
    Signature,
    /// A fault of our own.
    #[error("a fault of pwb_crm")]
    Internal,
}

impl Kind {
    /// The name as it is serialised, for example `rate_limit`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::RateLimit => "rate_limit",
            Self::Validation => "validation",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Remote => "remote",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::BlockedAddress => "blocked_address",
            Self::Signature => "signature",
            Self::Internal => "internal",
        }
    }
}

/// Whether the request reached the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sent {
    /// Certainly not: it can be repeated as it is.
    No,
    /// It may have: look before repeating what is not idempotent.
    Maybe,
    /// It did, and was answered.
    Yes,
}

/// The code of [`Error::not_attempted`]: neither an attempt nor a call is to be counted for it.
pub const NOT_ATTEMPTED: &str = "not_attempted";

/// The code of [`Error::put_off`]: the same holds for it.
pub const PUT_OFF: &str = "put_off";

/// A remote's complaint about one field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize)]
pub struct Detail {
    /// The remote's name of the field, where it gave one.
    pub field: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

/// What happened, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The kind, which decides what happens next.
    #[source]
    pub kind: Kind,
    /// What happened and what to do, for people.
    pub message: String,
    /// The remote's own code, for example `INVALID_DATA`.
    pub code: Option<String>,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Whether the request reached the remote.
    pub sent: Sent,
    /// Seconds the remote asked us to wait.
    pub retry_after: Option<u64>,
    /// Complaints about single fields.
    pub details: Vec<Detail>,
}

impl Error {
    /// An error before anything was sent.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: None,
            status: None,
            sent: Sent::No,
            retry_after: None,
            details: Vec::new(),
        }
    }

    /// An error read from an answer.
    pub fn answered(kind: Kind, status: u16, message: impl Into<String>) -> Self {
        Self {
            status: Some(status),
            sent: Sent::Yes,
            ..Self::new(kind, message)
        }
    }

    /// The time given for a whole batch was up before this request's turn came.
    pub fn not_attempted(host: &str) -> Self {
        let message = format!("{host} was not asked yet: the time for this batch was up");
        Self::new(Kind::Timeout, message).with_code(NOT_ATTEMPTED)
    }

    /// The remote asked for a pause before this request's turn came.
    pub fn put_off() -> Self {
        let message = "it was not sent yet, because the remote asks for a pause";
        Self::new(Kind::RateLimit, message).with_code(PUT_OFF)
    }

    /// Whether a request was begun at all.
    pub fn attempted(&self) -> bool {
        !matches!(self.code.as_deref(), Some(NOT_ATTEMPTED | PUT_OFF))
    }

    /// With the remote's own code.
    #[must_use]
    pub fn with_code(self, code: impl Into<String>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }

    /// With the word on whether it was sent.
    #[must_use]
    pub fn with_sent(self, sent: Sent) -> Self {
        Self { sent, ..self }
    }

    /// With the pause asked for, in seconds.
    #[must_use]
    pub fn with_retry_after(self, seconds: Option<u64>) -> Self {
        Self {
            retry_after: seconds,
            ..self
        }
    }

    /// With complaints about fields.
    #[must_use]
    pub fn with_details(self, details: Vec<Detail>) -> Self {
        Self { details, ..self }
    }

    /// With the record put in front: `contact 12: …`.
    #[must_use]
    pub fn about(self, label: &str) -> Self {
        if self.message.starts_with(label) {
            return self;
        }
        Self {
            message: format!("{label}: {}", self.message),
            ..self
        }
    }

    /// Whether the same request may succeed later.
    pub fn retryable(&self) -> bool {
        matches!(
            self.kind,
            Kind::RateLimit | Kind::Remote | Kind::Timeout | Kind::Connection | Kind::Conflict
        )
    }

    /// Whether people have to connect the account anew (after one refresh).
    pub fn reconnect(&self) -> bool {
        self.kind == Kind::Authentication
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::{Error, Kind};

    #[test]
    fn an_error_tells_what_happened_and_its_source_the_kind() {
        let error = Error::new(Kind::RateLimit, "contact 7: Zoho CRM asks to wait");
        assert_eq!(error.to_string(), "contact 7: Zoho CRM asks to wait");
        let source = error.source().map(ToString::to_string);
        assert_eq!(source.as_deref(), Some("the remote asks for a pause"));
    }

    #[test]
    fn a_kind_is_named_as_it_is_serialised() {
        for kind in [
            Kind::Configuration,
            Kind::RateLimit,
            Kind::BlockedAddress,
            Kind::Internal,
        ] {
            assert_eq!(serde_json::to_value(kind).ok(), Some(kind.name().into()));
        }
    }
}
