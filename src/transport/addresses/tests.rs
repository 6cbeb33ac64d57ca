//! One address of every block, on both sides of its edges.

use super::*;

fn of(ip: &str) -> Reach {
    ip.parse().map_or(Reach::Never, reach)
}

#[test]
fn public_addresses() {
    for ip in [
        "1.1.1.1",
        "8.8.8.8",
        "172.15.255.255",
        "172.32.0.1",
        "192.0.1.1",
        "198.17.255.255",
        "198.20.0.1",
        "223.255.255.255",
        "100.63.255.255",
        "100.128.0.1",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ] {
        assert_eq!(of(ip), Reach::Public, "{ip}");
    }
}

#[test]
fn private_addresses() {
    for ip in [
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "198.18.0.1",
        "::1",
        "fc00::1",
        "fd12:3456::1",
        "::ffff:127.0.0.1",
        "::ffff:a00:1",
        "64:ff9b::192.168.0.1",
    ] {
        assert_eq!(of(ip), Reach::Private, "{ip}");
    }
}

#[test]
fn addresses_nobody_may_call() {
    for ip in [
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "100.100.100.200",
        "168.63.129.16",
        "::",
        "::7f00:1",
        "::ffff:0:127.0.0.1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:808:808::1",
        "3fff::1",
        "5f00::1",
        "64:ff9b:1::1",
        "64:ff9b::169.254.169.254",
        "::ffff:169.254.169.254",
        "fd00:ec2::254",
        "fd20:ce::254",
    ] {
        assert_eq!(of(ip), Reach::Never, "{ip}");
    }
}

#[test]
fn private_addresses_need_leave_and_metadata_never_gets_it() {
    let ip = |text: &str| text.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    assert!(!allowed(ip("10.0.0.1"), false) && allowed(ip("10.0.0.1"), true));
    assert!(!allowed(ip("169.254.169.254"), true) && allowed(ip("8.8.8.8"), false));
    assert!(loopback(ip("127.9.9.9")) && loopback(ip("::1")) && loopback(ip("::ffff:7f00:1")));
    assert!(!loopback(ip("10.0.0.1")));
}
