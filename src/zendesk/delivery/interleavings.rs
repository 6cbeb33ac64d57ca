//! Edits here, edits there, another mapping and lost replies, in any order: in the end both sides
//! agree, and what came from there is not sent back.

mod desk;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use self::desk::Desk;
use crate::flow::Method;
use crate::flow::memory::Memory;
use crate::flow::script::{Fate, body, drive};
use crate::work::Work;
use crate::zendesk::fixtures::{account, with_parent, work};
use crate::zendesk::sync;

/// A look-up, a ticket, a look at its comments, its update, and one more of each.
const MOST_REQUESTS: usize = 8;
/// The host's words for a status, and Zendesk's.
const STATUSES: [(&str, &str); 4] = [
    ("open", "new"),
    ("in_progress", "open"),
    ("waiting_on_customer", "pending"),
    ("resolved", "solved"),
];

#[derive(Debug, Clone)]
enum Step {
    Edit(&'static str, usize),
    /// An agent sets the status; the host is told and takes it over.
    Inbound(usize),
    NewMapping,
    /// Delivers what is pending; each request meets its fate.
    Deliver(Vec<Fate>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let field = prop::sample::select(vec!["subject", "description", "priority", "status"]);
    let step = prop_oneof![
        4 => (field, 0usize..2).prop_map(|(field, value)| Step::Edit(field, value)),
        1 => (1usize..STATUSES.len()).prop_map(Step::Inbound),
        1 => Just(Step::NewMapping),
        4 => vec(Fate::any(), MOST_REQUESTS).prop_map(Step::Deliver),
    ];
    vec(step, 1..25)
}

/// Both sides, and what the engine keeps in between.
#[derive(Debug)]
struct World {
    host: Value,
    desk: Desk,
    memory: Memory,
    saves: usize,
}

impl World {
    fn new() -> Self {
        Self {
            host: json!({"kind": "support_ticket", "id": 5, "subject": "s0", "description": "d0",
                "priority": "low", "status": "open"}),
            desk: Desk::default(),
            memory: Memory::default(),
            saves: 0,
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(field, value) => self.edit(field, value),
            Step::Inbound(status) => self.inbound(status),
            Step::NewMapping => self.memory.take_new_mapping(),
            Step::Deliver(fates) => self.deliver(&fates),
        }
    }

    fn edit(&mut self, field: &'static str, value: usize) {
        self.host[field] = match field {
            "priority" => ["low", "high"][value].into(),
            "status" => STATUSES[value * 2].0.into(),
            field => format!("{field} {value}").into(),
        };
        self.saves += 1;
        self.memory.edit(match field {
            "description" => "comment",
            field => field,
        });
    }

    fn inbound(&mut self, status: usize) {
        let (here, there) = STATUSES[status];
        let key = account(json!({})).shadow_key;
        if self.memory.learn(&key, "status", &json!(there)) {
            self.desk.ticket.as_mut().expect("a ticket")["status"] = there.into();
            self.host["status"] = here.into();
            self.saves += 1;
        }
    }

    fn deliver(&mut self, fates: &[Fate]) {
        let mut fates = fates.iter();
        let (requests, outcomes) = drive(
            sync(&account(json!({})), self.work()),
            MOST_REQUESTS,
            |request| {
                let fate = fates.next().unwrap_or(&Fate::Answered);
                fate.meet(|| self.desk.answer(request))
            },
        );
        let writes = requests.iter().filter(|one| one.method != Method::Get);
        writes.for_each(|one| self.memory.assert_no_echo(&body(one)["ticket"]));
        self.memory
            .settle(outcomes.into_iter().next().expect("one"));
    }

    /// Each save makes another event of the delivery that waits.
    fn work(&self) -> Work {
        let event_id = format!("msg_{}", self.saves);
        let work = with_parent(work(self.host.clone()), "7");
        self.memory.recall(Work { event_id, ..work })
    }

    /// Subject, priority and text; and the status, of which Zendesk knows no way back to `new`.
    fn agrees(&self) -> bool {
        let ticket = self.desk.ticket.as_ref().expect("a ticket");
        let status = self.host["status"].as_str().expect("a word");
        let (_, wanted) = STATUSES
            .iter()
            .find(|(here, _)| *here == status)
            .expect("known");
        let reopened = *wanted == "new" && ticket["status"] == "open";
        ticket["subject"] == self.host["subject"]
            && ticket["priority"] == self.host["priority"]
            && (ticket["status"] == *wanted || reopened)
            && self.desk.text() == self.host["description"]
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn both_sides_end_up_alike(steps in steps()) {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
        world.deliver(&[]);
        prop_assert!(world.agrees(), "{:#?}", world);
        world.memory.expect_nothing();
        world.deliver(&[]);
        prop_assert!(world.agrees(), "{:#?}", world);
    }
}
