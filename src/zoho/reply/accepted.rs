//! The answer that comes most: every record was taken. Read without a tree of values, which costs several times as
//! much; any other answer is read by the rest of this module.

use serde::Deserialize;

use super::{Saved, did};
use crate::flow::Response;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Vec<Item<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    code: &'a str,
    action: Option<&'a str>,
    #[serde(borrow)]
    details: Details<'a>,
}

#[derive(Deserialize)]
struct Details<'a> {
    id: Option<&'a str>,
    #[serde(rename = "Modified_Time")]
    modified: Option<&'a str>,
    #[serde(rename = "Created_Time")]
    created: Option<&'a str>,
}

/// What became of `count` records, if all were taken.
pub(super) fn all(response: &Response, count: usize) -> Option<Vec<Saved>> {
    if !response.is_success() {
        return None;
    }
    let Envelope { data } = serde_json::from_slice(&response.body).ok()?;
    let taken = data.len() == count && data.iter().all(|item| item.code == "SUCCESS");
    taken.then(|| data.into_iter().map(saved).collect())
}

fn saved(item: Item<'_>) -> Saved {
    let text = |given: Option<&str>| given.filter(|text| !text.is_empty()).map(str::to_owned);
    Saved {
        id: text(item.details.id),
        version: text(item.details.modified),
        made_at: text(item.details.created),
        did: did(item.action),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::one;
    use super::*;

    fn taken(id: &str) -> Value {
        let by = json!({"name": "Ana", "id": "1"});
        json!({"code": "SUCCESS", "status": "success", "message": "record added", "action": "insert",
            "details": {"id": id, "Created_Time": "2026-01-01T12:00:00+00:00", "Modified_By": by,
                "Modified_Time": "2026-01-02T12:00:00+00:00"}})
    }

    fn answer(items: &[Value]) -> Response {
        Response::new(200).with_body(json!({ "data": items, "info": {} }).to_string())
    }

    #[test]
    fn it_reads_what_the_tree_of_values_would() {
        let items = [
            taken("11"),
            taken(""),
            json!({"code": "SUCCESS", "details": {}}),
        ];
        let response = answer(&items);
        let slowly: Result<Vec<Saved>, _> = items.iter().map(|item| one(item, &response)).collect();
        assert_eq!(all(&response, 3), Some(slowly.expect("all were taken")));
    }

    #[test]
    fn any_other_answer_is_left_to_the_rest() {
        let numbered = json!({"code": "SUCCESS", "details": {"id": 11}});
        let refused = json!({"code": "INVALID_DATA", "details": {}});
        for other in [numbered, refused, json!(null), json!({"code": "SUCCESS"})] {
            assert_eq!(all(&answer(&[taken("11"), other]), 2), None);
        }
        assert_eq!(all(&answer(&[taken("11")]), 2), None);
        assert_eq!(all(&Response::new(200).with_body("<html>"), 1), None);
        let moved = Response {
            status: 302,
            ..answer(&[taken("11")])
        };
        assert_eq!(all(&moved, 1), None);
    }
}
