//! One tenant's connection to Zoho CRM and what it is set to do.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::hosts::{self, Loopback};
use super::words::Overrides;
use crate::error::{Error, Kind};
use crate::settings::{Deletes, or_default};
use crate::shadow::ShadowKey;
use crate::text::Text;

/// Where people who enquire are kept. It is decided once for each person: an existing link wins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enquirers {
    /// A Contact, with a Note for each enquiry.
    #[default]
    ContactAndNote,
    /// A Lead, with a Note for each enquiry.
    Lead,
}

/// What becomes of the record of a person who is to be forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erase {
    /// It is deleted (into Zoho's recycle bin).
    #[default]
    Delete,
    /// It stays, with nothing in it that a delivery has brought.
    Anonymise,
}

/// What a tenant may choose. Everything that is absent or null has its default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Contacts or Leads.
    #[serde(deserialize_with = "or_default")]
    pub enquirers: Enquirers,
    /// Keep, or delete (into Zoho's recycle bin).
    #[serde(deserialize_with = "or_default")]
    pub deletes: Deletes,
    /// Delete, or anonymise: people who are to be forgotten.
    #[serde(deserialize_with = "or_default")]
    pub erase: Erase,
    /// The host's status to the organisation's Case Status, over the defaults.
    #[serde(deserialize_with = "or_default")]
    pub case_status: Overrides,
    /// The host's priority to the organisation's Case Priority, over the defaults.
    #[serde(deserialize_with = "or_default")]
    pub case_priority: Overrides,
    /// The Case Origin of tickets; `Web` by default.
    pub case_origin: Text,
    /// The Lead Source of new Leads; `Website Inquiry` by default.
    pub lead_source: Text,
    /// The API name of a person's own field that takes the reference of the property last asked
    /// for.
    pub property_reference_field: Text,
}

/// A connection, checked.
#[derive(Debug, Clone)]
pub struct Account {
    api_url: String,
    access_token: SecretString,
    settings: Settings,
    shadow_key: ShadowKey,
}

impl Account {
    /// A connection to the organisation behind `access_token`, at the `api_domain` its token reply
    /// named.
    ///
    /// # Errors
    ///
    /// [`Kind::Configuration`] if the address is none of Zoho's, if the token cannot be one, or if
    /// a setting cannot be a field's API name. Nothing is ever sent then.
    pub fn new(
        api_domain: &str,
        access_token: SecretString,
        settings: Settings,
        shadow_key: ShadowKey,
        loopback: Loopback,
    ) -> Result<Self, Error> {
        check_token(access_token.expose_secret())?;
        check_field(settings.property_reference_field.get())?;
        Ok(Self {
            api_url: hosts::api_url(api_domain, loopback)?,
            access_token,
            settings,
            shadow_key,
        })
    }

    /// What the tenant chose.
    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn shadow_key(&self) -> &ShadowKey {
        &self.shadow_key
    }

    pub(super) fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Zoho's own scheme, not `Bearer` (Zoho CRM v8: OAuth overview).
    pub(super) fn authorization(&self) -> String {
        format!("Zoho-oauthtoken {}", self.access_token.expose_secret())
    }
}

/// Whether `name` can be the API name of a module or a field.
pub(super) fn is_api_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn check_token(token: &str) -> Result<(), Error> {
    if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Configuration,
        "the Zoho access token is missing or not a token; connect the account again",
    ))
}

fn check_field(name: Option<&str>) -> Result<(), Error> {
    if name.is_none_or(is_api_name) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Configuration,
        "the setting property_reference_field is not a field's API name such as \
         Property_Reference; see Setup > Developer Hub > APIs in Zoho CRM",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(domain: &str, token: &str, settings: Settings) -> Result<Account, Error> {
        let key = ShadowKey::new(vec![1]);
        Account::new(domain, token.into(), settings, key, Loopback::Refused)
    }

    #[test]
    fn absent_and_null_settings_have_their_defaults() {
        let settings: Settings = serde_json::from_value(json!({
            "enquirers": null, "case_status": null, "case_origin": null, "unknown": 1
        }))
        .expect("lenient");
        assert_eq!(settings, Settings::default());
        let lead: Settings =
            serde_json::from_value(json!({"enquirers": "lead", "deletes": "delete"})).expect("set");
        assert_eq!(
            (lead.enquirers, lead.deletes),
            (Enquirers::Lead, Deletes::Delete)
        );
    }

    #[test]
    fn half_a_connection_is_a_configuration_error() {
        let field = Settings {
            property_reference_field: "a-b".into(),
            ..Settings::default()
        };
        for result in [
            account("https://evil.example", "t", Settings::default()),
            account("https://www.zohoapis.com", "", Settings::default()),
            account("https://www.zohoapis.com", "a\r\nb", Settings::default()),
            account("https://www.zohoapis.com", "t", field),
        ] {
            assert_eq!(result.expect_err("refused").kind, Kind::Configuration);
        }
    }

    #[test]
    fn the_token_is_not_shown() {
        let account = account("www.zohoapis.com", "s3cret", Settings::default()).expect("good");
        assert!(!format!("{account:?}").contains("s3cret"));
        assert_eq!(account.authorization(), "Zoho-oauthtoken s3cret");
    }
}
