//! What is measured.

use std::error::Error;
use std::path::Path;

use pwb_crm_core::flow::Flow;
use pwb_crm_core::record::Record;
use pwb_crm_core::shadow::ShadowKey;
use pwb_crm_core::transport::{Policy, Roots};
use pwb_crm_core::webhook::{self, Endpoint, Secret, Signer};
use pwb_crm_core::work::Work;
use pwb_crm_core::zoho::payload::{self, Context};
use pwb_crm_core::zoho::{self, Account, Loopback, Records, Settings};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::deliveries::Deliveries;
use crate::meter::{Reading, measure};

/// What all rows are about.
#[derive(Deserialize)]
pub(crate) struct Setting {
    /// Where Zoho is played.
    origin: String,
    ca_file: String,
    secret: String,
    /// An event to deliver.
    work: Work,
    /// Somebody to make a payload of.
    contact: Work,
    /// Plain records of Zoho's.
    records: Vec<Map<String, Value>>,
}

/// One reading to take.
#[derive(Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum Task {
    Deliver {
        url: String,
        threads: usize,
        count: usize,
    },
    Upsert {
        count: usize,
    },
    Sign {
        bytes: usize,
        count: usize,
    },
    Payload {
        count: usize,
    },
}

pub(crate) struct Rows {
    setting: Setting,
    deliveries: Deliveries,
    account: Account,
    records: Records,
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

impl Rows {
    /// # Errors
    /// For a setting that is wrong.
    pub(crate) fn new(mut setting: Setting) -> Result<Self> {
        let policy = Policy {
            allow_private_hosts: true,
            roots: Some(Roots::from_file(Path::new(&setting.ca_file))?),
            ..Policy::default()
        };
        let account = Account::new(
            &setting.origin,
            "token".into(),
            Settings::default(),
            key(),
            Loopback::Allowed,
        )?;
        Ok(Self {
            deliveries: Deliveries::new(policy)?,
            account,
            records: std::mem::take(&mut setting.records).into_iter().collect(),
            setting,
        })
    }

    /// # Errors
    /// What went wrong on the way: figures of failures are worth nothing.
    pub(crate) fn read(&self, task: &Task) -> Result<Reading> {
        match task {
            Task::Deliver {
                url,
                threads,
                count,
            } => self.deliver(url, *count, *threads),
            Task::Upsert { count } => self.run(*count, 1, || self.upsert()),
            Task::Sign { bytes, count } => self.sign(*bytes, *count),
            Task::Payload { count } => measure(|| (0..*count).try_for_each(|_| self.payload())),
        }
    }

    fn deliver(&self, url: &str, count: usize, threads: usize) -> Result<Reading> {
        let endpoint = Endpoint::new(url, vec![self.secret()?], key())?;
        self.run(count, threads, || {
            webhook::sync(&endpoint, self.setting.work.clone())
        })
    }

    fn run(&self, count: usize, threads: usize, flow: impl Fn() -> Flow + Sync) -> Result<Reading> {
        Ok(measure(|| self.deliveries.run(count, threads, flow))?)
    }

    fn upsert(&self) -> Flow {
        zoho::upsert(&self.account, "Contacts", self.records.clone())
    }

    fn sign(&self, bytes: usize, count: usize) -> Result<Reading> {
        let signer = Signer::new(vec![self.secret()?])?;
        let body = vec![b'x'; bytes];
        let one = |at: usize| signer.sign("msg_1", at as u64, &body).map(drop);
        Ok(measure(|| (0..count).try_for_each(one))?)
    }

    fn payload(&self) -> Result<()> {
        let Record::Contact(contact) = &self.setting.contact.record else {
            return Err("no contact".into());
        };
        let settings = Settings::default();
        let context = Context {
            website: &self.setting.contact.website,
            settings: &settings,
            reference: "",
        };
        std::hint::black_box(serde_json::to_vec(&payload::contact(contact, &context))?);
        Ok(())
    }

    fn secret(&self) -> Result<Secret> {
        Ok(Secret::parse(&self.setting.secret)?)
    }
}

fn key() -> ShadowKey {
    ShadowKey::new(vec![7; 32])
}
