//! Access to a tenant's Zoho: exchanging a code, refreshing and revoking tokens.
//!
//! Zoho's accounts server answers many failures with HTTP 200, so a reply with an access token is a
//! success and nothing else is (Zoho CRM v8: Generate, Refresh and Revoke tokens; the status is not
//! looked at by Zoho's own SDKs either). Secrets travel in the form body, never in the address.

mod fault;
mod tokens;

use secrecy::{ExposeSecret, SecretString};

pub use tokens::Tokens;

use super::hosts::{self, Loopback};
use crate::error::{Error, Kind};
use crate::flow::{Flow, HostRule, Io, Method, Request, Response};
use crate::reply::{json, text};
use crate::zoho::reply::SYSTEM;

/// What Zoho calls a token that has ended.
const DEAD: [&str; 3] = ["invalid_code", "invalid_token", "invalid_grant"];

/// The client registered at Zoho, at the accounts server of one tenant's data centre.
#[derive(Debug, Clone)]
pub struct App {
    accounts_url: String,
    client_id: String,
    client_secret: SecretString,
}

impl App {
    /// The app at `accounts_server`, the one the OAuth callback named.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] if that is none of Zoho's, or if id or secret is blank. Nothing is
    /// ever sent then.
    pub fn new(
        accounts_server: &str,
        client_id: &str,
        client_secret: SecretString,
        loopback: Loopback,
    ) -> Result<Self, Error> {
        if client_id.trim().is_empty() || client_secret.expose_secret().trim().is_empty() {
            return Err(Error::new(
                Kind::Configuration,
                "the Zoho client id or client secret is missing: set zoho_client_id and \
                 zoho_client_secret",
            ));
        }
        Ok(Self {
            accounts_url: hosts::accounts_url(accounts_server, loopback)?,
            client_id: client_id.to_owned(),
            client_secret,
        })
    }

    fn token_request(&self, pairs: &[(&str, &str)]) -> Request {
        let own = [
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose_secret()),
        ];
        self.request("/oauth/v2/token")
            .form(&[&own, pairs].concat())
    }

    fn request(&self, path: &str) -> Request {
        let url = format!("{}{path}", self.accounts_url);
        Request::new(Method::Post, url, HostRule::Zoho)
    }
}

/// The flow that turns the code of an OAuth callback into tokens. The code lives for a minute or
/// two and works once; `redirect_uri` is the one the authorisation began with.
pub fn exchange(app: &App, code: SecretString, redirect_uri: &str) -> Flow<Result<Tokens, Error>> {
    let request = app.token_request(&[
        ("grant_type", "authorization_code"),
        ("code", code.expose_secret()),
        ("redirect_uri", redirect_uri),
    ]);
    Flow::new(move |io| tokens(io, request))
}

/// The flow that gets a new access token. Zoho grants ten in ten minutes for one refresh token, so
/// it must run once for all workers.
pub fn refresh(app: &App, refresh_token: &SecretString) -> Flow<Result<Tokens, Error>> {
    let request = app.token_request(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.expose_secret()),
    ]);
    Flow::new(move |io| tokens(io, request))
}

/// The flow that ends a refresh or access token. Zoho keeps twenty refresh tokens of one user and
/// silently drops the oldest, so a disconnect should not leave one behind. A token that Zoho says it
/// does not know (any more) counts as revoked; what says neither (a throttle, a page from anything on
/// the way) does not.
pub fn revoke(app: &App, token: &SecretString) -> Flow<Result<(), Error>> {
    let request = app.request("/oauth/v2/token/revoke");
    let request = request.form(&[("token", token.expose_secret())]);
    Flow::new(move |io| async move { revoked(&io.send(request).await?, &io) })
}

async fn tokens(io: Io, request: Request) -> Result<Tokens, Error> {
    let response = io.send(request).await?;
    Tokens::read(&response).map_err(|error| told(error, &response, &io))
}

fn revoked(response: &Response, io: &Io) -> Result<(), Error> {
    let body = json(response, SYSTEM).map_err(|error| told(error, response, io))?;
    if response.is_success() && text(body.get("status")).as_deref() == Some("success") {
        return Ok(());
    }
    let error = fault::fault(&fault::REVOCATION, &body, response.status);
    match error.code.as_deref() {
        Some(code) if DEAD.contains(&code) => Ok(()),
        _ => Err(told(error, response, io)),
    }
}

fn told(error: Error, response: &Response, io: &Io) -> Error {
    io.note_error(&error);
    let pause = response.retry_after(io.now()).or(error.retry_after);
    error.with_retry_after(pause)
}

#[cfg(test)]
mod tests;
