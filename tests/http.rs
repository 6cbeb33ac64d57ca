//! The transport against real sockets on this machine. Nothing here goes to the outside.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)]

mod transport;
