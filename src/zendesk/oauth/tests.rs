use super::*;
use crate::flow::script::{Script, body, line};

fn client() -> Client {
    Client {
        id: "pwb".to_owned(),
        secret: "cl13nt".into(),
    }
}

fn refreshing() -> Flow<Result<Tokens, Error>> {
    let base = BaseUrl::of_subdomain("acme").expect("a subdomain");
    refresh(&base, &client(), &"r3fresh".into())
}

fn failed(status: u16, reply: Value) -> Error {
    let (_, ended) = Script::new().reply(status, reply).run(refreshing());
    ended.expect_err("a refusal")
}

#[test]
fn a_refresh_yields_the_next_pair() {
    let reply = json!({"access_token": "a2", "refresh_token": "r2", "token_type": "bearer",
        "expires_in": 86_400, "refresh_token_expires_in": 7_776_000, "scope": "read write"});
    let (requests, ended) = Script::new().reply(201, reply).run(refreshing());
    let tokens = ended.expect("tokens");
    assert_eq!(tokens.access_token.expose_secret(), "a2");
    let next = tokens
        .refresh_token
        .as_ref()
        .map(|token| token.expose_secret());
    assert_eq!((next, tokens.expires_in), (Some("r2"), Some(86_400)));
    let shown = format!("{tokens:?}");
    assert!(!shown.contains("a2") && !shown.contains("r2"), "{shown}");
    let request = requests.first().expect("one");
    assert_eq!(line(request), "POST /oauth/tokens");
    let expected = json!({"grant_type": "refresh_token", "refresh_token": "r3fresh",
        "client_id": "pwb", "client_secret": "cl13nt", "expires_in": 86_400,
        "refresh_token_expires_in": 7_776_000});
    assert_eq!(body(request), expected);
    assert!(request.fields.is_empty());
}

#[test]
fn a_dead_grant_asks_to_reconnect_and_a_wrong_client_to_correct_it() {
    let dead = failed(
        400,
        json!({"error": "invalid_grant", "error_description": "r3fresh"}),
    );
    assert_eq!(
        (dead.kind, dead.code.as_deref()),
        (Kind::Authentication, Some("invalid_grant"))
    );
    let client = failed(401, json!({"error": "invalid_client"}));
    assert_eq!(client.kind, Kind::Configuration);
    for error in [dead, client] {
        assert!(!error.message.contains("r3fresh"), "{error}");
    }
}

#[test]
fn what_may_pass_stays_retryable_and_a_lost_answer_says_maybe() {
    assert!(failed(503, json!({})).retryable());
    assert!(failed(429, json!({})).retryable());
    let (_, ended) = Script::new().raw(201, "{\"access_to").run(refreshing());
    assert_eq!(ended.expect_err("cut").sent, crate::error::Sent::Maybe);
    let (_, ended) = Script::new().reply(201, json!({})).run(refreshing());
    assert_eq!(ended.expect_err("empty").sent, crate::error::Sent::Maybe);
}
