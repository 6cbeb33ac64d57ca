//! A Zoho of one person.

use serde_json::{Map, Value, json};

use super::super::{REFERENCE, data};
use super::MADE_AT;
use crate::flow::{Method, Request, Response};

const ID: &str = "42";

#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) person: Option<Map<String, Value>>,
}

impl People {
    pub(super) fn answer(&mut self, request: &Request) -> Response {
        let path = request.path();
        let body = match request.method {
            Method::Get => self.list(),
            Method::Put => self.write("update", request),
            Method::Post if path.ends_with("/upsert") && self.person.is_some() => {
                self.write("update", request)
            }
            _ => {
                assert!(self.person.is_none(), "a second person");
                self.write("insert", request)
            }
        };
        Response::new(200).with_body(body.to_string())
    }

    fn write(&mut self, action: &str, request: &Request) -> Value {
        let Value::Object(fields) = data(request) else {
            panic!("{request:?}")
        };
        self.person.get_or_insert_default().extend(fields);
        let details = json!({"id": ID, "Modified_Time": MADE_AT, "Created_Time": MADE_AT});
        json!({"data": [{"code": "SUCCESS", "action": action, "details": details}]})
    }

    fn list(&self) -> Value {
        let row = |_: &Map<String, Value>| json!({"id": ID, "Description": REFERENCE, "Created_Time": MADE_AT});
        json!({"data": self.person.iter().map(row).collect::<Vec<_>>()})
    }
}
