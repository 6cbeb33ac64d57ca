//! A Zoho of one person, whose replies may get lost.

use serde_json::{Map, Value, json};

use super::super::{REFERENCE, data};
use super::MADE_AT;
use crate::error::{Error, Kind, Sent};
use crate::flow::{Method, Reply, Request, Response};

const ID: &str = "42";

/// What becomes of a request and its reply.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fate {
    Answered,
    LostBefore,
    LostAfter,
    Refused,
}

#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) person: Option<Map<String, Value>>,
}

impl People {
    /// Answers as fate has it.
    pub(super) fn meet(&mut self, fate: Fate, request: &Request) -> Reply {
        let lost = Error::new(Kind::Timeout, "no answer").with_sent(Sent::Maybe);
        match fate {
            Fate::Answered => Ok(self.answer(request)),
            Fate::LostBefore => Err(lost),
            Fate::LostAfter => {
                self.answer(request);
                Err(lost)
            }
            Fate::Refused => Ok(Response::new(429)),
        }
    }

    fn answer(&mut self, request: &Request) -> Response {
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
