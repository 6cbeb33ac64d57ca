//! Users (Zendesk Ticketing API: Users).

use serde_json::Value;

use super::{Answer, Desk, is_gone, query, with_body};
use crate::error::{Error, Kind};
use crate::flow::Method;
use crate::reply::text;
use crate::zendesk::reply::incomplete;

/// A user as Zendesk answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zendesk) struct User {
    pub(in crate::zendesk) id: u64,
    /// Zendesk's modification time.
    pub(in crate::zendesk) version: Option<String>,
    /// True when the call made it.
    pub(in crate::zendesk) created: bool,
    /// When it was made, by whomever.
    pub(in crate::zendesk) made_at: Option<String>,
    pub(in crate::zendesk) has_phone: bool,
    staff: bool,
}

impl User {
    fn of(answer: &Answer) -> Result<Self, Error> {
        let found = answer.body.get("user").and_then(Self::read);
        let user = found.ok_or_else(|| incomplete(answer.status, "the user's id"))?;
        Ok(Self {
            created: answer.status == 201,
            ..user
        })
    }

    fn read(user: &Value) -> Option<Self> {
        let role = user.get("role").and_then(Value::as_str);
        Some(Self {
            id: user.get("id")?.as_u64()?,
            version: text(user.get("updated_at")),
            created: false,
            made_at: text(user.get("created_at")),
            has_phone: text(user.get("phone")).is_some(),
            staff: role.is_some_and(|role| role != "end-user"),
        })
    }

    /// What to say when the address belongs to somebody of the tenant's own team: agents and
    /// customers share one space of e-mail addresses.
    pub(in crate::zendesk) fn remark(&self) -> Option<String> {
        self.staff.then(|| {
            format!(
                "Zendesk user {} has this e-mail address and is an agent or admin, no customer",
                self.id
            )
        })
    }

    /// Whether it is an agent or admin.
    pub(in crate::zendesk) fn is_staff(&self) -> bool {
        self.staff
    }
}

impl Desk {
    /// The user with the external id or e-mail address of `body`, made where there is none
    /// (Zendesk Ticketing API: Create Or Update User). Where these two belong to different users,
    /// the address decides: that is whom answers reach.
    pub(in crate::zendesk) async fn create_or_update_user(
        &mut self,
        body: &Value,
    ) -> Result<User, Error> {
        match self.post_user(body).await {
            Err(error) if is_duplicate(&error) => match by_address(body) {
                Some(body) => self.post_user(&body).await,
                None => Err(error),
            },
            other => other,
        }
    }

    async fn post_user(&mut self, body: &Value) -> Result<User, Error> {
        let request = self.request(Method::Post, "users/create_or_update");
        let answer = self.call(with_body(request, body)).await?;
        User::of(&answer)
    }

    /// Zendesk Ticketing API: Update User. A new e-mail address is added beside the old one.
    pub(in crate::zendesk) async fn update_user(
        &mut self,
        id: u64,
        body: &Value,
    ) -> Result<User, Error> {
        let request = self.request(Method::Put, &format!("users/{id}"));
        let answer = self.call(with_body(request, body)).await?;
        User::of(&answer)
    }

    /// The user, or none (Zendesk Ticketing API: Show User).
    pub(in crate::zendesk) async fn user(&mut self, id: u64) -> Result<Option<User>, Error> {
        let request = self.request(Method::Get, &format!("users/{id}"));
        match self.call(request).await {
            Ok(answer) => User::of(&answer).map(Some),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who is wanted, and whether anybody is like that (Zendesk Ticketing API: Search Users).
    pub(in crate::zendesk) async fn search(
        &mut self,
        wanted: &Wanted<'_>,
    ) -> Result<(Option<User>, bool), Error> {
        let path = format!("users/search?{}", wanted.query);
        let answer = self.call(self.request(Method::Get, &path)).await?;
        let users = answer.body.get("users").and_then(Value::as_array);
        let users = users.ok_or_else(|| incomplete(answer.status, "a list of users"))?;
        let found = users.iter().find(|user| wanted.is(user));
        Ok((found.and_then(User::read), !users.is_empty()))
    }
}

/// A user by what nobody else has.
pub(in crate::zendesk) struct Wanted<'a> {
    query: String,
    field: &'a str,
    value: &'a str,
}

impl<'a> Wanted<'a> {
    /// By our name.
    pub(in crate::zendesk) fn named(external_id: &'a str) -> Self {
        Self {
            query: query("external_id", external_id),
            field: "external_id",
            value: external_id,
        }
    }

    /// By their first address.
    pub(in crate::zendesk) fn at(email: &'a str) -> Self {
        Self {
            query: query("query", &format!("email:\"{email}\"")),
            field: "email",
            value: email,
        }
    }

    /// In any case.
    fn is(&self, user: &Value) -> bool {
        let value = user.get(self.field).and_then(Value::as_str);
        value.is_some_and(|value| value.eq_ignore_ascii_case(self.value))
    }
}

/// Whether it names a value that another user has.
pub(in crate::zendesk) fn is_duplicate(error: &Error) -> bool {
    let told = |message: &str| message.contains("DuplicateValue") || message.contains("already");
    error.kind == Kind::Validation && error.details.iter().any(|detail| told(&detail.message))
}

/// `body` without our name, where it holds an address too.
fn by_address(body: &Value) -> Option<Value> {
    let mut body = body.clone();
    let user = body.get_mut("user")?.as_object_mut()?;
    let named = user.remove("external_id").is_some();
    (named && user.contains_key("email")).then_some(body)
}
