//! Which addresses (URLs) a request may go to. Checked before every request, whoever sends it; the
//! resolver then checks where the host name leads.
//!
//! What is sent to is the parsed address that [`check`] returns, never the text that came in: that
//! parser is the one of the HTTP client, so both read the same host.

use std::net::IpAddr;

use url::{Host, Url};

use super::addresses::{allowed, loopback};
use crate::error::{Error, Kind};
use crate::flow::HostRule;
use crate::{zendesk, zoho};

/// The parsed form of `address` if a request may go there.
///
/// # Errors
///
/// [`Kind::Configuration`] if it is no address at all, else [`Kind::BlockedAddress`]. The message
/// names the host and what to change, never the path or the query.
pub fn check(address: &str, rule: HostRule, allow_private_hosts: bool) -> Result<Url, Error> {
    let url = Url::parse(address).map_err(|_| no_address())?;
    let host = url.host().ok_or_else(no_address)?;
    let local = allow_private_hosts && here(&host, rule);
    plain(&url)?;
    scheme(&url, local)?;
    if !local {
        port(&url, rule, allow_private_hosts)?;
        match rule {
            HostRule::Zoho => listed(&host, "Zoho's", zoho::hosts::is_zoho)?,
            HostRule::Zendesk => listed(&host, "Zendesk's", zendesk::hosts::is_zendesk)?,
            HostRule::Public => public(&host, allow_private_hosts)?,
        }
    }
    Ok(url)
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

fn plain(url: &Url) -> Result<(), Error> {
    if url.username().is_empty() && url.password().is_none() {
        return Ok(());
    }
    Err(blocked("an address must not hold a user name or password"))
}

fn scheme(url: &Url, local: bool) -> Result<(), Error> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if local => Ok(()),
        _ => Err(blocked("an address must begin with https://")),
    }
}

fn port(url: &Url, rule: HostRule, allow_private_hosts: bool) -> Result<(), Error> {
    match (rule, url.port()) {
        (_, None) | (HostRule::Public, Some(8443)) => Ok(()),
        (HostRule::Public, Some(_)) if allow_private_hosts => Ok(()),
        (HostRule::Public, Some(port)) => Err(blocked(&format!(
            "port {port} may not be called, only 443 and 8443"
        ))),
        (_, Some(port)) => Err(blocked(&format!("port {port} may not be called, only 443"))),
    }
}

fn listed(host: &Host<&str>, whose: &str, on_the_list: fn(&str) -> bool) -> Result<(), Error> {
    match host {
        Host::Domain(name) if on_the_list(name) => Ok(()),
        _ => Err(blocked(&format!(
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
        blocked(&format!(
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

fn no_address() -> Error {
    Error::new(
        Kind::Configuration,
        "this is not an address; give one like https://hooks.example.com/crm",
    )
}

/// The error for an address that may not be called.
pub(super) fn blocked(why: &str) -> Error {
    Error::new(Kind::BlockedAddress, format!("nothing was sent: {why}"))
}
