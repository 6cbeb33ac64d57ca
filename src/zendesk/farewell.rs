//! What is taken back at an account that is disconnected: the webhooks and triggers that were made
//! there, and the token.

use serde_json::Value;

use super::account::Account;
use super::desk::Desk;
use crate::error::{Error, Kind};
use crate::flow::{Flow, Method};

/// The path of the tokens.
const TOKENS: &str = "oauth/tokens";

/// Among them the one that the request is made with.
const CURRENT: &str = "current";

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
        desk.delete(&format!("{TOKENS}/{id}")).await
    })
}

/// The flow that deletes one hook. One that is not there any more is fine.
///
/// # Errors
/// `Configuration` for an id that cannot be one.
pub fn remove(account: &Account, hook: Hook, id: &str) -> Result<Flow<Result<(), Error>>, Error> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let message = "the id of a hook of Zendesk's has only letters and digits";
        return Err(Error::new(Kind::Configuration, message));
    }
    let (account, path) = (account.clone(), format!("{}/{id}", hook.path()));
    Ok(Flow::new(move |io| async move {
        Desk::new(io, account).delete(&path).await
    }))
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
}
