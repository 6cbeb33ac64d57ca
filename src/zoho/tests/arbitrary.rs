//! Answers nobody foresaw, made of the words Zoho uses.

use proptest::prelude::*;
use serde_json::{Value, json};

pub(in crate::zoho) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[A-Z_]{0,12}".prop_map(Value::from),
        Just(json!("SUCCESS")),
        Just(json!("INVALID_DATA")),
        Just(json!("DUPLICATE_DATA")),
        Just(json!("CONVERTED_RECORD")),
        Just(json!("42")),
    ];
    let key = prop_oneof![
        Just("data".to_owned()),
        Just("code".to_owned()),
        Just("details".to_owned()),
        Just("id".to_owned()),
        Just("duplicate_record".to_owned()),
        Just("module".to_owned()),
        Just("info".to_owned()),
        Just("more_records".to_owned()),
        Just("resource_path_index".to_owned()),
        Just("error".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(key.clone(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
