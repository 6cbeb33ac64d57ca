//! Whose account a token opens (Zoho CRM v8: Organization API; scope `ZohoCRM.org.READ`).

use super::account::Account;
use super::client::Client;
use crate::error::Error;
use crate::flow::Flow;

/// The flow that asks for the number of the organisation: the same for all users and grants of it, and
/// nobody can make it up, because it is told to the token's owner alone.
pub fn organisation(account: &Account) -> Flow<Result<String, Error>> {
    let account = account.clone();
    Flow::new(move |io| async move {
        let answer = Client::new(io, account).organisation().await;
        answer.map_err(|refusal| refusal.error)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::Kind;
    use crate::flow::script::{Script, lines};
    use crate::zoho::tests::account;

    fn told(status: u16, body: Value) -> Result<String, Error> {
        let flow = organisation(&account(json!({})));
        let (requests, answer) = Script::new().reply(status, body).run(flow);
        assert_eq!(lines(&requests), ["GET /crm/v8/org"]);
        answer
    }

    #[test]
    fn its_number_is_told() {
        let body = json!({"org": [{"id": "4150869000000225013", "zgid": "712345678"}]});
        assert_eq!(told(200, body).expect("a number"), "712345678");
        let body = json!({"org": [{"id": "4150869000000225013"}]});
        assert_eq!(told(200, body).expect("a number"), "4150869000000225013");
    }

    #[test]
    fn a_refusal_is_an_error_and_so_is_an_answer_without_a_number() {
        let refused = json!({"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "status": "error"});
        assert_eq!(
            told(401, refused).expect_err("refused").kind,
            Kind::Permission
        );
        let dead = json!({"code": "INVALID_TOKEN", "details": {}, "status": "error"});
        assert_eq!(
            told(401, dead).expect_err("dead").kind,
            Kind::Authentication
        );
        for body in [
            json!({}),
            json!({"org": []}),
            json!({"org": [{"zgid": ""}]}),
        ] {
            assert_eq!(told(200, body).expect_err("unclear").kind, Kind::Remote);
        }
    }
}
