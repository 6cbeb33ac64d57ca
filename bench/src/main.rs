//! A server on loopback that plays the remotes of a bench: Zoho CRM's record API, Zendesk's users and tickets, and a
//! webhook receiver. It answers at once, or after `--latency MS`, and counts what it is sent.
//!
//! ```text
//! sink [--latency MS]      prints the address it listens on; ends with its standard input
//!      [--canned]          answers an upsert into Zoho with 100 results, whatever was in it
//!      [--tls CA_FILE]     listens with TLS, too, and prints that address below; whom to trust is in the file
//! GET  /sink/counts        {"requests":3,"records":201}
//! POST /sink/reset?latency=20
//! ```

mod canned;
mod desk;
mod options;
mod routes;
mod server;
mod state;
mod tls;
mod zoho;

use std::error::Error;
use std::io::Read;

use options::Options;

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::read(std::env::args().skip(1))?;
    std::thread::spawn(end_with_parent);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(server::listen(&options))
}

/// Nobody leaves a server behind: a parent that dies closes the pipe.
fn end_with_parent() {
    let mut rest = Vec::new();
    let _ = std::io::stdin().read_to_end(&mut rest);
    std::process::exit(0);
}
