//! What the accounts server's `error` words mean. The page on token limits names the throttle; the
//! other words come from Zoho's guides and from what its clients see.

use serde_json::Value;

use crate::error::{Error, Kind};
use crate::reply::{kind_of, sent_of, text, word};
use crate::zoho::reply::SYSTEM;

/// Zoho blocks a client that asks too often for some minutes (Zoho CRM v8: Token validity).
const THROTTLED_SECONDS: u64 = 600;

/// What was asked for, as a refusal tells it: what did not happen, and what helps where it never does.
pub(super) struct Asked {
    refused: &'static str,
    in_the_end: &'static str,
}

pub(super) const GRANT: Asked = Asked {
    refused: "granted no token",
    in_the_end: "connect the account again",
};

pub(super) const REVOCATION: Asked = Asked {
    refused: "did not end the token",
    in_the_end: "end it by hand among the connected apps of the Zoho account",
};

/// Why `body` is not what was asked for.
pub(super) fn fault(asked: &Asked, body: &Value, status: u16) -> Error {
    let said = text(body.get("error").or(body.get("code")));
    let said = said
        .as_deref()
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    let (kind, cure) = match meaning(&said) {
        Some((kind, cure)) => (kind, cure.to_owned()),
        None => (unknown(status, &said), again(asked)),
    };
    let code = word(&said.replace(' ', "_"));
    let shown = code.clone().unwrap_or_else(|| status.to_string());
    let message = format!("{SYSTEM} {} ({shown}); {cure}", asked.refused);
    let mut error = Error::answered(kind, status, message).with_sent(sent_of(status));
    error.retry_after = (kind == Kind::RateLimit).then_some(THROTTLED_SECONDS);
    error.code = code;
    error
}

fn meaning(said: &str) -> Option<(Kind, &'static str)> {
    Some(match said {
        "invalid_code" | "invalid_token" | "invalid_grant" => (
            Kind::Authentication,
            "the grant was revoked, used or has expired: connect the account again",
        ),
        "invalid_client" | "invalid_client_secret" => (
            Kind::Authentication,
            "the client id or secret is not valid in this data centre: correct the client id and \
             secret, allow all data centres for the client in Zoho's API console, then connect \
             the account again",
        ),
        "invalid_grant_type" => (
            Kind::Internal,
            "this is a fault of pwb_crm: please report it",
        ),
        "invalid_redirect_uri" | "redirect_uri_mismatch" => (
            Kind::Configuration,
            "register exactly this redirect address in Zoho's API console",
        ),
        "access denied" | "access_denied" => (
            Kind::RateLimit,
            "too many tokens were asked for; it will be tried again in ten minutes",
        ),
        _ => return None,
    })
}

/// An answer with neither token nor a word that is known may pass; the engine gives up in the end. A word counts for
/// more than the status, which Zoho gives as it likes.
fn unknown(status: u16, said: &str) -> Kind {
    match kind_of(status) {
        kind @ (Kind::RateLimit | Kind::Timeout) => kind,
        Kind::Authentication if said.is_empty() => Kind::Authentication,
        _ => Kind::Remote,
    }
}

fn again(asked: &Asked) -> String {
    let Asked { in_the_end, .. } = asked;
    format!("it will be tried again; if it stays, {in_the_end}")
}

#[cfg(test)]
mod tests {
    use super::{GRANT, fault, unknown};
    use crate::catalogue_fixtures as catalogue;
    use serde_json::json;

    #[test]
    fn the_words_of_the_catalogue_mean_here_what_they_mean_there() {
        let words = catalogue::of("zoho_crm").into_iter();
        let words = words.filter(|entry| entry.code.chars().any(|c| c.is_ascii_lowercase()));
        let mut count = 0;
        for entry in words {
            for status in [200, 400, 401] {
                let error = fault(&GRANT, &json!({"error": entry.code}), status);
                let kind = Some(error.kind.name());
                assert_eq!(entry.kind.as_deref(), kind, "{} {status}", entry.code);
                let cure = entry.cure.trim_end_matches('.').to_lowercase();
                let said = error.message.to_lowercase();
                assert!(said.contains(&cure), "{}: {said}", entry.code);
            }
            count += 1;
        }
        assert_eq!(count, 10);
    }

    #[test]
    fn a_word_that_nobody_knows_counts_for_more_than_the_status_but_no_word_does_not() {
        let kinds = [200, 401, 429, 500].map(|status| unknown(status, "strange_error").name());
        assert_eq!(kinds, ["remote", "remote", "rate_limit", "remote"]);
        assert_eq!(unknown(401, "").name(), "authentication");
    }
}
