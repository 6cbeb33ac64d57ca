//! Hosts of Zoho and Zendesk.

pub(super) fn is_zoho(host: &str) -> bool {
    const ENDS: [&str; 10] = [
        "com", "eu", "in", "com.au", "jp", "com.cn", "ca", "sa", "uk", "ae",
    ];
    let api = ["www.zohoapis.", "sandbox.zohoapis.", "developer.zohoapis."]
        .iter()
        .find_map(|start| host.strip_prefix(start));
    let accounts = host
        .strip_prefix("accounts.zoho.")
        .filter(|end| *end != "ca");
    host == "accounts.zohocloud.ca" || api.or(accounts).is_some_and(|end| ENDS.contains(&end))
}

pub(super) fn is_zendesk(host: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    host.strip_suffix(".zendesk.com")
        .is_some_and(|name| !name.is_empty() && name.len() <= 63 && name.chars().all(good))
}
