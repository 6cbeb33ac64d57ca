//! `PwbCrm::Native::Flow`: the work of one call, not yet done. `PwbCrm::Runner` runs it, natively or
//! request by request through a Ruby transport.

use std::sync::{Mutex, MutexGuard, PoisonError};

use magnus::typed_data::{DataTypeFunctions, Obj};
use magnus::{
    Class, Error, Module, RArray, RModule, RString, Ruby, TypedData, Value, value::ReprValue,
};
use pwb_crm_core::error::{Error as CoreError, Kind};
use pwb_crm_core::flow::{Flow as CoreFlow, Reply, Response};
use pwb_crm_core::transport::Policy;

use crate::entry::native;
use crate::fiber::Pending;
use crate::task::Task;
use crate::work::{Batch, Driven, Results, Work};
use crate::{convert, errors, runtime};

/// Work that was not begun, or is being done by hand.
#[derive(TypedData)]
#[magnus(class = "PwbCrm::Native::Flow", free_immediately, size)]
pub(crate) struct Flow {
    work: Mutex<Option<Box<dyn Work>>>,
    keys: Vec<String>,
}

impl DataTypeFunctions for Flow {
    fn free(self: Box<Self>) {
        crate::entry::discard(self);
    }
}

impl Flow {
    /// The core's flows of one call, so many of them at a time.
    pub(crate) fn of<T: Send + 'static>(
        flows: impl IntoIterator<Item = CoreFlow<T>>,
        policy: &Policy,
        concurrency: usize,
    ) -> Self
    where
        Vec<Option<T>>: Results,
    {
        let work = Batch::new(flows, policy, concurrency);
        Self {
            work: Mutex::new(Some(Box::new(work))),
            keys: Vec::new(),
        }
    }

    /// Of works with these keys, which may end in another order.
    pub(crate) fn with_keys(self, keys: Vec<String>) -> Self {
        Self { keys, ..self }
    }

    // Held for moments only, and never across a release of the GVL.
    fn work(&self) -> MutexGuard<'_, Option<Box<dyn Work>>> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn driven(&self, ruby: &Ruby, latest: Option<f64>) -> Result<Driven, Error> {
        let latest = latest
            .map(|latest| convert::moment(ruby, latest))
            .transpose()?;
        let work = self.work().take().ok_or_else(|| spent(ruby))?;
        let slot = runtime::current().map_err(|why| errors::exhausted(ruby, &why))?;
        Ok(work.drive(slot.http(), latest.flatten()))
    }

    fn advance(&self, ruby: &Ruby, reply: Option<Reply>) -> Result<Option<Value>, Error> {
        let next = match self.work().as_mut() {
            Some(work) => work.advance(reply),
            None => return Err(spent(ruby)),
        };
        next.map(|request| convert::request(ruby, &request))
            .transpose()
    }
}

fn drive(ruby: &Ruby, flow: Obj<Flow>, latest: Option<f64>) -> Result<RArray, Error> {
    let results = Task::start(ruby, flow.driven(ruby, latest)?)?.wait(ruby)?;
    results.give(ruby)
}

fn submit(ruby: &Ruby, flow: Obj<Flow>, latest: Option<f64>) -> Result<Pending, Error> {
    let (task, bell) = Task::start_with_bell(ruby, flow.driven(ruby, latest)?)?;
    Ok(Pending::new(task, bell))
}

fn begin(ruby: &Ruby, flow: Obj<Flow>) -> Result<Option<Value>, Error> {
    flow.advance(ruby, None)
}

fn reply(
    ruby: &Ruby,
    flow: Obj<Flow>,
    status: u16,
    headers: RArray,
    body: RString,
) -> Result<Option<Value>, Error> {
    let headers: Vec<(String, String)> = convert::read(ruby, "headers", headers.as_value())?;
    let body = body.to_bytes().to_vec();
    flow.advance(
        ruby,
        Some(Ok(Response {
            status,
            headers,
            body,
        })),
    )
}

fn fail(ruby: &Ruby, flow: Obj<Flow>, error: Value) -> Result<Option<Value>, Error> {
    let error: CoreError = convert::read(ruby, "error", error)?;
    flow.advance(ruby, Some(Err(error)))
}

fn take(ruby: &Ruby, flow: Obj<Flow>) -> Result<RArray, Error> {
    let results = match flow.work().as_mut() {
        Some(work) => work.take(),
        None => return Err(spent(ruby)),
    };
    results.give(ruby)
}

/// In the order of the works, where they may end in another.
fn keys(ruby: &Ruby, flow: Obj<Flow>) -> Result<RArray, Error> {
    Ok(ruby.ary_from_iter(flow.keys.iter().map(String::as_str)))
}

fn spent(ruby: &Ruby) -> Error {
    let message = "this flow was run already: call the client again for a new one";
    errors::exception(ruby, &CoreError::new(Kind::Internal, message))
}

pub(crate) fn define(ruby: &Ruby, namespace: RModule) -> Result<(), Error> {
    let class = namespace.define_class("Flow", ruby.class_object())?;
    class.undef_default_alloc_func();
    native!(method class, "drive", drive, 1)?;
    native!(method class, "submit", submit, 1)?;
    native!(method class, "begin", begin, 0)?;
    native!(method class, "reply", reply, 3)?;
    native!(method class, "fail", fail, 1)?;
    native!(method class, "take", take, 0)?;
    native!(method class, "keys", keys, 0)?;
    Ok(())
}
