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
        "EXPIRED_VALUE" | "TOKEN_BOUND_DATA_MISMATCH" => (
            Kind::Conflict,
            "it will be tried again from the start; if it stays, please report it",
        ),
        "INVALID_MODULE" | "FEATURE_NOT_SUPPORTED" => (
            Kind::Configuration,
            "enable the module in Zoho (Cases need the Enterprise edition), or turn off this kind \
             of record for the integration",
        ),
        "NOT_SUBSCRIBED" => (Kind::NotFound, "subscribe to Zoho's notifications again"),
        _ => return ours(code).or_else(|| refused(code)),
    })
}

/// The codes of requests that should never have been made.
fn ours(code: &str) -> Option<Meaning> {
    let known = matches!(
        code,
        "INVALID_URL_PATTERN"
            | "INVALID_REQUEST_METHOD"
            | "INVALID_QUERY"
            | "REQUIRED_PARAM_MISSING"
            | "EXPECTED_PARAM_MISSING"
            | "PAGINATION_LIMIT_EXCEEDED"
            | "DISCRETE_PAGINATION_LIMIT_EXCEEDED"
    );
    known.then_some((
        Kind::Internal,
        "this is a fault of pwb_crm: please report it",
    ))
}

/// The codes that refuse a record for what it holds.
fn refused(code: &str) -> Option<Meaning> {
    let cure = match code {
        "INVALID_DATA" | "EXPECTED_FIELD_MISSING" => {
            "correct the value in the record, or the setting or pick list it is mapped to"
        }
        "MULTIPLE_OR_MULTI_ERRORS" => {
            "correct each field that is named, in the record or in what it is mapped to"
        }
        "AMBIGUITY_DURING_PROCESSING" => {
            "correct what is named so that it fits one field or record in Zoho only"
        }
        "MANDATORY_NOT_FOUND" | "DEPENDENT_FIELD_MISSING" | "DEPENDENT_MISMATCH" => {
            "fill in the field, or make it optional in the layout of the module in Zoho"
        }
        "DUPLICATE_DATA" => {
            "another record in Zoho holds the same unique value: merge the two there"
        }
        "CONVERTED_RECORD" | "ID_ALREADY_CONVERTED" => {
            "correct the contact that the lead became, in Zoho"
        }
        "NOT_REVIEWED" => "approve the record in Zoho",
        "RECORD_IN_BLUEPRINT" => {
            "a blueprint in Zoho holds the record: finish its transition there"
        }
        "FILE_SIZE_EXCEEDS" => "shorten the text of the record",
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
        Kind::Configuration => "it does not take this at that address: check the account's address",
        _ => "look the code up in Zoho's API documentation, correct the record",
    }
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::catalogue_fixtures as catalogue;

    #[test]
    fn the_codes_of_the_catalogue_mean_here_what_they_mean_there() {
        let listed = catalogue::of("zoho_crm").into_iter();
        let api = listed.filter(|entry| entry.code.chars().all(|c| !c.is_ascii_lowercase()));
        let mut codes = Vec::new();
        for entry in api {
            let (kind, cure) = meaning(&entry.code).unwrap_or_else(|| panic!("{}", entry.code));
            assert_eq!(entry.kind.as_deref(), Some(kind.name()), "{}", entry.code);
            assert_eq!(catalogue::sentence(cure), entry.cure, "{}", entry.code);
            codes.push(entry.code);
        }
        assert_eq!(codes.len(), 42);
    }

    #[test]
    fn no_code_is_known_here_only() {
        let source = include_str!("catalogue.rs");
        let code = source.split("#[cfg(test)]").next().expect("the code");
        let named = code.split('"').filter(|word| {
            word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        });
        let listed: Vec<String> = catalogue::of("zoho_crm")
            .into_iter()
            .map(|one| one.code)
            .collect();
        for code in named {
            assert!(listed.iter().any(|one| one == code), "{code}");
        }
    }
}
