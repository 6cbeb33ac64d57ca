//! The way from Ruby into Rust. Every native method is defined through [`native!`], which catches
//! panics: magnus would turn one into a `fatal` that ends the process.
//!
//! Arguments are converted before the guard, so methods take magnus types and Rust scalars only.

use magnus::error::ErrorType;
use magnus::{Error, Object, RHash, RModule, Ruby};

use crate::errors;
use crate::panics::{self, Watch};

#[cfg(panic = "abort")]
compile_error!(
    "pwb_crm needs panic = \"unwind\": its guard turns panics into PwbCrm::InternalError"
);

/// Runs the body of a native method; a panic in it becomes `PwbCrm::InternalError`. One within a callback of Ruby's,
/// such as for each pair of a Hash, is caught by magnus first, which makes a `fatal` of it,
/// a jump like that of a thread that is killed.
pub(crate) fn guard<T>(
    ruby: &Ruby,
    method: &str,
    body: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    match panics::catch(Watch::Call, body) {
        Ok(Err(error)) if matches!(error.error_type(), ErrorType::Jump(_)) => {
            let panicked = panics::place().map(|place| errors::panicked(ruby, method, &place));
            Err(panicked.unwrap_or(error))
        }
        Ok(result) => result,
        Err(place) => Err(errors::panicked(ruby, method, &place)),
    }
}

/// Drops what Ruby's collector frees; a panic there would end the process, so it is only counted.
pub(crate) fn discard<T>(value: Box<T>) {
    let _ = panics::catch(Watch::Free, || drop(value));
}

/// Defines a method (`method`) or a singleton method (`function`) of a class or module. magnus wants
/// the number of arguments as a literal.
macro_rules! native {
    (function $class:ident, $name:literal, $body:path, 0) => {
        $class.define_singleton_method(
            $name,
            ::magnus::function!(
                |ruby: &::magnus::Ruby| $crate::entry::guard(ruby, $name, || $body(ruby)),
                0
            ),
        )
    };
    (function $class:ident, $name:literal, $body:path, 1) => {
        $class.define_singleton_method(
            $name,
            ::magnus::function!(
                |ruby: &::magnus::Ruby, a| $crate::entry::guard(ruby, $name, || $body(ruby, a)),
                1
            ),
        )
    };
    (function $class:ident, $name:literal, $body:path, 2) => {
        $class.define_singleton_method(
            $name,
            ::magnus::function!(
                |ruby: &::magnus::Ruby, a, b| $crate::entry::guard(ruby, $name, || $body(
                    ruby, a, b
                )),
                2
            ),
        )
    };
    (function $class:ident, $name:literal, $body:path, 3) => {
        $class.define_singleton_method(
            $name,
            ::magnus::function!(
                |ruby: &::magnus::Ruby, a, b, c| {
                    $crate::entry::guard(ruby, $name, || $body(ruby, a, b, c))
                },
                3
            ),
        )
    };
    (method $class:ident, $name:literal, $body:path, 0) => {
        $class.define_method(
            $name,
            ::magnus::method!(
                |ruby: &::magnus::Ruby, this| $crate::entry::guard(ruby, $name, || $body(
                    ruby, this
                )),
                0
            ),
        )
    };
    (method $class:ident, $name:literal, $body:path, 1) => {
        $class.define_method(
            $name,
            ::magnus::method!(
                |ruby: &::magnus::Ruby, this, a| {
                    $crate::entry::guard(ruby, $name, || $body(ruby, this, a))
                },
                1
            ),
        )
    };
    (method $class:ident, $name:literal, $body:path, 2) => {
        $class.define_method(
            $name,
            ::magnus::method!(
                |ruby: &::magnus::Ruby, this, a, b| {
                    $crate::entry::guard(ruby, $name, || $body(ruby, this, a, b))
                },
                2
            ),
        )
    };
    (method $class:ident, $name:literal, $body:path, 3) => {
        $class.define_method(
            $name,
            ::magnus::method!(
                |ruby: &::magnus::Ruby, this, a, b, c| {
                    $crate::entry::guard(ruby, $name, || $body(ruby, this, a, b, c))
                },
                3
            ),
        )
    };
}

pub(crate) use native;

/// The panics that were caught in this process, by where.
fn panics(ruby: &Ruby) -> Result<RHash, Error> {
    let counts = ruby.hash_new();
    counts.aset(ruby.to_symbol("calls"), Watch::Call.count())?;
    counts.aset(ruby.to_symbol("tasks"), Watch::Task.count())?;
    counts.aset(ruby.to_symbol("frees"), Watch::Free.count())?;
    Ok(counts)
}

pub(crate) fn define(namespace: RModule) -> Result<(), Error> {
    native!(function namespace, "panics", panics, 0)
}
