//! The webhooks of an account that send to a place. Zendesk lists them page by page (Zendesk: List
//! webhooks, Cursor pagination).

use serde_json::Value;

use super::super::desk::{Desk, query};
use super::is_id;
use crate::error::Error;
use crate::flow::Method;

/// Webhooks of one page, and the most pages: an account has far fewer.
const PAGE: &str = "100";
const MOST_PAGES: usize = 50;

/// The paths of those whose address has `place` in it.
pub(super) async fn webhooks_to(desk: &mut Desk, place: &str) -> Result<Vec<String>, Error> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = page(after.as_deref());
        let body = desk.call(desk.request(Method::Get, &page)).await?.body;
        paths_to(&body, place, &mut found);
        after = next(&body);
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

fn page(after: Option<&str>) -> String {
    let size = query("page[size]", PAGE);
    match after {
        Some(cursor) => format!("webhooks?{size}&{}", query("page[after]", cursor)),
        None => format!("webhooks?{size}"),
    }
}

fn paths_to(body: &Value, place: &str, found: &mut Vec<String>) {
    let Some(Value::Array(rows)) = body.get("webhooks") else {
        return;
    };
    for row in rows {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
        let id = text("id");
        if text("endpoint").contains(place) && is_id(id) {
            found.push(format!("webhooks/{id}"));
        }
    }
}

fn next(body: &Value) -> Option<String> {
    let more = body.pointer("/meta/has_more")?.as_bool()?;
    let cursor = body.pointer("/meta/after_cursor")?.as_str()?;
    more.then(|| cursor.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::remove_to;
    use super::*;
    use crate::error::Kind;
    use crate::flow::script::{Script, lines};
    use crate::zendesk::fixtures::account;

    const PLACE: &str = "/webhooks/zendesk/0123456789abcdef0123456789abcdef";

    fn listed(endpoints: &[(&str, &str)], after: Option<&str>) -> Value {
        let webhooks: Vec<Value> = endpoints
            .iter()
            .map(|(id, path)| json!({"id": id, "endpoint": format!("https://app.example{path}")}))
            .collect();
        json!({"webhooks": webhooks, "meta": {"has_more": after.is_some(), "after_cursor": after}})
    }

    #[test]
    fn webhooks_are_found_by_their_address_on_all_pages_and_only_those() {
        let other = "/webhooks/zendesk/0123456789abcdef0123456789abcdee";
        let below = format!("/api/crm{PLACE}");
        let first = listed(
            &[("01A", &below), ("01B", other), ("../1", PLACE)],
            Some("c="),
        );
        let script = Script::new().reply(200, first);
        let script = script.reply(200, listed(&[("01C", PLACE)], None));
        let script = script.reply(422, json!({"error": "in use"})).raw(204, "");
        let (requests, removed) =
            script.run(remove_to(&account(json!({})), PLACE).expect("a place"));
        assert!(removed.is_err());
        let asked = [
            "GET /api/v2/webhooks?page%5Bsize%5D=100",
            "GET /api/v2/webhooks?page%5Bsize%5D=100&page%5Bafter%5D=c%3D",
            "DELETE /api/v2/webhooks/01A",
            "DELETE /api/v2/webhooks/01C",
        ];
        assert_eq!(lines(&requests), asked);
    }

    #[test]
    fn where_they_may_not_be_listed_nothing_is_deleted() {
        let script = Script::new().reply(403, json!({"error": "Forbidden"}));
        let (_, removed) = script.run(remove_to(&account(json!({})), PLACE).expect("a place"));
        assert_eq!(removed.expect_err("refused").kind, Kind::Permission);
        for place in ["", "/", "/webhooks/zendesk/"] {
            assert!(remove_to(&account(json!({})), place).is_err(), "{place}");
        }
    }
}
