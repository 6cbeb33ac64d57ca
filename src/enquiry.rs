//! What people read at the remote: an enquiry or a ticket's description, the facts below it, and a
//! short reference that a look-up can find again.

use crate::person::line;
use crate::record::{Message, Property};
use crate::text::{cut, cut_keeping_tail};

/// Zoho cuts rich text to 500 characters in lists (Zoho CRM v7/v8: Get records), some of them spent
/// on escapes. In a longer text the reference therefore stands first.
const SHOWN_IN_LISTS: usize = 400;
/// The longest value of one line in a block of facts.
const LONGEST_FACT: usize = 500;
/// Stands where nothing was written.
const NO_TEXT: &str = "(no message text)";

/// The text of an enquiry in at most `limit` characters: what was written, the property it is
/// about, and the reference (none if `reference` is blank).
pub(crate) fn text(message: &Message, reference: &str, limit: usize) -> String {
    let block = message.property.as_ref().map(property_block);
    let written = message.text.get().or(message.title.get());
    compose(
        written.unwrap_or(NO_TEXT),
        &block.unwrap_or_default(),
        reference,
        limit,
    )
}

/// `written`, a block of facts and the reference in at most `limit` characters; what was written is
/// cut first.
pub(crate) fn compose(written: &str, block: &str, reference: &str, limit: usize) -> String {
    let marker = marker(reference);
    let block = spaced(block);
    let whole = format!("{written}{block}{}", spaced(&marker));
    if marker.is_empty() || whole.chars().count() <= SHOWN_IN_LISTS.min(limit) {
        return cut_keeping_tail(written, &block_and(&block, &marker), limit);
    }
    cut_keeping_tail(&format!("{marker}\n\n{written}"), &block, limit)
}

/// The property's title, reference, price and link, a line each; empty if nothing is known.
pub(crate) fn property_block(property: &Property) -> String {
    facts(&[
        ("Property", property.title.get()),
        ("Reference", property.reference.get()),
        ("Price", property.price.get()),
        ("Link", property.url.get()),
    ])
}

/// `Name: value` on a line each, without those that have no value.
pub(crate) fn facts(pairs: &[(&str, Option<&str>)]) -> String {
    let lines: Vec<String> = pairs
        .iter()
        .filter_map(|(name, value)| Some((name, line(*value)?)))
        .map(|(name, value)| format!("{name}: {}", cut(&value, LONGEST_FACT)))
        .collect();
    lines.join("\n")
}

/// `Property Inquiry - …` with what names it best: the property's reference or title, the message's
/// own title, the day it came in.
pub(crate) fn subject(message: &Message) -> String {
    let property = message.property.as_ref();
    let about = property
        .and_then(|property| line(property.reference.get()).or(line(property.title.get())))
        .or_else(|| line(message.title.get()))
        .or_else(|| day(message.created_at.get()));
    match about {
        Some(about) => format!("Property Inquiry - {about}"),
        None => "Property Inquiry".to_owned(),
    }
}

/// The line that carries the reference; empty if `reference` is blank.
pub(crate) fn marker(reference: &str) -> String {
    match reference.trim() {
        "" => String::new(),
        reference => format!("Ref: {reference}"),
    }
}

/// Whether `text` carries exactly this reference (`PWB-12` is not in `PWB-123`).
pub(crate) fn carries(text: &str, reference: &str) -> bool {
    let reference = reference.trim();
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
    !reference.is_empty()
        && text
            .match_indices(reference)
            .any(|(at, found)| !goes_on(text.get(at + found.len()..).unwrap_or_default()))
}

fn block_and(block: &str, marker: &str) -> String {
    format!("{block}{}", spaced(marker))
}

fn spaced(part: &str) -> String {
    if part.is_empty() {
        return String::new();
    }
    format!("\n\n{part}")
}

fn day(iso: Option<&str>) -> Option<String> {
    let day: jiff::civil::Date = iso?.get(..10)?.parse().ok()?;
    Some(day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn enquiry(text: &str) -> Message {
        Message {
            text: text.into(),
            created_at: "2026-05-16T10:00:00Z".into(),
            property: Some(Property {
                title: "Luxury\nVilla".into(),
                reference: "ABC123".into(),
                url: "https://x.example/p".into(),
                ..Property::default()
            }),
            ..Message::default()
        }
    }

    #[test]
    fn the_property_and_the_reference_stand_below_the_text() {
        assert_eq!(
            text(&enquiry("Hello"), "PWB-1a", 1_000),
            "Hello\n\nProperty: Luxury Villa\nReference: ABC123\nLink: https://x.example/p\n\nRef: PWB-1a"
        );
        assert_eq!(text(&Message::default(), "", 100), NO_TEXT);
    }

    #[test]
    fn in_a_long_text_the_reference_stands_first_and_the_property_survives() {
        let long = text(&enquiry(&"x".repeat(900)), "PWB-1a", 600);
        assert!(long.starts_with("Ref: PWB-1a\n\nxxx"), "{long}");
        assert!(long.ends_with("Link: https://x.example/p") && long.chars().count() <= 600);
    }

    #[test]
    fn a_subject_names_the_property_else_the_title_else_the_day() {
        assert_eq!(subject(&enquiry("x")), "Property Inquiry - ABC123");
        let bare = Message {
            property: None,
            ..enquiry("x")
        };
        assert_eq!(subject(&bare), "Property Inquiry - 2026-05-16");
        assert_eq!(subject(&Message::default()), "Property Inquiry");
    }

    #[test]
    fn a_reference_is_found_whole() {
        assert!(carries("Hello\n\nRef: PWB-12", "PWB-12"));
        assert!(carries("<p>Ref: PWB-12</p>", "PWB-12"));
        assert!(!carries("Ref: PWB-123", "PWB-12"));
        assert!(!carries("anything", " "));
    }

    proptest! {
        #[test]
        fn within_the_limit_and_findable(written in ".{0,700}", reference in "PWB-[0-9a-f]{8}") {
            let text = compose(&written, "Property: x", &reference, 600);
            prop_assert!(text.chars().count() <= 600);
            let listed: String = text.chars().take(500).collect();
            prop_assert!(carries(&listed, &reference));
        }
    }
}
