use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::zoho::tests::arbitrary::any_json;

fn answer(status: u16, body: Value) -> Response {
    Response::new(status).with_body(body.to_string())
}

fn refusal(status: u16, body: Value) -> Refusal {
    result(&answer(status, body)).expect_err("refused")
}

fn item(code: &str, details: Value) -> Value {
    json!({"data": [{"code": code, "status": "error", "message": "m", "details": details}]})
}

#[test]
fn each_record_has_its_own_result_in_order() {
    let body = json!({"data": [
        {"code": "SUCCESS", "action": "insert", "details": {"id": "1", "Modified_Time": "2026-01-01T00:00:00Z"}},
        {"code": "INVALID_DATA", "details": {"api_name": "Email", "maximum_length": 100}},
        {"code": "SUCCESS", "action": "update", "details": {"id": 3}}
    ]});
    let results = results(&answer(207, body), 3).expect("results");
    let first = results[0].as_ref().expect("saved");
    assert_eq!(
        (first.id.as_deref(), first.did),
        (Some("1"), Some(Did::Created))
    );
    let second = results[1].as_ref().expect_err("refused");
    assert_eq!(second.error.kind, Kind::Validation);
    assert_eq!(second.error.details[0].message, "at most 100 characters");
    assert_eq!(results[2].as_ref().expect("saved").id.as_deref(), Some("3"));
}

#[test]
fn results_too_few_or_too_many_are_nobodys() {
    let saved = json!({"code": "SUCCESS", "details": {"id": "1"}});
    for items in [0, 1, 2, 4] {
        let body = json!({"data": vec![saved.clone(); items]});
        let results = results(&answer(207, body), 3).expect("results");
        assert_eq!(results.len(), 3);
        for result in results {
            let error = result.expect_err("unclear").error;
            assert_eq!((error.kind, error.sent), (Kind::Remote, Sent::Maybe));
        }
    }
}

#[test]
fn the_code_decides_whatever_the_status() {
    for status in [200, 202, 207, 400] {
        let refused = refusal(
            status,
            item("MANDATORY_NOT_FOUND", json!({"api_name": "Last_Name"})),
        );
        assert_eq!(refused.error.kind, Kind::Validation, "{status}");
        assert!(
            refused
                .error
                .message
                .contains("MANDATORY_NOT_FOUND for Last_Name")
        );
    }
    let saved = json!({"data": [{"code": "SUCCESS", "details": {"id": "1"}}]});
    assert!(result(&answer(202, saved)).is_ok());
}

#[test]
fn both_envelopes_of_an_account_fault_are_read() {
    let fault = json!({"code": "INVALID_TOKEN", "status": "error", "details": {}});
    for body in [fault.clone(), json!({"data": [fault]})] {
        let error = refusal(401, body).error;
        assert_eq!(error.kind, Kind::Authentication);
        assert_eq!(error.code.as_deref(), Some("INVALID_TOKEN"));
    }
    let scopes = refusal(
        401,
        json!({"code": "OAUTH_SCOPE_MISMATCH", "status": "error"}),
    )
    .error;
    assert_eq!(scopes.kind, Kind::Permission);
}

#[test]
fn statuses_without_a_known_code_have_their_class() {
    let classes = [
        (401, Kind::Authentication),
        (403, Kind::Permission),
        (404, Kind::NotFound),
        (412, Kind::Conflict),
        (400, Kind::Validation),
        (503, Kind::Remote),
    ];
    for (status, kind) in classes {
        assert_eq!(
            refusal(status, json!({"code": "NEWS", "status": "error"}))
                .error
                .kind,
            kind
        );
    }
}

#[test]
fn a_limit_is_known_in_its_old_form_too() {
    let old = json!({"code": 429, "error": "TOO_MANY_REQUESTS", "error_info": "x"});
    let error = refusal(429, old).error;
    assert_eq!(error.kind, Kind::RateLimit);
    assert_eq!(error.code.as_deref(), Some("TOO_MANY_REQUESTS"));
}

#[test]
fn a_429_asks_for_a_pause_whatever_its_code() {
    for code in ["LIMIT_EXCEEDED", "LIMIT_REACHED", "INVALID_DATA", "NEWS"] {
        let fault = json!({"code": code, "status": "error", "details": {"id": "1"}});
        for body in [fault.clone(), json!({"data": [fault]})] {
            let error = refusal(429, body).error;
            assert_eq!(error.kind, Kind::RateLimit, "{code}");
            assert_eq!(error.code.as_deref(), Some(code));
        }
    }
    let full = refusal(400, item("LIMIT_EXCEEDED", json!({}))).error;
    assert_eq!(full.kind, Kind::Validation);
}

#[test]
fn a_body_too_large_for_many_may_be_due_to_one() {
    for (status, body) in [(413, ""), (413, "<html>"), (413, "{}")] {
        let answer = Response::new(status).with_body(body);
        let blamed = Shares::of(&answer, 3).and_then(|shares| shares.blame());
        let error = blamed.expect("one of them").error;
        assert_eq!(error.kind, Kind::Validation, "{status} {body}");
        assert!(error.message.contains(&status.to_string()));
    }
    for (status, body) in [
        (502, "<html>"),
        (429, ""),
        (401, ""),
        (200, ""),
        (415, "<html>"),
    ] {
        assert!(Shares::of(&Response::new(status).with_body(body), 3).is_none());
    }
    let untaken = Response::new(415).with_body("{}");
    let shares = Shares::of(&untaken, 3).expect("an answer");
    assert!(shares.blame().is_none(), "the address takes none of them");
}

#[test]
fn a_record_that_is_gone_is_told_from_a_wrong_value() {
    for details in [
        json!({"resource_path_index": 1}),
        json!({"id": "42"}),
        json!({"api_name": "Parent_Id"}),
        json!({"api_name": "id", "json_path": "$.data[0].Parent_Id.id"}),
    ] {
        assert!(refusal(400, item("INVALID_DATA", details)).is_gone());
    }
    let value = json!({"api_name": "Email", "id": "42"});
    assert!(!refusal(400, item("INVALID_DATA", value)).is_gone());
    assert!(!refusal(404, json!({"code": "INVALID_URL_PATTERN"})).is_gone());
}

#[test]
fn a_duplicate_names_its_record() {
    let details = json!({"api_name": "Email", "duplicate_record": {"id": "9", "module": {"api_name": "Contacts"}}});
    let duplicate = refusal(400, item("DUPLICATE_DATA", details))
        .duplicate
        .expect("named");
    assert_eq!(
        (duplicate.id.as_str(), duplicate.module.as_deref()),
        ("9", Some("Contacts"))
    );
    assert_eq!(
        refusal(400, item("INVALID_DATA", json!({"id": "9"}))).duplicate,
        None
    );
}

#[test]
fn several_complaints_are_all_told_and_no_value_of_them() {
    let body = item(
        "MULTIPLE_OR_MULTI_ERRORS",
        json!({"errors": [
            {"code": "INVALID_DATA", "details": {"api_name": "Email"}, "message": "s3cret"},
            {"code": "INVALID_DATA", "details": {"api_name": "Amount", "expected_data_type": "double"}}
        ]}),
    );
    let error = refusal(400, body).error;
    assert!(
        error.message.contains("for Email, Amount"),
        "{}",
        error.message
    );
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[test]
fn an_empty_list_is_no_error_and_a_broken_one_is() {
    assert_eq!(rows(&Response::new(204)), Ok((Vec::new(), false)));
    assert!(rows(&answer(200, json!({}))).is_err());
    assert!(rows(&Response::new(200)).is_err());
    let page = json!({"data": [{"id": "1"}], "info": {"more_records": true}});
    assert_eq!(
        rows(&answer(200, page)),
        Ok((vec![json!({"id": "1"})], true))
    );
}

proptest! {
    #[test]
    fn any_answer_is_a_result_or_an_error(status in 100u16..600, body in any_json(), count in 0usize..4) {
        let response = answer(status, body);
        if let Ok(results) = results(&response, count) {
            prop_assert_eq!(results.len(), count);
        }
        let _ = rows(&response);
    }
}
