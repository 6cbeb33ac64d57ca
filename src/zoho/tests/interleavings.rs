//! Edits here, edits there, another mapping and lost replies, in any order: in the end both sides
//! agree, nobody is there twice, and what came from there is not sent back.

mod people;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Map;

use self::people::People;
use super::*;
use crate::flow::Method;
use crate::flow::script::{Fate, drive};
use crate::work::Link;

/// A look through its pages, the person, and the blanks.
const MOST_REQUESTS: usize = 12;
const MADE_AT: &str = "2026-05-16T10:00:00Z";
/// The host's fields that are edited, and Zoho's.
const FIELDS: [(&str, &str); 3] = [
    ("first_name", "First_Name"),
    ("phone", "Phone"),
    ("city", "Mailing_City"),
];

#[derive(Debug, Clone)]
enum Step {
    /// A value, or none.
    Edit(usize, Option<u8>),
    /// Somebody edits it at Zoho; the host is told and takes it over.
    Inbound(usize, u8),
    NewMapping,
    /// Delivers what is pending; each request meets its fate.
    Deliver(Vec<Fate>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let value = proptest::option::of(0u8..2);
    let step = prop_oneof![
        4 => (0..FIELDS.len(), value).prop_map(|(field, value)| Step::Edit(field, value)),
        1 => (0..FIELDS.len(), 2u8..4).prop_map(|(field, value)| Step::Inbound(field, value)),
        1 => Just(Step::NewMapping),
        4 => vec(Fate::any(), MOST_REQUESTS).prop_map(Step::Deliver),
    ];
    vec(step, 1..25)
}

/// Both sides, and what the engine keeps in between.
#[derive(Debug)]
struct World {
    host: Value,
    zoho: People,
    link: Option<Link>,
    doubt: bool,
    /// Fields edited since they last arrived for certain; none while all is unknown.
    edited: Option<Vec<&'static str>>,
}

impl World {
    fn new(email: Option<&str>) -> Self {
        Self {
            host: json!({"kind": "contact", "id": 7, "last_name": "Ruiz", "email": email, "created_at": MADE_AT}),
            zoho: People::default(),
            link: None,
            doubt: false,
            edited: None,
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(field, value) => self.edit(field, value),
            Step::Inbound(field, value) => self.inbound(field, value),
            Step::NewMapping => self.new_mapping(),
            Step::Deliver(fates) => self.deliver(&fates),
        }
    }

    fn edit(&mut self, field: usize, value: Option<u8>) {
        let (here, there) = FIELDS[field];
        self.host[here] = json!(value.map(|value| format!("{here} {value}")));
        if let Some(edited) = &mut self.edited {
            edited.push(there);
        }
    }

    fn inbound(&mut self, field: usize, value: u8) {
        let (Some(person), Some(link)) = (&mut self.zoho.person, &mut self.link) else {
            return;
        };
        let (here, there) = FIELDS[field];
        let value = json!(format!("{here} {value}"));
        person.insert(there.to_owned(), value.clone());
        self.host[here] = value.clone();
        let told = Map::from_iter([(there.to_owned(), value)]);
        let (key, version) = (account(json!({})), link.mapping_version.clone());
        link.shadow = key.shadow_key().after(&told, Some(link), &version);
    }

    fn new_mapping(&mut self) {
        if let Some(link) = &mut self.link {
            link.mapping_version = "0".to_owned();
            self.edited = None;
        }
    }

    fn deliver(&mut self, fates: &[Fate]) {
        let mut fates = fates.iter();
        let flow = sync(&account(json!({})), self.work());
        let (requests, outcomes) = drive(flow, MOST_REQUESTS, |request| {
            let fate = *fates.next().unwrap_or(&Fate::Answered);
            fate.meet(|| self.zoho.answer(request))
        });
        if let Some(edited) = &self.edited {
            requests
                .iter()
                .for_each(|request| is_no_echo(request, edited));
        }
        self.settle(outcomes.into_iter().next().expect("one"));
    }

    fn work(&self) -> Work {
        Work {
            link: self.link.clone(),
            doubt: self.doubt,
            ..work(self.host.clone(), json!({}))
        }
    }

    /// As the engine does.
    fn settle(&mut self, outcome: Outcome) {
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
        self.edited = Some(Vec::new());
        let known = known.unwrap_or_default();
        self.link = Some(Link {
            external_type: outcome.external_type.expect("a type"),
            external_id: outcome.id.expect("an id"),
            shadow: outcome.shadow.unwrap_or(known.shadow),
            mapping_version: outcome.mapping_version.unwrap_or(known.mapping_version),
        });
    }

    fn agrees(&self) -> bool {
        let person = self.zoho.person.as_ref().expect("a person");
        let there = |field: &str| person.get(field).cloned().unwrap_or(Value::Null);
        FIELDS
            .iter()
            .all(|(here, field)| self.host[here] == there(field))
    }
}

/// Only what was edited here goes there.
fn is_no_echo(request: &Request, edited: &[&str]) {
    if request.method == Method::Get {
        return;
    }
    let sent = data(request);
    for field in sent.as_object().expect("fields").keys() {
        assert!(
            edited.contains(&field.as_str()),
            "{field} was not edited, but sent"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn both_sides_end_up_alike(steps in steps(), email in any::<bool>()) {
        let mut world = World::new(email.then_some("ana@example.com"));
        steps.into_iter().for_each(|step| world.take(step));
        world.deliver(&[]);
        prop_assert!(world.agrees(), "{:#?}", world);
        world.edited = Some(Vec::new());
        world.deliver(&[]);
        prop_assert!(world.agrees(), "{:#?}", world);
    }
}
