//! Tokens on their way to Ruby, which stores them encrypted and shows them nowhere.

use magnus::{Error, RHash, Ruby, Value, value::ReprValue};
use pwb_crm_core::{zendesk, zoho};
use secrecy::{ExposeSecret, SecretString};

use crate::work::Answer;

impl Answer for zoho::oauth::Tokens {
    fn write(&self, ruby: &Ruby) -> Result<Value, Error> {
        let hash = granted(
            ruby,
            &self.access_token,
            self.refresh_token.as_ref(),
            self.scope.as_deref(),
        )?;
        hash.aset(ruby.to_symbol("api_domain"), self.api_domain.as_deref())?;
        hash.aset(ruby.to_symbol("expires_in"), self.expires_in)?;
        Ok(hash.as_value())
    }
}

impl Answer for zendesk::oauth::Tokens {
    fn write(&self, ruby: &Ruby) -> Result<Value, Error> {
        let hash = granted(
            ruby,
            &self.access_token,
            self.refresh_token.as_ref(),
            self.scope.as_deref(),
        )?;
        hash.aset(ruby.to_symbol("expires_in"), self.expires_in)?;
        hash.aset(
            ruby.to_symbol("refresh_token_expires_in"),
            self.refresh_token_expires_in,
        )?;
        Ok(hash.as_value())
    }
}

/// A revoked token leaves nothing to tell.
impl Answer for () {
    fn write(&self, ruby: &Ruby) -> Result<Value, Error> {
        Ok(ruby.qtrue().as_value())
    }
}

/// The number of an account.
impl Answer for String {
    fn write(&self, ruby: &Ruby) -> Result<Value, Error> {
        Ok(ruby.str_new(self).as_value())
    }
}

fn granted(
    ruby: &Ruby,
    access_token: &SecretString,
    refresh_token: Option<&SecretString>,
    scope: Option<&str>,
) -> Result<RHash, Error> {
    let hash = ruby.hash_new();
    hash.aset(ruby.to_symbol("access_token"), access_token.expose_secret())?;
    hash.aset(
        ruby.to_symbol("refresh_token"),
        refresh_token.map(ExposeSecret::expose_secret),
    )?;
    hash.aset(ruby.to_symbol("scope"), scope)?;
    Ok(hash)
}
