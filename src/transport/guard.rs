//! Which addresses (URLs) a request may go to. Checked before every request, whoever sends it; the
//! resolver then checks where the host name leads.
//!
//! What is sent to is the parsed address that [`check`] returns, never the text that came in: that
//! parser is the one of the HTTP client, so both read the same host.

use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};

use url::{Host, ParseError, SyntaxViolation, Url};

use super::addresses::{allowed, loopback};
use super::policy::Policy;
use crate::error::{Error, Kind};
use crate::flow::HostRule;
use crate::{zendesk, zoho};

/// The parsed form of `address` if a request may go there. What that form is, is what is called,
/// stored and shown.
///
/// # Errors
///
/// [`Kind::Configuration`] if it is no address at all, else [`Kind::BlockedAddress`]. The message
/// names the host and what to change, never the path or the query.
pub fn check(address: &str, rule: HostRule, policy: &Policy) -> Result<Url, Error> {
    let url = parse(address)?;
    let host = url.host().ok_or_else(no_address)?;
    let local = policy.allow_private_hosts && here(&host, rule);
    scheme(&url, local)?;
    if !local {
        port(&url, rule, policy)?;
        match rule {
            HostRule::Zoho => listed(&host, "Zoho's", zoho::hosts::is_zoho)?,
            HostRule::Zendesk => listed(&host, "Zendesk's", zendesk::hosts::is_zendesk)?,
            HostRule::Public => public(&host, policy.allow_private_hosts)?,
        }
    }
    Ok(url)
}

/// [`check`] for a request that is about to be sent, by whomever.
///
/// # Errors
///
/// As [`check`]; the message says that nothing was sent.
pub fn permit(address: &str, rule: HostRule, policy: &Policy) -> Result<Url, Error> {
    check(address, rule, policy).map_err(|error| Error {
        message: format!("nothing was sent: {}", error.message),
        ..error
    })
}

/// The parsed form of `address`, wherever it leads: an address with a host, and no place for credentials
/// in it. That of empty ones is gone once it is parsed.
///
/// # Errors
///
/// As [`check`].
pub(crate) fn parse(address: &str) -> Result<Url, Error> {
    let credentials = Cell::new(false);
    let look = |violation| {
        if violation == SyntaxViolation::EmbeddedCredentials {
            credentials.set(true);
        }
    };
    let parser = Url::options().syntax_violation_callback(Some(&look));
    let url = parser.parse(address).map_err(unparsable)?;
    if url.host().is_none() {
        return Err(no_address());
    }
    if credentials.get() {
        return Err(refused("an address must not hold a user name or password"));
    }
    match url.host() {
        Some(Host::Ipv4(ip)) if !spelled_plainly(address, &url, ip) => Err(odd_number()),
        _ => Ok(url),
    }
}

/// Whether `address` writes `ip` as four plain decimal numbers where its host belongs: programs disagree
/// about what 010.8.8.8, 0x08080808 or 134744072 mean, and who writes so has something to hide.
fn spelled_plainly(address: &str, url: &Url, ip: Ipv4Addr) -> bool {
    let shown = address.trim_matches(|char| char <= ' ');
    let rest = shown.split_once("://").and_then(|(scheme, rest)| {
        let own = scheme.eq_ignore_ascii_case(url.scheme());
        own.then(|| rest.strip_prefix(&ip.to_string())).flatten()
    });
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?', '#', '\\']))
}

/// Hosts that stand in for the real ones in development and tests, over plain HTTP and on any port:
/// this machine, and for a webhook any private address.
fn here(host: &Host<&str>, rule: HostRule) -> bool {
    match (literal(host), host) {
        (Some(ip), _) if rule == HostRule::Public => loopback(ip) || private(ip),
        (Some(ip), _) => loopback(ip),
        (None, Host::Domain(name)) => *name == "localhost",
        (None, _) => false,
    }
}

fn private(ip: IpAddr) -> bool {
    allowed(ip, true) && !allowed(ip, false)
}

fn scheme(url: &Url, local: bool) -> Result<(), Error> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if local => Ok(()),
        _ => Err(refused("an address must begin with https://")),
    }
}

fn port(url: &Url, rule: HostRule, policy: &Policy) -> Result<(), Error> {
    let port = url.port_or_known_default().unwrap_or_default();
    let ports: &[u16] = match rule {
        HostRule::Public if policy.allow_private_hosts => return Ok(()),
        HostRule::Public => &policy.ports,
        HostRule::Zoho | HostRule::Zendesk => &[443],
    };
    if ports.contains(&port) {
        return Ok(());
    }
    let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
    let ports = ports.join(" and ");
    Err(refused(&format!(
        "port {port} may not be called, only {ports}"
    )))
}

fn listed(host: &Host<&str>, whose: &str, on_the_list: fn(&str) -> bool) -> Result<(), Error> {
    match host {
        Host::Domain(name) if on_the_list(name) => Ok(()),
        _ => Err(refused(&format!(
            "{host} is not one of {whose} hosts; connect the account again"
        ))),
    }
}

fn public(host: &Host<&str>, allow_private_hosts: bool) -> Result<(), Error> {
    let good = match (literal(host), host) {
        (Some(ip), _) => allowed(ip, allow_private_hosts),
        (None, Host::Domain(name)) => allow_private_hosts || public_name(name),
        (None, _) => false,
    };
    good.then_some(()).ok_or_else(|| {
        refused(&format!(
            "{host} is not on the public internet; give a public host name"
        ))
    })
}

fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
    }
}

/// Names that can only mean something inside a network (RFC 6761, 6762, 8375 and use).
const INSIDE: [&str; 11] = [
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "home",
    "lan",
    "arpa",
    "onion",
];

fn public_name(name: &str) -> bool {
    let inside = |end: &str| {
        name.strip_suffix(end)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    name.contains('.') && !name.ends_with('.') && !INSIDE.iter().any(|end| inside(end))
}

// A number that is no address, or an address with a zone: tricks, as far as anybody can tell.
fn unparsable(why: ParseError) -> Error {
    match why {
        ParseError::InvalidIpv4Address | ParseError::InvalidIpv6Address => {
            refused("the host is a number that is no public address; give a public host name")
        }
        ParseError::InvalidPort => {
            Error::new(Kind::Configuration, "the port is no number up to 65535")
        }
        _ => no_address(),
    }
}

fn odd_number() -> Error {
    refused(
        "the host is an IP address in an unusual spelling; write it as four decimal numbers, \
         like https://8.8.8.8/, or give a host name",
    )
}

fn no_address() -> Error {
    Error::new(
        Kind::Configuration,
        "this is not an address; give one like https://hooks.example.com/crm",
    )
}

fn refused(why: &str) -> Error {
    Error::new(Kind::BlockedAddress, why)
}
