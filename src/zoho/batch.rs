//! Deliveries that share their requests.
//!
//! Each delivery is the flow that [`sync`] makes, written as if it were alone. Here they wait for
//! each other: what they ask for goes out as one request where Zoho takes it as one, and each is
//! answered with the result of its own record. So a record that was refused, is gone or has a
//! duplicate goes on as it would alone, and again together with others like it.

mod company;
mod groups;
mod member;

use company::{aboard, joint};
use groups::Groups;
use member::Member;

use super::account::Account;
use super::reply::Shares;
use super::sync::sync;
use crate::flow::{Flow, Io, Now, Reply};
use crate::outcome::Outcome;
use crate::record::Record;
use crate::work::Work;

/// The flows that bring `works` to Zoho CRM, each as [`sync`] would, with up to 100 records in a
/// request. They may run at the same time: works that write to the same remote record in the same
/// way share a flow and never a request. Outcomes are told apart by their keys; each has the calls
/// that were made for it. What several look for in the same list is looked for once.
///
/// A request that fails as a whole fails all its records alike. One that is refused for what a
/// single record may be to blame for is repeated in halves, until it is known which.
pub fn sync_all(account: &Account, works: Vec<Work>, now: Now) -> Vec<Flow> {
    let mut groups = Groups::default();
    for work in works {
        let looks = has_to_look(&work);
        let member = Member::new(sync(account, work), now);
        // Its look comes later then, and many of them in one flow would wait for each other.
        let alone = looks && member.bulk().is_some();
        groups.add(member, alone);
    }
    let flow = |members| Flow::new(|io| run(members, io));
    groups.into_members().map(flow).collect()
}

/// An enquiry in doubt is looked for under its person, a reply under its case.
fn has_to_look(work: &Work) -> bool {
    work.doubt
        && work.link.is_none()
        && matches!(work.record, Record::Message(_) | Record::Comment(_))
}

async fn run(mut members: Vec<Member>, io: Io) -> Vec<Outcome> {
    while let Some(mut company) = aboard(&mut members)
        && let Some(request) = joint(&company)
    {
        let (path, records) = (request.path(), company.len());
        company
            .iter()
            .for_each(|member| member.departs(io.now(), &path, records));
        let reply = io.send(request).await;
        answer(&mut company, &reply, io.now());
    }
    members.into_iter().flat_map(Member::outcomes).collect()
}

fn answer(company: &mut [&mut Member], reply: &Reply, now: Now) {
    let count = company.len();
    let parts = company
        .iter()
        .filter(|member| member.bulk().is_some())
        .count();
    let response = reply.as_ref().ok().filter(|_| parts > 1);
    let Some(shares) = response.and_then(|response| Shares::of(response, count)) else {
        let alike = |member: &mut &mut Member| member.advance(now, Some(reply.clone()));
        return company.iter_mut().for_each(alike);
    };
    if let Some(refusal) = shares.blame() {
        let smaller = |member: &mut &mut Member| member.returns(now, reply, &refusal.error, count);
        return company.iter_mut().for_each(smaller);
    }
    for (place, member) in company.iter_mut().enumerate() {
        member.advance(now, Some(Ok(shares.one(place))));
    }
}
