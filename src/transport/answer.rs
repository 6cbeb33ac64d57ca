//! Reading an answer, as far as the limit goes.

use std::net::SocketAddr;

use reqwest::Response as Incoming;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use super::addresses::allowed;
use super::body::{Body, Unread};
use super::failure;
use super::policy::Policy;
use crate::error::Error;
use crate::flow::Response;

/// The one encoding that is asked for and unpacked.
pub(super) const ENCODING: &str = "gzip";

/// The whole answer.
pub(super) async fn read(
    mut incoming: Incoming,
    host: &str,
    policy: &Policy,
) -> Result<Response, Error> {
    came_from(incoming.remote_addr(), host, policy)?;
    let status = incoming.status().as_u16();
    let limit = policy.max_response_bytes;
    let announced = incoming.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(failure::too_long(host, status, limit));
    }
    let codings = codings(incoming.headers());
    let packed = codings.eq_ignore_ascii_case(ENCODING);
    if packed {
        // It will be neither in the encoding, nor of the length, that the headers say.
        incoming.headers_mut().remove(CONTENT_ENCODING);
        incoming.headers_mut().remove(CONTENT_LENGTH);
    }
    let mut body = Body::new(packed, limit);
    let headers = headers(incoming.headers());
    let unread = |why| match why {
        Unread::TooLong => failure::too_long(host, status, limit),
        Unread::Garbled(why) => failure::garbled(&why, host, status),
    };
    while let Some(chunk) = incoming
        .chunk()
        .await
        .map_err(|error| failure::broken_off(&error, host, status))?
    {
        if !packed && !codings.is_empty() && !chunk.is_empty() {
            return Err(failure::encoded(host, status, &codings));
        }
        body.take(&chunk).await.map_err(unread)?;
    }
    Ok(Response {
        status,
        headers,
        body: body.whole().map_err(unread)?,
    })
}

// Never false while the resolver does its work: a second lock on the same door. Behind a proxy the
// peer is the proxy, whose address is the operator's choice.
fn came_from(peer: Option<SocketAddr>, host: &str, policy: &Policy) -> Result<(), Error> {
    match peer {
        _ if policy.proxy.is_some() => Ok(()),
        Some(peer) if allowed(peer.ip(), policy.allow_private_hosts) => Ok(()),
        _ => Err(failure::strange(host)),
    }
}

/// The encodings that the body is in, one after the other; of all header lines, as the body went through all.
fn codings(headers: &HeaderMap) -> String {
    let lines = headers.get_all(CONTENT_ENCODING).iter();
    let text: Vec<_> = lines
        .map(|line| String::from_utf8_lossy(line.as_bytes()))
        .collect();
    let names = text.iter().flat_map(|line| line.split(',')).map(str::trim);
    let told: Vec<_> = names
        .filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"))
        .collect();
    told.join(", ")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Kind, Sent};
    use reqwest::header::HeaderValue;

    #[test]
    fn an_answer_from_a_private_address_or_from_nowhere_is_not_read() {
        let from = |peer: Option<&str>| {
            let peer = peer.map(|peer| peer.parse().expect("an address"));
            came_from(peer, "hooks.example.com", &Policy::default())
        };
        assert_eq!(from(Some("8.8.8.8:443")), Ok(()));
        for peer in [
            None,
            Some("10.0.0.1:443"),
            Some("[::1]:443"),
            Some("169.254.169.254:80"),
        ] {
            let error = from(peer).expect_err("a private address");
            assert_eq!(
                (error.kind, error.sent),
                (Kind::BlockedAddress, Sent::Maybe)
            );
        }
    }

    #[test]
    fn all_encodings_of_an_answer_are_known() {
        let told = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                let line = HeaderValue::from_bytes(line.as_bytes()).expect("a header");
                headers.append(CONTENT_ENCODING, line);
            }
            codings(&headers)
        };
        for (lines, codings) in [
            (&[] as &[_], ""),
            (&["identity", ""], ""),
            (&["GZIP"], "GZIP"),
            (&["identity", " gzip "], "gzip"),
            (&["gzip", "br"], "gzip, br"),
            (&["gzip,gzip"], "gzip, gzip"),
            (&["bér"], "bér"),
        ] {
            assert_eq!(told(lines), codings);
        }
    }
}
