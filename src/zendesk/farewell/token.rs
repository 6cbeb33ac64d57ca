//! The token of an account, ended.

use serde_json::Value;

use super::super::account::Account;
use super::super::desk::Desk;
use crate::error::{Error, Kind};
use crate::flow::{Flow, Method};

/// The path of the tokens.
const TOKENS: &str = "oauth/tokens";

/// Among them the one that the request is made with.
const CURRENT: &str = "current";

/// The flow that ends the token of `account`, and the refresh token with it. It is ended by its id,
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
    use crate::zendesk::fixtures::account;

    fn revoking() -> Flow<Result<(), Error>> {
        revoke(&account(json!({})))
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
}
