//! What a token reply grants.

use secrecy::SecretString;
use serde_json::Value;

use super::fault;
use crate::error::Error;
use crate::flow::Response;
use crate::reply::{json, text};
use crate::zoho::reply::SYSTEM;

/// The life of an access token where the reply does not tell it (Zoho CRM v8: Token validity).
const AN_HOUR: u64 = 3_600;

/// Tokens as granted. Debug shows none of them.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Good for [`Tokens::expires_in`] seconds.
    pub access_token: SecretString,
    /// Only the first exchange brings one; it stays good until revoked.
    pub refresh_token: Option<SecretString>,
    /// The API host of the tenant's data centre as the reply has it; [`super::super::Account::new`]
    /// checks it.
    pub api_domain: Option<String>,
    /// Seconds the access token lives.
    pub expires_in: u64,
    /// What was granted, where the reply tells it.
    pub scope: Option<String>,
}

impl Tokens {
    /// Reads a token reply, whatever its status.
    pub(super) fn read(response: &Response) -> Result<Self, Error> {
        let body = json(response, SYSTEM)?;
        let Some(access_token) = text(body.get("access_token")) else {
            return Err(fault::fault(&fault::GRANT, &body, response.status));
        };
        Ok(Self {
            access_token: access_token.into(),
            refresh_token: text(body.get("refresh_token")).map(SecretString::from),
            api_domain: text(body.get("api_domain")),
            expires_in: expires_in(&body),
            scope: text(body.get("scope")),
        })
    }
}

/// Some replies leave it out. In old ones `expires_in` is in milliseconds, and `expires_in_sec` the
/// seconds.
fn expires_in(body: &Value) -> u64 {
    let seconds = text(body.get("expires_in_sec").or(body.get("expires_in")));
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    seconds.filter(|seconds| *seconds > 0).unwrap_or(AN_HOUR)
}
