//! Waiting without the GVL, so that other Ruby threads run meanwhile.
//!
//! Ruby calls [`wake`] for every interrupt of the waiting thread, also for a harmless one (a trap,
//! `Thread#wakeup`). So a wake-up cancels nothing: the thread takes the GVL, lets Ruby handle its
//! interrupts, and goes on waiting unless that raised. `rb_thread_call_without_gvl` is never used:
//! it checks interrupts itself and may longjmp over Rust frames.
#![allow(unsafe_code)] // Ruby's blocking region is a C API with callbacks.

use std::ffi::c_void;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};

use magnus::{Error, Ruby};
use rb_sys::{RB_NOGVL_INTR_FAIL, RB_NOGVL_UBF_ASYNC_SAFE, rb_ext_ractor_safe, rb_nogvl};

/// Opens once; whoever waits at it then goes on.
#[derive(Default)]
pub(crate) struct Gate {
    open: AtomicBool,
    sleeper: Mutex<Option<Thread>>,
}

impl Gate {
    pub(crate) fn open(&self) {
        self.open.store(true, Ordering::Release);
        if let Some(sleeper) = self.sleeper().take() {
            sleeper.unpark();
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }

    fn sleeper(&self) -> std::sync::MutexGuard<'_, Option<Thread>> {
        self.sleeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits until the gate opens.
///
/// # Errors
/// What an interrupt raised in this thread: `Thread#kill`, `Thread#raise`, a timeout, a signal.
pub(crate) fn wait(ruby: &Ruby, gate: &Gate) -> Result<(), Error> {
    while !gate.is_open() {
        sleep(gate);
        if !gate.is_open() {
            ruby.thread_check_ints()?;
        }
    }
    Ok(())
}

/// One stay outside of the GVL. Between two of them Ruby may move its thread to another native one,
/// so each has its own handle of it.
struct Stay<'a> {
    gate: &'a Gate,
    woken: AtomicBool,
    thread: Thread,
}

fn sleep(gate: &Gate) {
    let stay = Stay {
        gate,
        woken: AtomicBool::new(false),
        thread: thread::current(),
    };
    *gate.sleeper() = Some(stay.thread.clone());
    let data = (&raw const stay).cast_mut().cast::<c_void>();
    let flags = (RB_NOGVL_INTR_FAIL | RB_NOGVL_UBF_ASYNC_SAFE) as i32;
    // SAFETY: `stay` outlives the call, and Ruby uses neither callback after it. `park` and `wake`
    // touch no Ruby object. With INTR_FAIL Ruby does not handle interrupts here, so nothing jumps.
    unsafe { rb_nogvl(Some(park), data, Some(wake), data, flags) };
}

/// # Safety
/// `data` points to a live [`Stay`].
unsafe extern "C" fn park(data: *mut c_void) -> *mut c_void {
    // SAFETY: see `sleep`.
    let stay = unsafe { &*data.cast::<Stay<'_>>() };
    while !stay.gate.is_open() && !stay.woken.load(Ordering::Acquire) {
        thread::park();
    }
    std::ptr::null_mut()
}

/// May run inside a signal handler: an atomic store and a futex call, no lock.
///
/// # Safety
/// `data` points to a live [`Stay`].
unsafe extern "C" fn wake(data: *mut c_void) {
    // SAFETY: see `sleep`.
    let stay = unsafe { &*data.cast::<Stay<'_>>() };
    stay.woken.store(true, Ordering::Release);
    stay.thread.unpark();
}

/// Tells Ruby that the methods defined from now on may be called in any Ractor.
pub(crate) fn allow_ractors() {
    // SAFETY: no argument but a flag; called from Init with the GVL.
    unsafe { rb_ext_ractor_safe(true) };
}
