//! Requests, as plain data, and what comes back.

use serde::Serialize;
use url::Url;

use super::Bulk;
use crate::error::Error;

mod response;

pub use response::Response;
pub(crate) use response::seconds;

/// Names us to every remote.
pub(crate) const USER_AGENT: &str = concat!("pwb_crm/", env!("CARGO_PKG_VERSION"));

/// Stands for a path that is not shown.
const HIDDEN_PATH: &str = "/…";

/// The HTTP methods the remotes know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub enum Method {
    Get,
    Post,
    Put,
    Delete,
}

impl Method {
    /// As it stands in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// Which hosts a request may go to. The transport checks it again before it opens a socket, so that
/// no crafted setting ever receives a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostRule {
    /// The API and accounts hosts of Zoho's data centres.
    Zoho,
    /// `https://{subdomain}.zendesk.com`.
    Zendesk,
    /// Any public host.
    Public,
}

/// The answer to a request, or why there is none.
pub type Reply = Result<Response, Error>;

/// A request to send.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address.
    pub url: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The exact bytes to send.
    pub body: Option<Vec<u8>>,
    /// The names of the fields in the body, for the log.
    pub fields: Vec<String>,
    /// Which hosts it may go to.
    pub host_rule: HostRule,
    /// How many like it the remote takes at a time, if it costs it so much that they are few.
    pub(crate) heavy: Option<usize>,
    /// How it goes together with others of its kind.
    pub(crate) bulk: Option<Box<Bulk>>,
}

impl Request {
    /// A request without headers or body.
    pub fn new(method: Method, url: impl Into<String>, host_rule: HostRule) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: None,
            fields: Vec::new(),
            host_rule,
            heavy: None,
            bulk: None,
        }
    }

    /// With one more header; `name` in lower case.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With `body` as the exact bytes of its JSON.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        self.header("content-type", "application/json").body(bytes)
    }

    /// With a form body, percent-encoded.
    #[must_use]
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.header("content-type", "application/x-www-form-urlencoded")
            .body(body.into_bytes())
    }

    /// With these bytes as body.
    #[must_use]
    pub fn body(self, bytes: Vec<u8>) -> Self {
        Self {
            body: Some(bytes),
            ..self
        }
    }

    /// With the names of the fields it carries, for the log.
    #[must_use]
    pub fn fields<'a>(self, names: impl IntoIterator<Item = &'a String>) -> Self {
        Self {
            fields: names.into_iter().cloned().collect(),
            ..self
        }
    }

    /// Of which the remote takes only so many at a time; none is no such limit.
    #[must_use]
    pub(crate) fn heavy(self, at_a_time: Option<usize>) -> Self {
        Self {
            heavy: at_a_time,
            ..self
        }
    }

    /// With what it needs to go together with others.
    #[must_use]
    pub(crate) fn bulk(self, bulk: Bulk) -> Self {
        Self {
            bulk: Some(Box::new(bulk)),
            ..self
        }
    }

    /// Whether one request can stand for both: two parts of one kind, or the same question twice.
    pub(crate) fn goes_with(&self, other: &Self) -> bool {
        self.method == other.method
            && match (&self.bulk, &other.bulk) {
                (Some(own), Some(others)) => own.url == others.url && own.frame == others.frame,
                (None, None) => self.is_question() && self.url == other.url,
                _ => false,
            }
    }

    /// Whether it only reads.
    pub(crate) fn is_question(&self) -> bool {
        self.method == Method::Get
    }

    /// The path without its query: what may be shown. Many receivers of webhooks know their senders
    /// by the path alone: there it is as good as a password, and hidden.
    pub fn path(&self) -> String {
        if self.host_rule == HostRule::Public {
            return HIDDEN_PATH.to_owned();
        }
        Url::parse(&self.url).map_or_else(|_| "/".to_owned(), |url| url.path().to_owned())
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method.as_str())
            .field("path", &self.path())
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_receiver_is_not_shown() {
        let url = "https://hooks.example.com/s3cret?k=s3cret";
        let request = Request::new(Method::Post, url, HostRule::Public);
        assert_eq!(request.path(), "/…");
        assert!(!format!("{request:?}").contains("s3cret"));
    }

    #[test]
    fn a_form_is_percent_encoded() {
        let request = Request::new(Method::Post, "https://a.example", HostRule::Public)
            .form(&[("a b", "c&d")]);
        assert_eq!(request.body.as_deref(), Some(&b"a+b=c%26d"[..]));
    }
}
