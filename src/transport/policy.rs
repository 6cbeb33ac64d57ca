//! How far and how long a request may go.

use std::sync::Arc;
use std::time::Duration;

use super::proxy::Proxy;
use super::roots::Roots;
use super::share::Owner;

/// HTTPS, and where it is served by a process that is not root.
const PORTS: [u16; 2] = [443, 8443];

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
    /// The ports that may be called on hosts that are on no list, as webhooks are.
    pub ports: Arc<[u16]>,
    /// Whose requests they are.
    pub owner: Option<Owner>,
    /// The longest answer that is read, in bytes, both as it comes and unpacked.
    pub max_response_bytes: usize,
    /// Certificates to trust besides the system's.
    pub roots: Option<Roots>,
    /// What every request goes through.
    pub proxy: Option<Proxy>,
    /// Heavy requests at a time, where they are fewer than the remote takes: others share them.
    pub heavy: Option<usize>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            allow_private_hosts: false,
            ports: PORTS.into(),
            owner: None,
            max_response_bytes: 2 * 1024 * 1024,
            roots: None,
            proxy: None,
            heavy: None,
        }
    }
}
