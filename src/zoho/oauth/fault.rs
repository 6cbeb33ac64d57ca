//! What the accounts server's `error` words mean. The page on token limits names the throttle; the
//! other words come from Zoho's guides and from what its clients see.

use serde_json::Value;

use crate::error::{Error, Kind};
use crate::flow::Response;
use crate::reply::{json, kind_of, sent_of, text, word};
use crate::zoho::reply::SYSTEM;

/// Zoho blocks a client that asks too often for some minutes (Zoho CRM v8: Token validity).
const THROTTLED_SECONDS: u64 = 600;

/// Reads why there is no token.
pub(super) fn read(response: &Response) -> Error {
    match json(response, SYSTEM) {
        Ok(body) => fault(&body, response.status),
        Err(error) => error,
    }
}

/// Why `body` holds no token.
pub(super) fn fault(body: &Value, status: u16) -> Error {
    let said = text(body.get("error").or(body.get("code")));
    let said = said
        .as_deref()
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    let (kind, cure) = meaning(&said).unwrap_or_else(|| unknown(status));
    let code = word(&said.replace(' ', "_"));
    let shown = code.clone().unwrap_or_else(|| status.to_string());
    let message = format!("{SYSTEM} granted no token ({shown}); {cure}");
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
            "the client id or secret is not valid in this data centre: correct it, see that the \
             client in Zoho's API console allows all data centres, then connect the account again",
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

/// An answer with neither token nor a word that is known may pass; the engine gives up in the end.
fn unknown(status: u16) -> (Kind, &'static str) {
    let kind = match kind_of(status) {
        kind @ (Kind::Authentication | Kind::RateLimit | Kind::Timeout) => kind,
        _ => Kind::Remote,
    };
    (
        kind,
        "it will be tried again; if it stays, connect the account again",
    )
}
