//! Plain records: each field is named once, however many records have it.

use std::collections::BTreeSet;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::limits::limit;
use crate::text::cut;

/// A record's values, each with the place of its name.
pub type Row = Vec<(usize, Value)>;

/// Records as the host has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    names: Vec<String>,
    rows: Vec<Row>,
}

impl Records {
    /// Records whose values stand for the field at their place in `names`.
    pub fn new(names: Vec<String>, rows: Vec<Row>) -> Self {
        Self { names, rows }
    }

    /// As `module` takes them.
    pub(super) fn prepared(self, module: &str) -> Prepared {
        let fields: Vec<Field> = self
            .names
            .iter()
            .map(|name| Field::new(module, name))
            .collect();
        let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        let unlike = names.len() == fields.len();
        let rows = self
            .rows
            .into_iter()
            .map(|row| fitted(&fields, row, unlike));
        Prepared {
            rows: rows.collect(),
            fields,
        }
    }
}

impl FromIterator<Map<String, Value>> for Records {
    fn from_iter<I: IntoIterator<Item = Map<String, Value>>>(records: I) -> Self {
        let mut names: Vec<String> = Vec::new();
        let mut place = |name: String| {
            names
                .iter()
                .position(|known| *known == name)
                .unwrap_or_else(|| {
                    names.push(name);
                    names.len() - 1
                })
        };
        let records = records.into_iter();
        let rows = records.map(|record| {
            record
                .into_iter()
                .map(|(name, value)| (place(name), value))
                .collect()
        });
        let rows = rows.collect();
        Self { names, rows }
    }
}

/// Values that fit. Where two names mean the same field, the later value of a record stands.
fn fitted(fields: &[Field], row: Row, unlike: bool) -> Row {
    let mut fit: Row = Vec::with_capacity(row.len());
    for (place, value) in row {
        let Some(field) = fields.get(place) else {
            continue;
        };
        if !unlike {
            fit.retain(|(other, _)| {
                fields
                    .get(*other)
                    .is_none_or(|other| other.name != field.name)
            });
        }
        fit.push((place, field.fit(value)));
    }
    fit
}

/// Records as they are sent.
pub(super) struct Prepared {
    fields: Vec<Field>,
    rows: Vec<Row>,
}

impl Prepared {
    /// So many at a time.
    pub(super) fn chunks(&self, most: usize) -> impl Iterator<Item = Chunk<'_>> {
        self.rows.chunks(most).map(|rows| Chunk {
            fields: &self.fields,
            rows,
        })
    }
}

/// The records of one request.
#[derive(Clone, Copy)]
pub(super) struct Chunk<'a> {
    fields: &'a [Field],
    rows: &'a [Row],
}

impl Chunk<'_> {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The names of the fields that these have.
    pub(super) fn names(&self) -> BTreeSet<&String> {
        let places: BTreeSet<usize> = self
            .rows
            .iter()
            .flatten()
            .map(|(place, _)| *place)
            .collect();
        let fields = places
            .into_iter()
            .filter_map(|place| self.fields.get(place));
        fields.map(|field| &field.name).collect()
    }
}

impl Serialize for Chunk<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.rows.iter().map(|row| Fields {
            fields: self.fields,
            row,
        }))
    }
}

struct Fields<'a> {
    fields: &'a [Field],
    row: &'a Row,
}

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.row.len()))?;
        for (place, value) in self.row {
            if let Some(field) = self.fields.get(*place) {
                map.serialize_entry(&field.name, value)?;
            }
        }
        map.end()
    }
}

#[derive(Debug)]
struct Field {
    name: String,
    limit: Option<usize>,
}

impl Field {
    fn new(module: &str, given: &str) -> Self {
        let name = api_name(given);
        // Half of an e-mail address would be another one: Zoho is to refuse it.
        let limit = limit(module, &name).filter(|_| !name.ends_with("Email"));
        Self { name, limit }
    }

    fn fit(&self, value: Value) -> Value {
        match (value, self.limit) {
            (Value::String(text), Some(limit)) if text.len() > limit => cut(&text, limit).into(),
            (value, _) => value,
        }
    }
}

/// `first_name` as `First_Name`; what has a capital, `id` and `$`-names stand as they are.
fn api_name(name: &str) -> String {
    let is_snake = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_snake || name == "id" {
        return name.to_owned();
    }
    let words: Vec<String> = name.split('_').map(capitalised).collect();
    words.join("_")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(records: Value) -> Value {
        let records = records.as_array().cloned().unwrap_or_default();
        let records: Records = records
            .iter()
            .filter_map(|record| record.as_object().cloned())
            .collect();
        let prepared = records.prepared("Contacts");
        json!(prepared.chunks(100).collect::<Vec<_>>())
    }

    #[test]
    fn each_record_keeps_its_own_fields() {
        let given =
            json!([{"First_Name": "Ana"}, {"Email": "b@example.com", "First_Name": null}, {}]);
        assert_eq!(sent(given.clone()), json!([given]));
    }

    #[test]
    fn one_field_by_two_names_is_sent_once() {
        let names = ["First_Name", "first_name", "Phone"]
            .map(str::to_owned)
            .to_vec();
        let row = vec![(0, json!("Ana")), (2, json!("1")), (1, json!("Bea"))];
        let prepared = Records::new(names, vec![row]).prepared("Contacts");
        let chunk = prepared.chunks(1).next().expect("one");
        let text = serde_json::to_string(&chunk).expect("JSON");
        assert_eq!(text, r#"[{"Phone":"1","First_Name":"Bea"}]"#);
        let names: Vec<&str> = chunk.names().into_iter().map(String::as_str).collect();
        assert_eq!(names, ["First_Name", "Phone"]);
    }
}
