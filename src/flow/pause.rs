//! A remote that asks for a pause is left alone: of the flows of one call none is begun any more.

use std::sync::atomic::{AtomicBool, Ordering};

use super::http::{Reply, Response};

const TOO_MANY_REQUESTS: u16 = 429;

/// Whether a pause was asked for since the flows of one call began.
#[derive(Debug, Default)]
pub struct Pause(AtomicBool);

impl Pause {
    /// Takes note of what was answered.
    pub(super) fn hear(&self, reply: &Reply) {
        if reply.as_ref().is_ok_and(asks) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether there was one that asks for it.
    pub(super) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Too many requests, or a failure of its own that says when to come again.
fn asks(response: &Response) -> bool {
    let failed = response.status >= 500;
    response.status == TOO_MANY_REQUESTS || (failed && response.retry_after(0).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Flow, HostRule, Method, Request, Step};

    fn asked_by(response: Response) -> bool {
        let pause = Pause::default();
        pause.hear(&Ok(response));
        pause.asked()
    }

    #[test]
    fn who_is_busy_asks_for_a_pause() {
        let told = |status, value| Response::new(status).with_header("retry-after", value);
        assert!(asked_by(Response::new(429)));
        for value in ["30", "Thu, 01 Jan 1970 00:01:00 GMT"] {
            assert!(asked_by(told(503, value)) && asked_by(told(500, value)));
        }
        for response in [
            Response::new(503),
            told(503, "soon"),
            told(200, "30"),
            told(409, "30"),
        ] {
            assert!(!asked_by(response));
        }
    }

    #[test]
    fn what_is_under_way_goes_on_and_what_is_not_is_put_off() {
        let two = || {
            Flow::new(|io| async move {
                let request = || Request::new(Method::Get, "https://x.example", HostRule::Public);
                let first = io.send(request()).await;
                (first, io.send(request()).await)
            })
        };
        let (mut begun, mut waiting, pause) = (two(), two(), Pause::default());
        assert!(matches!(begun.proceed(0, None, &pause), Step::Send(_)));
        let busy = Some(Ok(Response::new(429)));
        assert!(matches!(begun.proceed(1, busy, &pause), Step::Send(_)));
        let Step::Done((first, second)) = waiting.proceed(2, None, &pause) else {
            panic!("nothing to send");
        };
        for reply in [first, second] {
            let error = reply.expect_err("put off");
            assert!(!error.attempted() && error.retryable(), "{error:?}");
            assert_eq!(error.code.as_deref(), Some(crate::error::PUT_OFF));
        }
    }
}
