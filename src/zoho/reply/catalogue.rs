//! Zoho's codes: what each means here, and what to do about it.
//!
//! Source: Zoho CRM v7/v8 record, notes and upsert pages; Zoho CRM v8 OpenAPI.

use crate::error::Kind;

/// A kind and a cure.
pub(super) type Meaning = (Kind, &'static str);

const RECONNECT: &str = "refresh the access token; if it stays, connect the account again";
const WAIT: &str = "it will be tried again after a pause; if it stays, the daily API credits of \
                    this Zoho edition are used up";
const ASK_ADMIN: &str = "let a Zoho administrator give the connected user access to this module";
const AGAIN: &str = "it will be tried again; if it stays, see status.zoho.com";

/// What a code means, where it is known.
pub(super) fn meaning(code: &str) -> Option<Meaning> {
    Some(match code {
        "INVALID_TOKEN" | "AUTHENTICATION_FAILURE" | "INVALID_OAUTHTOKEN" => {
            (Kind::Authentication, RECONNECT)
        }
        "OAUTH_SCOPE_MISMATCH" => (
            Kind::Permission,
            "connect the account again and grant the scopes of Contacts, Leads, Cases and Notes",
        ),
        "NO_PERMISSION" | "NOT_SUPPORTED" | "AUTHORIZATION_FAILED" | "NOT_ALLOWED" => {
            (Kind::Permission, ASK_ADMIN)
        }
        "TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" => (Kind::RateLimit, WAIT),
        "INTERNAL_ERROR" | "INTERNAL_SERVER_ERROR" | "SERVICE_UNAVAILABLE" => (Kind::Remote, AGAIN),
        "ALREADY_MODIFIED" | "RECORD_LOCKED" => (
            Kind::Conflict,
            "somebody is working on the record in Zoho; it will be tried again",
        ),
        "INVALID_MODULE" | "FEATURE_NOT_SUPPORTED" => (
            Kind::Configuration,
            "this Zoho edition or profile lacks the module (Cases need the Enterprise edition): \
             enable it, or turn off this kind of record for the integration",
        ),
        "INVALID_URL_PATTERN" | "INVALID_REQUEST_METHOD" | "REQUIRED_PARAM_MISSING" => {
            (Kind::Internal, "it does not know the request")
        }
        _ => return refused(code),
    })
}

/// The codes that refuse a record for what it holds.
fn refused(code: &str) -> Option<Meaning> {
    let cure = match code {
        "INVALID_DATA" | "EXPECTED_FIELD_MISSING" => {
            "correct the value in the record, or the setting or pick list it is mapped to"
        }
        "MANDATORY_NOT_FOUND" | "DEPENDENT_FIELD_MISSING" | "DEPENDENT_MISMATCH" => {
            "fill in the field, or make it optional in the layout of the module in Zoho"
        }
        "DUPLICATE_DATA" => {
            "another record in Zoho holds the same unique value: merge the two there"
        }
        "CONVERTED_RECORD" => "the lead was converted in Zoho and can no longer be changed",
        "RECORD_IN_BLUEPRINT" => {
            "a blueprint in Zoho holds the record: finish its transition there"
        }
        "LIMIT_EXCEEDED" | "LIMIT_REACHED" => {
            "a limit of this Zoho organisation is reached: make room there"
        }
        _ => return None,
    };
    Some((Kind::Validation, cure))
}

/// The cure where no code says more.
pub(super) fn cure(kind: Kind) -> &'static str {
    match kind {
        Kind::Authentication => RECONNECT,
        Kind::Permission => ASK_ADMIN,
        Kind::RateLimit => WAIT,
        Kind::NotFound => "the record is gone in Zoho, or belongs to another account",
        Kind::Conflict | Kind::Remote | Kind::Timeout => AGAIN,
        _ => "look the code up in Zoho's API documentation, correct the record",
    }
}
