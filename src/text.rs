//! Leaves of a record: any scalar on the way in, cut to the remote's limits on the way out.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

/// A text leaf of a record. Absent, `null` and blank all read as none; a list or a map is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(Option<String>);

impl Text {
    /// A leaf holding `value`, cleaned of control characters; blank becomes none.
    pub fn new(value: &str) -> Self {
        let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        // Most text is clean, and need not be copied to be trimmed.
        let clean: Cow<'_, str> = match value.chars().all(|c| kept(&c)) {
            true => value.into(),
            false => value.chars().filter(kept).collect(),
        };
        let clean = clean.trim();
        Self((!clean.is_empty()).then(|| clean.to_owned()))
    }

    /// The text, if there is any.
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// True when there is no text.
    pub fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The text, or `other` where there is none.
    pub fn or<'a>(&'a self, other: &'a Self) -> &'a Self {
        if self.is_none() { other } else { self }
    }
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self::new(&text),
            Value::Number(number) => Self::new(&number.to_string()),
            Value::Bool(flag) => Self::new(&flag.to_string()),
            Value::Null => Self(None),
            Value::Array(_) => return Err(D::Error::custom("it must be text, but is a list")),
            Value::Object(_) => return Err(D::Error::custom("it must be text, but is a map")),
        })
    }
}

/// Cuts `text` to at most `limit` Unicode code points without splitting a grapheme (so no half of
/// an emoji is ever sent). Remote limits are counted in characters.
pub fn cut(text: &str, limit: usize) -> &str {
    if text.chars().count() <= limit {
        return text;
    }
    let mut used = 0;
    let end = text
        .grapheme_indices(true)
        .take_while(|(_, grapheme)| {
            used += grapheme.chars().count();
            used <= limit
        })
        .last()
        .map_or_else(
            // One grapheme larger than the limit: half of it is better than nothing.
            || text.char_indices().nth(limit).map_or(0, |(end, _)| end),
            |(start, grapheme)| start + grapheme.len(),
        );
    text.get(..end).unwrap_or_default().trim_end()
}

/// Cuts `body` so that `body` + `tail` fits in `limit` code points: the tail (a property block, a
/// reference marker) always survives.
pub fn cut_keeping_tail(body: &str, tail: &str, limit: usize) -> String {
    let room = limit.saturating_sub(tail.chars().count());
    let joined = format!("{}{tail}", cut(body, room));
    cut(&joined, limit).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaf(json: &str) -> Text {
        serde_json::from_str(json).expect(json)
    }

    #[test]
    fn scalars_read_as_text_and_blanks_as_none() {
        assert_eq!(leaf("\" Ana \"").get(), Some("Ana"));
        assert_eq!(leaf("42").get(), Some("42"));
        assert_eq!(leaf("true").get(), Some("true"));
        for none in ["null", "\"  \""] {
            assert!(leaf(none).is_none(), "{none}");
        }
    }

    #[test]
    fn what_is_no_scalar_is_refused_and_not_shown() {
        for (wrong, what) in [("[\"s3cret\"]", "a list"), ("{\"s3cret\":1}", "a map")] {
            let error = serde_json::from_str::<Text>(wrong).expect_err(wrong);
            let words = error.to_string();
            assert!(words.contains(what) && !words.contains("s3cret"), "{words}");
        }
    }

    #[test]
    fn control_characters_are_dropped_but_line_ends_stay() {
        assert_eq!(Text::new("a\u{0}b\nc\u{7}").get(), Some("ab\nc"));
    }

    #[test]
    fn a_family_emoji_is_cut_whole() {
        let family = "👨‍👩‍👧";
        assert_eq!(cut(&format!("ab{family}"), 4), "ab");
        assert_eq!(cut(&format!("ab{family}"), 7), format!("ab{family}"));
    }

    #[test]
    fn the_tail_survives_a_long_body() {
        let cut = cut_keeping_tail(&"x".repeat(500), "\nRef: PWB-1", 40);
        assert!(cut.ends_with("Ref: PWB-1") && cut.chars().count() <= 40);
    }

    proptest! {
        #[test]
        fn a_cut_is_a_prefix_within_the_limit(text in ".{0,80}", limit in 0usize..60) {
            let short = cut(&text, limit);
            prop_assert!(short.chars().count() <= limit);
            prop_assert!(text.starts_with(short));
        }
    }
}
