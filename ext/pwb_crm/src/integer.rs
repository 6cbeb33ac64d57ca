//! Ruby's integers, which have any size, as the core's, which have 64 bits.
#![allow(unsafe_code)] // A C function that fills a buffer.

use std::ffi::c_void;

use magnus::Integer;
use magnus::rb_sys::AsRawValue;
use rb_sys::{
    INTEGER_PACK_2COMP, INTEGER_PACK_LSWORD_FIRST, INTEGER_PACK_NATIVE_BYTE_ORDER, rb_integer_pack,
};

/// The number, if it fits. Never raises, as Ruby's own conversion does, so nothing that is raised in this thread
/// meanwhile can be taken for its verdict.
pub(crate) fn narrow(number: Integer) -> Option<i64> {
    const FLAGS: u32 =
        INTEGER_PACK_LSWORD_FIRST | INTEGER_PACK_NATIVE_BYTE_ORDER | INTEGER_PACK_2COMP;
    let mut word = 0_i64;
    // SAFETY: an Integer, and room for one word of 8 bytes.
    let sign = unsafe {
        let words = (&raw mut word).cast::<c_void>();
        rb_integer_pack(number.as_raw(), words, 1, 8, 0, FLAGS as i32)
    };
    // Its 64 bits are those of an unsigned number, so the first of them must agree with the sign.
    (i64::from(sign) == word.signum()).then_some(word)
}
