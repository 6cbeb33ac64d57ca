//! How far and how long a request may go.

use std::time::Duration;

use super::proxy::Proxy;
use super::roots::Roots;

/// The limits every request of a delivery keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The longest a request may take in all: name look-up, connect, upload, answer and its body.
    pub timeout: Duration,
    /// The longest a connection may take, name look-up and TLS included.
    pub connect_timeout: Duration,
    /// Whether loopback and private networks may be called, and plain HTTP on them. For
    /// development and tests; link-local and metadata addresses stay closed even then.
    pub allow_private_hosts: bool,
    /// The longest answer that is read, in bytes after decoding.
    pub max_response_bytes: usize,
    /// Certificates to trust besides the system's.
    pub roots: Option<Roots>,
    /// What every request goes through.
    pub proxy: Option<Proxy>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            allow_private_hosts: false,
            max_response_bytes: 2 * 1024 * 1024,
            roots: None,
            proxy: None,
        }
    }
}
