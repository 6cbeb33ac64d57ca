//! The notification channels that were made at an organisation (Zoho CRM v8: Notification APIs;
//! scope `ZohoCRM.notifications.DELETE`).

use super::account::Account;
use super::client::Client;
use crate::error::{Error, Kind};
use crate::flow::Flow;

/// The flow that removes one channel. One that is not there any more is fine. They go one by one:
/// what Zoho says of several of which one is gone it does not document.
///
/// # Errors
/// `Configuration` for an id that cannot be one.
pub fn remove_channel(account: &Account, id: &str) -> Result<Flow<Result<(), Error>>, Error> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = "the id of a notification channel of Zoho's has only digits";
        return Err(Error::new(Kind::Configuration, message));
    }
    let (account, id) = (account.clone(), id.to_owned());
    Ok(Flow::new(move |io| async move {
        let removed = Client::new(io, account).unsubscribe(&id).await;
        removed.map_err(|refusal| refusal.error)
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::flow::script::{Script, lines};
    use crate::zoho::tests::account;

    fn removing() -> Flow<Result<(), Error>> {
        remove_channel(&account(json!({})), "1000000068001").expect("an id")
    }

    fn told(script: Script) -> Result<(), Error> {
        let (requests, removed) = script.run(removing());
        assert_eq!(
            lines(&requests),
            ["DELETE /crm/v8/actions/watch?channel_ids=1000000068001"]
        );
        removed
    }

    fn item(code: &str) -> Value {
        json!({"code": code, "details": {"channel_id": "1000000068001"}, "message": "", "status": ""})
    }

    fn items(codes: &[&str]) -> Value {
        json!({"watch": codes.iter().map(|code| item(code)).collect::<Vec<_>>()})
    }

    #[test]
    fn it_is_removed_for_all_of_its_modules() {
        told(Script::new().reply(200, items(&["SUCCESS", "SUCCESS"]))).expect("removed");
        told(Script::new().raw(204, "")).expect("removed");
    }

    #[test]
    fn one_that_ran_out_is_fine() {
        for (status, body) in [
            (400, items(&["NOT_SUBSCRIBED"])),
            (207, items(&["SUCCESS", "NOT_SUBSCRIBED"])),
            (400, item("NOT_SUBSCRIBED")),
        ] {
            told(Script::new().reply(status, body)).expect("gone");
        }
    }

    #[test]
    fn whatever_else_is_said_is_an_error() {
        for (status, body, kind) in [
            (401, item("INVALID_TOKEN"), Kind::Authentication),
            (401, item("OAUTH_SCOPE_MISMATCH"), Kind::Permission),
            (207, items(&["SUCCESS", "NO_PERMISSION"]), Kind::Permission),
            (
                207,
                items(&["NOT_SUBSCRIBED", "INTERNAL_ERROR"]),
                Kind::Remote,
            ),
            (429, item("TOO_MANY_REQUESTS"), Kind::RateLimit),
            (200, json!({}), Kind::Remote),
        ] {
            let error = told(Script::new().reply(status, body)).expect_err("refused");
            assert_eq!(error.kind, kind, "{status}");
        }
        assert!(told(Script::new().lost()).expect_err("lost").retryable());
    }

    #[test]
    fn nothing_else_can_be_an_id() {
        for id in ["", "1,2", "1&x=y", "a"] {
            let error = remove_channel(&account(json!({})), id).err();
            assert_eq!(error.expect("refused").kind, Kind::Configuration, "{id}");
        }
    }
}
