//! The headers in which answers tell of a remote's limits. A broken one must not stop anybody for
//! long, so what they say has bounds.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::http::{Response, seconds};

/// How many there may be: none at all is no limit.
const LIMIT: RangeInclusive<u64> = 1..=1_000_000;

/// How many are left of it.
const LEFT: RangeInclusive<u64> = 0..=1_000_000;

/// Credits that are left of a day's.
const CREDITS: RangeInclusive<u64> = 0..=1_000_000_000;

/// Seconds: a day at most.
const SECONDS: RangeInclusive<u64> = 0..=86_400;

/// Headers that hold one number, and what that may be.
const PLAIN: [(&str, RangeInclusive<u64>); 5] = [
    ("x-rate-limit", LIMIT),
    ("x-rate-limit-remaining", LEFT),
    ("ratelimit-reset", SECONDS),
    ("x-api-credits-remaining", CREDITS),
    ("retry-after", SECONDS),
];

/// Zendesk's limits of one endpoint each: `total=100; remaining=99; resets=41`.
const OF_ENDPOINT: &str = "zendesk-ratelimit-";

/// The parts of such a header.
const PARTS: [(&str, RangeInclusive<u64>); 3] =
    [("total", LIMIT), ("remaining", LEFT), ("resets", SECONDS)];

/// So many headers of endpoints are kept of an answer.
const MOST: usize = 8;

/// Characters of such a header's name that are kept.
const LONGEST: usize = 60;

/// The numbers by the names of their headers, of a header with parts as `name.part`. Nothing else of
/// an answer is kept.
pub(crate) fn told(response: &Response) -> BTreeMap<String, u64> {
    let mut told: BTreeMap<String, u64> = PLAIN
        .iter()
        .filter_map(|(name, range)| {
            let told = number(response.header(name)?, range)?;
            Some(((*name).to_owned(), told))
        })
        .collect();
    let endpoints = response.headers.iter().filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let known = name.starts_with(OF_ENDPOINT) && name.len() <= LONGEST;
        known.then_some((name, value))
    });
    for (name, value) in endpoints.take(MOST) {
        told.extend(parts(value).map(|(part, number)| (format!("{name}.{part}"), number)));
    }
    told
}

fn parts(value: &str) -> impl Iterator<Item = (&str, u64)> {
    value.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        let (part, range) = PARTS.iter().find(|(part, _)| *part == name.trim())?;
        Some((*part, number(value, range)?))
    })
}

/// Within its range, if it is one. Seconds may have decimals.
fn number(value: &str, range: &RangeInclusive<u64>) -> Option<u64> {
    let value = value.trim();
    let number = if *range == SECONDS {
        seconds(value)
    } else {
        value.parse().ok()
    }?;
    Some(number.clamp(*range.start(), *range.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(headers: &[(&str, &str)]) -> Vec<(String, u64)> {
        let add =
            |response: Response, (name, value): &(&str, &str)| response.with_header(name, value);
        let response = headers.iter().fold(Response::new(200), add);
        told(&response).into_iter().collect()
    }

    #[test]
    fn numbers_of_limits_are_kept_and_nothing_else() {
        let headers = [
            ("X-Rate-Limit", "700"),
            ("x-rate-limit-remaining", " 699 "),
            ("ratelimit-reset", "41"),
            ("x-api-credits-remaining", "-1"),
            ("retry-after", "Thu, 01 Jan 1970 00:01:00 GMT"),
            ("set-cookie", "700"),
            ("content-length", "12"),
        ];
        let expected = [
            ("ratelimit-reset".to_owned(), 41),
            ("x-rate-limit".to_owned(), 700),
            ("x-rate-limit-remaining".to_owned(), 699),
        ];
        assert_eq!(of(&headers), expected);
        assert_eq!(
            of(&[("retry-after", "12")]),
            [("retry-after".to_owned(), 12)]
        );
    }

    #[test]
    fn limits_of_endpoints_are_read_by_part() {
        let name = "Zendesk-RateLimit-Tickets-Update";
        let told = of(&[(name, "total=100; remaining=99;resets=41; secret=7; x")]);
        let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "zendesk-ratelimit-tickets-update.remaining",
                "zendesk-ratelimit-tickets-update.resets",
                "zendesk-ratelimit-tickets-update.total"
            ]
        );
        assert_eq!(told.iter().map(|(_, n)| n).sum::<u64>(), 99 + 41 + 100);
    }

    #[test]
    fn what_no_remote_means_is_cut_or_left_out() {
        let one = |name: &str, value: &str| Some(of(&[(name, value)]).first()?.1);
        let vast = "1000000000000000000";
        for (value, limit, left, credits, seconds) in [
            ("0", Some(1), Some(0), Some(0), Some(0)),
            (
                vast,
                Some(1_000_000),
                Some(1_000_000),
                Some(1_000_000_000),
                Some(86_400),
            ),
            ("-1", None, None, None, None),
            ("NaN", None, None, None, None),
            ("1e18", None, None, None, None),
            ("12.5", None, None, None, Some(13)),
            ("soon", None, None, None, None),
            ("", None, None, None, None),
            ("99999999999999999999", None, None, None, None),
        ] {
            assert_eq!(one("x-rate-limit", value), limit, "{value}");
            assert_eq!(one("x-rate-limit-remaining", value), left, "{value}");
            assert_eq!(one("x-api-credits-remaining", value), credits, "{value}");
            assert_eq!(one("ratelimit-reset", value), seconds, "{value}");
            assert_eq!(one("retry-after", value), seconds, "{value}");
            let part = |name: &str| one("zendesk-ratelimit-x", &format!("{name}={value}"));
            assert_eq!(part("total"), limit, "{value}");
            assert_eq!(part("remaining"), left, "{value}");
            assert_eq!(part("resets"), seconds, "{value}");
        }
    }

    #[test]
    fn a_flood_of_headers_is_cut() {
        let names: Vec<String> = (0..50).map(|n| format!("{OF_ENDPOINT}{n}")).collect();
        let headers: Vec<(&str, &str)> = names
            .iter()
            .map(|name| (name.as_str(), "total=1"))
            .collect();
        assert_eq!(of(&headers).len(), MOST);
        let long = format!("{OF_ENDPOINT}{}", "x".repeat(LONGEST));
        assert_eq!(of(&[(long.as_str(), "total=1")]), []);
    }

    proptest! {
        #[test]
        fn whatever_a_header_holds_is_no_fault(name in "zendesk-ratelimit-[ -~]{0,20}", value in "[ -~]{0,60}") {
            prop_assert!(of(&[(&name, &value)]).len() <= PARTS.len());
        }
    }
}
