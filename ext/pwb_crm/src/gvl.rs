//! Waiting without the GVL, so that other Ruby threads run meanwhile.
//!
//! Ruby rings an [`Alarm`] for every interrupt of the waiting thread, also for a harmless one (a trap,
//! `Thread#wakeup`). So a wake-up cancels nothing: the thread takes the GVL, lets Ruby handle its
//! interrupts, and goes on waiting unless that raised. `rb_thread_call_without_gvl` is never used:
//! it checks interrupts itself and may longjmp over Rust frames.
#![allow(unsafe_code)] // Ruby's blocking region is a C API with callbacks.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
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
/// What an interrupt raised in this thread: `Thread#kill`, `Thread#raise`, a timeout, a signal. In
/// a process that was forked meanwhile, by a trap for example, what `forked` gives: there nobody is
/// left who would open the gate, and its lock may be held for ever.
pub(crate) fn wait(
    ruby: &Ruby,
    gate: &Gate,
    forked: impl Fn() -> Option<Error>,
) -> Result<(), Error> {
    while !gate.is_open() {
        sleep(gate);
        if !gate.is_open() {
            ruby.thread_check_ints()?;
            if let Some(error) = forked() {
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Ends a thread's stay outside of the GVL.
struct Alarm {
    rung: AtomicBool,
    sleeper: AtomicPtr<Thread>,
}

/// The alarm of the process' main thread.
///
/// Ruby may ring it within a signal handler, on any thread and without a lock: before it has stored
/// the data that goes with [`wake_main`], or when the stay is just over. So it takes no data, and
/// neither the alarm nor a handle of the thread that it once had is ever freed.
static MAIN: Alarm = Alarm {
    rung: AtomicBool::new(false),
    sleeper: AtomicPtr::new(ptr::null_mut()),
};

impl Alarm {
    fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        // SAFETY: null, or the handle in `sleep_anywhere`, or a leaked one.
        if let Some(sleeper) = unsafe { self.sleeper.load(Ordering::Acquire).as_ref() } {
            sleeper.unpark();
        }
    }

    /// For another stay of `thread`: the main thread is another one only after a fork.
    fn set(&'static self, thread: Thread) {
        // SAFETY: null or a leaked handle.
        let known = unsafe { self.sleeper.load(Ordering::Acquire).as_ref() };
        if known.is_none_or(|known| known.id() != thread.id()) {
            let leaked = Box::into_raw(Box::new(thread));
            self.sleeper.store(leaked, Ordering::Release);
        }
        self.rung.store(false, Ordering::Release);
    }
}

/// One stay outside of the GVL. Between two of them Ruby may move its thread to another native one,
/// so each asks anew which one it is.
struct Stay<'a> {
    gate: &'a Gate,
    alarm: &'a Alarm,
}

fn sleep(gate: &Gate) {
    let thread = thread::current();
    *gate.sleeper() = Some(thread.clone());
    if is_main() {
        MAIN.set(thread);
        let stay = Stay { gate, alarm: &MAIN };
        leave(
            &stay,
            wake_main,
            RB_NOGVL_INTR_FAIL | RB_NOGVL_UBF_ASYNC_SAFE,
        );
    } else {
        sleep_anywhere(gate, thread);
    }
}

fn sleep_anywhere(gate: &Gate, mut thread: Thread) {
    let alarm = Alarm {
        rung: AtomicBool::new(false),
        sleeper: AtomicPtr::new(&raw mut thread),
    };
    let stay = Stay {
        gate,
        alarm: &alarm,
    };
    leave(&stay, wake, RB_NOGVL_INTR_FAIL);
}

type Unblock = unsafe extern "C" fn(*mut c_void);

fn leave(stay: &Stay<'_>, unblock: Unblock, flags: u32) {
    let data = ptr::from_ref(stay).cast_mut().cast::<c_void>();
    // SAFETY: `stay` outlives the call. `park` and `unblock` touch no Ruby object, and `wake`, which
    // uses `stay`, is called under Ruby's lock and never after it. With INTR_FAIL Ruby does not
    // handle interrupts here, so nothing jumps.
    unsafe { rb_nogvl(Some(park), data, Some(unblock), data, flags as i32) };
}

/// Whether this is the thread that the process began with. Where nobody can tell, none is: Ruby
/// then wakes it from another thread.
fn is_main() -> bool {
    // SAFETY: none of them has a precondition.
    #[cfg(target_os = "linux")]
    return unsafe { libc::gettid() == libc::getpid() };
    // SAFETY: as above.
    #[cfg(any(target_vendor = "apple", target_os = "freebsd", target_os = "openbsd"))]
    return unsafe { libc::pthread_main_np() != 0 };
    #[allow(unreachable_code)]
    false
}

/// # Safety
/// `data` points to a live [`Stay`].
unsafe extern "C" fn park(data: *mut c_void) -> *mut c_void {
    // SAFETY: see `leave`.
    let stay = unsafe { &*data.cast::<Stay<'_>>() };
    while !stay.gate.is_open() && !stay.alarm.rung.load(Ordering::Acquire) {
        thread::park();
    }
    ptr::null_mut()
}

/// # Safety
/// `data` points to a live [`Stay`].
unsafe extern "C" fn wake(data: *mut c_void) {
    // SAFETY: see `leave`.
    unsafe { &*data.cast::<Stay<'_>>() }.alarm.ring();
}

/// May run within a signal handler: an atomic store and a futex call, no lock.
unsafe extern "C" fn wake_main(_: *mut c_void) {
    MAIN.ring();
}

/// Tells Ruby that the methods defined from now on may be called in any Ractor.
pub(crate) fn allow_ractors() {
    // SAFETY: no argument but a flag; called from Init with the GVL.
    unsafe { rb_ext_ractor_safe(true) };
}
