//! A server on loopback that plays the remotes of a bench: Zoho CRM's record API, Zendesk's users and tickets, and a
//! webhook receiver. It answers at once, or after `--latency MS`, and counts what it is sent.
//!
//! ```text
//! sink [--latency MS]      prints the address it listens on; ends with its standard input
//! GET  /sink/counts        {"requests":3,"records":201}
//! POST /sink/reset?latency=20
//! ```

mod desk;
mod routes;
mod server;
mod state;
mod zoho;

use std::error::Error;
use std::io::Read;
use std::time::Duration;

use state::State;

fn main() -> Result<(), Box<dyn Error>> {
    let latency = latency(std::env::args().skip(1))?;
    std::thread::spawn(end_with_parent);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(server::listen(State::new(latency)))
}

/// Nobody leaves a server behind: a parent that dies closes the pipe.
fn end_with_parent() {
    let mut rest = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut rest);
    std::process::exit(0);
}

fn latency(mut arguments: impl Iterator<Item = String>) -> Result<Duration, String> {
    match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => Ok(Duration::ZERO),
        (Some("--latency"), Some(milliseconds)) => state::milliseconds(&milliseconds),
        _ => Err("usage: sink [--latency MS]".to_owned()),
    }
}
