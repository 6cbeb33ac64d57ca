//! Creating and updating one record: what people and tickets have in common.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::client::Client;
use super::lookup;
use super::payload::Mapped;
use super::reply::{Refusal, Result, Saved};
use crate::error::{Error, Kind, Sent};
use crate::moment;
use crate::outcome::{Did, Outcome};
use crate::work::{Link, Work};

/// Where a record now is, and what it is known to hold.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) module: &'static str,
    pub(super) id: String,
    did: Did,
    remote_version: Option<String>,
    shadow: BTreeMap<String, String>,
    mapping_version: &'static str,
}

impl Placed {
    pub(super) fn outcome(self, work: &Work) -> Outcome {
        if self.did == Did::Unchanged {
            return Outcome::unchanged(work);
        }
        let outcome = Outcome::succeeded(&work.key, self.did, self.module, &self.id);
        Outcome {
            remote_version: self.remote_version,
            ..outcome.with_shadow(self.shadow, self.mapping_version)
        }
    }
}

/// One record on its way.
pub(super) struct Save<'a> {
    pub(super) client: &'a Client,
    pub(super) mapped: Mapped,
    /// The marker in its text, and when the host's record was made: for the look-up.
    pub(super) reference: &'a str,
    pub(super) since: Option<&'a str>,
    /// An earlier attempt may have arrived.
    pub(super) doubt: bool,
}

impl Save<'_> {
    /// Sends what the linked record is not known to hold. In doubt that is everything: an update
    /// may be repeated.
    pub(super) async fn update(&self, link: &Link) -> Result<Placed> {
        let key = self.client.account.shadow_key();
        let changes = self.mapped.changes(key, link, self.doubt);
        let shadow = key.after(&changes, Some(link), self.mapped.version);
        if changes.is_empty() {
            return Ok(self.placed(Did::Unchanged, &link.external_id, None, shadow));
        }
        let saved = self.put(&link.external_id, &changes).await?;
        Ok(self.placed(Did::Updated, &link.external_id, saved.version, shadow))
    }

    /// Makes the record, or updates the one whose `key` field has the same value.
    pub(super) async fn upsert(&self, key: &str) -> Result<Placed> {
        let fields = self.mapped.present();
        let saved = self.client.upsert(self.mapped.module, key, &fields).await?;
        let did = saved.did.unwrap_or(Did::Created);
        let blank = self.mapped.blank();
        match saved.id.as_deref() {
            Some(id) if !blank.is_empty() && self.is_ours(&saved) => {
                self.put(id, &blank).await?;
                self.made(did, saved, self.mapped.all())
            }
            _ => self.made(did, saved, &fields),
        }
    }

    /// Whether an upsert in doubt came upon what an earlier attempt had made: it may have filled
    /// what is blank by now. A record from before the host's own is the tenant's.
    fn is_ours(&self, saved: &Saved) -> bool {
        self.doubt
            && saved.did == Some(Did::Updated)
            && moment::is_since(saved.made_at.as_deref(), self.since)
    }

    /// Makes the record. In doubt it looks first, and goes on with what it finds.
    pub(super) async fn insert(&self) -> Result<Placed> {
        if let Some(id) = self.earlier().await? {
            return self.take_over(&id, Did::Created, self.mapped.all()).await;
        }
        let fields = self.mapped.present();
        let saved = self.client.insert(self.mapped.module, &fields).await?;
        self.made(Did::Created, saved, &fields)
    }

    /// Brings a record that is there already to the state of the host's.
    pub(super) async fn adopt(&self, id: &str, did: Did) -> Result<Placed> {
        self.take_over(id, did, &self.mapped.present()).await
    }

    async fn take_over(&self, id: &str, did: Did, fields: &Map<String, Value>) -> Result<Placed> {
        let saved = self.put(id, fields).await?;
        let saved = Saved {
            id: Some(id.to_owned()),
            ..saved
        };
        self.made(did, saved, fields)
    }

    async fn earlier(&self) -> Result<Option<String>> {
        if !self.doubt {
            return Ok(None);
        }
        lookup::record(self.client, self.mapped.module, self.reference, self.since).await
    }

    async fn put(&self, id: &str, fields: &Map<String, Value>) -> Result<Saved> {
        self.client.update(self.mapped.module, id, fields).await
    }

    fn made(&self, did: Did, saved: Saved, fields: &Map<String, Value>) -> Result<Placed> {
        let id = saved.id.ok_or_else(nameless)?;
        let shadow = self.client.account.shadow_key().digests(fields);
        Ok(self.placed(did, &id, saved.version, shadow))
    }

    fn placed(
        &self,
        did: Did,
        id: &str,
        remote_version: Option<String>,
        shadow: BTreeMap<String, String>,
    ) -> Placed {
        Placed {
            module: self.mapped.module,
            id: id.to_owned(),
            did,
            remote_version,
            shadow,
            mapping_version: self.mapped.version,
        }
    }
}

/// Zoho made a record, but did not say which.
pub(super) fn nameless() -> Refusal {
    let message = "Zoho CRM accepted the record without naming its id; it will be looked up";
    Error::new(Kind::Remote, message)
        .with_sent(Sent::Maybe)
        .into()
}
