//! The rows of `bin/bench native` without Ruby: plain threads that hand the core's flows to one runtime, as the gem's
//! Ruby threads do. What this costs is the least that the gem could.
//!
//! Speaks JSON by lines: a [`rows::Setting`] first, then a [`rows::Task`] each; answers a [`meter::Reading`].

mod deliveries;
mod meter;
mod rows;

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use rows::{Rows, Setting, Task};

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = stdin().lock().lines();
    let setting: Setting = match lines.next() {
        Some(line) => serde_json::from_str(&line?)?,
        None => return Ok(()),
    };
    let rows = Rows::new(setting)?;
    for line in lines {
        let task: Task = serde_json::from_str(&line?)?;
        let reading = rows.read(&task)?;
        println!("{}", serde_json::to_string(&reading)?);
        stdout().flush()?;
    }
    Ok(())
}
