//! What is taken back at an account that is disconnected: the webhooks and triggers that were made
//! there, and the token.

use serde_json::Value;

use super::account::Account;
use super::desk::{Desk, query};
use crate::error::{Error, Kind};
use crate::flow::{Flow, Method};

/// The path of the tokens.
const TOKENS: &str = "oauth/tokens";

/// Among them the one that the request is made with.
const CURRENT: &str = "current";

/// Webhooks of one page, and the most pages: an account has far fewer.
const PAGE: &str = "100";
const MOST_PAGES: usize = 50;

/// What an unguessable key has at least.
const LEAST_PLACE: usize = 32;

/// What can be made at an account to tell of changes (Zendesk: Webhooks, Business rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Where events go.
    Webhook,
    /// What sends them.
    Trigger,
}

impl Hook {
    /// The one of this name: "webhook" or "trigger".
    ///
    /// # Errors
    /// `Configuration` for another.
    pub fn named(name: &str) -> Result<Self, Error> {
        match name {
            "webhook" => Ok(Self::Webhook),
            "trigger" => Ok(Self::Trigger),
            _ => Err(Error::new(
                Kind::Configuration,
                "a hook of Zendesk's is of the type webhook or trigger",
            )),
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Webhook => "webhooks",
            Self::Trigger => "triggers",
        }
    }
}

/// The flow that ends the token of `auth`, and the refresh token with it. It is ended by its id,
/// because ending it as `current` is said to leave it alive at times (support.zendesk.com
/// 4627188332186); where the id may not be read, that has to do.
pub fn revoke(account: &Account) -> Flow<Result<(), Error>> {
    let account = account.clone();
    Flow::new(move |io| async move {
        let mut desk = Desk::new(io, account);
        let current = desk.request(Method::Get, &format!("{TOKENS}/{CURRENT}"));
        let id = match desk.call(current).await {
            Ok(answer) => id_of(&answer.body),
            Err(error) if is_hidden(&error) => None,
            Err(error) => return Err(error),
        };
        let id = id.as_deref().unwrap_or(CURRENT);
        desk.delete(&format!("{TOKENS}/{id}")).await.map(drop)
    })
}

/// The flow that deletes one hook. One that is not there any more is fine.
///
/// # Errors
/// `Configuration` for an id that cannot be one.
pub fn remove(account: &Account, hook: Hook, id: &str) -> Result<Flow<Result<(), Error>>, Error> {
    if !is_id(id) {
        let message = "the id of a hook of Zendesk's has only letters and digits";
        return Err(Error::new(Kind::Configuration, message));
    }
    let path = format!("{}/{id}", hook.path());
    Ok(removal(account, Left::At(path)))
}

/// The flow that deletes the webhooks whose address has `place` in it, whoever made them. One that
/// cannot be deleted, because a trigger uses it, does not keep the others.
///
/// # Errors
/// `Configuration` for a place that is so short that others may have it.
pub fn remove_to(account: &Account, place: &str) -> Result<Flow<Result<(), Error>>, Error> {
    if place.len() < LEAST_PLACE {
        let message = "the place that webhooks are looked for by has to be nobody else's";
        return Err(Error::new(Kind::Configuration, message));
    }
    Ok(removal(account, Left::To(place.to_owned())))
}

/// What is to be deleted: what is at a path, or the webhooks to a place.
enum Left {
    At(String),
    To(String),
}

fn removal(account: &Account, left: Left) -> Flow<Result<(), Error>> {
    let account = account.clone();
    Flow::new(move |io| async move {
        let mut desk = Desk::new(io, account);
        let paths = match left {
            Left::At(path) => vec![path],
            Left::To(place) => webhooks_to(&mut desk, &place).await?,
        };
        let mut removed = Ok(());
        for path in paths {
            removed = removed.and(desk.delete(&path).await.map(drop));
        }
        removed
    })
}

/// Zendesk lists them page by page (Zendesk: List webhooks, Cursor pagination).
async fn webhooks_to(desk: &mut Desk, place: &str) -> Result<Vec<String>, Error> {
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

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn id_of(body: &Value) -> Option<String> {
    body.pointer("/token/id")?.as_u64().map(|id| id.to_string())
}

/// The token lives, and may not be asked about.
fn is_hidden(error: &Error) -> bool {
    matches!(error.kind, Kind::Permission | Kind::NotFound)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::flow::script::{Script, lines};
    use crate::zendesk::{Auth, BaseUrl};

    fn account() -> Account {
        Account::signed_in(
            BaseUrl::of_subdomain("acme").expect("a subdomain"),
            Auth::bearer(&"t0ken".into()).expect("a token"),
        )
    }

    fn revoking() -> Flow<Result<(), Error>> {
        revoke(&account())
    }

    #[test]
    fn a_token_is_ended_by_its_id() {
        let script = Script::new().reply(200, json!({"token": {"id": 42}}));
        let (requests, ended) = script.raw(204, "").run(revoking());
        ended.expect("ended");
        let asked = [
            "GET /api/v2/oauth/tokens/current",
            "DELETE /api/v2/oauth/tokens/42",
        ];
        assert_eq!(lines(&requests), asked);
    }

    #[test]
    fn where_its_id_may_not_be_read_it_is_ended_as_the_current_one() {
        for status in [403, 404] {
            let script = Script::new().reply(status, json!({"error": "Forbidden"}));
            let (requests, ended) = script.raw(204, "").run(revoking());
            ended.expect("ended");
            assert_eq!(requests.len(), 2);
            let last = lines(&requests).pop().expect("two");
            assert_eq!(last, "DELETE /api/v2/oauth/tokens/current");
        }
    }

    #[test]
    fn one_that_is_dead_is_told_and_what_may_pass_stays_retryable() {
        let (_, dead) = Script::new().reply(401, json!({})).run(revoking());
        assert_eq!(dead.expect_err("dead").kind, Kind::Authentication);
        let (_, down) = Script::new().reply(503, json!({})).run(revoking());
        assert!(down.expect_err("down").retryable());
    }

    #[test]
    fn a_hook_is_deleted_and_one_that_is_gone_is_fine() {
        for (hook, path) in [(Hook::Webhook, "webhooks"), (Hook::Trigger, "triggers")] {
            for status in [204, 404] {
                let flow = remove(&account(), hook, "01GAB").expect("an id");
                let (requests, ended) = Script::new().reply(status, json!({})).run(flow);
                ended.expect("gone");
                assert_eq!(lines(&requests), [format!("DELETE /api/v2/{path}/01GAB")]);
            }
        }
        for id in ["", "../users/1", "a b"] {
            assert!(remove(&account(), Hook::Webhook, id).is_err(), "{id}");
        }
        assert!(Hook::named("user").is_err());
    }
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
        let (requests, removed) = script.run(remove_to(&account(), PLACE).expect("a place"));
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
        let (_, removed) = script.run(remove_to(&account(), PLACE).expect("a place"));
        assert_eq!(removed.expect_err("refused").kind, Kind::Permission);
        for place in ["", "/", "/webhooks/zendesk/"] {
            assert!(remove_to(&account(), place).is_err(), "{place}");
        }
    }
}
