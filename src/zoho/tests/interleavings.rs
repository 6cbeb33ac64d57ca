//! Edits here, edits there, another mapping and lost replies, in any order: in the end both sides
//! agree, nobody is there twice, and what came from there is not sent back.

mod people;

use proptest::collection::vec;
use proptest::prelude::*;

use self::people::People;
use super::*;
use crate::flow::Method;
use crate::flow::memory::Memory;
use crate::flow::script::{Fate, drive};

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
    memory: Memory,
}

impl World {
    fn new(email: Option<&str>) -> Self {
        Self {
            host: json!({"kind": "contact", "id": 7, "last_name": "Ruiz", "email": email, "created_at": MADE_AT}),
            zoho: People::default(),
            memory: Memory::default(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(field, value) => self.edit(field, value),
            Step::Inbound(field, value) => self.inbound(field, value),
            Step::NewMapping => self.memory.take_new_mapping(),
            Step::Deliver(fates) => self.deliver(&fates),
        }
    }

    fn edit(&mut self, field: usize, value: Option<u8>) {
        let (here, there) = FIELDS[field];
        self.host[here] = json!(value.map(|value| format!("{here} {value}")));
        self.memory.edit(there);
    }

    fn inbound(&mut self, field: usize, value: u8) {
        let (here, there) = FIELDS[field];
        let value = json!(format!("{here} {value}"));
        let account = account(json!({}));
        if self.memory.learn(account.shadow_key(), there, &value) {
            let person = self.zoho.person.as_mut().expect("a person");
            person.insert(there.to_owned(), value.clone());
            self.host[here] = value;
        }
    }

    fn deliver(&mut self, fates: &[Fate]) {
        let mut fates = fates.iter();
        let flow = sync(
            &account(json!({})),
            self.memory.recall(work(self.host.clone(), json!({}))),
        );
        let (requests, outcomes) = drive(flow, MOST_REQUESTS, |request| {
            let fate = *fates.next().unwrap_or(&Fate::Answered);
            fate.meet(|| self.zoho.answer(request))
        });
        let writes = requests.iter().filter(|one| one.method != Method::Get);
        writes.for_each(|one| self.memory.assert_no_echo(&data(one)));
        self.memory
            .settle(outcomes.into_iter().next().expect("one"));
    }

    fn agrees(&self) -> bool {
        let person = self.zoho.person.as_ref().expect("a person");
        let there = |field: &str| person.get(field).cloned().unwrap_or(Value::Null);
        FIELDS
            .iter()
            .all(|(here, field)| self.host[here] == there(field))
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
        world.memory.expect_nothing();
        world.deliver(&[]);
        prop_assert!(world.agrees(), "{:#?}", world);
    }
}
