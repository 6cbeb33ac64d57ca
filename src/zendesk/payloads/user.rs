//! People.

use serde_json::{Map, Value, json};

use super::{Payloads, PersonKind, wrapped};
use crate::person::display_name;
use crate::record::Contact;
use crate::zendesk::limits;
use crate::zendesk::settings::UserField;

impl PersonKind {
    /// As it stands in an external id.
    fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::User => "user",
        }
    }
}

impl Payloads<'_> {
    /// `POST /api/v2/users/create_or_update` (Zendesk Ticketing API: Create Or Update User): found
    /// by external id or e-mail address. Nobody is ever mailed for it.
    pub fn user(&self, person: &Contact, kind: PersonKind) -> Value {
        let mut user = self.user_fields(person, kind);
        if let Some(id) = self.external_id(kind.name(), &person.id) {
            user.insert("external_id".to_owned(), json!(id));
        }
        user_body(user)
    }

    /// What a shadow remembers of a user.
    pub(in crate::zendesk) fn user_fields(
        &self,
        person: &Contact,
        kind: PersonKind,
    ) -> Map<String, Value> {
        let email = person.email.or(&person.other_email).get();
        let phone = person.phone.or(&person.mobile).get();
        let name = display_name(person);
        let fields = [
            ("name", Some(json!(limits::short(&name)))),
            ("email", email.and_then(limits::email).map(Value::from)),
            ("phone", phone.map(limits::short).map(Value::from)),
            ("user_fields", self.own_fields(person, kind)),
        ];
        let present = fields.into_iter();
        present
            .filter_map(|(key, value)| Some((key.to_owned(), value?)))
            .collect()
    }

    fn own_fields(&self, person: &Contact, kind: PersonKind) -> Option<Value> {
        let value = |field: &UserField| match field {
            UserField::Website => Some(self.slug.as_str()),
            UserField::PwbContactId if kind == PersonKind::Contact => person.id.get(),
            UserField::PwbContactId => None,
        };
        let chosen = self.settings.user_fields.iter();
        let fields: Map<String, Value> = chosen
            .filter_map(|(field, key)| Some((key.get()?.to_owned(), json!(value(field)?))))
            .collect();
        (!fields.is_empty()).then_some(Value::Object(fields))
    }
}

/// `fields` as a request's body. `skip_verify_email` keeps Zendesk from mailing the person.
pub(in crate::zendesk) fn user_body(mut fields: Map<String, Value>) -> Value {
    fields.insert("skip_verify_email".to_owned(), json!(true));
    wrapped("user", fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zendesk::fixtures::{settings, work};
    use crate::zendesk::settings::Settings;

    fn user(person: Value, kind: PersonKind, settings: &Settings) -> Value {
        let work = work(json!({"kind": "contact"}));
        let person = serde_json::from_value(person).expect("lenient");
        Payloads::of(&work, settings).user(&person, kind)
    }

    #[test]
    fn a_contact_with_all() {
        let person = json!({"id": 7, "first_name": "Ana", "last_name": "Ruiz",
            "email": "ana@example.com", "phone": "+34 600", "mobile": "1"});
        let chosen = settings(json!({"user_fields": {"website": "site",
            "pwb_contact_id": "pwb_contact_id"}}));
        let expected = json!({"user": {"name": "Ana Ruiz", "email": "ana@example.com",
            "phone": "+34 600", "external_id": "pwb:3:contact:7", "skip_verify_email": true,
            "user_fields": {"site": "acme", "pwb_contact_id": "7"}}});
        assert_eq!(user(person, PersonKind::Contact, &chosen), expected);
    }

    #[test]
    fn contacts_and_users_have_names_of_their_own() {
        let of = |kind| user(json!({"id": 7}), kind, &Settings::default());
        let external_id = |body: &Value| body["user"]["external_id"].clone();
        assert_eq!(external_id(&of(PersonKind::Contact)), "pwb:3:contact:7");
        assert_eq!(external_id(&of(PersonKind::User)), "pwb:3:user:7");
    }

    #[test]
    fn nothing_is_sent_for_what_is_missing_or_no_address() {
        let person = json!({"email": "call me", "mobile": "600"});
        let built = user(person, PersonKind::Contact, &Settings::default());
        let expected =
            json!({"name": "Website visitor", "phone": "600", "skip_verify_email": true});
        assert_eq!(built["user"], expected);
    }
}
