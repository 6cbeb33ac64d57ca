//! One tokio runtime and one set of HTTP clients for each process, built at their first use.
//!
//! A forked child inherits their memory but none of their threads, so it must never touch them: the
//! slot tells whose it is, and in another process new ones are built and the old ones leaked. No
//! lock is involved that a child could inherit locked.
#![allow(unsafe_code)] // A leaked pointer that is shared and never freed, and a C callback.

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use pwb_crm_core::transport::Http;
use tokio::runtime::{Builder, Handle, Runtime};

use crate::panics;

static SLOT: AtomicPtr<Slot> = AtomicPtr::new(ptr::null_mut());

/// Threads for name look-ups: fewer would let a few dead names delay everybody else's.
const LOOKUP_THREADS: usize = 32;

/// What this process runs requests with.
pub(crate) struct Slot {
    process: Process,
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
        Some(slot) if slot.process.is_this() => Ok(slot),
        _ => replace(known, Http::new()),
    }
}

/// A process: what belongs to another one is left alone. Its id alone would not do, because a
/// descendant may be given the id of one that has ended, or the same one in a namespace of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pid: u32,
    forks: u32,
}

/// How many forks lie between this process and the one that loaded the extension.
static FORKS: AtomicU32 = AtomicU32::new(0);

impl Process {
    pub(crate) fn this() -> Self {
        Self {
            pid: std::process::id(),
            forks: FORKS.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn is_this(self) -> bool {
        self == Self::this()
    }
}

/// Counts forks from here on. Where the system cannot, the process id has to do.
pub(crate) fn count_forks() {
    // SAFETY: the callback only adds to a static number, which a child may do before anything else.
    unsafe { libc::pthread_atfork(None, None, Some(forked)) };
}

extern "C" fn forked() {
    FORKS.fetch_add(1, Ordering::Relaxed);
}

/// From here on names are looked up by `lookup`, for specs.
///
/// # Errors
/// As [`current`].
#[cfg(feature = "test-hooks")]
pub(crate) fn look_up_with(lookup: pwb_crm_core::transport::Lookup) -> std::io::Result<()> {
    replace(SLOT.load(Ordering::Acquire), Http::with_lookup(lookup)).map(drop)
}

fn replace(old: *mut Slot, http: Http) -> std::io::Result<&'static Slot> {
    let new = Box::into_raw(Box::new(Slot {
        process: Process::this(),
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
