//! A record's fields on their way into one module.

use serde_json::{Map, Value};

use crate::person::{is_email, line};
use crate::shadow::ShadowKey;
use crate::work::Link;
use crate::zoho::limits;

/// All mapped fields of a record. A blank one is null: it is left out of a new record, and empties
/// a field that an earlier delivery filled.
#[derive(Debug, Clone)]
pub(in crate::zoho) struct Mapped {
    pub(in crate::zoho) module: &'static str,
    /// Changes whenever the mapping does; then every field counts as unknown.
    pub(in crate::zoho) version: &'static str,
    fields: Map<String, Value>,
}

impl Mapped {
    pub(in crate::zoho) fn new(module: &'static str, version: &'static str) -> Self {
        Self {
            module,
            version,
            fields: Map::new(),
        }
    }

    /// A field of one line.
    pub(in crate::zoho) fn line(self, field: &str, value: Option<&str>) -> Self {
        let value = line(value);
        self.block(field, value.as_deref())
    }

    /// A field of several lines.
    pub(super) fn block(mut self, field: &str, value: Option<&str>) -> Self {
        let fit = value.map(|value| limits::fit(self.module, field, value));
        let value = fit.filter(|fit| !fit.is_empty());
        self.fields
            .insert(field.to_owned(), value.map_or(Value::Null, Value::String));
        self
    }

    /// An e-mail address as it is, or none: half of one would be another one, and Zoho refuses a
    /// record whole for what cannot be one.
    pub(super) fn email(self, field: &str, value: Option<&str>) -> Self {
        let limit = limits::limit(self.module, field).unwrap_or(usize::MAX);
        let possible = value.filter(|value| is_email(value) && value.chars().count() <= limit);
        self.line(field, possible)
    }

    /// The fields that have a value: what a new record is made of.
    pub(in crate::zoho) fn present(&self) -> Map<String, Value> {
        let present = self.fields.iter().filter(|(_, value)| !value.is_null());
        present
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    /// The text of a field.
    pub(in crate::zoho) fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    /// Every field: what a record of our own making is brought to.
    pub(in crate::zoho) fn all(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// The fields that are blank.
    pub(in crate::zoho) fn blank(&self) -> Map<String, Value> {
        let blank = self.fields.iter().filter(|(_, value)| value.is_null());
        blank
            .map(|(field, value)| (field.clone(), value.clone()))
            .collect()
    }

    /// What to send to a record that exists: the fields it is not known to hold (all of them if
    /// `all`), and null for those that we have filled, under whatever mapping, and that are blank
    /// now.
    pub(in crate::zoho) fn changes(
        &self,
        key: &ShadowKey,
        link: &Link,
        all: bool,
    ) -> Map<String, Value> {
        let filled = |field: &str| link.shadow.contains_key(field);
        let changed = match all {
            true => self.fields.clone(),
            false => key.changed(&self.fields, Some(link), self.version),
        };
        changed
            .into_iter()
            .filter(|(field, value)| !value.is_null() || filled(field))
            .collect()
    }
}
