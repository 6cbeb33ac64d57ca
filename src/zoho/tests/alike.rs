//! Together or alone, deliveries come to the same.

use proptest::prelude::*;

use super::remote::{CONVERTED, Fault, GONE, Held, REFUSED, Remote, TWIN};
use super::*;

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
struct Works(Vec<Value>);

impl std::fmt::Debug for Works {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|work| writeln!(f, "{work}"))
    }
}

impl Works {
    /// Each with a key and a reference of its own, unless they write to the same record.
    fn all(&self) -> Vec<Work> {
        let numbered = self.0.iter().cloned().enumerate();
        numbered
            .map(|(key, work)| with_reference(key, work))
            .collect()
    }
}

fn any_works() -> impl Strategy<Value = Works> {
    let any =
        prop_oneof![4 => any_contact(), 4 => any_message(), 2 => any_ticket(), 1 => any_delete()];
    prop::collection::vec(any, 1..30).prop_map(Works)
}

fn with_reference(key: usize, work: Value) -> Work {
    let id = work["link"]["external_id"].as_str();
    let place = id.filter(|id| ![GONE, CONVERTED].contains(id));
    let number = place.map_or(key, |id| 1_000 + id.parse::<usize>().unwrap_or_default());
    super::work(work["record"].clone(), {
        let mut more = work;
        more["key"] = json!(key.to_string());
        more["reference"] = json!(format!("PWB-{number:08x}"));
        more
    })
}

fn any_faults() -> impl Strategy<Value = Vec<Option<Fault>>> {
    let fault = prop_oneof![
        Just(Fault::LostBefore),
        Just(Fault::LostAfter),
        Just(Fault::Busy),
        Just(Fault::BrokenAfter),
        Just(Fault::Short),
    ];
    prop::collection::vec(prop::option::of(fault), 0..30)
}

/// What became of a work, whatever ids there are.
type End = (Status, Option<Held>, Option<(Kind, Sent)>);

/// Delivers like the engine: what failed and may be repeated goes again, in doubt where nobody
/// knows what the remote did.
struct Engine {
    account: Account,
    together: bool,
    remote: Remote,
    faults: std::vec::IntoIter<Option<Fault>>,
    requests: usize,
}

impl Engine {
    fn new(settings: &Value, together: bool, faults: Vec<Option<Fault>>) -> Self {
        Self {
            account: account(settings.clone()),
            together,
            remote: Remote::new(),
            faults: faults.into_iter(),
            requests: 0,
        }
    }

    fn deliver(&mut self, works: Vec<Work>) -> Vec<End> {
        let mut ends: Vec<Option<End>> = vec![None; works.len()];
        let mut left = works;
        while !left.is_empty() {
            let mut again = Vec::new();
            let outcomes = self.push(left.clone());
            assert_eq!(outcomes.len(), left.len());
            for (work, outcome) in left.into_iter().zip(outcomes) {
                assert_eq!(work.key, outcome.key);
                match &outcome.error {
                    Some(error) if error.retryable() => again.push(retried(work, &outcome, error)),
                    _ => {
                        ends[work.key.parse::<usize>().expect("a number")] =
                            Some(self.end(&outcome))
                    }
                }
            }
            left = again;
        }
        ends.into_iter().map(|end| end.expect("an end")).collect()
    }

    fn push(&mut self, works: Vec<Work>) -> Vec<Outcome> {
        let flows = match self.together {
            true => sync_all(&self.account, works, START),
            false => works
                .into_iter()
                .map(|work| sync(&self.account, work))
                .collect(),
        };
        let mut outcomes = Vec::new();
        for flow in flows {
            let (requests, done) = drive(flow, 500, |request| {
                self.remote.answer(request, self.faults.next().flatten())
            });
            self.requests += requests.len();
            outcomes.extend(done);
        }
        outcomes.sort_by_key(|outcome| outcome.key.parse::<usize>().expect("a number"));
        outcomes
    }

    fn end(&self, outcome: &Outcome) -> End {
        let place = outcome.external_type.as_deref().zip(outcome.id.as_deref());
        let held = place.and_then(|(module, id)| self.remote.held(module, id));
        let error = outcome.error.as_ref().map(|error| (error.kind, error.sent));
        (outcome.status, held, error)
    }
}

fn retried(mut work: Work, outcome: &Outcome, error: &Error) -> Work {
    let uncertain = matches!(
        error.kind,
        Kind::Remote | Kind::Timeout | Kind::Connection | Kind::Internal
    );
    work.doubt |= uncertain && error.sent != Sent::No;
    if let Some(person) = outcome.links.last() {
        work.parent = serde_json::from_value(json!(person)).ok();
    }
    work
}

fn settings(lead: bool, asks: bool) -> Value {
    json!({
        "enquirers": if lead { "lead" } else { "contact_and_note" }, "deletes": "delete",
        "property_reference_field": asks.then_some("Property_Reference")
    })
}

proptest! {
    #[test]
    fn together_is_as_alone(works in any_works(), lead in any::<bool>(), asks in any::<bool>()) {
        let settings = settings(lead, asks);
        let [mut alone, mut together] = [false, true].map(|way| Engine::new(&settings, way, Vec::new()));
        let (one, other) = (alone.deliver(works.all()), together.deliver(works.all()));
        prop_assert_eq!(one, other);
        prop_assert_eq!(alone.remote.all(), together.remote.all());
        prop_assert!(together.requests <= alone.requests);
    }

    #[test]
    fn whatever_is_lost_on_the_way_nothing_is_made_twice(
        works in any_works(), lead in any::<bool>(), asks in any::<bool>(), faults in any_faults()
    ) {
        let settings = settings(lead, asks);
        let mut undisturbed = Engine::new(&settings, false, Vec::new());
        undisturbed.deliver(works.all());
        for way in [false, true] {
            let mut disturbed = Engine::new(&settings, way, faults.clone());
            disturbed.deliver(works.all());
            prop_assert_eq!(disturbed.remote.all(), undisturbed.remote.all(), "together: {}", way);
        }
    }
}
