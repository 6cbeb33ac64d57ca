//! Who goes together in one request, and that request.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::member::Member;
use crate::flow::{Bulk, Request};
use crate::zoho::client::MOST_RECORDS;
use crate::zoho::heavy;

/// Those who go together next, in their order; none once all are done. Whoever had the fewest
/// replies leads, so that later steps find more company.
pub(super) fn aboard(members: &mut [Member]) -> Option<Vec<&mut Member>> {
    let (place, lead) = leader(members)?;
    if !lead.goes_with(&lead) {
        return members.get_mut(place).map(|member| vec![member]);
    }
    let mut company = Company::new();
    let alike = members.iter_mut().filter(|member| member.goes_with(&lead));
    alike.for_each(|member| company.take(member));
    Some(company.aboard)
}

fn leader(members: &[Member]) -> Option<(usize, Request)> {
    let waiting = members.iter().enumerate().filter(|one| one.1.is_waiting());
    let (place, member) = waiting.min_by_key(|(_, member)| member.replies)?;
    Some((place, member.wants.clone()?))
}

struct Company<'a> {
    aboard: Vec<&'a mut Member>,
    room: usize,
    targets: BTreeSet<String>,
}

impl<'a> Company<'a> {
    fn new() -> Self {
        Self {
            aboard: Vec::new(),
            room: MOST_RECORDS,
            targets: BTreeSet::new(),
        }
    }

    /// Takes `member` along if there is room. Of those who write to the same record only the first
    /// one goes, so that they stay in their order.
    fn take(&mut self, member: &'a mut Member) {
        let target = member.bulk().and_then(|bulk| bulk.target.clone());
        let first = target.is_none_or(|target| self.targets.insert(target));
        let room = self.room.min(member.most);
        if first && self.aboard.len() < room {
            self.room = room;
            self.aboard.push(member);
        }
    }
}

/// The request of all on board; where it is a question, or of one alone, its own.
pub(super) fn joint(company: &[&mut Member]) -> Option<Request> {
    let lead = company.first()?.wants.clone()?;
    if company.len() == 1 || lead.bulk.is_none() {
        return Some(lead);
    }
    let parts: Vec<&Bulk> = company.iter().filter_map(|member| member.bulk()).collect();
    let url = parts.first()?.url.clone();
    let fields: BTreeSet<&String> = parts.iter().flat_map(|part| part.record.keys()).collect();
    let request = Request { url, ..lead }.fields(fields);
    let request = request.heavy(heavy::at_a_time(parts.len()));
    Some(request.body(Body::of(&parts)))
}

#[derive(Serialize)]
struct Body<'a> {
    data: Vec<&'a Map<String, Value>>,
    #[serde(flatten)]
    frame: Option<&'a Map<String, Value>>,
}

impl Body<'_> {
    fn of(parts: &[&Bulk]) -> Vec<u8> {
        let body = Body {
            data: parts.iter().map(|part| &part.record).collect(),
            frame: parts.first().map(|part| &part.frame),
        };
        serde_json::to_vec(&body).unwrap_or_default()
    }
}
