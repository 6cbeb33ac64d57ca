//! Tokens (Zendesk: OAuth tokens for grant types; Support: refresh tokens).

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::hosts::BaseUrl;
use super::reply::{incomplete, read};
use crate::error::{Error, Kind};
use crate::flow::{Flow, HostRule, Io, Method, Request};
use crate::reply::text;

/// Seconds an access token is asked to live; Zendesk allows 300 to 172,800. Every refresh rotates
/// both tokens, so that fewer of them are fewer chances to lose one.
const ACCESS_SECONDS: u64 = 86_400;
/// Seconds a refresh token is asked to live: the most Zendesk allows, 90 days.
const REFRESH_SECONDS: u64 = 7_776_000;

/// The codes that mean the grant is used up; all others are about the client.
const GRANT_CODES: [&str; 2] = ["invalid_grant", "invalid_token"];

/// An OAuth client of the tenant's account, or a global one.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its identifier.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}

/// What a grant yields. Secrets are never shown.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Goes into every request.
    pub access_token: SecretString,
    /// The next refresh token: Zendesk deletes the old one at every refresh. None if the client
    /// gets none.
    pub refresh_token: Option<SecretString>,
    /// Seconds the access token lives; none if Zendesk does not say.
    pub expires_in: Option<u64>,
    /// Seconds the refresh token lives; none if Zendesk does not say.
    pub refresh_token_expires_in: Option<u64>,
    /// What it may be used for, separated by spaces.
    pub scope: Option<String>,
}

/// Exchanges a refresh token. The old pair of tokens is dead as soon as Zendesk has answered: the
/// new one must be stored before anything else. An error that is `sent: maybe` may have cost it.
pub fn refresh(
    base_url: &BaseUrl,
    client: &Client,
    refresh_token: &SecretString,
) -> Flow<Result<Tokens, Error>> {
    let grant = json!({
        "grant_type": "refresh_token",
        "refresh_token": refresh_token.expose_secret(),
        "client_id": client.id,
        "client_secret": client.secret.expose_secret(),
        "expires_in": ACCESS_SECONDS,
        "refresh_token_expires_in": REFRESH_SECONDS,
    });
    let url = format!("{}/oauth/tokens", base_url.as_str());
    let request = Request::new(Method::Post, url, HostRule::Zendesk)
        .header("accept", "application/json")
        .json(&grant);
    Flow::new(move |io| async move { granted(&io, request).await })
}

async fn granted(io: &Io, request: Request) -> Result<Tokens, Error> {
    let response = io.send(request).await?;
    let body = read(&response, io.now()).map_err(refused)?;
    let access_token = text(body.get("access_token"));
    let access_token =
        access_token.ok_or_else(|| incomplete(response.status, "an access token"))?;
    Ok(Tokens {
        access_token: access_token.into(),
        refresh_token: text(body.get("refresh_token")).map(SecretString::from),
        expires_in: body.get("expires_in").and_then(Value::as_u64),
        refresh_token_expires_in: body.get("refresh_token_expires_in").and_then(Value::as_u64),
        scope: text(body.get("scope")),
    })
}

/// Says who has to do what: connect anew, or correct the client.
fn refused(error: Error) -> Error {
    if error.retryable() || error.kind == Kind::Configuration {
        return error;
    }
    let code = error.code.clone().unwrap_or_default();
    let (kind, cure) = if code.is_empty() || GRANT_CODES.contains(&code.as_str()) {
        (
            Kind::Authentication,
            "Zendesk no longer accepts the stored authorization (they end after 90 days without \
             use): connect the account anew",
        )
    } else {
        (
            Kind::Configuration,
            "Zendesk refuses the OAuth client: check its identifier, secret and kind \
             (confidential) in Admin Center",
        )
    };
    let message = cure.to_owned();
    Error {
        kind,
        message,
        ..error
    }
}

#[cfg(test)]
mod tests;
