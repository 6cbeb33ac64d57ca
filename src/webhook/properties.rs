//! Nothing a host hands over and nothing a receiver answers breaks a delivery.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fixtures::{OTHER, TOLERANCE, endpoint, key, linked, signer, work};
use super::{Endpoint, Secret, sync};
use crate::error::{Error, Kind, Sent};
use crate::flow::{Response, Step};

fn headers(signed: &super::Signed) -> Vec<(String, String)> {
    let pairs = signed.clone().into_headers().into_iter();
    pairs
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn record() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["contact", "message", "support_ticket", "comment"]);
    (kind, "\\PC{0,40}", "(?s).{0,400}", any::<Option<i64>>()).prop_map(|(kind, name, text, id)| {
        json!({"kind": kind, "id": id, "first_name": name, "email": text, "text": text,
                "subject": name, "description": text, "contact": {"name": name},
                "property": {"title": text}, "requester": {"email": name},
                "body": "Reply", "public": true, "author": {"email": name}})
    })
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_what_is_changed_does_not(
        body in vec(any::<u8>(), 1..200), id in "[!-~&&[^.]]{1,40}", at in 0..u64::from(u32::MAX),
        place in any::<prop::sample::Index>(), bit in 0u8..8,
    ) {
        let signer = signer(&[OTHER]);
        let signed = signer.sign(&id, at, &body).expect("a usable id");
        let headers = headers(&signed);
        prop_assert_eq!(signer.verify(&body, &headers, at, TOLERANCE), Ok(()));
        let mut changed = body.clone();
        changed[place.index(body.len())] ^= 1 << bit;
        let verdict = signer.verify(&changed, &headers, at, TOLERANCE);
        let code = verdict.expect_err("changed").code;
        prop_assert_eq!(code.as_deref(), Some("mismatch"));
    }

    #[test]
    fn any_headers_are_judged(name in "[a-zA-Z-]{0,20}", values in vec("\\PC{0,60}", 4)) {
        let names = [name.as_str(), "webhook-id", "webhook-timestamp", "webhook-signature"];
        let headers: Vec<_> = names.iter().map(ToString::to_string).zip(values).collect();
        let verdict = signer(&[]).verify(b"{}", &headers, 0, TOLERANCE);
        prop_assert_eq!(verdict.expect_err("unsigned").kind, Kind::Signature);
    }

    #[test]
    fn any_secret_and_url_are_judged(secret in "\\PC{0,90}", url in "\\PC{0,60}") {
        let _ = Secret::parse(&secret);
        let _ = Endpoint::new(&url, Vec::new(), key());
    }

    #[test]
    fn any_record_makes_one_signed_json_event(record in record(), known in any::<bool>()) {
        let work = work(record);
        // A reply that is linked is never sent again.
        let known = known && work.record.kind() != "comment";
        let work = if known { linked(work) } else { work };
        let Step::Send(request) = sync(&endpoint(), work).advance(1_614_265_330_999, None) else {
            return Err(TestCaseError::fail("a request"));
        };
        let body = request.body.unwrap_or_default();
        prop_assert!(serde_json::from_slice::<Value>(&body).is_ok());
        let verdict = signer(&[]).verify(&body, &request.headers, 1_614_265_330, 0);
        prop_assert_eq!(verdict, Ok(()));
    }

    #[test]
    fn any_answer_ends_the_flow(status in any::<u16>(), body in vec(any::<u8>(), 0..60),
                                pause in "\\PC{0,30}", lost in any::<bool>()) {
        let mut flow = sync(&endpoint(), work(json!({"kind": "contact", "id": 1})));
        prop_assert!(matches!(flow.advance(0, None), Step::Send(_)));
        let reply = if lost {
            Err(Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe))
        } else {
            Ok(Response::new(status).with_header("retry-after", &pause).with_body(body))
        };
        let Step::Done(outcomes) = flow.advance(1, Some(reply)) else {
            return Err(TestCaseError::fail("the end"));
        };
        let outcome = outcomes.first().expect("one");
        let good = !lost && (200..300).contains(&status);
        prop_assert_eq!(outcome.error.is_none(), good);
    }
}
