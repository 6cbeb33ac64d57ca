//! What the engine keeps of a record between its deliveries, for tests that make many of them.

use serde_json::{Map, Value};

use crate::error::Sent;
use crate::outcome::Outcome;
use crate::shadow::ShadowKey;
use crate::work::{Link, Work};

#[derive(Debug, Default)]
pub(crate) struct Memory {
    link: Option<Link>,
    doubt: bool,
    /// Fields edited since they last arrived for certain; none while all is unknown.
    edited: Option<Vec<&'static str>>,
}

impl Memory {
    /// The delivery as the engine hands it over.
    pub(crate) fn recall(&self, work: Work) -> Work {
        Work {
            link: self.link.clone(),
            doubt: self.doubt,
            ..work
        }
    }

    pub(crate) fn edit(&mut self, field: &'static str) {
        if let Some(edited) = &mut self.edited {
            edited.push(field);
        }
    }

    /// The remote told of a change of its own. False where nothing is linked with it yet.
    pub(crate) fn learn(&mut self, key: &ShadowKey, field: &str, value: &Value) -> bool {
        let Some(link) = &mut self.link else {
            return false;
        };
        let told = Map::from_iter([(field.to_owned(), value.clone())]);
        let version = link.mapping_version.clone();
        link.shadow = key.after(&told, Some(link), &version);
        true
    }

    pub(crate) fn take_new_mapping(&mut self) {
        if let Some(link) = &mut self.link {
            link.mapping_version = "0".to_owned();
            self.edited = None;
        }
    }

    /// All that was edited has arrived.
    pub(crate) fn expect_nothing(&mut self) {
        self.edited = Some(Vec::new());
    }

    /// Only what was edited here goes there.
    pub(crate) fn assert_no_echo(&self, sent: &Value) {
        let Some(edited) = &self.edited else { return };
        for field in sent.as_object().expect("fields").keys() {
            let known = edited.contains(&field.as_str());
            assert!(known, "{field} was not edited, but sent");
        }
    }

    pub(crate) fn settle(&mut self, outcome: Outcome) {
        let known = self.link.take();
        if let Some(error) = &outcome.error {
            self.doubt |= error.sent == Sent::Maybe;
            self.edited = self.edited.take().filter(|_| !self.doubt);
            self.link = known.map(|link| Link {
                shadow: outcome.shadow.unwrap_or_else(|| link.shadow.clone()),
                ..link
            });
            return;
        }
        self.doubt = false;
        self.expect_nothing();
        let known = known.unwrap_or_default();
        self.link = Some(Link {
            external_type: outcome.external_type.expect("a type"),
            external_id: outcome.id.expect("an id"),
            shadow: outcome.shadow.unwrap_or(known.shadow),
            mapping_version: outcome.mapping_version.unwrap_or(known.mapping_version),
        });
    }
}
