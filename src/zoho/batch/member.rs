//! One delivery among others.

use crate::error::Error;
use crate::flow::{Bulk, Flow, Now, Reply, Request, Step};
use crate::outcome::Outcome;
use crate::zoho::client::MOST_RECORDS;

/// A delivery, and the request it waits for.
pub(super) struct Member {
    flow: Flow,
    /// None once it is done.
    pub(super) wants: Option<Request>,
    /// The replies it has had.
    pub(super) replies: usize,
    /// The most records its request may hold.
    pub(super) most: usize,
    outcomes: Vec<Outcome>,
}

impl Member {
    pub(super) fn new(flow: Flow, now: Now) -> Self {
        let mut member = Self {
            flow,
            wants: None,
            replies: 0,
            most: MOST_RECORDS,
            outcomes: Vec::new(),
        };
        member.step(now, None);
        member
    }

    pub(super) fn advance(&mut self, now: Now, reply: Option<Reply>) {
        self.replies += 1;
        self.most = MOST_RECORDS;
        self.step(now, reply);
    }

    /// What its request needs to go together with others; none for one that cannot.
    pub(super) fn bulk(&self) -> Option<&Bulk> {
        self.wants.as_ref()?.bulk.as_deref()
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.wants.is_some()
    }

    /// Whether one request could stand for its own and others like it.
    pub(super) fn may_have_company(&self) -> bool {
        self.wants.as_ref().is_some_and(|own| own.goes_with(own))
    }

    /// Whether its request may go together with that one.
    pub(super) fn goes_with(&self, other: &Request) -> bool {
        self.wants.as_ref().is_some_and(|own| own.goes_with(other))
    }

    pub(super) fn departs(&self, now: Now, path: &str, records: usize) {
        self.flow.departs(now, path, records);
    }

    /// Its request was refused together with others, `count` in all: it goes again with fewer.
    pub(super) fn returns(&mut self, now: Now, reply: &Reply, error: &Error, count: usize) {
        self.flow.returns(now, reply, error);
        self.most = count / 2;
    }

    pub(super) fn outcomes(self) -> Vec<Outcome> {
        self.outcomes
    }

    fn step(&mut self, now: Now, reply: Option<Reply>) {
        self.wants = None;
        match self.flow.advance(now, reply) {
            Step::Send(request) => self.wants = Some(request),
            Step::Done(outcomes) => self.outcomes = outcomes,
            Step::Over => {}
        }
    }
}
