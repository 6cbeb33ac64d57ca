//! One tokio runtime and one set of HTTP clients for each process, built at their first use.
//!
//! A forked child inherits their memory but none of their threads, so it must never touch them: the
//! slot carries the process id, and under another one new ones are built and the old ones leaked.
//! No lock is involved that a child could inherit locked.
#![allow(unsafe_code)] // A leaked pointer that is shared and never freed.

use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

use pwb_crm_core::transport::Http;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::panics;

static SLOT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());

/// Threads for name look-ups: fewer would let a few dead names delay everybody else's.
const LOOKUP_THREADS: usize = 32;

/// What this process runs requests with.
pub(crate) struct Slot {
    pid: u32,
    runtime: Runtime,
    http: Http,
}

impl Slot {
    pub(crate) fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }
}

/// The slot of this process.
///
/// # Errors
/// When the system gives us no thread or no descriptor.
pub(crate) fn current() -> std::io::Result<&'static Slot> {
    let known = SLOT.load(Ordering::Acquire);
    // SAFETY: a slot is leaked, so the pointer stays valid for ever.
    match unsafe { known.as_ref() } {
        Some(slot) if owns(slot.pid) => Ok(slot),
        _ => replace(known, Http::new()),
    }
}

/// Whether `pid` is this process: what belongs to another one is left alone.
pub(crate) fn owns(pid: u32) -> bool {
    pid == std::process::id()
}

/// From here on names are looked up by `lookup`, for specs.
///
/// # Errors
/// As [`current`].
#[cfg(any(debug_assertions, feature = "test-panics"))]
pub(crate) fn look_up_with(lookup: pwb_crm_core::transport::Lookup) -> std::io::Result<()> {
    replace(SLOT.load(Ordering::Acquire), Http::with_lookup(lookup)).map(drop)
}

fn replace(old: *mut Slot, http: Http) -> std::io::Result<&'static Slot> {
    let new = Box::into_raw(Box::new(Slot {
        pid: std::process::id(),
        runtime: build()?,
        http,
    }));
    match SLOT.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire) {
        // SAFETY: as in `current`.
        Ok(_) => Ok(unsafe { &*new }),
        Err(_) => {
            // Another Ractor was faster. SAFETY: nobody else has seen `new`.
            let unused = unsafe { Box::from_raw(new) };
            unused.runtime.shutdown_background();
            current()
        }
    }
}

fn build() -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(threads())
        .max_blocking_threads(LOOKUP_THREADS)
        .thread_name("pwb_crm")
        .on_thread_start(panics::watch_thread)
        .enable_all()
        .build()
}

/// One thread costs half the CPU of two for each call; `PWB_CRM_THREADS` asks for more.
fn threads() -> usize {
    std::env::var("PWB_CRM_THREADS")
        .ok()
        .and_then(|count| count.trim().parse().ok())
        .map_or(1, |count: usize| count.clamp(1, 64))
}
