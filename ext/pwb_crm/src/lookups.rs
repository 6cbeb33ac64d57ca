//! Name look-ups by a script, to prove what becomes of names that lead inside, change their mind or
//! are dead. Not in a gem that is installed.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use magnus::{Error, Object, RHash, RModule, Ruby, value::ReprValue};

use crate::entry::native;
use crate::{convert, errors, runtime};

/// For each host its answers in turn, of which the last is repeated: seconds and addresses.
type Script = HashMap<String, VecDeque<Answer>>;
type Answer = (f64, Vec<IpAddr>);

static SCRIPT: Mutex<Option<Script>> = Mutex::new(None);
static IN_USE: AtomicBool = AtomicBool::new(false);

/// Hosts that are not in `script` are looked up as ever.
fn script(ruby: &Ruby, script: RHash) -> Result<(), Error> {
    let script: Script = convert::read(ruby, "script", script.as_value())?;
    *SCRIPT.lock().unwrap_or_else(PoisonError::into_inner) = Some(script);
    if IN_USE.swap(true, Ordering::AcqRel) {
        return Ok(());
    }
    runtime::look_up_with(Arc::new(look_up)).map_err(|why| errors::exhausted(ruby, &why))
}

fn next(host: &str) -> Option<Answer> {
    let mut script = SCRIPT.lock().unwrap_or_else(PoisonError::into_inner);
    let answers = script.as_mut()?.get_mut(host)?;
    match answers.len() {
        1 => answers.front().cloned(),
        _ => answers.pop_front(),
    }
}

/// Holds a thread of the runtime for as long as it takes, as the system does.
fn look_up(host: String) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
    let find = move || match next(&host) {
        None => {
            let found = (host.as_str(), 0).to_socket_addrs()?;
            Ok(found.map(|address| address.ip()).collect())
        }
        Some((seconds, addresses)) => {
            std::thread::sleep(Duration::from_secs_f64(seconds.clamp(0.0, 60.0)));
            Ok(addresses)
        }
    };
    Box::pin(async move { tokio::task::spawn_blocking(find).await? })
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    native!(function namespace, "script_lookups", script, 1)
}
