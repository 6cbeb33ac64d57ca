//! What becomes of each record that is written.

use std::collections::BTreeSet;

use super::*;

impl Remote {
    pub(super) fn each(
        &mut self,
        request: &Request,
        mut one: impl FnMut(&mut Self, Value) -> Value,
    ) -> Response {
        let records = body(request)["data"].as_array().cloned().expect("records");
        check(&records);
        let items: Vec<Value> = records
            .into_iter()
            .map(|record| one(self, record))
            .collect();
        let failed = items
            .iter()
            .filter(|item| item["code"] != "SUCCESS")
            .count();
        let status = match failed {
            0 => 200,
            failed if failed == items.len() => 400,
            _ => 207,
        };
        Response::new(status).with_body(json!({"data": items}).to_string())
    }

    pub(super) fn insert(&mut self, module: &str, record: Value) -> Value {
        if let Some(refusal) = self.refusal(module, &record) {
            return refusal;
        }
        self.last_id += 1;
        let id = self.last_id.to_string();
        self.put(module, &id, record);
        item(&id, "insert")
    }

    fn refusal(&self, module: &str, record: &Value) -> Option<Value> {
        if record["Last_Name"] == REFUSED || record["Subject"] == REFUSED {
            return Some(refusal("INVALID_DATA", json!({"api_name": "Last_Name"})));
        }
        if module == "Leads" && record["Last_Name"] == TWIN {
            let twin = json!({"id": TWIN_ID, "module": {"api_name": "Contacts"}});
            return Some(refusal("DUPLICATE_DATA", json!({"duplicate_record": twin})));
        }
        let parent = record.get("Parent_Id")?;
        let there = self.records.contains_key(&key(
            text(&parent["module"]["api_name"]),
            text(&parent["id"]),
        ));
        let details = json!({"api_name": "id", "json_path": "$.data[0].Parent_Id.id"});
        (!there).then(|| refusal("INVALID_DATA", details))
    }

    pub(super) fn upsert(&mut self, module: &str, record: Value) -> Value {
        let email = text(&record["Email"]).to_lowercase();
        assert!(!email.is_empty(), "upserted without an address");
        let mut known = self.records.iter();
        let found = known.find(|((name, _), other)| {
            name == module && text(&other["Email"]).to_lowercase() == email
        });
        match found.map(|((_, id), _)| id.clone()) {
            Some(id) => self.update(module, &id, record),
            None => self.insert(module, record),
        }
    }

    pub(super) fn update(&mut self, module: &str, id: &str, record: Value) -> Value {
        if (module, id) == ("Leads", CONVERTED) {
            return refusal("CONVERTED_RECORD", json!({}));
        }
        if let Some(refusal) = self.refusal(module, &record) {
            return refusal;
        }
        let Some(found) = self.records.get_mut(&key(module, id)) else {
            return refusal(
                "INVALID_DATA",
                json!({"api_name": "id", "json_path": "$.data[0].id"}),
            );
        };
        let fields = record.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| *name != "id") {
            found[name] = value.clone();
        }
        item(id, "update")
    }
}

/// No request is too large or tells Zoho two things of one record.
fn check(records: &[Value]) {
    assert!((1..=100).contains(&records.len()));
    for name in ["id", "Email"] {
        let values = records
            .iter()
            .filter_map(|record| record.get(name)?.as_str());
        let values: Vec<String> = values.map(str::to_lowercase).collect();
        let of_tickets = records.iter().any(|record| record.get("Subject").is_some());
        let different: BTreeSet<&String> = values.iter().collect();
        assert!(
            of_tickets || different.len() == values.len(),
            "{name} twice: {values:?}"
        );
    }
}

fn item(id: &str, action: &str) -> Value {
    done(id, action)["data"][0].clone()
}

fn refusal(code: &str, details: Value) -> Value {
    refused(code, details)["data"][0].clone()
}
