//! A small Zoho CRM: what it holds follows from what it was sent.

mod writes;

use std::collections::BTreeMap;

use super::*;
use crate::flow::{Reply, Response};

/// A record without its id; a note knows its parent by that one's last name, and an address has no
/// case.
pub(super) type Held = (String, BTreeMap<String, String>);

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    LostBefore,
    LostAfter,
    Busy,
    BrokenAfter,
    /// The result of the first record is missing. (A list that lacks a row cannot be told from a whole one.)
    Short,
}

/// Somebody whom Zoho refuses.
pub(super) const REFUSED: &str = "Refused";
/// Somebody who is there already, as the contact [`TWIN_ID`].
pub(super) const TWIN: &str = "Twin";
pub(super) const TWIN_ID: &str = "104";
/// A lead that was converted.
pub(super) const CONVERTED: &str = "202";
/// An id that leads nowhere.
pub(super) const GONE: &str = "999";

pub(super) struct Remote {
    records: BTreeMap<(String, String), Value>,
    last_id: usize,
}

impl Remote {
    pub(super) fn new() -> Self {
        let mut remote = Self {
            records: BTreeMap::new(),
            last_id: 1_000,
        };
        let known = [
            "Contacts/101",
            "Contacts/102",
            "Contacts/109",
            "Leads/201",
            "Leads/202",
            "Cases/401",
            "Cases/402",
        ];
        for (module, id) in known.iter().filter_map(|place| place.split_once('/')) {
            remote.put(module, id, json!({"Last_Name": format!("Old {id}")}));
        }
        let twin = json!({"Last_Name": TWIN, "Email": format!("{TWIN}@x.example")});
        remote.put("Contacts", TWIN_ID, twin);
        for id in ["301", "302", "309"] {
            let parent = json!({"module": {"api_name": "Contacts"}, "id": "101"});
            remote.put("Notes", id, json!({"Parent_Id": parent}));
        }
        remote
    }

    pub(super) fn answer(&mut self, request: &Request, fault: Option<Fault>) -> Reply {
        let lost = || Err(Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe));
        match fault {
            None => Ok(self.call(request)),
            Some(Fault::LostBefore) => lost(),
            Some(Fault::Busy) => {
                Ok(Response::new(429).with_body(r#"{"code":"TOO_MANY_REQUESTS"}"#))
            }
            Some(Fault::LostAfter) => {
                self.call(request);
                lost()
            }
            Some(Fault::BrokenAfter) => {
                self.call(request);
                Ok(Response::new(502).with_body("<html>"))
            }
            Some(Fault::Short) if request.body.is_some() => Ok(short(self.call(request))),
            Some(Fault::Short) => Ok(self.call(request)),
        }
    }

    /// Everything it holds.
    pub(super) fn all(&self) -> Vec<Held> {
        let keys = self.records.keys();
        let mut all: Vec<Held> = keys
            .filter_map(|(module, id)| self.held(module, id))
            .collect();
        all.sort();
        all
    }

    /// One record.
    pub(super) fn held(&self, module: &str, id: &str) -> Option<Held> {
        let record = self.records.get(&key(module, id))?;
        let fields = record.as_object()?.iter();
        let fields = fields.filter(|(_, value)| !value.is_null());
        let shown = fields.map(|(name, value)| match name.as_str() {
            "Parent_Id" => (name.clone(), self.name_of(value)),
            "Email" => (name.clone(), value.to_string().to_lowercase()),
            _ => (name.clone(), value.to_string()),
        });
        Some((module.to_owned(), shown.collect()))
    }

    fn name_of(&self, parent: &Value) -> String {
        let (module, id) = (&parent["module"]["api_name"], &parent["id"]);
        let found = self.records.get(&key(text(module), text(id)));
        found
            .map(|record| record["Last_Name"].to_string())
            .unwrap_or_default()
    }

    fn put(&mut self, module: &str, id: &str, record: Value) {
        self.records.insert(key(module, id), record);
    }

    fn call(&mut self, request: &Request) -> Response {
        let path = request.path();
        let parts: Vec<&str> = path.split('/').skip(3).collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", [module]) => self.list(|(name, _), _| name == module),
            ("GET", [_, parent, "Notes"]) if self.is_there(parent) => {
                self.list(|(name, _), note| name == "Notes" && note["Parent_Id"]["id"] == *parent)
            }
            ("GET", _) => Response::new(400).with_body(gone().to_string()),
            ("POST", [module]) => {
                self.each(request, |remote, record| remote.insert(module, record))
            }
            ("POST", [module, "upsert"]) => {
                self.each(request, |remote, record| remote.upsert(module, record))
            }
            ("PUT", [module]) => self.each(request, |remote, record| {
                let id = text(&record["id"]).to_owned();
                remote.update(module, &id, record)
            }),
            ("PUT", [module, id]) => {
                self.each(request, |remote, record| remote.update(module, id, record))
            }
            ("DELETE", [module, id]) => {
                self.records.remove(&key(module, id));
                Response::new(200).with_body(done(id, "delete").to_string())
            }
            other => panic!("unknown to the remote: {other:?}"),
        }
    }

    fn is_there(&self, id: &str) -> bool {
        self.records.keys().any(|(_, known)| known == id)
    }

    fn list(&self, wanted: impl Fn(&(String, String), &Value) -> bool) -> Response {
        let found = self
            .records
            .iter()
            .filter(|(key, record)| wanted(key, record));
        let rows: Vec<Value> = found
            .map(|((_, id), record)| {
                let mut row = record.clone();
                row["id"] = json!(id);
                row
            })
            .collect();
        Response::new(200).with_body(json!({"data": rows}).to_string())
    }
}

fn short(response: Response) -> Response {
    let mut body: Value = serde_json::from_slice(&response.body).expect("JSON");
    body["data"].as_array_mut().expect("results").remove(0);
    response.with_body(body.to_string())
}

fn key(module: &str, id: &str) -> (String, String) {
    (module.to_owned(), id.to_owned())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
