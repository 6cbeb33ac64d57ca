//! Ruby values to the core's structs and back. Ruby has checked and cleaned what comes in (see
//! lib/pwb_crm/input.rb), so a failure here is a fault of the gem. serde's own message is dropped:
//! it quotes values.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use magnus::error::ErrorType;
use magnus::{Error, IntoValue, Module, RHash, RString, Ruby, Value, value::ReprValue};
use pwb_crm_core::error::{Error as CoreError, Kind};
use pwb_crm_core::flow::Request;
use pwb_crm_core::shadow::ShadowKey;
use pwb_crm_core::text::cut;
use pwb_crm_core::transport::{Owner, Policy, Proxy, Roots};
use pwb_crm_core::zoho::Loopback;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_magnus::{deserialize, serialize};
use tokio::time::Instant;

use crate::errors::{self, OrRaise};
use crate::{bounds, trace};

/// The limits of a client, as Ruby names them.
#[derive(Deserialize)]
pub(crate) struct Limits {
    timeout: f64,
    open_timeout: f64,
    allow_private_hosts: bool,
    proxy: Option<String>,
    ca_file: Option<String>,
    allowed_ports: Option<Vec<u16>>,
    concurrency: Option<usize>,
    heavy: Option<usize>,
}

impl Limits {
    /// How many requests may be under way at once, where nobody says otherwise `usual`.
    pub(crate) fn at_a_time(&self, usual: usize) -> usize {
        self.concurrency.unwrap_or(usual)
    }

    /// Whether addresses of this machine pass for Zoho's.
    pub(crate) fn loopback(&self) -> Loopback {
        match self.allow_private_hosts {
            true => Loopback::Allowed,
            false => Loopback::Refused,
        }
    }

    /// What requests keep to.
    ///
    /// # Errors
    /// `PwbCrm::ConfigurationError` for a proxy that is none, or a file that holds no certificates.
    pub(crate) fn policy(&self, ruby: &Ruby) -> Result<Policy, Error> {
        let usual = Policy::default();
        let ports = self.allowed_ports.as_deref();
        let proxy = self.proxy.as_deref().map(Proxy::new).transpose();
        let roots = self.ca_file.as_ref().map(Path::new);
        Ok(Policy {
            timeout: seconds(self.timeout),
            connect_timeout: seconds(self.open_timeout),
            allow_private_hosts: self.allow_private_hosts,
            ports: ports.map_or(usual.ports, Into::into),
            proxy: proxy.or_raise(ruby)?,
            roots: roots.map(Roots::from_file).transpose().or_raise(ruby)?,
            heavy: self.heavy,
            ..usual
        })
    }

    /// The same for one integration, which is known by its shadow key.
    ///
    /// # Errors
    /// As [`Limits::policy`].
    pub(crate) fn policy_of(&self, ruby: &Ruby, shadow_key: RString) -> Result<Policy, Error> {
        Ok(Policy {
            owner: Some(Owner::new(&shadow_key.to_bytes())),
            ..self.policy(ruby)?
        })
    }
}

/// Characters of what serde says, which may quote a value of any size.
const LONGEST_WORDS: usize = 200;

/// More than anybody waits, and few enough to be added to any clock: 31 years.
const LONGEST: f64 = 1e9;

/// Any number as a duration; Ruby refuses the ones that are none.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.min(LONGEST)).unwrap_or(Duration::ZERO)
}

/// A moment of Ruby's monotonic clock, in seconds, on ours. None if it is too far off to matter. Ours
/// is read first: a process that is stopped in between finds the moment nearer, never farther.
///
/// # Errors
/// Only when somebody took the clock away.
pub(crate) fn moment(ruby: &Ruby, moment: f64) -> Result<Option<Instant>, Error> {
    let ours = Instant::now();
    let process = ruby.module_process();
    let clock: Value = process.const_get("CLOCK_MONOTONIC")?;
    let theirs: f64 = process.funcall("clock_gettime", (clock,))?;
    Ok(ours.checked_add(seconds(moment - theirs)))
}

/// A value as a struct.
///
/// # Errors
/// `PwbCrm::InternalError` naming the place below `what`.
pub(crate) fn read<T: DeserializeOwned>(ruby: &Ruby, what: &str, value: Value) -> Result<T, Error> {
    bounds::check(ruby, what, value)?;
    deserialize(ruby, value).or_else(|error: Error| {
        complaint(error)?;
        let place = trace::place::<T>(ruby, what, value)?;
        let fault = format!("the border: {place} has a value of the wrong kind");
        Err(errors::fault(ruby, &fault))
    })
}

/// Whether a value can be read as a struct of text: the caller's own, so what is wrong with it is theirs to hear.
///
/// # Errors
/// `PwbCrm::ConfigurationError` naming the place below `what`.
pub(crate) fn check<T: DeserializeOwned>(
    ruby: &Ruby,
    what: &str,
    value: RHash,
) -> Result<(), Error> {
    bounds::check(ruby, what, value.as_value())?;
    let read: Result<T, Error> = deserialize(ruby, value);
    read.map(drop).or_else(|error| {
        complaint(error)?;
        let place = trace::place::<T>(ruby, what, value.as_value())?;
        let message = format!("{place} must be a String, number, date, true, false or nil");
        Err(refusal(ruby, message))
    })
}

/// The settings of a tenant. They are no secret, so serde's words about a wrong one are kept.
///
/// # Errors
/// `PwbCrm::ConfigurationError` saying which words there are.
pub(crate) fn settings<T: DeserializeOwned>(ruby: &Ruby, value: RHash) -> Result<T, Error> {
    bounds::check(ruby, "settings", value.as_value())?;
    deserialize(ruby, value).or_else(|error: Error| {
        let words = complaint(error)?;
        let place = trace::place::<T>(ruby, "settings", value.as_value())?.replacen('.', ": ", 1);
        let words = cut(&words, LONGEST_WORDS);
        let message = format!("{place}: {words}. Correct it in the integration's settings");
        Err(refusal(ruby, message))
    })
}

/// What serde has to say about a value that [`bounds::check`] let through.
///
/// # Errors
/// What came out of Ruby instead, which is none of ours: reading calls a method of Ruby's now and then, and after
/// that Ruby raises whatever waits for this thread (a timeout, `Thread#raise`, `Thread#kill`).
pub(crate) fn complaint(error: Error) -> Result<Cow<'static, str>, Error> {
    match error.error_type() {
        ErrorType::Error(_class, words) => Ok(words.clone()),
        ErrorType::Jump(_) | ErrorType::Exception(_) => Err(error),
    }
}

fn refusal(ruby: &Ruby, message: String) -> Error {
    errors::exception(ruby, &CoreError::new(Kind::Configuration, message))
}

/// A struct or a list as Hash or Array; struct fields become Symbols, map keys Strings.
///
/// # Errors
/// Only when Ruby is out of memory.
pub(crate) fn write<T: serde::Serialize + ?Sized>(ruby: &Ruby, value: &T) -> Result<Value, Error> {
    serialize(ruby, value)
}

/// The key of the shadow's hashes.
pub(crate) fn shadow_key(bytes: RString) -> ShadowKey {
    ShadowKey::new(bytes.to_bytes().to_vec())
}

/// A request as `[method, url, headers, body]`.
///
/// # Errors
/// Only when Ruby is out of memory.
pub(crate) fn request(ruby: &Ruby, request: &Request) -> Result<Value, Error> {
    let headers: BTreeMap<_, _> = request.headers.iter().cloned().collect();
    let headers: RHash = ruby.hash_from_iter(headers);
    let body = request
        .body
        .as_deref()
        .map(|body| ruby.str_from_slice(body));
    let parts = (request.method.as_str(), request.url.as_str(), headers, body);
    Ok(parts.into_value_with(ruby))
}
