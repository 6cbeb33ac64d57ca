//! Works of all kinds, made so that the order in which they are carried out does not show at the end.

use super::*;
use crate::zoho::tests::remote::{CONVERTED, GONE, REFUSED, TWIN};

/// As a person of that name is written everywhere, so that the order of two writes does not show.
fn person(name: &str, domain: Option<&str>) -> Value {
    let email = domain.map(|domain| format!("{name}@{domain}"));
    json!({"id": 7, "last_name": name, "email": email, "phone": "1"})
}

fn any_person() -> impl Strategy<Value = Value> {
    let names = vec!["Ana", "Bo", "Cy", "Di", "Ed", "Fay", REFUSED, TWIN];
    let domain = prop::option::of(prop::sample::select(vec!["x.example", "X.Example"]));
    // The twin is one record: with an address nothing of him depends on who wrote last.
    (prop::sample::select(names), domain).prop_map(|(name, domain)| match name {
        TWIN => person(name, Some("x.example")),
        name => person(name, domain),
    })
}

fn any_link(
    modules: &'static [(&'static str, &'static str)],
) -> impl Strategy<Value = Option<Value>> {
    let place = |(module, id)| json!({"external_type": module, "external_id": id});
    prop::option::of(prop::sample::select(modules).prop_map(place))
}

fn any_contact() -> impl Strategy<Value = Value> {
    const PLACES: &[(&str, &str)] = &[
        ("Contacts", "101"),
        ("Contacts", "102"),
        ("Leads", "201"),
        ("Leads", CONVERTED),
        ("Contacts", GONE),
        ("Leads", GONE),
    ];
    (any_person(), any_link(PLACES)).prop_map(|(mut person, link)| {
        person["kind"] = json!("contact");
        // Those who are linked differ by it alone: their place is theirs.
        if let Some(link) = &link {
            person["last_name"] = link["external_id"].clone();
            person["email"] = Value::Null;
        }
        json!({"record": person, "link": link})
    })
}

fn any_message() -> impl Strategy<Value = Value> {
    const PARENTS: &[(&str, &str)] = &[
        ("Contacts", "101"),
        ("Contacts", "102"),
        ("Leads", "201"),
        ("Leads", CONVERTED),
        ("Contacts", GONE),
    ];
    const NOTES: &[(&str, &str)] = &[("Notes", "301"), ("Notes", "302"), ("Notes", GONE)];
    let link = prop_oneof![3 => Just(None), 1 => any_link(NOTES)];
    (any_person(), any_link(PARENTS), link, any::<bool>()).prop_map(|(contact, parent, link, asks)| {
        let property = asks.then(|| json!({"reference": "V-1"}));
        let record = json!({"kind": "message", "id": 3, "text": "Hello", "contact": contact, "property": property});
        match link {
            // Several may be linked to the same note, and say the same then.
            Some(link) => json!({"record": enquiry_of_fay(), "parent": parent, "link": link}),
            None => json!({"record": record, "parent": parent}),
        }
    })
}

fn enquiry_of_fay() -> Value {
    let contact = person("Fay", Some("x.example"));
    json!({"kind": "message", "id": 3, "text": "Again", "contact": contact, "property": {"reference": "V-1"}})
}

fn any_ticket() -> impl Strategy<Value = Value> {
    const CASES: &[(&str, &str)] = &[("Cases", "401"), ("Cases", "402"), ("Cases", GONE)];
    let subject = prop_oneof![3 => Just("Broken"), 1 => Just(REFUSED)];
    (subject, any_link(CASES)).prop_map(|(subject, link)| {
        json!({"record": {"kind": "support_ticket", "id": 5, "subject": subject}, "link": link})
    })
}

fn any_reply() -> impl Strategy<Value = Value> {
    const PARENTS: &[(&str, &str)] = &[("Cases", "401"), ("Cases", "402"), ("Cases", GONE)];
    (any_link(PARENTS), any::<bool>()).prop_map(|(parent, public)| {
        let record = json!({"kind": "comment", "id": 8, "body": "We look", "public": public});
        json!({"record": record, "parent": parent})
    })
}

fn any_delete() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        ("contact", "Contacts", "109"),
        ("message", "Notes", "309"),
    ]);
    kind.prop_map(|(kind, module, id)| {
        let link = json!({"external_type": module, "external_id": id});
        json!({"record": {"kind": kind, "id": 9}, "action": "delete", "link": link})
    })
}

/// Works that are shown on a line each.
#[derive(Clone)]
pub(super) struct Works(Vec<Value>);

impl std::fmt::Debug for Works {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|work| writeln!(f, "{work}"))
    }
}

impl Works {
    /// Each with a key and a reference of its own, unless they write to the same record.
    pub(super) fn all(&self) -> Vec<Work> {
        let numbered = self.0.iter().cloned().enumerate();
        numbered
            .map(|(key, work)| with_reference(key, work))
            .collect()
    }
}

pub(super) fn any_works() -> impl Strategy<Value = Works> {
    let any = prop_oneof![4 => any_contact(), 4 => any_message(), 2 => any_ticket(), 2 => any_reply(), 1 => any_delete()];
    prop::collection::vec(any, 1..30).prop_map(Works)
}

fn with_reference(key: usize, work: Value) -> Work {
    let id = work["link"]["external_id"].as_str();
    let place = id.filter(|id| ![GONE, CONVERTED].contains(id));
    let number = place.map_or(key, |id| 1_000 + id.parse::<usize>().unwrap_or_default());
    crate::zoho::tests::work(work["record"].clone(), {
        let mut more = work;
        more["key"] = json!(key.to_string());
        more["reference"] = json!(format!("PWB-{number:08x}"));
        more
    })
}
