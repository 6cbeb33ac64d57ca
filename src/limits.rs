//! What answers tell of a remote's limits.

use std::collections::BTreeMap;

use crate::flow::Response;

/// Headers that hold one number.
const PLAIN: [&str; 5] = [
    "x-rate-limit",
    "x-rate-limit-remaining",
    "ratelimit-reset",
    "x-api-credits-remaining",
    "retry-after",
];

/// Zendesk's limits of one endpoint each: `total=100; remaining=99; resets=41`.
const OF_ENDPOINT: &str = "zendesk-ratelimit-";

/// The parts of such a header.
const PARTS: [&str; 3] = ["total", "remaining", "resets"];

/// So many headers of endpoints are kept of an answer.
const MOST: usize = 8;

/// Characters of such a header's name that are kept.
const LONGEST: usize = 60;

/// The numbers by the names of their headers, of a header with parts as `name.part`. Nothing else of
/// an answer is kept.
pub(crate) fn told(response: &Response) -> BTreeMap<String, u64> {
    let mut told: BTreeMap<String, u64> = PLAIN
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), number(response.header(name)?)?)))
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
        let name = name.trim();
        PARTS.contains(&name).then_some((name, number(value)?))
    })
}

fn number(value: &str) -> Option<u64> {
    value.trim().parse().ok()
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
