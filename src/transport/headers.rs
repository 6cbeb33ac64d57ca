//! A request's headers as the HTTP client wants them.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Kind};

/// Headers that say where a request goes or where its body ends: only the HTTP client sets them.
const OURS: [&str; 8] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers anyone may read; the others are kept out of logs and of HTTP/2's shared tables.
const OPEN: [&str; 5] = [
    "accept",
    "content-type",
    "user-agent",
    "webhook-id",
    "webhook-timestamp",
];

/// The headers, checked.
pub(super) fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs {
        let (name, value) = header(name, value).ok_or_else(|| unusable(name))?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(!OPEN.contains(&name.as_str()));
    (!OURS.contains(&name.as_str())).then_some((name, value))
}

fn unusable(name: &str) -> Error {
    let name = name.escape_debug();
    Error::new(
        Kind::Configuration,
        format!("nothing was sent: the header \"{name}\" cannot be set, or not to this value"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, value: &str) -> Result<HeaderMap, Error> {
        headers(&[(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn secrets_are_marked_and_plain_headers_are_not() {
        let sensitive = |name: &str| {
            let headers = of(name, "x").expect("a good header");
            headers.get(name).is_some_and(HeaderValue::is_sensitive)
        };
        for name in ["authorization", "webhook-signature", "x-api-key"] {
            assert!(sensitive(name), "{name}");
        }
        assert!(!sensitive("content-type") && !sensitive("webhook-id"));
    }

    #[test]
    fn line_ends_and_framing_headers_are_refused_without_their_value() {
        for (name, value) in [
            ("x-a", "s3cret\r\nx-b: 1"),
            ("x a", "s3cret"),
            ("Host", "s3cret"),
            ("content-length", "s3cret"),
            ("", "s3cret"),
        ] {
            let error = of(name, value).expect_err(name);
            assert_eq!(error.kind, Kind::Configuration);
            assert!(!error.message.contains("s3cret"), "{error}");
        }
    }
}
