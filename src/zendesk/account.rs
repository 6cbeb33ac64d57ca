//! A tenant's Zendesk.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};

use super::hosts::BaseUrl;
use super::settings::Settings;
use crate::error::{Error, Kind};
use crate::shadow::ShadowKey;

/// Where a tenant's Zendesk is, how to sign in, and what the tenant chose.
#[derive(Debug, Clone)]
pub struct Account {
    /// The root of the API.
    pub base_url: BaseUrl,
    /// The credentials.
    pub auth: Auth,
    /// The tenant's choices.
    pub settings: Settings,
    /// The key of the links' shadows.
    pub shadow_key: ShadowKey,
}

impl Account {
    /// One that no record is sent to.
    pub fn signed_in(base_url: BaseUrl, auth: Auth) -> Self {
        Self {
            base_url,
            auth,
            settings: Settings::default(),
            shadow_key: ShadowKey::new(Vec::new()),
        }
    }
}

/// Credentials. They are never shown.
#[derive(Debug, Clone)]
pub struct Auth(SecretString);

impl Auth {
    /// An OAuth access token.
    ///
    /// # Errors
    /// `Configuration` when it is blank or could not stand in a header.
    pub fn bearer(access_token: &SecretString) -> Result<Self, Error> {
        let token = plain(access_token, "access token")?;
        Ok(Self(format!("Bearer {token}").into()))
    }

    /// An agent's e-mail address and an API token. Zendesk makes no new API tokens since
    /// 2026-10-27 and refuses all from 2027-04-30 (Zendesk: Migrating from API tokens to OAuth).
    ///
    /// # Errors
    /// `Configuration` when one of them is blank or the token could not stand in a header.
    pub fn api_token(email: &str, token: &SecretString) -> Result<Self, Error> {
        let (email, token) = (email.trim(), plain(token, "API token")?);
        if email.is_empty() {
            return Err(missing("e-mail address of the API token's agent"));
        }
        let pair = STANDARD.encode(format!("{email}/token:{token}"));
        Ok(Self(format!("Basic {pair}").into()))
    }

    /// The value of the `authorization` header.
    pub(super) fn header(&self) -> &str {
        self.0.expose_secret()
    }
}

fn plain<'a>(secret: &'a SecretString, name: &str) -> Result<&'a str, Error> {
    let text = secret.expose_secret().trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(missing(name));
    }
    Ok(text)
}

fn missing(name: &str) -> Error {
    Error::new(
        Kind::Configuration,
        format!("the Zendesk {name} is missing or malformed: connect the account anew"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_sign_in() {
        let bearer = Auth::bearer(&" abc123 ".into()).expect("a token");
        assert_eq!(bearer.header(), "Bearer abc123");
        let basic = Auth::api_token("a@b.example", &"t0k".into()).expect("a token");
        assert_eq!(basic.header(), "Basic YUBiLmV4YW1wbGUvdG9rZW46dDBr");
    }

    #[test]
    fn blank_or_malformed_credentials_are_refused_and_none_is_shown() {
        for bad in ["", "  ", "s3cret\r\nx: y", "s3crét"] {
            let error = Auth::bearer(&bad.into()).expect_err(bad);
            assert_eq!(error.kind, Kind::Configuration);
            assert!(!error.message.contains("s3cr"), "{error}");
        }
        assert!(Auth::api_token(" ", &"t".into()).is_err());
        let shown = format!("{:?}", Auth::bearer(&"s3cret".into()));
        assert!(!shown.contains("s3cret"), "{shown}");
    }
}
