//! Zendesk's limits, kept on our side: what is over them is refused or, worse, cut in a character.

use sha2::{Digest, Sha256};
use unicode_segmentation::UnicodeSegmentation;

use crate::person::is_email;
use crate::text::cut;

/// Characters of a ticket's subject (copies of Zendesk's schemas; its own pages give no figure).
pub(super) const SUBJECT: usize = 150;
/// Bytes of a comment's body (Zendesk Ticketing API: Ticket Comments, 64 KB).
pub(super) const COMMENT_BYTES: usize = 65_535;
/// Characters of a name, a phone number, a field's value and an external id. No figures are
/// published: this is the usual width of such a column.
pub(super) const LINE: usize = 255;
/// Characters of one tag.
pub(super) const TAG: usize = 80;
/// Bytes of an e-mail address (RFC 5321, 4.5.3.1.3 with its brackets).
const EMAIL: usize = 254;
/// Characters of an idempotency key (Zendesk Ticketing API: Idempotency).
const KEY: usize = 255;

/// The body of a comment: `text` in at most [`COMMENT_BYTES`] bytes. Where it ends with `tail`,
/// the end of what stands before is cut.
pub(super) fn comment(text: &str, tail: &str) -> String {
    if text.len() <= COMMENT_BYTES {
        return text.to_owned();
    }
    let head = text.strip_suffix(tail).unwrap_or(text);
    let room = COMMENT_BYTES.saturating_sub(tail.len());
    let joined = format!("{}{tail}", cut_bytes(head, room));
    cut_bytes(&joined, COMMENT_BYTES).to_owned()
}

/// `text` in at most `limit` bytes, cut between graphemes.
fn cut_bytes(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let end = text
        .grapheme_indices(true)
        .map(|(start, grapheme)| start + grapheme.len())
        .take_while(|end| *end <= limit)
        .last()
        // One grapheme larger than the limit: half of it is better than nothing.
        .unwrap_or_else(|| floor(text, limit));
    text.get(..end).unwrap_or_default().trim_end()
}

fn floor(text: &str, limit: usize) -> usize {
    let boundary = |end: &usize| text.is_char_boundary(*end);
    (0..=limit).rev().find(boundary).unwrap_or_default()
}

/// A tag: spaces would split it, and only these characters are sure to pass.
pub(super) fn tag(text: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let tag: String = text.to_lowercase().chars().map(plain).take(TAG).collect();
    let tag = tag.trim_matches('_');
    (!tag.is_empty()).then(|| tag.to_owned())
}

/// An e-mail address that Zendesk can take.
pub(super) fn email(text: &str) -> Option<&str> {
    (is_email(text) && text.len() <= EMAIL).then_some(text)
}

/// Our name for a record at Zendesk: the same for every delivery of it, unique over all tenants.
pub(super) fn external_id(website: &str, kind: &str, id: &str) -> String {
    let whole = format!("pwb:{website}:{kind}:{id}");
    if whole.chars().count() <= LINE {
        return whole;
    }
    format!("pwb:{}", hex(&Sha256::digest(whole.as_bytes())))
}

/// An idempotency key for `event_id`, and for exactly this `body` where one is given.
pub(super) fn idempotency_key(event_id: &str, body: Option<&[u8]>) -> String {
    let digest = body.map(|body| format!("-{}", hex(&Sha256::digest(body))));
    let key = format!("{event_id}{}", digest.unwrap_or_default());
    if key.len() <= KEY && key.bytes().all(|b| b.is_ascii_graphic()) {
        return key;
    }
    hex(&Sha256::digest(key.as_bytes()))
}

/// `text` in at most [`LINE`] characters.
pub(super) fn short(text: &str) -> &str {
    cut(text, LINE)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_long_comment_keeps_its_tail_and_whole_characters() {
        let tail = "\n\nReference: ABC";
        let body = comment(&format!("{}{tail}", "👨‍👩‍👧".repeat(5_000)), tail);
        assert!(body.len() <= COMMENT_BYTES && body.ends_with(tail));
        let families = body.trim_end_matches(tail);
        assert_eq!(families.len() % "👨‍👩‍👧".len(), 0);
        assert_eq!(comment("short", tail), "short");
    }

    #[test]
    fn tags_are_plain_words() {
        assert_eq!(tag("Acme.Example com").as_deref(), Some("acme_example_com"));
        assert_eq!(tag("  ").as_deref(), None);
        assert_eq!(tag("日本").as_deref(), None);
    }

    #[test]
    fn addresses_that_are_none_are_left_out() {
        assert_eq!(email("a@b.example"), Some("a@b.example"));
        let long = format!("{}@b.example", "a".repeat(250));
        for bad in ["a@b", &long] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn external_ids_tell_tenants_and_kinds_apart() {
        assert_eq!(external_id("3", "message", "7"), "pwb:3:message:7");
        let long = "9".repeat(300);
        let (one, two) = (
            external_id("3", "user", &long),
            external_id("4", "user", &long),
        );
        assert!(one != two && one.len() <= LINE && one.starts_with("pwb:"));
    }

    #[test]
    fn a_key_is_the_event_or_the_event_with_its_body() {
        assert_eq!(idempotency_key("msg_1", None), "msg_1");
        let (one, two) = (
            idempotency_key("msg_1", Some(b"a")),
            idempotency_key("msg_1", Some(b"b")),
        );
        assert!(one.starts_with("msg_1-") && one != two);
        assert_eq!(idempotency_key("mé\r\n", None).len(), 64);
    }

    proptest! {
        #[test]
        fn nothing_is_over_its_limit(text in "(?s).{0,400}", times in 1usize..400) {
            let long = text.repeat(times);
            prop_assert!(comment(&long, "\n\ntail").len() <= COMMENT_BYTES);
            prop_assert!(external_id(&long, "message", &text).chars().count() <= LINE);
            prop_assert!(idempotency_key(&long, None).len() <= KEY);
            prop_assert!(tag(&long).is_none_or(|tag| tag.len() <= TAG));
            prop_assert!(cut_bytes(&long, 7).len() <= 7 && long.starts_with(cut_bytes(&long, 7)));
        }
    }
}
