//! The host's words for status and priority in Zoho's, in this one place.
//!
//! Zoho's defaults for Cases: Status New, On Hold, Escalated, Closed; Priority High, Medium, Low.
//! ("Waiting for Input" and "Highest" belong to Tasks.) Both pick lists can be edited in each
//! organisation, so settings may override every word.

use std::collections::BTreeMap;

/// Words of a setting: the host's word to Zoho's. An empty word leaves the field alone.
pub type Overrides = BTreeMap<String, String>;

const CASE_STATUS: [(&str, &str); 5] = [
    ("open", "New"),
    // There is no word for it: it is what is neither on hold nor closed.
    ("in_progress", "New"),
    ("waiting_on_customer", "On Hold"),
    ("resolved", "Closed"),
    ("closed", "Closed"),
];
const NEW_CASE: &str = "New";

const CASE_PRIORITY: [(&str, &str); 4] = [
    ("low", "Low"),
    ("normal", "Medium"),
    ("high", "High"),
    ("urgent", "High"),
];
const COMMON_PRIORITY: &str = "Medium";

/// Zoho's Status for the host's word.
pub(super) fn case_status(word: Option<&str>, overrides: &Overrides) -> Option<String> {
    look_up(word, overrides, &CASE_STATUS, NEW_CASE)
}

/// Zoho's Priority for the host's word.
pub(super) fn case_priority(word: Option<&str>, overrides: &Overrides) -> Option<String> {
    look_up(word, overrides, &CASE_PRIORITY, COMMON_PRIORITY)
}

fn look_up(
    word: Option<&str>,
    overrides: &Overrides,
    table: &[(&str, &str)],
    otherwise: &str,
) -> Option<String> {
    let word = word.unwrap_or_default();
    let standard = || {
        let found = table.iter().find(|(ours, _)| *ours == word);
        found.map_or(otherwise, |(_, theirs)| theirs).to_owned()
    };
    Some(overrides.get(word).cloned().unwrap_or_else(standard)).filter(|theirs| !theirs.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_words_are_translated() {
        let none = Overrides::new();
        let status = |word| case_status(Some(word), &none);
        assert_eq!(status("waiting_on_customer").as_deref(), Some("On Hold"));
        assert_eq!(status("resolved").as_deref(), Some("Closed"));
        assert_eq!(status("martian").as_deref(), Some("New"));
        assert_eq!(case_status(None, &none).as_deref(), Some("New"));
        assert_eq!(
            case_priority(Some("urgent"), &none).as_deref(),
            Some("High")
        );
        assert_eq!(case_priority(None, &none).as_deref(), Some("Medium"));
    }

    #[test]
    fn a_setting_overrides_and_an_empty_word_says_nothing() {
        let overrides = Overrides::from([
            ("open".into(), "Neu".into()),
            ("in_progress".into(), String::new()),
        ]);
        assert_eq!(
            case_status(Some("open"), &overrides).as_deref(),
            Some("Neu")
        );
        assert_eq!(case_status(Some("in_progress"), &overrides), None);
        assert_eq!(
            case_status(Some("closed"), &overrides).as_deref(),
            Some("Closed")
        );
    }
}
