//! A Zendesk of one ticket.

use serde_json::{Value, json};

use crate::flow::script::{body, line};
use crate::flow::{Method, Request, Response};

const PREFIX: &str = "Changed on the website. It now reads:";

/// The ticket at Zendesk. `texts` has the description and the comments.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) ticket: Option<Value>,
    texts: Vec<String>,
    keys: Vec<(String, Value)>,
}

impl Desk {
    pub(super) fn answer(&mut self, request: &Request) -> Response {
        let path = request.path();
        match (request.method, line(request)) {
            (Method::Get, line) if line.contains("/comments") => {
                let texts = self.texts.iter().rev();
                let comments: Vec<_> = texts.map(|text| json!({"body": text})).collect();
                found(&json!({ "comments": comments }))
            }
            (Method::Get, _) if path.ends_with("/900") => found(&json!({ "ticket": self.ticket })),
            (Method::Get, _) => found(&json!({"tickets": self.ticket.iter().collect::<Vec<_>>()})),
            (Method::Post, _) => self.create(request),
            (Method::Put, _) if path.ends_with("/900") => self.update(&body(request)["ticket"]),
            _ => panic!("{request:?}"),
        }
    }

    /// A key is good for one body (Zendesk API: Idempotency).
    fn create(&mut self, request: &Request) -> Response {
        let key = request
            .headers
            .iter()
            .find(|(name, _)| name == "idempotency-key");
        let key = key.expect("a key").1.clone();
        let sent = body(request);
        if let Some((_, first)) = self.keys.iter().find(|(used, _)| *used == key) {
            return match *first == sent {
                true => found(&json!({ "ticket": self.ticket })),
                false => Response::new(400)
                    .with_body(json!({"error": "IdempotentRequestError"}).to_string()),
            };
        }
        assert!(self.ticket.is_none(), "a second ticket");
        self.keys.push((key, sent.clone()));
        let mut ticket = sent["ticket"].clone();
        let text = ticket["comment"]["body"].as_str().expect("a text");
        self.texts.push(text.to_owned());
        ticket["description"] = text.into();
        ticket["id"] = 900.into();
        self.ticket = Some(ticket);
        found(&json!({ "ticket": self.ticket }))
    }

    fn update(&mut self, sent: &Value) -> Response {
        let ticket = self.ticket.as_mut().expect("a ticket");
        for (name, value) in sent.as_object().expect("fields") {
            match name.as_str() {
                "comment" => self
                    .texts
                    .push(value["body"].as_str().expect("a text").to_owned()),
                name => ticket[name] = value.clone(),
            }
        }
        found(&json!({ "ticket": ticket }))
    }

    /// The text that an agent takes for the present one.
    pub(super) fn text(&self) -> &str {
        let newest = self
            .texts
            .iter()
            .rev()
            .find_map(|text| text.strip_prefix(PREFIX));
        newest
            .unwrap_or_else(|| self.texts.first().map_or("", String::as_str))
            .trim()
    }
}

fn found(body: &Value) -> Response {
    Response::new(200).with_body(body.to_string())
}
