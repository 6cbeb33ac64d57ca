//! Addresses that may be called, and the tricks that must not work.

use pwb_crm_core::error::{Error, Kind, Sent};
use pwb_crm_core::flow::HostRule;
use pwb_crm_core::transport::{Policy, guard};

use url::Url;

use super::SECRET;

pub(super) fn checked(address: &str, rule: HostRule, allow_private: bool) -> Result<Url, Error> {
    let policy = Policy {
        allow_private_hosts: allow_private,
        ..Policy::default()
    };
    guard::check(address, rule, &policy)
}

pub(super) fn refused(address: &str, rule: HostRule, allow_private: bool) {
    match checked(address, rule, allow_private) {
        Ok(url) => panic!("{address} passed as {url} for {rule:?}"),
        Err(error) => {
            let kinds = [Kind::BlockedAddress, Kind::Configuration];
            assert!(kinds.contains(&error.kind), "{address}: {error:?}");
            assert_eq!(error.sent, Sent::No);
            assert!(!error.message.contains(SECRET), "{error}");
        }
    }
}

#[test]
fn public_addresses_pass() {
    for address in [
        "https://hooks.example.com/crm?a=1",
        "https://hooks.example.com:443/",
        "https://hooks.example.com:8443/",
        "https://HOOKS.Example.COM",
        "https://münchen.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://local.example.com",
        "https://mylocal.example",
    ] {
        assert!(
            checked(address, HostRule::Public, false).is_ok(),
            "{address}"
        );
    }
}

#[test]
fn what_is_sent_to_is_the_parsed_address() {
    let url =
        checked("hTTps://EX\tample.com:443/a b", HostRule::Public, false).expect("an address");
    assert_eq!(url.as_str(), "https://example.com/a%20b");
}

#[test]
fn an_ipv4_address_is_four_plain_decimal_numbers() {
    for address in [
        "https://8.8.8.8",
        "HTTPS://8.8.8.8:443/",
        "https://8.8.8.8?a=https://134744072/",
        "https://8.8.8.8#a",
        " https://8.8.8.8 ",
    ] {
        assert!(
            checked(address, HostRule::Public, false).is_ok(),
            "{address}"
        );
    }
    for address in [
        "https://134744072/",
        "https://0x08080808/",
        "https://010.010.010.010/",
        "https://8.8.8.010/",
        "https://0x8.8.8.8/",
        "https://1.1/",
        "https://8.525320/",
        "https://8.8.2056/",
        "https://8.8.8.8./",
        "https://%38.8.8.8/",
        "https://8%2E8.8.8/",
        "https://①.①.①.①/",
        "https://８.８.８.８/",
        "https://8。8。8。8/",
        "https://8\t.8.8.8/",
        "https:8.8.8.8/",
        "https:///8.8.8.8/",
        "https:\\\\8.8.8.8/",
        "https:134744072://8.8.8.8/",
        "https://134744072//8.8.8.8/",
    ] {
        for allow_private in [false, true] {
            let error = checked(address, HostRule::Public, allow_private).expect_err(address);
            assert_eq!(error.kind, Kind::BlockedAddress, "{address}");
            assert!(
                error.message.contains("four decimal numbers"),
                "{address}: {error}"
            );
        }
    }
}

#[test]
fn tricks_are_refused() {
    for address in [
        // no address at all
        "",
        "   ",
        "hooks.example.com",
        "//hooks.example.com",
        "https://",
        "https:///",
        "mailto:a@example.com",
        "https://exa mple.com",
        "https://example.com:99999",
        // other schemes
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "javascript:alert(1)",
        // user names
        "https://user:s3cret@hooks.example.com/",
        "https://s3cret@hooks.example.com/",
        "https://@hooks.example.com/",
        "https://:@hooks.example.com/",
        "https://hooks.example.com@10.0.0.1/",
        // ports
        "https://hooks.example.com:22/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:6379/",
        // numbers that are no address
        "https://08.8.8.8/",
        "https://8.8.8.256/",
        // private addresses, in every writing
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://%31%32%37.0.0.1/",
        "https://１２７.０.０.１/",
        "https://①②⑦.0.0.1/",
        "https://127。0。0。1/",
        "https://1\t27.0.0.1/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://[::1]/",
        "https://[::]/",
        "https://[0:0:0:0:0:0:0:1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://[::127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fd00:ec2::254]/",
        "https://[fc00::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        // names that mean something only inside
        "https://localhost/",
        "https://LOCALHOST/",
        "https://ｌｏｃａｌｈｏｓｔ/",
        "https://localhost./",
        "https://app.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
        "https://db.internal./",
        "https://redis/",
        "https://wiki.corp/",
        "https://router.home.arpa/",
        "https://hooks.example.com./",
    ] {
        refused(address, HostRule::Public, false);
    }
}

#[test]
fn leave_for_private_hosts_opens_private_hosts_only() {
    for address in [
        "http://127.0.0.1:3000/",
        "http://localhost:3000/",
        "http://[::1]:3000/",
        "http://192.168.1.5:8080/",
        "https://10.0.0.1:8443/",
        "https://hooks.corp:9000/",
        "https://redis/",
    ] {
        assert!(
            checked(address, HostRule::Public, true).is_ok(),
            "{address}"
        );
        refused(address, HostRule::Public, false);
    }
    for address in [
        "http://hooks.example.com/",
        "http://8.8.8.8/",
        "http://169.254.169.254/",
        "https://169.254.169.254/",
        "https://[fd00:ec2::254]/",
        "ftp://127.0.0.1/",
        "http://user:s3cret@127.0.0.1/",
    ] {
        refused(address, HostRule::Public, true);
    }
}

#[test]
fn the_message_names_the_host_and_the_cure_but_not_the_rest() {
    let message = |address, rule| checked(address, rule, false).expect_err("refused").message;
    let told = message("https://10.0.0.1/hook?token=s3cret", HostRule::Public);
    assert!(
        told.contains("10.0.0.1") && told.contains("public host name"),
        "{told}"
    );
    assert!(!told.contains("hook?") && !told.contains(SECRET));
    let told = message("https://www.zohoapis.evil/", HostRule::Zoho);
    assert!(
        told.contains("Zoho") && told.contains("connect the account again"),
        "{told}"
    );
}
