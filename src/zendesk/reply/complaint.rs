//! Zendesk's error bodies, in all the shapes they come in.

use serde_json::Value;

use crate::error::Detail;
use crate::reply::word;
use crate::text::cut;

/// The longest description that is kept.
const LONGEST: usize = 200;
/// The most fields that are named.
const MOST: usize = 10;
/// The code of what is refused for its fields, each of which has a code of its own.
const FIELDS: &str = "RecordInvalid";

/// What Zendesk complains about.
pub(super) struct Complaint {
    /// Zendesk's code, for example `RecordInvalid`.
    pub(super) code: Option<String>,
    /// Complaints about single fields, values masked.
    pub(super) details: Vec<Detail>,
    fields: Vec<String>,
}

impl Complaint {
    /// Reads `{"error": "…" or {"title": …}, "details": {field: [{…}] or "…"} or "…"}` and
    /// `{"errors": [{"code": …}]}`; anything else complains about nothing in particular.
    pub(super) fn of(body: &Value) -> Self {
        let found = |pointer: &&str| body.pointer(pointer).and_then(Value::as_str).is_some();
        let pointers = ["/error", "/error/title", "/errors/0/code", "/code"];
        let code = pointers.iter().find(|pointer| found(pointer));
        let code = code.and_then(|pointer| body.pointer(pointer)?.as_str());
        let complaints = details(body.get("details"));
        Self {
            code: code.and_then(one_word),
            fields: complaints.iter().map(|(short, _)| short.clone()).collect(),
            details: complaints.into_iter().map(|(_, detail)| detail).collect(),
        }
    }

    /// The code that says most: that of the fields, where it is the same for all of them.
    pub(super) fn telling_code(&self) -> Option<String> {
        let said = self.code.as_deref()?;
        let mut codes = self.fields.iter().map(|field| field.rsplit(' ').next());
        let first = codes.next().flatten().filter(|_| said == FIELDS);
        let same = first.filter(|code| is_of_a_field(code) && codes.all(|one| one == first));
        Some(same.unwrap_or(said).to_owned())
    }

    /// ` (RecordInvalid, subject BlankValue)`: no values, so that it may be logged.
    pub(super) fn summary(&self) -> String {
        let parts: Vec<&str> = self
            .code
            .iter()
            .chain(&self.fields)
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.is_empty() {
            return String::new();
        }
        format!(" ({})", parts.join(", "))
    }
}

/// Whether it is known as the code of a field, with a cure of its own (Zendesk Ticketing API: Requests and responses).
fn is_of_a_field(code: &str) -> bool {
    matches!(
        code,
        "BlankValue"
            | "Invalid"
            | "DuplicateValue"
            | "InvalidFormat"
            | "InvalidValue"
            | "ValueTooLong"
            | "ValueTooShort"
            | "ClosedTicket"
    )
}

/// Sentences (`Couldn't authenticate you`) are no codes.
fn one_word(text: &str) -> Option<String> {
    word(text).filter(|_| !text.contains(char::is_whitespace))
}

fn details(details: Option<&Value>) -> Vec<(String, Detail)> {
    match details {
        Some(Value::Object(fields)) => fields
            .iter()
            .flat_map(|(field, value)| each(value).map(move |one| detail(field, one)))
            .take(MOST)
            .collect(),
        Some(text @ Value::String(_)) => vec![detail("", text)],
        _ => Vec::new(),
    }
}

fn each(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(many) => many.iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn detail(field: &str, complaint: &Value) -> (String, Detail) {
    let text = |key: &str| complaint.get(key).and_then(Value::as_str);
    let field = text("field_key").and_then(word).or_else(|| word(field));
    let code = text("error").and_then(one_word);
    let said = text("description").or(complaint.as_str()).map(masked);
    let parts = [code.clone(), said];
    let message = parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
    let short = [field.clone(), code].into_iter().flatten();
    let short = short.collect::<Vec<_>>().join(" ");
    (short, Detail { field, message })
}

/// `text` without e-mail addresses: Zendesk repeats the one it refuses.
fn masked(text: &str) -> String {
    let hide = |word: &str| if word.contains('@') { "…" } else { word }.to_owned();
    let words: Vec<String> = text.split_whitespace().map(hide).collect();
    cut(&words.join(" "), LONGEST).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: Value) -> (Option<String>, Vec<Detail>, String) {
        let complaint = Complaint::of(&body);
        let summary = complaint.summary();
        (complaint.code, complaint.details, summary)
    }

    #[test]
    fn codes_come_in_many_shapes() {
        for (body, code) in [
            (
                json!({"error": "RecordNotFound", "description": "Not found"}),
                Some("RecordNotFound"),
            ),
            (
                json!({"error": {"title": "Forbidden", "message": "no"}}),
                Some("Forbidden"),
            ),
            (
                json!({"errors": [{"code": "InvalidValue", "title": "x"}]}),
                Some("InvalidValue"),
            ),
            (json!({"error": "Couldn't authenticate you"}), None),
            (json!({"error": 5}), None),
            (json!([]), None),
        ] {
            assert_eq!(read(body).0.as_deref(), code);
        }
    }

    #[test]
    fn details_may_be_lists_texts_or_one_text() {
        let (_, details, summary) = read(json!({"error": "RecordInvalid", "details": {
            "email": [{"description": "Email: ana@example.com is already being used by another user",
                "error": "DuplicateValue"}],
            "base": "Requester is suspended"}}));
        let messages: Vec<&str> = details
            .iter()
            .map(|detail| detail.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "Requester is suspended",
                "DuplicateValue: Email: … is already being used by another user"
            ]
        );
        assert_eq!(summary, " (RecordInvalid, base, email DuplicateValue)");
        let (_, details, summary) = read(json!({"details": "Too bad"}));
        assert_eq!(
            details,
            [Detail {
                field: None,
                message: "Too bad".into()
            }]
        );
        assert_eq!(summary, "");
    }

    #[test]
    fn the_code_of_the_fields_says_most_where_they_agree() {
        let told = |codes: &[&str]| {
            let each = codes.iter().map(|code| json!({"error": code}));
            let body = json!({"error": FIELDS, "details": {"email": each.collect::<Vec<_>>()}});
            Complaint::of(&body).telling_code()
        };
        let listed = crate::catalogue_fixtures::of("zendesk").into_iter();
        let of_fields: Vec<_> = listed.filter(|entry| is_of_a_field(&entry.code)).collect();
        assert_eq!(of_fields.len(), 8);
        for entry in of_fields {
            let code = entry.code.as_str();
            assert_eq!(told(&[code, code]).as_deref(), Some(code));
            assert_eq!(entry.kind.as_deref(), Some("validation"), "{code}");
        }
        for codes in [&[][..], &["BlankValue", "DuplicateValue"], &["NewsOfToday"]] {
            assert_eq!(told(codes).as_deref(), Some(FIELDS), "{codes:?}");
        }
        let other = json!({"error": "Forbidden", "details": {"base": [{"error": "Invalid"}]}});
        assert_eq!(
            Complaint::of(&other).telling_code().as_deref(),
            Some("Forbidden")
        );
    }

    proptest! {
        #[test]
        fn any_json_is_read(text in "(?s).{0,300}", key in ".{0,9}", list in any::<bool>()) {
            let inner = if list { json!([{"description": text, "error": key}]) } else { json!(text) };
            let fields = serde_json::Map::from_iter([(key, inner)]);
            let (_, details, summary) = read(json!({"error": text, "details": fields}));
            prop_assert!(details.iter().all(|detail| !detail.message.contains('@')));
            prop_assert!(summary.chars().count() < 400);
        }
    }
}
