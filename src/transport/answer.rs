//! Reading an answer, as far as the limit goes.

use reqwest::Response as Incoming;
use reqwest::header::HeaderMap;

use super::addresses::allowed;
use super::failure;
use super::policy::Policy;
use crate::error::{Error, Kind, Sent};
use crate::flow::Response;

/// The whole answer. Bytes are counted after decoding, so a small packed body cannot grow large.
pub(super) async fn read(
    mut incoming: Incoming,
    host: &str,
    policy: &Policy,
) -> Result<Response, Error> {
    came_from(&incoming, policy)?;
    let status = incoming.status().as_u16();
    let limit = policy.max_response_bytes;
    let announced = incoming.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(failure::too_long(host, status, limit));
    }
    let headers = headers(incoming.headers());
    let mut body = Vec::new();
    while let Some(chunk) = incoming
        .chunk()
        .await
        .map_err(|error| failure::broken_off(&error, host, status))?
    {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(failure::too_long(host, status, limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response {
        status,
        headers,
        body,
    })
}

// Never false while the resolver does its work: a second lock on the same door. Behind a proxy the
// peer is the proxy, whose address is the operator's choice.
fn came_from(incoming: &Incoming, policy: &Policy) -> Result<(), Error> {
    if policy.proxy.is_some() {
        return Ok(());
    }
    match incoming.remote_addr() {
        Some(peer) if !allowed(peer.ip(), policy.allow_private_hosts) => {
            let message = "the answer came from a private address; it was not read";
            Err(Error::new(Kind::BlockedAddress, message).with_sent(Sent::Yes))
        }
        _ => Ok(()),
    }
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}
