//! `PwbCrm::Native::Pending`: requests under way that a fiber waits for through its scheduler. A pipe
//! becomes readable at the end, however it comes; no other Ruby thread is involved.

use std::io::PipeReader;
use std::os::fd::AsRawFd;
use std::sync::{Mutex, MutexGuard, PoisonError};

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::{Class, Error, Module, RArray, RModule, Ruby, TypedData};

use crate::entry::native;
use crate::errors;
use crate::task::Task;
use crate::work::Results;

type Underway = (Task<Box<dyn Results>>, PipeReader);

#[derive(TypedData)]
#[magnus(class = "PwbCrm::Native::Pending", free_immediately, size)]
pub(crate) struct Pending {
    underway: Mutex<Option<Underway>>,
}

impl DataTypeFunctions for Pending {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

impl Pending {
    pub(crate) fn new(task: Task<Box<dyn Results>>, bell: PipeReader) -> Self {
        Self {
            underway: Mutex::new(Some((task, bell))),
        }
    }

    fn underway(&self) -> MutexGuard<'_, Option<Underway>> {
        self.underway.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The descriptor that becomes readable; closed by `take` and `cancel`.
fn fileno(ruby: &Ruby, pending: Obj<Pending>) -> Result<i32, Error> {
    let fileno = pending
        .underway()
        .as_ref()
        .map(|(_, bell)| bell.as_raw_fd());
    fileno.ok_or_else(|| over(ruby))
}

fn is_done(_: &Ruby, pending: Obj<Pending>) -> Result<bool, Error> {
    Ok(pending
        .underway()
        .as_ref()
        .is_none_or(|(task, _)| task.is_done()))
}

fn take(ruby: &Ruby, pending: Obj<Pending>) -> Result<RArray, Error> {
    let (task, _bell) = pending.underway().take().ok_or_else(|| over(ruby))?;
    task.take(ruby)?.give(ruby)
}

/// Drops the requests, which closes their connections. Does nothing after the end.
fn cancel(_: &Ruby, pending: Obj<Pending>) -> Result<(), Error> {
    drop(pending.underway().take());
    Ok(())
}

fn over(ruby: &Ruby) -> Error {
    errors::internal(
        ruby,
        "this call was taken or cancelled already: make a new one",
    )
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("Pending", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(method class, "fileno", fileno, 0)?;
    native!(method class, "done?", is_done, 0)?;
    native!(method class, "take", take, 0)?;
    native!(method class, "cancel", cancel, 0)?;
    Ok(())
}
