//! Verifying, for receivers and for the engine's own tests.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use subtle::ConstantTimeEq;

use super::signer::{ID, SIGNATURE, Signer, TIMESTAMP, usable_id};
use crate::error::{Error, Kind};

impl Signer {
    /// Checks the signature of `body` as it was received, byte for byte. One matching signature is
    /// enough; unknown versions are skipped. `now` and `tolerance` are seconds.
    ///
    /// # Errors
    /// `Signature` with code `missing_header`, `bad_header`, `stale` or `mismatch`.
    pub fn verify(
        &self,
        body: &[u8],
        headers: &[(String, String)],
        now: u64,
        tolerance: u64,
    ) -> Result<(), Error> {
        let id = header(headers, ID)?;
        let timestamp = header(headers, TIMESTAMP)?;
        let signatures = header(headers, SIGNATURE)?;
        if !usable_id(id) {
            return Err(refused("bad_header", "the header webhook-id is malformed"));
        }
        fresh(timestamp, now, tolerance)?;
        if self.matches(id, timestamp, body, signatures) {
            return Ok(());
        }
        Err(refused(
            "mismatch",
            "no signature matches: the secret is another one, or the body is not the raw body",
        ))
    }

    fn matches(&self, id: &str, timestamp: &str, body: &[u8], signatures: &str) -> bool {
        let given: Vec<Vec<u8>> = version_1(signatures).collect();
        self.macs(id, timestamp, body)
            .any(|mac| given.iter().any(|other| bool::from(mac.ct_eq(other))))
    }
}

fn version_1(signatures: &str) -> impl Iterator<Item = Vec<u8>> {
    signatures
        .split_ascii_whitespace()
        .filter_map(|signature| signature.strip_prefix("v1,"))
        .filter_map(|encoded| STANDARD.decode(encoded).ok())
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Result<&'a str, Error> {
    headers
        .iter()
        .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.trim().is_empty())
        .map(|(_, value)| value.trim())
        .ok_or_else(|| refused("missing_header", &format!("the header {name} is missing")))
}

fn fresh(timestamp: &str, now: u64, tolerance: u64) -> Result<(), Error> {
    let digits = timestamp.bytes().all(|b| b.is_ascii_digit());
    let Some(at) = timestamp.parse::<u64>().ok().filter(|_| digits) else {
        return Err(refused(
            "bad_header",
            "the header webhook-timestamp is no number of seconds",
        ));
    };
    let distance = now.abs_diff(at);
    if distance <= tolerance {
        return Ok(());
    }
    let side = if at < now { "old" } else { "ahead" };
    Err(refused(
        "stale",
        &format!(
            "the signature is {distance} s {side}, at most {tolerance} s are accepted: it is a \
             replay, or one of the two clocks is wrong"
        ),
    ))
}

fn refused(code: &str, message: &str) -> Error {
    Error::new(Kind::Signature, message).with_code(code)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{BODY, ID as MSG, OTHER, SIGNED, TIME, TOLERANCE, signer};
    use super::*;

    fn headers(id: &str, timestamp: &str, signature: &str) -> Vec<(String, String)> {
        [
            ("Webhook-Id", id),
            ("Webhook-Timestamp", timestamp),
            ("Webhook-Signature", signature),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec()
    }

    fn code(signature: &str, now: u64) -> Option<String> {
        let headers = headers(MSG, &TIME.to_string(), signature);
        let verdict = signer(&[]).verify(BODY, &headers, now, TOLERANCE);
        verdict.err().and_then(|error| error.code)
    }

    #[test]
    fn the_published_vector_within_the_tolerance_only() {
        for now in [TIME - 300, TIME, TIME + 300] {
            assert_eq!(code(SIGNED, now), None);
        }
        for now in [TIME - 301, TIME + 301] {
            assert_eq!(code(SIGNED, now).as_deref(), Some("stale"));
        }
    }

    #[test]
    fn the_published_negatives() {
        let forged = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLawdd";
        let version = SIGNED.replace("v1,", "v2,");
        for bad in [forged, &version, "v1,", "v1", "nonsense", "v1,!!"] {
            assert_eq!(code(bad, TIME).as_deref(), Some("mismatch"), "{bad}");
        }
    }

    #[test]
    fn one_match_in_a_list_is_enough() {
        let wrong = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
        let list = format!("v1,{wrong} v2,{wrong} {SIGNED} v1,{wrong}");
        assert_eq!(code(&list, TIME), None);
    }

    #[test]
    fn a_receiver_in_rotation_accepts_the_old_secret() {
        let old = signer(&[]).sign(MSG, TIME, BODY).expect("an id");
        let rotated = Signer::new(signer(&[OTHER]).secrets.into_iter().rev().collect());
        let headers = headers(&old.id, &old.timestamp.to_string(), &old.signature);
        let verdict = rotated
            .expect("two")
            .verify(BODY, &headers, TIME, TOLERANCE);
        assert_eq!(verdict, Ok(()));
    }

    #[test]
    fn missing_and_malformed_headers_say_which() {
        let mut without = headers(MSG, &TIME.to_string(), SIGNED);
        without.remove(0);
        let error = signer(&[])
            .verify(BODY, &without, TIME, TOLERANCE)
            .expect_err("no id");
        assert_eq!(error.code.as_deref(), Some("missing_header"));
        assert!(error.message.contains("webhook-id"), "{error}");
        for (id, timestamp) in [("a.b", "1614265330"), (MSG, "+1614265330"), (MSG, "soon")] {
            let headers = headers(id, timestamp, SIGNED);
            let error = signer(&[]).verify(BODY, &headers, TIME, TOLERANCE);
            let code = error.expect_err(timestamp).code;
            assert_eq!(code.as_deref(), Some("bad_header"), "{id} {timestamp}");
        }
    }
}
