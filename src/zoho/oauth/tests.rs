use serde_json::{Value, json};

use super::*;
use crate::error::Sent;
use crate::flow::script::{Script, lines};

fn app() -> App {
    App::new(
        "https://accounts.zoho.eu",
        "id",
        "s3cret".into(),
        Loopback::Refused,
    )
    .expect("an app")
}

fn form(request: &Request) -> Vec<(String, String)> {
    let bytes = request.body.as_deref().expect("a form");
    url::form_urlencoded::parse(bytes).into_owned().collect()
}

fn refreshed(script: Script) -> Result<Tokens, Error> {
    script.run(refresh(&app(), &"r3fresh".into())).1
}

fn granted(body: Value) -> Tokens {
    refreshed(Script::new().reply(200, body)).expect("tokens")
}

#[test]
fn a_refresh_is_a_form_and_nothing_secret_is_in_the_address() {
    let script = Script::new().reply(
        200,
        json!({"access_token": "new", "api_domain": "https://www.zohoapis.eu", "expires_in": 3600}),
    );
    let (requests, tokens) = script.run(refresh(&app(), &"r3fresh".into()));
    assert_eq!(lines(&requests), ["POST /oauth/v2/token"]);
    let pairs: Vec<_> = form(&requests[0]);
    let expected = [
        ("client_id", "id"),
        ("client_secret", "s3cret"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "r3fresh"),
    ];
    assert_eq!(
        pairs,
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let tokens = tokens.expect("tokens");
    assert_eq!(tokens.access_token.expose_secret(), "new");
    assert!(tokens.refresh_token.is_none());
    let shown = format!("{tokens:?} {:?} {:?}", requests[0], app());
    assert!(
        !shown.contains("\"new\"") && !shown.contains("s3cret") && !shown.contains("r3fresh"),
        "{shown}"
    );
}

#[test]
fn a_code_is_exchanged_with_its_redirect_address() {
    let script = Script::new().reply(200, json!({"access_token": "a", "refresh_token": "r"}));
    let (requests, tokens) = script.run(exchange(&app(), "c0de".into(), "https://a.example/cb"));
    let pairs = form(&requests[0]);
    assert!(pairs.contains(&("redirect_uri".to_owned(), "https://a.example/cb".to_owned())));
    assert!(pairs.contains(&("code".to_owned(), "c0de".to_owned())));
    assert_eq!(
        tokens
            .expect("tokens")
            .refresh_token
            .expect("one")
            .expose_secret(),
        "r"
    );
}

#[test]
fn the_life_of_a_token_has_its_quirks() {
    let life = |more: Value| {
        let mut body = json!({"access_token": "a"});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().cloned().expect("members"));
        granted(body).expires_in
    };
    assert_eq!(life(json!({})), 3_600);
    assert_eq!(life(json!({"expires_in": 1_800})), 1_800);
    assert_eq!(life(json!({"expires_in": "1800"})), 1_800);
    assert_eq!(
        life(json!({"expires_in": 3_600_000, "expires_in_sec": 3_600})),
        3_600
    );
    assert_eq!(life(json!({"expires_in": "soon"})), 3_600);
}

#[test]
fn a_failure_with_status_200_is_one() {
    let cases = [
        ("invalid_code", Kind::Authentication),
        ("invalid_client", Kind::Authentication),
        ("invalid_client_secret", Kind::Authentication),
        ("redirect_uri_mismatch", Kind::Configuration),
        ("general_error", Kind::Remote),
    ];
    for (said, kind) in cases {
        let error =
            refreshed(Script::new().reply(200, json!({"error": said}))).expect_err("refused");
        assert_eq!(
            (error.kind, error.code.as_deref(), error.sent),
            (kind, Some(said), Sent::Yes)
        );
    }
}

#[test]
fn a_throttled_client_waits_ten_minutes() {
    let body =
        json!({"error": "Access Denied", "error_description": "too many requests continuously"});
    let error = refreshed(Script::new().reply(200, body)).expect_err("refused");
    assert_eq!(
        (error.kind, error.retry_after),
        (Kind::RateLimit, Some(600))
    );
}

#[test]
fn lost_and_broken_answers_are_errors() {
    assert_eq!(
        refreshed(Script::new().lost()).expect_err("lost").kind,
        Kind::Timeout
    );
    assert_eq!(
        refreshed(Script::new().raw(502, "<html>"))
            .expect_err("page")
            .kind,
        Kind::Remote
    );
    assert_eq!(
        refreshed(Script::new().reply(500, json!({})))
            .expect_err("fault")
            .kind,
        Kind::Remote
    );
}

#[test]
fn a_token_is_revoked_also_when_it_was_gone() {
    for (status, body) in [
        (200, json!({"status": "success"})),
        (400, json!({"error": "invalid_token"})),
        (200, json!({"error": "invalid_code"})),
    ] {
        let (requests, result) = Script::new()
            .reply(status, body)
            .run(revoke(&app(), &"r3fresh".into()));
        assert_eq!(lines(&requests), ["POST /oauth/v2/token/revoke"]);
        assert_eq!(
            form(&requests[0]),
            [("token".to_owned(), "r3fresh".to_owned())]
        );
        assert_eq!(result, Ok(()));
    }
    let (_, result) = Script::new()
        .raw(503, "")
        .run(revoke(&app(), &"r3fresh".into()));
    assert_eq!(result.expect_err("failed").kind, Kind::Remote);
}

/// Its tenant would be told that it has ended while it still renews.
#[test]
fn a_token_that_nobody_says_has_ended_is_not_taken_for_revoked() {
    let page = "<html>try again later</html>";
    let denied = r#"{"error":"Access Denied","status":"failure"}"#;
    let other_app = r#"{"error":"invalid_client"}"#;
    for (status, body, kind) in [
        (400, page, Kind::Remote),
        (200, page, Kind::Remote),
        (200, denied, Kind::RateLimit),
        (400, denied, Kind::RateLimit),
        (400, "{}", Kind::Remote),
        (200, "{}", Kind::Remote),
        (400, r#"{"status":"success"}"#, Kind::Remote),
        (400, other_app, Kind::Authentication),
    ] {
        let (_, result) = Script::new()
            .raw(status, body)
            .run(revoke(&app(), &"r3fresh".into()));
        let error = result.expect_err(body);
        assert_eq!(error.kind, kind, "{status} {body}");
        assert!(!error.message.contains("granted"), "{}", error.message);
    }
}

#[test]
fn an_app_is_checked_before_anything_is_sent() {
    for (server, id, secret) in [
        ("https://evil.example", "id", "s"),
        ("accounts.zoho.eu", " ", "s"),
        ("accounts.zoho.eu", "id", ""),
    ] {
        let error = App::new(server, id, secret.into(), Loopback::Refused).expect_err("refused");
        assert_eq!(error.kind, Kind::Configuration);
    }
}
