//! Time on the clock, and the CPU's.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// What something took, in seconds.
#[derive(Serialize)]
pub(crate) struct Reading {
    seconds: f64,
    /// Of all threads of this process, in its own code and in the kernel.
    cpu: f64,
}

/// # Errors
/// What `work` fails with.
pub(crate) fn measure<E>(work: impl FnOnce() -> Result<(), E>) -> Result<Reading, E> {
    let (began, before) = (Instant::now(), cpu());
    work()?;
    Ok(Reading {
        seconds: began.elapsed().as_secs_f64(),
        cpu: cpu().saturating_sub(before).as_secs_f64(),
    })
}

fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        now.tv_sec.try_into().unwrap_or_default(),
        now.tv_nsec.try_into().unwrap_or_default(),
    )
}
