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
    let mut body = Body::new(unpacked(incoming.headers_mut()), limit);
    let headers = headers(incoming.headers());
    let encoding = encoding(incoming.headers());
    let unread = |why| match why {
        Unread::TooLong => failure::too_long(host, status, limit),
        Unread::Garbled(why) => failure::garbled(&why, host, status),
    };
    while let Some(chunk) = incoming
        .chunk()
        .await
        .map_err(|error| failure::broken_off(&error, host, status))?
    {
        if let Some(encoding) = encoding.as_deref().filter(|_| !chunk.is_empty()) {
            return Err(failure::encoded(host, status, encoding));
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

/// Whether the body will be unpacked. Then it is not in the encoding, nor of the length, that the headers say.
fn unpacked(headers: &mut HeaderMap) -> bool {
    let packed = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| encoding == ENCODING);
    if packed {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    packed
}

/// The encoding that the body is still in.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let encodings = headers.get_all(CONTENT_ENCODING).iter();
    encodings
        .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
        .find(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity"))
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
    fn whatever_is_not_plain_is_an_encoding() {
        let of = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
                headers.append(CONTENT_ENCODING, value);
            }
            encoding(&headers)
        };
        for plain in [&[][..], &["identity"], &["Identity"], &[""]] {
            assert_eq!(of(plain), None);
        }
        for packed in [&["br"][..], &["identity", " br "]] {
            assert_eq!(of(packed).as_deref(), Some("br"));
        }
        assert!(of(&["bér"]).is_some());
    }
}
