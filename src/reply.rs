//! Reading what remotes answer. Nothing of a body ever gets into a message.

use serde_json::Value;

use crate::error::{Error, Kind, Sent};
use crate::flow::Response;

/// The longest code or field name taken from a remote.
const LONGEST_WORD: usize = 80;

/// The JSON of an answer. HTML, an empty or a broken body is an [`Error`] that says so; it is
/// [`Sent::Maybe`] where the remote may have done what it was asked for all the same. A redirect is
/// an error whatever its body holds.
pub(crate) fn json(response: &Response, system: &str) -> Result<Value, Error> {
    if (300..400).contains(&response.status) {
        return Err(redirected(response.status, system));
    }
    serde_json::from_slice(&response.body).map_err(|_| unreadable(response, system))
}

/// What a status means where no code says more. What an address takes (a method, a type, requests for that host) is
/// the same for all records.
pub(crate) fn kind_of(status: u16) -> Kind {
    match status {
        405 | 406 | 415 | 421 => Kind::Configuration,
        401 => Kind::Authentication,
        403 | 451 => Kind::Permission,
        404 | 410 => Kind::NotFound,
        408 => Kind::Timeout,
        409 | 412 => Kind::Conflict,
        429 => Kind::RateLimit,
        400..=499 => Kind::Validation,
        _ => Kind::Remote,
    }
}

/// Whether the remote may have done what it was asked for, although it answered with a failure of
/// its own: then look before repeating what is not idempotent.
pub(crate) fn sent_of(status: u16) -> Sent {
    match status {
        408 | 500.. => Sent::Maybe,
        _ => Sent::Yes,
    }
}

/// A code or a field name of the remote as it may be shown: letters, digits and `_.$[]-` only.
pub(crate) fn word(text: &str) -> Option<String> {
    let word: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_.$[]-".contains(*c))
        .take(LONGEST_WORD)
        .collect();
    (!word.is_empty()).then_some(word)
}

/// A JSON string or number as text: ids come as either.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The remote's name for the request, where it gives one.
pub(crate) fn request_id(response: &Response) -> Option<String> {
    response.header("x-request-id").and_then(word)
}

/// Another address would be given the credentials. An account that moved keeps on answering so:
/// people have to enter where it is now.
fn redirected(status: u16, system: &str) -> Error {
    let message = format!(
        "{system} answered {status}, a redirect, which is never followed: check the account's \
         address, then connect the account again"
    );
    Error::answered(Kind::Configuration, status, message)
}

fn unreadable(response: &Response, system: &str) -> Error {
    let status = response.status;
    let message = format!(
        "{system} answered {status} with {} instead of JSON; {}",
        shape(&response.body),
        cure(status)
    );
    Error::answered(unreadable_kind(status), status, message).with_sent(unreadable_sent(status))
}

fn shape(body: &[u8]) -> &'static str {
    let start = body.trim_ascii_start();
    match start.first() {
        None => "an empty body",
        Some(b'<') => "an HTML page",
        Some(b'{' | b'[') => "a truncated body",
        Some(_) => "text",
    }
}

/// A page in place of an answer says nothing about the record: only what concerns the whole
/// account is believed, and what a proxy refuses for its size or type, which no repeat changes. That of its size is
/// the record's; that of its type is so for all of them. The others may pass: proxies answer 405 while they show a
/// page for maintenance, 406 or 451 as firewalls.
fn unreadable_kind(status: u16) -> Kind {
    match status {
        401 => Kind::Authentication,
        408 => Kind::Timeout,
        413 => Kind::Validation,
        415 => Kind::Configuration,
        429 => Kind::RateLimit,
        _ => Kind::Remote,
    }
}

fn unreadable_sent(status: u16) -> Sent {
    match status {
        200..=299 => Sent::Maybe,
        _ => sent_of(status),
    }
}

fn cure(status: u16) -> &'static str {
    match status {
        401 => "reconnect the account if this stays",
        413 => "the record is larger than it takes: shorten its text, then replay",
        415 => "it takes no JSON there: check the account's address, then replay",
        429 => "it will be tried again after a pause",
        _ => {
            "it will be tried again; if it stays, check the account's address and the remote's status page"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(status: u16, body: &str) -> Error {
        json(&Response::new(status).with_body(body), "Zoho CRM").expect_err("unreadable")
    }

    #[test]
    fn each_shape_has_its_words_and_none_of_the_body() {
        for (body, words) in [
            ("<html>secret", "an HTML page"),
            ("  ", "an empty body"),
            ("{\"secret\":", "a truncated body"),
            ("secret", "text"),
        ] {
            let message = error(502, body).message;
            assert!(
                message.contains(words) && message.contains("502"),
                "{message}"
            );
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn a_success_that_cannot_be_read_may_have_arrived() {
        assert_eq!(error(201, "{").sent, Sent::Maybe);
        assert_eq!(error(502, "<html>").sent, Sent::Maybe);
        assert_eq!(error(404, "<html>").sent, Sent::Yes);
        assert_eq!(error(404, "<html>").kind, Kind::Remote);
        assert_eq!(error(429, "").kind, Kind::RateLimit);
    }

    #[test]
    fn what_is_too_large_or_of_a_wrong_type_stays_so_whatever_the_body() {
        for (status, kind) in [(413, Kind::Validation), (415, Kind::Configuration)] {
            for body in ["", "<html>", "{", "Request Entity Too Large"] {
                let error = error(status, body);
                assert_eq!((error.kind, error.sent), (kind, Sent::Yes));
                assert!(!error.retryable() && !error.message.contains("tried again"));
            }
        }
    }

    #[test]
    fn a_page_that_refuses_otherwise_may_pass() {
        for status in [400, 402, 403, 404, 405, 406, 410, 414, 421, 431, 451] {
            let error = error(status, "<html>");
            assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Yes));
            assert!(
                error.message.contains("check the account's address"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_an_answer_refuses_is_about_the_record_the_account_or_the_address() {
        for (statuses, kind) in [
            (vec![400, 413, 414, 422, 431], Kind::Validation),
            (vec![405, 406, 415, 421], Kind::Configuration),
            (vec![403, 451], Kind::Permission),
        ] {
            for status in statuses {
                assert_eq!(kind_of(status), kind, "{status}");
            }
        }
    }

    #[test]
    fn a_redirect_is_for_people_whatever_its_body() {
        for status in [301, 302, 303, 307, 308] {
            for body in ["<html>", "", r#"{"data":[{"code":"SUCCESS"}]}"#] {
                let error = error(status, body);
                assert_eq!((error.kind, error.sent), (Kind::Configuration, Sent::Yes));
                assert!(error.message.contains("never followed"), "{error}");
            }
        }
    }

    #[test]
    fn words_of_the_remote_are_cleaned() {
        assert_eq!(word("$.data[0].Email").as_deref(), Some("$.data[0].Email"));
        assert_eq!(word("a b\n<i>").as_deref(), Some("abi"));
        assert_eq!(word("é ").as_deref(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(status in 100u16..600, body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = json(&Response::new(status).with_body(body), "X");
        }
    }
}
