//! Panics: caught, counted, and told by their place only. What a panic says may quote a value, so
//! nobody gets to see it; and a host's stderr is the host's.
//!
//! A hook belongs to one copy of the standard library, and this library has its own: what other
//! extensions do about their panics stays as it is.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where panics are caught.
#[derive(Clone, Copy)]
pub(crate) enum Watch {
    /// In a native method: `PwbCrm::InternalError`.
    Call,
    /// On a thread of ours: the call that waits for it raises.
    Task,
    /// While Ruby's collector frees: nothing can be raised there, so they are only counted.
    Free,
}

static CALLS: AtomicU64 = AtomicU64::new(0);
static TASKS: AtomicU64 = AtomicU64::new(0);
static FREES: AtomicU64 = AtomicU64::new(0);

impl Watch {
    fn counter(self) -> &'static AtomicU64 {
        match self {
            Self::Call => &CALLS,
            Self::Task => &TASKS,
            Self::Free => &FREES,
        }
    }

    /// How many there were in this process.
    pub(crate) fn count(self) -> u64 {
        self.counter().load(Ordering::Relaxed)
    }
}

thread_local! {
    static WATCH: Cell<Option<Watch>> = const { Cell::new(None) };
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

/// The line of source that panicked.
#[derive(Clone, Debug)]
pub(crate) struct Place(String);

impl Place {
    fn of(info: &PanicHookInfo<'_>) -> Option<Self> {
        let location = info.location()?;
        Some(Self(format!(
            "{}:{}",
            short(location.file()),
            location.line()
        )))
    }

    /// What another thread, or none, has to say about a panic.
    pub(crate) fn unknown() -> Self {
        Self("an unknown place".to_owned())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A path without what it tells of the machine that compiled it: from the crate's own folder on.
fn short(path: &str) -> &str {
    let from = path.rfind("/src/").map_or(0, |src| {
        path.get(..src)
            .and_then(|above| above.rfind('/'))
            .map_or(0, |slash| slash + 1)
    });
    path.get(from..).unwrap_or(path)
}

/// Runs `body`; a panic in it comes back as its place.
pub(crate) fn catch<T>(watch: Watch, body: impl FnOnce() -> T) -> Result<T, Place> {
    let outer = WATCH.replace(Some(watch));
    let result = catch_unwind(AssertUnwindSafe(body));
    WATCH.set(outer);
    result.map_err(|_| PLACE.take().unwrap_or_else(Place::unknown))
}

/// Where this thread panicked last, if that was not told yet.
pub(crate) fn place() -> Option<Place> {
    PLACE.take()
}

/// Says that all panics of this thread are ours: tokio catches those that [`catch`] does not see.
pub(crate) fn watch_thread() {
    WATCH.set(Some(Watch::Task));
}

/// Keeps quiet about the panics that are caught. Others would go unseen, so they are still shown.
pub(crate) fn install_hook() {
    let shown = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !note(info) {
            shown(info);
        }
    }));
}

fn note(info: &PanicHookInfo<'_>) -> bool {
    match WATCH.try_with(Cell::get) {
        Ok(Some(watch)) if !ends_the_process(info) => {
            watch.counter().fetch_add(1, Ordering::Relaxed);
            PLACE.set(Place::of(info));
            true
        }
        _ => false,
    }
}

/// Whether this is the last message before an abort.
fn ends_the_process(info: &PanicHookInfo<'_>) -> bool {
    let message = info.payload().downcast_ref::<&str>();
    message.is_some_and(|message| {
        message.contains("cannot unwind") || message.contains("in a destructor during cleanup")
    })
}
