//! What a receiver's answer means. Its body is never read: it means nothing here, and shown to a
//! tenant it would be a way to read internal services.

use crate::error::{Error, Kind};
use crate::flow::{Now, Response};

/// Reads an answer (Standard Webhooks, "Deliverability and reliability"): 2xx is success, a
/// redirect is never followed, 410 ends the endpoint, 408, 425, 429 and 5xx are tried again.
pub(super) fn verdict(response: &Response, now: Now) -> Result<(), Error> {
    if response.is_success() {
        return Ok(());
    }
    let status = response.status;
    let (kind, cure) = meaning(status);
    let message = format!("the webhook receiver answered {status}: {cure}");
    let error = Error::answered(kind, status, message).with_code(code(status));
    if error.retryable() {
        return Err(error.with_retry_after(response.retry_after(now)));
    }
    Err(error)
}

fn meaning(status: u16) -> (Kind, &'static str) {
    match status {
        300..400 => (
            Kind::Configuration,
            "redirects are not followed; enter the final address as the webhook URL",
        ),
        405 | 406 | 414 | 415 | 421 => (
            Kind::Configuration,
            "it takes no such POST at this address; check the webhook URL",
        ),
        401 | 403 | 451 => (
            Kind::Permission,
            "it refuses us; check that it knows the present secret and lets our POST through",
        ),
        404 => (Kind::NotFound, "nothing is there; check the webhook URL"),
        410 => (
            Kind::NotFound,
            "it is gone for good; give a new webhook URL or delete the integration",
        ),
        429 => (Kind::RateLimit, "it asks for a pause; tried again later"),
        408 | 425 => (Kind::Remote, "it was not ready; tried again later"),
        400..500 => (
            Kind::Validation,
            "it refuses the event; see the receiver's log",
        ),
        _ => (Kind::Remote, "it failed; tried again later"),
    }
}

fn code(status: u16) -> String {
    if status == 410 {
        return "gone".to_owned();
    }
    format!("http_{status}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16) -> Error {
        let response = Response::new(status)
            .with_header("retry-after", "60")
            .with_body("<h1>s3cret</h1>");
        verdict(&response, 0).expect_err("no success")
    }

    #[test]
    fn any_2xx_is_success_whatever_the_body() {
        for status in [200, 201, 202, 204, 299] {
            let response = Response::new(status).with_body("<html>");
            assert_eq!(verdict(&response, 0), Ok(()));
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_when_asked_to() {
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            let error = error(status);
            assert!(error.retryable(), "{status}");
            assert_eq!(error.retry_after, Some(60), "{status}");
        }
        assert_eq!(error(429).kind, Kind::RateLimit);
    }

    #[test]
    fn the_rest_is_for_people_with_a_cure() {
        for status in [
            301, 302, 307, 308, 400, 401, 403, 404, 405, 406, 409, 413, 414, 415, 421, 422, 431,
            451,
        ] {
            let error = error(status);
            assert!(!error.retryable() && !error.reconnect(), "{status}");
            assert_eq!(error.retry_after, None, "{status}");
        }
        let gone = error(410);
        assert_eq!(
            (gone.kind, gone.code.as_deref()),
            (Kind::NotFound, Some("gone"))
        );
    }

    #[test]
    fn the_codes_of_the_catalogue_mean_here_what_they_mean_there() {
        let listed = crate::catalogue_fixtures::of("custom").into_iter();
        let statuses = listed.filter_map(|entry| {
            let digits = entry.code.strip_prefix("http_")?.replace("xx", "99");
            Some((digits.parse::<u16>().expect("a status"), entry))
        });
        let statuses: Vec<_> = statuses.collect();
        assert!(statuses.len() > 20);
        for (status, entry) in statuses {
            let kind = error(status).kind;
            assert_eq!(entry.kind.as_deref(), Some(kind.name()), "{status}");
        }
        let gone = crate::catalogue_fixtures::entry("custom", "gone");
        assert_eq!(gone.kind.as_deref(), Some(error(410).kind.name()));
    }

    #[test]
    fn the_body_is_never_told() {
        for status in [200, 302, 400, 500].map(|status| status + 1) {
            let response = Response::new(status).with_body("s3cret");
            let told = format!("{:?}", verdict(&response, 0));
            assert!(!told.contains("s3cret"), "{told}");
        }
    }
}
