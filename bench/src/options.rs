//! What the sink is asked for.

use std::path::PathBuf;
use std::time::Duration;

use crate::state;

const USAGE: &str = "usage: sink [--latency MS] [--canned] [--tls CA_FILE]";

#[derive(Default)]
pub(crate) struct Options {
    /// How long each answer takes.
    pub(crate) latency: Duration,
    /// Whether Zoho's answers are ready-made.
    pub(crate) canned: bool,
    /// Where to write the certificate of the authority that signs the server's own.
    pub(crate) authority: Option<PathBuf>,
}

impl Options {
    /// # Errors
    /// How it is used, for words that are unknown.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--canned" => options.canned = true,
                "--latency" => options.latency = state::milliseconds(&value(words.next())?)?,
                "--tls" => options.authority = Some(value(words.next())?.into()),
                _ => return Err(USAGE.to_owned()),
            }
        }
        Ok(options)
    }
}

fn value(word: Option<String>) -> Result<String, String> {
    word.ok_or_else(|| USAGE.to_owned())
}
