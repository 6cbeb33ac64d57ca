//! A remote that asks for a pause is left alone: of the flows of one call none is begun any more.

use std::sync::atomic::{AtomicBool, Ordering};

use super::http::Reply;

const TOO_MANY_REQUESTS: u16 = 429;

/// Whether a pause was asked for since the flows of one call began.
#[derive(Debug, Default)]
pub struct Pause(AtomicBool);

impl Pause {
    /// Takes note of what was answered.
    pub fn hear(&self, reply: &Reply) {
        if reply
            .as_ref()
            .is_ok_and(|response| response.status == TOO_MANY_REQUESTS)
        {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Whether there was one that asks for it.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
