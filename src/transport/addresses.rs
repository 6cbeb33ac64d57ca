//! Which addresses are out on the public internet.
//!
//! After the registries of special-purpose addresses (IANA, RFC 6890 and its updates) and the
//! addresses at which clouds hand out credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Where an address lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// On the public internet.
    Public,
    /// On this machine or a private network: only with `allow_private_hosts`.
    Private,
    /// Link-local, metadata, reserved, multicast: no receiver ever lives there.
    Never,
}

/// Where `ip` lies. An IPv4 address inside an IPv6 one is judged as what it stands for.
fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| reach_v6(ip), reach_v4),
    }
}

/// Whether `ip` may be called.
pub(super) fn allowed(ip: IpAddr, allow_private_hosts: bool) -> bool {
    match reach(ip) {
        Reach::Public => true,
        Reach::Private => allow_private_hosts,
        Reach::Never => false,
    }
}

/// Whether `ip` is this machine.
pub(super) fn loopback(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => {
            ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback())
        }
    }
}

fn reach_v4(ip: Ipv4Addr) -> Reach {
    if METADATA_V4.contains(&ip) || NEVER_V4.iter().any(|net| net.contains(&ip)) {
        Reach::Never
    } else if PRIVATE_V4.iter().any(|net| net.contains(&ip)) {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_v6(ip: Ipv6Addr) -> Reach {
    if METADATA_V6.contains(&ip) || NEVER_V6.iter().any(|net| net.contains(&ip)) {
        Reach::Never
    } else if ip.is_loopback() || UNIQUE_LOCAL.contains(&ip) {
        Reach::Private
    } else if GLOBAL_UNICAST.contains(&ip) {
        Reach::Public
    } else {
        Reach::Never
    }
}

/// The IPv4 address behind `::ffff:a.b.c.d` or the well-known NAT64 prefix (RFC 6052), which a
/// resolver of an IPv6-only network (DNS64) gives for every public IPv4 host.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let nat64 = || {
        let [.., a, b, c, d] = ip.octets();
        NAT64.contains(&ip).then(|| Ipv4Addr::new(a, b, c, d))
    };
    ip.to_ipv4_mapped().or_else(nat64)
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix)
}

const NEVER_V4: [Ipv4Net; 9] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(169, 254, 0, 0, 16),  // link-local, most metadata services
    v4(192, 0, 0, 0, 24),    // protocol assignments, Oracle's metadata service
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relays
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, broadcast
];

const PRIVATE_V4: [Ipv4Net; 6] = [
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10), // carrier-grade NAT
    v4(127, 0, 0, 0, 8),
    v4(172, 16, 0, 0, 12),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15), // benchmarks
];

/// Alibaba's metadata service and Azure's wire server: both outside the blocks above.
const METADATA_V4: [Ipv4Addr; 2] = [
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
];

/// The metadata services of Amazon and Google, which sit among the unique local addresses.
const METADATA_V6: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// Inside 2000::/3, yet not of the public internet. Whatever lies outside it (link-local,
/// multicast, 100::/64, 5f00::/16, 64:ff9b:1::/48 …) is refused without a list.
const NEVER_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 0, 23),     // protocol assignments, Teredo
    v6(0x2001, 0xdb8, 0, 32), // documentation
    v6(0x2002, 0, 0, 16),     // 6to4
    v6(0x3fff, 0, 0, 20),     // documentation
];

const GLOBAL_UNICAST: Ipv6Net = v6(0x2000, 0, 0, 3);
const UNIQUE_LOCAL: Ipv6Net = v6(0xfc00, 0, 0, 7);
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

#[cfg(test)]
mod tests;
