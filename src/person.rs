//! What a person is called. Web forms put the whole name into the first name and leave the last
//! one empty, but remotes insist on a last name.

use crate::record::Contact;

/// The last name of somebody who left neither a name nor an e-mail address.
pub(crate) const NAMELESS: &str = "Website visitor";

/// A name in two parts, each on one line without spare blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// Everything but the last word, where there is more than one.
    pub(crate) first: Option<String>,
    /// Never empty.
    pub(crate) last: String,
}

impl Name {
    /// The name of `contact`: its own two parts; without a last name the last word of the whole
    /// name (kept in the first name by web forms, or shown as display name); without any name the
    /// local part of the e-mail address, else [`NAMELESS`].
    pub(crate) fn of(contact: &Contact) -> Self {
        let first = line(contact.first_name.get());
        match line(contact.last_name.get()) {
            Some(last) => Self { first, last },
            None => split(&whole_name(first, contact)),
        }
    }

    /// Both parts in one line.
    pub(crate) fn full(&self) -> String {
        match &self.first {
            Some(first) => format!("{first} {}", self.last),
            None => self.last.clone(),
        }
    }
}

/// The name to show for `contact` in one line: its display name, else [`Name::full`].
pub(crate) fn display_name(contact: &Contact) -> String {
    shown_name(contact).unwrap_or_else(|| Name::of(contact).full())
}

/// A first name of one word gives way to a display name of several.
fn whole_name(first: Option<String>, contact: &Contact) -> String {
    let shown = shown_name(contact);
    let fuller = shown.clone().filter(|name| name.contains(' '));
    let first_is_whole = first.as_ref().is_some_and(|name| name.contains(' '));
    first
        .filter(|_| first_is_whole || fuller.is_none())
        .or(fuller)
        .or(shown)
        .or_else(|| local_part(contact.email.get()))
        .or_else(|| local_part(contact.other_email.get()))
        .unwrap_or_else(|| NAMELESS.to_owned())
}

/// Hosts show the e-mail address where there is no name: that is none.
fn shown_name(contact: &Contact) -> Option<String> {
    line(contact.name.get()).filter(|name| !name.contains('@'))
}

fn split(whole: &str) -> Name {
    match whole.rsplit_once(' ') {
        Some((first, last)) if whole != NAMELESS => Name {
            first: Some(first.to_owned()),
            last: last.to_owned(),
        },
        _ => Name {
            first: None,
            last: whole.to_owned(),
        },
    }
}

fn local_part(email: Option<&str>) -> Option<String> {
    let (local, _) = email?.split_once('@')?;
    line(Some(local))
}

/// `text` on one line with single blanks; none where nothing is left.
pub(crate) fn line(text: Option<&str>) -> Option<String> {
    let words: Vec<&str> = text?.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Whether `text` can be an e-mail address at all: remotes refuse a record whole for one that
/// cannot.
pub(crate) fn is_email(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"[]@".contains(c);
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        let labels = domain.split('.').all(|label| !label.is_empty());
        !local.is_empty()
            && domain.contains('.')
            && labels
            && !local.contains(odd)
            && !domain.contains(odd)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn person(first: &str, last: &str, name: &str, email: &str) -> Contact {
        Contact {
            first_name: first.into(),
            last_name: last.into(),
            name: name.into(),
            email: email.into(),
            ..Contact::default()
        }
    }

    fn parts(contact: &Contact) -> (String, String) {
        let name = Name::of(contact);
        (name.first.unwrap_or_default(), name.last)
    }

    #[test]
    fn each_source_has_its_turn() {
        let cases = [
            (person("Ana", "Ruiz", "", ""), ("Ana", "Ruiz")),
            (person("John Doe", "", "", "j@x.example"), ("John", "Doe")),
            (person("Ana María Ruiz", " ", "", ""), ("Ana María", "Ruiz")),
            (person("Ana", "", "Ana Ruiz", ""), ("Ana", "Ruiz")),
            (person("Ana", "", "Ana", "a@x.example"), ("", "Ana")),
            (person("", "", "Ana Ruiz", ""), ("Ana", "Ruiz")),
            (
                person("", "", "a.ruiz@x.example", "a.ruiz@x.example"),
                ("", "a.ruiz"),
            ),
            (person("", "", "", ""), ("", NAMELESS)),
        ];
        for (contact, (first, last)) in cases {
            assert_eq!(parts(&contact), (first.to_owned(), last.to_owned()));
        }
    }

    #[test]
    fn addresses_are_told_from_what_is_none() {
        for good in ["a@b.example", "a.b+c@d.e.example", "ünï@cödé.example"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.example",
            "a@",
            "a b@c.example",
            "a@b@c.example",
            "Ana <a@b.example>",
            "a@b..example",
            "a@b.example.",
            "a@[127.0.0.1]",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn the_shown_name_is_the_display_name_else_both_parts() {
        assert_eq!(display_name(&person("A", "R", "Ana  Ruiz", "")), "Ana Ruiz");
        assert_eq!(
            display_name(&person("Ana", "Ruiz", "a@x.example", "")),
            "Ana Ruiz"
        );
    }

    proptest! {
        #[test]
        fn the_last_name_is_never_missing(
            first in ".{0,12}", last in ".{0,12}", name in ".{0,12}", email in ".{0,12}"
        ) {
            let name = Name::of(&person(&first, &last, &name, &email));
            prop_assert!(!name.last.trim().is_empty());
        }
    }
}
