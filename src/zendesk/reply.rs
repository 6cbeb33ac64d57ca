//! What Zendesk answers, and what it means (Zendesk Ticketing API: Requests and responses).

mod complaint;

use serde_json::Value;

use crate::error::{Error, Kind, Sent};
use crate::flow::{Now, Response, seconds};
use crate::reply::{json, kind_of, sent_of};
use complaint::Complaint;

/// Zendesk's name in messages.
pub(super) const ZENDESK: &str = "Zendesk";

/// The code of a repeat under a known idempotency key with another body (Zendesk Ticketing API:
/// Idempotency).
pub(super) const KEY_REUSED: &str = "IdempotentRequestError";

/// The body of a success; null where there is none to expect.
pub(super) fn read(response: &Response, now: Now) -> Result<Value, Error> {
    match response.status {
        204 => Ok(Value::Null),
        _ if response.is_success() => json(response, ZENDESK),
        _ => {
            let error = refusal(response);
            let pause = pause(response, now).filter(|_| error.retryable());
            Err(error.with_retry_after(pause))
        }
    }
}

/// A success that does not hold what it has to. It may have been done.
pub(super) fn incomplete(status: u16, missing: &str) -> Error {
    let message = format!(
        "{ZENDESK} answered {status} without {missing}; it is looked up before it is tried again"
    );
    Error::answered(Kind::Remote, status, message).with_sent(Sent::Maybe)
}

fn refusal(response: &Response) -> Error {
    match json(response, ZENDESK) {
        Ok(body) => refused(response.status, Complaint::of(&body)),
        Err(unreadable) => unreadable,
    }
}

fn refused(status: u16, complaint: Complaint) -> Error {
    let kind = match complaint.code.as_deref() {
        Some(KEY_REUSED) => Kind::Conflict,
        Some("TooManyJobs") => Kind::RateLimit,
        _ => kind_of(status),
    };
    let what = complaint.summary();
    let message = format!("{ZENDESK} answered {status}{what}: {}", cure(kind));
    let error = Error::answered(kind, status, message).with_sent(sent_of(status));
    Error {
        code: complaint.telling_code(),
        ..error.with_details(complaint.details)
    }
}

fn cure(kind: Kind) -> &'static str {
    match kind {
        Kind::Authentication => "the credentials are no longer accepted; reconnect the account",
        Kind::Permission => {
            "the connected user may not do this; connect an admin or agent who may edit users and \
             tickets, with the scopes read and write"
        }
        Kind::NotFound => "it was deleted, or the connected user may not see it",
        Kind::Validation => "correct what is named",
        Kind::Conflict => "somebody changed it meanwhile; tried again later",
        Kind::RateLimit => "the account's limit is reached; tried again after a pause",
        Kind::Configuration => "it does not take this at that address; check the account's address",
        _ => "it failed; tried again later",
    }
}

/// Seconds to wait: `retry-after`, else the reset of the account's limit where that is reached; every
/// answer tells of the reset (Zendesk: Rate limits).
fn pause(response: &Response, now: Now) -> Option<u64> {
    let reset = || seconds(response.header("ratelimit-reset")?.trim());
    let limited = response.status == 429;
    response
        .retry_after(now)
        .or_else(|| limited.then(reset).flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(status: u16, body: &Value) -> Error {
        read(&Response::new(status).with_body(body.to_string()), 0).expect_err("a refusal")
    }

    #[test]
    fn each_status_has_its_kind() {
        for (status, kind) in [
            (400, Kind::Validation),
            (401, Kind::Authentication),
            (403, Kind::Permission),
            (404, Kind::NotFound),
            (409, Kind::Conflict),
            (413, Kind::Validation),
            (415, Kind::Configuration),
            (422, Kind::Validation),
            (429, Kind::RateLimit),
            (500, Kind::Remote),
            (503, Kind::Remote),
            (302, Kind::Configuration),
        ] {
            let error = error(status, &json!({"error": "Oops"}));
            assert_eq!(error.kind, kind, "{status}");
            assert!(error.message.contains(&status.to_string()), "{error}");
        }
    }

    #[test]
    fn the_codes_of_the_catalogue_mean_here_what_they_mean_there() {
        let answers = [
            (400, "BadRequest"),
            (400, "ParameterMissing"),
            (400, "InvalidJSON"),
            (400, KEY_REUSED),
            (401, "invalid_token"),
            (403, "Forbidden"),
            (404, "RecordNotFound"),
            (409, "UpdateConflict"),
            (413, "RequestTooLarge"),
            (422, "RecordInvalid"),
            (422, "TooManyJobs"),
            (429, "TooManyRequests"),
            (500, "InternalError"),
            (503, "ServiceUnavailable"),
        ];
        for (status, code) in answers {
            let error = error(status, &json!({"error": code}));
            let listed = crate::catalogue_fixtures::entry("zendesk", code);
            assert_eq!(listed.kind.as_deref(), Some(error.kind.name()), "{code}");
        }
    }

    #[test]
    fn a_key_used_for_another_body_is_a_conflict() {
        let error = error(400, &json!({"error": KEY_REUSED, "description": "s3cret"}));
        assert_eq!(
            (error.kind, error.code.as_deref()),
            (Kind::Conflict, Some(KEY_REUSED))
        );
        assert!(!error.message.contains("s3cret"));
    }

    #[test]
    fn refused_fields_are_named() {
        let error = error(
            422,
            &json!({"error": "RecordInvalid", "description": "x",
            "details": {"subject": [{"description": "Subject: cannot be blank",
                "error": "BlankValue", "field_key": "subject"}]}}),
        );
        assert_eq!(error.code.as_deref(), Some("BlankValue"));
        assert!(
            error.message.contains("RecordInvalid, subject BlankValue"),
            "{error}"
        );
        let detail = error.details.first().expect("one");
        assert_eq!(detail.message, "BlankValue: Subject: cannot be blank");
    }

    #[test]
    fn pauses_are_read_from_either_header() {
        let asked = |name: &str| {
            let response = Response::new(429).with_body("{}").with_header(name, "93");
            read(&response, 0).expect_err("a pause").retry_after
        };
        assert_eq!(
            (asked("Retry-After"), asked("ratelimit-reset")),
            (Some(93), Some(93))
        );
        let reset = Response::new(429).with_header("ratelimit-reset", "1.5");
        assert_eq!(read(&reset, 0).expect_err("a pause").retry_after, Some(2));
        let conflict = Response::new(409)
            .with_body("{}")
            .with_header("ratelimit-reset", "93");
        let conflict = read(&conflict, 0).expect_err("a conflict");
        assert_eq!(conflict.retry_after, None, "not of the limit");
        let refused = Response::new(422)
            .with_body("{}")
            .with_header("retry-after", "9");
        assert_eq!(read(&refused, 0).expect_err("refused").retry_after, None);
    }

    #[test]
    fn pages_and_ruins_are_told_apart_from_answers() {
        for (status, body) in [
            (201, "<html>"),
            (200, ""),
            (201, "{\"ticket\":"),
            (502, "<html>"),
        ] {
            let error = read(&Response::new(status).with_body(body), 0).expect_err(body);
            assert_eq!(
                (error.kind, error.sent),
                (Kind::Remote, Sent::Maybe),
                "{status} {body}"
            );
        }
        assert_eq!(read(&Response::new(204), 0), Ok(Value::Null));
    }
}
