//! Errors of the HTTP client as ours: what happened, and whether the request may have arrived.
//!
//! No text of the client's is shown but the innermost cause (an operating system's or TLS error):
//! the others can hold the address with its query.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::names::Refusal;
use crate::error::{Error, Kind, Sent};
use crate::text::cut;

/// The error for a request that got no answer; `sent` is what is known from its upload.
pub(super) fn unanswered(error: &reqwest::Error, host: &str, sent: Sent) -> Error {
    if let Some(refusal) = cause::<Refusal>(error) {
        return refused(*refusal, host);
    }
    if error.is_builder() {
        let message = "the address or a header holds characters that cannot be sent";
        return Error::new(Kind::Configuration, message);
    }
    if error.is_connect() {
        return unconnected(error, host);
    }
    let sent = if turned_away(error) { Sent::No } else { sent };
    if error.is_timeout() {
        return Error::new(Kind::Timeout, format!("{host} stopped answering")).with_sent(sent);
    }
    let message = format!("the connection to {host} broke before the answer came");
    Error::new(Kind::Connection, told(&message, error)).with_sent(sent)
}

/// The error for an answer that broke off.
pub(super) fn broken_off(error: &reqwest::Error, host: &str, status: u16) -> Error {
    let message = format!("the connection to {host} broke in the middle of its answer");
    Error::answered(Kind::Connection, status, told(&message, error)).with_sent(Sent::Maybe)
}

/// The error for an answer in gzip that is none.
pub(super) fn garbled(why: &io::Error, host: &str, status: u16) -> Error {
    let message = format!("{host} sent an answer that cannot be unpacked: {why}");
    Error::answered(Kind::Remote, status, message).with_sent(Sent::Maybe)
}

/// The error for a request whose time was up.
pub(super) fn too_late(host: &str, after: Duration, sent: Sent) -> Error {
    let seconds = after.as_secs_f32();
    let message = format!("{host} gave no whole answer within {seconds:.1} s");
    Error::new(Kind::Timeout, message).with_sent(sent)
}

/// The error for an answer longer than `limit` bytes. Nobody read what it says was done.
pub(super) fn too_long(host: &str, status: u16, limit: usize) -> Error {
    let message = format!("{host} sent an answer longer than {limit} bytes; it was not read");
    Error::answered(Kind::Remote, status, message).with_sent(Sent::Maybe)
}

/// The error for an answer in an encoding that was not asked for: unread, it would be garbage.
pub(super) fn encoded(host: &str, status: u16, encoding: &str) -> Error {
    let shown = |byte: &char| byte.is_ascii_alphanumeric() || "-, ".contains(*byte);
    let encoding: String = encoding.chars().filter(shown).take(20).collect();
    let message = format!(
        "{host} sent an answer in the content encoding \"{encoding}\", though only gzip was asked \
         for; it was not read"
    );
    Error::answered(Kind::Remote, status, message).with_sent(Sent::Maybe)
}

/// The error for an answer from where nobody may be called, or from nobody knows where.
pub(super) fn strange(host: &str) -> Error {
    let message = format!("the answer of {host} came from a private address; it was not read");
    Error::new(Kind::BlockedAddress, message).with_sent(Sent::Maybe)
}

fn refused(refusal: Refusal, host: &str) -> Error {
    match refusal {
        Refusal::Private => {
            let message = format!("nothing was sent: {refusal} ({host})");
            Error::new(Kind::BlockedAddress, message)
        }
        Refusal::TooSlow => Error::new(Kind::Timeout, format!("{refusal} ({host})")),
        Refusal::Unknown => Error::new(Kind::Connection, format!("{refusal} ({host})")),
    }
}

fn unconnected(error: &reqwest::Error, host: &str) -> Error {
    if error.is_timeout() {
        return Error::new(
            Kind::Timeout,
            format!("no connection to {host} in the time set for it"),
        );
    }
    let message = told(&format!("no connection to {host}"), error);
    Error::new(Kind::Connection, message)
}

/// Whether the server or our own connection says that the request was never begun: HTTP/2
/// `REFUSED_STREAM` and a graceful `GOAWAY` (RFC 9113, 8.7 and 6.8), or a connection that closed
/// before anything was written to it.
fn turned_away(error: &reqwest::Error) -> bool {
    let h2 = cause::<h2::Error>(error).is_some_and(|error| {
        let graceful = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (graceful || refused)
    });
    h2 || cause::<hyper::Error>(error).is_some_and(hyper::Error::is_canceled)
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}

fn cause<E: StdError + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|error| error.downcast_ref())
}

/// The longest part of a message that a remote may have a say in, in characters: a certificate may hold
/// thousands of names.
const LONGEST_CAUSE: usize = 300;

fn told(message: &str, error: &reqwest::Error) -> String {
    match causes(error).last() {
        Some(cause) => format!("{message}: {}", brief(&cause.to_string())),
        None => message.to_owned(),
    }
}

fn brief(text: &str) -> String {
    match cut(text, LONGEST_CAUSE) {
        whole if whole.len() == text.len() => whole.to_owned(),
        part => format!("{part}…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_as_far_as_anybody_reads() {
        assert_eq!(brief("connection refused"), "connection refused");
        let told = brief(&"*.example.com, ".repeat(2_000));
        assert!(told.chars().count() <= LONGEST_CAUSE + 1);
        assert!(told.ends_with('…'));
    }
}
