use super::*;

fn ana() -> Value {
    json!({"kind": "contact", "id": 7, "first_name": "Ana Ruiz", "email": "ana@example.com", "phone": "1"})
}

#[test]
fn errors_name_the_record_the_field_and_the_cure() {
    let details = json!({"api_name": "Phone", "maximum_length": 30});
    let script = Script::new().reply(202, refused("INVALID_DATA", details));
    let (_, outcome) = run(script, json!({}), work(ana(), json!({})));
    let error = error(&outcome);
    assert_eq!(error.kind, Kind::Validation);
    assert!(
        error
            .message
            .starts_with("contact 7: Zoho CRM answered INVALID_DATA for Phone; correct")
    );
    assert_eq!(error.details[0].message, "at most 30 characters");
    assert_eq!(outcome.calls[0].error_code.as_deref(), Some("INVALID_DATA"));
}

#[test]
fn every_failure_has_its_kind() {
    let cases = [
        (
            401,
            json!({"code": "INVALID_TOKEN"}),
            Kind::Authentication,
            Sent::Yes,
        ),
        (
            401,
            json!({"code": "OAUTH_SCOPE_MISMATCH"}),
            Kind::Permission,
            Sent::Yes,
        ),
        (
            403,
            refused("NO_PERMISSION", json!({})),
            Kind::Permission,
            Sent::Yes,
        ),
        (
            400,
            json!({"code": "INVALID_MODULE"}),
            Kind::Configuration,
            Sent::Yes,
        ),
        (
            404,
            json!({"code": "INVALID_URL_PATTERN"}),
            Kind::Internal,
            Sent::Yes,
        ),
        (
            429,
            json!({"code": "TOO_MANY_REQUESTS"}),
            Kind::RateLimit,
            Sent::Yes,
        ),
        (
            500,
            json!({"code": "INTERNAL_ERROR"}),
            Kind::Remote,
            Sent::Maybe,
        ),
        (201, json!({"data": []}), Kind::Remote, Sent::Maybe),
        (302, done("42", "insert"), Kind::Configuration, Sent::Yes),
        (
            201,
            json!({"data": [{"code": "SUCCESS", "details": {}}]}),
            Kind::Remote,
            Sent::Maybe,
        ),
    ];
    for (status, body, kind, sent) in cases {
        let script = Script::new().reply(status, body);
        let (_, outcome) = run(script, json!({}), work(ana(), json!({})));
        assert_eq!(
            (error(&outcome).kind, error(&outcome).sent),
            (kind, sent),
            "{status}"
        );
    }
}

#[test]
fn a_limit_tells_how_long_to_wait_if_it_does() {
    let busy = crate::flow::Response::new(429).with_header("retry-after", "7");
    let script = Script::new().then(Ok(busy.with_body(r#"{"code":"TOO_MANY_REQUESTS"}"#)));
    let (_, outcome) = run(script, json!({}), work(ana(), json!({})));
    assert_eq!(error(&outcome).retry_after, Some(7));
}

#[test]
fn pages_and_broken_bodies_are_clear_errors() {
    for (bytes, words) in [
        ("<html>", "an HTML page"),
        ("", "an empty body"),
        ("{\"da", "a truncated body"),
    ] {
        let (_, outcome) = run(
            Script::new().raw(200, bytes),
            json!({}),
            work(ana(), json!({})),
        );
        let error = error(&outcome);
        assert!(error.message.contains(words), "{}", error.message);
        assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Maybe));
    }
}

#[test]
fn an_id_that_is_none_leads_nowhere() {
    let link = json!({"external_type": "Contacts", "external_id": "../Leads"});
    let (requests, outcome) = run(Script::new(), json!({}), work(ana(), json!({"link": link})));
    assert!(requests.is_empty());
    assert_eq!(error(&outcome).kind, Kind::Configuration);
}
