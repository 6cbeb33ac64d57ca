//! Together or alone, deliveries come to the same.

mod works;

use proptest::prelude::*;

use super::remote::{Fault, Held, Remote};
use super::*;
use works::any_works;

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

/// Without what a doubt changes: whether what failed may have arrived.
fn certain(ends: Vec<End>) -> Vec<(Status, Option<Held>, Option<Kind>)> {
    let certain = |(status, held, error): End| (status, held, error.map(|(kind, _)| kind));
    ends.into_iter().map(certain).collect()
}

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
        let mut ended = Vec::new();
        let mut left = works;
        while !left.is_empty() {
            let outcomes = self.push(left.clone());
            assert_eq!(outcomes.len(), left.len());
            let mut again = Vec::new();
            for (work, outcome) in left.into_iter().zip(outcomes) {
                assert_eq!(work.key, outcome.key);
                match &outcome.error {
                    Some(error) if error.retryable() => again.push(retried(work, &outcome, error)),
                    _ => ended.push(outcome),
                }
            }
            left = again;
        }
        ended.sort_by_key(number);
        ended.iter().map(|outcome| self.end(outcome)).collect()
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
        outcomes.sort_by_key(number);
        outcomes
    }

    fn end(&self, outcome: &Outcome) -> End {
        let place = outcome.external_type.as_deref().zip(outcome.id.as_deref());
        let held = place.and_then(|(module, id)| self.remote.held(module, id));
        let error = outcome.error.as_ref().map(|error| (error.kind, error.sent));
        (outcome.status, held, error)
    }
}

fn number(outcome: &Outcome) -> usize {
    outcome.key.parse().expect("a number")
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
        let ends = undisturbed.deliver(works.all());
        for way in [false, true] {
            let mut disturbed = Engine::new(&settings, way, faults.clone());
            prop_assert_eq!(certain(disturbed.deliver(works.all())), certain(ends.clone()), "together: {}", way);
            prop_assert_eq!(disturbed.remote.all(), undisturbed.remote.all(), "together: {}", way);
        }
    }
}
