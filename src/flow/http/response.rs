//! An answer, as plain data.

/// An answer.
#[derive(Clone, PartialEq, Default)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The decoded bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// An answer without headers or body.
    pub fn new(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// With these bytes as body.
    #[must_use]
    pub fn with_body(self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers
            .push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// The first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Seconds of a `retry-after` header, given as seconds or as a date (RFC 9110, 10.2.3); parts of a second, which
    /// it knows not of, are rounded up.
    pub fn retry_after(&self, now_ms: u64) -> Option<u64> {
        let value = self.header("retry-after")?.trim();
        seconds(value).or_else(|| {
            let at = httpdate::parse_http_date(value).ok()?;
            let at = at.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
            Some(at.saturating_sub(now_ms / 1_000))
        })
    }

    /// True for 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// A number of seconds; what has decimals is rounded up, so that nobody comes too early.
pub(crate) fn seconds(value: &str) -> Option<u64> {
    let (whole, decimals) = value.split_once('.').unwrap_or((value, "0"));
    let number = !decimals.is_empty() && decimals.bytes().all(|digit| digit.is_ascii_digit());
    let more = decimals.bytes().any(|digit| digit != b'0');
    let whole: u64 = whole.parse().ok().filter(|_| number)?;
    Some(whole.saturating_add(more.into()))
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_as_seconds_or_as_a_date() {
        let seconds = Response::new(429).with_header("Retry-After", " 12 ");
        assert_eq!(seconds.retry_after(0), Some(12));
        let date = Response::new(503).with_header("retry-after", "Thu, 01 Jan 1970 00:01:00 GMT");
        assert_eq!(date.retry_after(15_000), Some(45));
        assert_eq!(date.retry_after(90_000), Some(0));
        assert_eq!(
            Response::new(429)
                .with_header("retry-after", "soon")
                .retry_after(0),
            None
        );
    }

    #[test]
    fn parts_of_a_second_are_rounded_up_and_what_is_no_number_is_unknown() {
        let asked = |value: &str| {
            let response = Response::new(429).with_header("retry-after", value);
            response.retry_after(0)
        };
        for (value, seconds) in [
            ("1.5", Some(2)),
            (" 0.25 ", Some(1)),
            ("2.0", Some(2)),
            ("2.000000000000000000001", Some(3)),
            ("18446744073709551615.1", Some(u64::MAX)),
            ("18446744073709551616.1", None),
            ("1.", None),
            (".5", None),
            ("-1.5", None),
            ("1.5.5", None),
            ("1.5s", None),
            ("1,5", None),
            ("1.-5", None),
            ("1.٥", None),
        ] {
            assert_eq!(asked(value), seconds, "{value}");
        }
    }
}
