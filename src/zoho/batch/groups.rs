//! Which deliveries wait for each other.

use std::collections::BTreeSet;

use super::member::Member;
use crate::zoho::client::MOST_RECORDS;

/// Deliveries by what they begin with.
#[derive(Default)]
pub(super) struct Groups {
    shared: Vec<Group>,
    alone: Vec<Member>,
    /// Those with nothing to send.
    done: Vec<Member>,
}

#[derive(Default)]
struct Group {
    members: Vec<Member>,
    targets: BTreeSet<String>,
}

impl Groups {
    /// Puts `member` where it has company, unless it has to go `alone`.
    pub(super) fn add(&mut self, member: Member, alone: bool) {
        if !member.is_waiting() {
            self.done.push(member);
        } else if alone || !member.may_have_company() {
            self.alone.push(member);
        } else {
            self.join(member);
        }
    }

    /// Members by the flow they share, those with most of them first.
    pub(super) fn into_members(self) -> impl Iterator<Item = Vec<Member>> {
        let shared = self.shared.into_iter().map(|group| group.members);
        let alone = self.alone.into_iter().map(|member| vec![member]);
        let done = (!self.done.is_empty()).then_some(self.done);
        shared.chain(alone).chain(done)
    }

    fn join(&mut self, member: Member) {
        let groups = &self.shared;
        let met = groups.iter().position(|group| group.meets(&member));
        let place = met.or_else(|| groups.iter().position(|group| group.has_room_for(&member)));
        match place.and_then(|place| self.shared.get_mut(place)) {
            Some(group) => group.add(member),
            None => {
                let mut group = Group::default();
                group.add(member);
                self.shared.push(group);
            }
        }
    }
}

impl Group {
    fn add(&mut self, member: Member) {
        self.targets.extend(target(&member).cloned());
        self.members.push(member);
    }

    /// Whether somebody in it writes to the same record in the same way: then the order counts.
    fn meets(&self, member: &Member) -> bool {
        self.is_like(member) && target(member).is_some_and(|target| self.targets.contains(target))
    }

    fn has_room_for(&self, member: &Member) -> bool {
        self.is_like(member) && self.members.len() < MOST_RECORDS
    }

    fn is_like(&self, member: &Member) -> bool {
        let first = self.members.first().and_then(|first| first.wants.as_ref());
        first.is_some_and(|request| member.goes_with(request))
    }
}

fn target(member: &Member) -> Option<&String> {
    member.bulk()?.target.as_ref()
}
