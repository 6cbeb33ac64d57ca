//! What was made at an account to tell of changes, removed.

use super::super::account::Account;
use super::super::desk::Desk;
use super::is_id;
use super::listed::webhooks_to;
use crate::error::{Error, Kind};
use crate::flow::Flow;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::flow::script::{Script, lines};
    use crate::zendesk::fixtures::account;

    #[test]
    fn a_hook_is_deleted_and_one_that_is_gone_is_fine() {
        for (hook, path) in [(Hook::Webhook, "webhooks"), (Hook::Trigger, "triggers")] {
            for status in [204, 404] {
                let flow = remove(&account(json!({})), hook, "01GAB").expect("an id");
                let (requests, ended) = Script::new().reply(status, json!({})).run(flow);
                ended.expect("gone");
                assert_eq!(lines(&requests), [format!("DELETE /api/v2/{path}/01GAB")]);
            }
        }
        for id in ["", "../users/1", "a b"] {
            assert!(
                remove(&account(json!({})), Hook::Webhook, id).is_err(),
                "{id}"
            );
        }
        assert!(Hook::named("user").is_err());
    }
}
