//! Zoho's and Zendesk's credentials go to Zoho's and Zendesk's hosts, whatever a setting says.

use proptest::prelude::*;
use pwb_crm_core::flow::HostRule;

use super::guard::{checked, refused};

#[test]
fn only_listed_hosts_ever_get_a_credential() {
    for (address, rule) in [
        (
            "https://www.zohoapis.com/crm/v8/Contacts?fields=Email",
            HostRule::Zoho,
        ),
        ("https://sandbox.zohoapis.eu", HostRule::Zoho),
        ("https://accounts.zoho.eu/oauth/v2/token", HostRule::Zoho),
        ("https://accounts.zohocloud.ca", HostRule::Zoho),
        (
            "https://acme.zendesk.com/api/v2/tickets.json",
            HostRule::Zendesk,
        ),
        ("https://acme-2.zendesk.com", HostRule::Zendesk),
    ] {
        assert!(checked(address, rule, false).is_ok(), "{address}");
    }
    for address in [
        "https://www.zohoapis.com.evil.example/",
        "https://www.zohoapis.com@evil.example/",
        "https://evil.example/www.zohoapis.com",
        "https://evil.example#www.zohoapis.com",
        "https://evil.example?.zohoapis.com",
        "https://evilzohoapis.com/",
        "https://www.zohoapis.evil/",
        "https://www.zohoapis.com./",
        "https://www.zohoapis.com:8443/",
        "https://zohoapis.com/",
        "https://crm.zoho.com/",
        "http://www.zohoapis.com/",
        "https://acme.zendesk.com/",
        "https://127.0.0.1/",
        "https://8.8.8.8/",
    ] {
        refused(address, HostRule::Zoho, false);
    }
    for address in [
        "https://evil.example/?.zendesk.com",
        "https://evil.example#.zendesk.com",
        "https://evil.example\\.zendesk.com",
        "https://evil.example:443/.zendesk.com",
        "https://a:b@evil.example/.zendesk.com",
        "https://acme.zendesk.com.evil.example/",
        "https://acme.evil.zendesk.com/",
        "https://zendesk.com/",
        "https://.zendesk.com/",
        "https://evilzendesk.com/",
        "https://acme.zendesk.com:8443/",
        "http://acme.zendesk.com/",
        "https://www.zohoapis.com/",
        "https://8.8.8.8/",
    ] {
        refused(address, HostRule::Zendesk, false);
    }
}

#[test]
fn only_this_machine_may_stand_in_for_a_listed_host() {
    for rule in [HostRule::Zoho, HostRule::Zendesk] {
        for address in [
            "http://127.0.0.1:3000/",
            "http://localhost:1/",
            "https://[::1]:2/",
        ] {
            assert!(checked(address, rule, true).is_ok(), "{address}");
            refused(address, rule, false);
        }
        for address in [
            "http://192.168.1.1/",
            "https://10.0.0.1/",
            "https://evil.example/",
            "http://localhost.evil.example/",
        ] {
            refused(address, rule, true);
        }
    }
}

fn address() -> impl Strategy<Value = String> {
    let start = "(https?://|//|https:|)";
    let piece =
        "(www.zohoapis.com|acme.zendesk.com|accounts.zoho.eu|127.0.0.1|\\[::1\\]|evil.example)";
    let glue = "[a-z0-9@:/?#.%\\\\ \t\u{ff0e}-]{0,4}";
    let crafted = format!("{start}{glue}{piece}{glue}{piece}?{glue}");
    let crafted = proptest::string::string_regex(&crafted).expect("a pattern");
    prop_oneof![crafted, any::<String>(), "https?://\\PC{0,40}"]
}

proptest! {
    #[test]
    fn no_text_breaks_the_guard_and_what_passes_leads_where_it_may(
        address in address(), private in any::<bool>(),
    ) {
        for rule in [HostRule::Zoho, HostRule::Zendesk, HostRule::Public] {
            let Ok(url) = checked(&address, rule, private) else { continue };
            prop_assert!(url.username().is_empty() && url.password().is_none());
            prop_assert!(private || url.scheme() == "https");
            let host = url.host_str().unwrap_or_default();
            let here = private && ["127.0.0.1", "[::1]", "localhost"].contains(&host);
            let on_the_list = match rule {
                HostRule::Zoho => pwb_crm_core::zoho::hosts::is_zoho(host),
                HostRule::Zendesk => pwb_crm_core::zendesk::hosts::is_zendesk(host),
                HostRule::Public => true,
            };
            prop_assert!(here || on_the_list, "{address:?} leads to {host}");
        }
    }
}
