//! Outcomes on their way to Ruby: `PwbCrm::Outcome`s, made here without the Hash that its `new` takes. Records that
//! shared a request share the telling of it.

use std::sync::Arc;

use magnus::value::{LazyId, ReprValue};
use magnus::{
    Class, Error, IntoValue, KwArgs, Module, Object, RArray, RClass, RHash, RModule, RObject,
    RStruct, Ruby, TryConvert, Value,
};
use pwb_crm_core::error::Sent;
use pwb_crm_core::outcome::{Call, Did, Outcome, Status};
use serde::Serialize;

use crate::{convert, errors};

macro_rules! names {
    ($($constant:ident $name:literal)*) => {
        $(static $constant: LazyId = LazyId::new($name);)*
    };
}

names! {
    KEY "@key" ID "@id" EXTERNAL_TYPE "@external_type" REASON "@reason" SHADOW "@shadow"
    MAPPING_VERSION "@mapping_version" REMOTE_VERSION "@remote_version" REQUEST_ID "@request_id"
    STATUS "@status" ACTION "@action" ERROR "@error" LINKS "@links" CALLS "@calls"
    SUCCEEDED "succeeded" SKIPPED "skipped" FAILED "failed"
    YES "yes" MAYBE "maybe" NO "no"
    CREATED "created" UPDATED "updated" UNCHANGED "unchanged" DELETED "deleted"
}

/// Tells outcomes one after the other.
pub(crate) struct Teller<'a> {
    ruby: &'a Ruby,
    class: RClass,
    /// The calls told last.
    told: Option<(&'a [Arc<Call>], RArray)>,
    /// The external type told last, which is mostly that of all.
    kind: Option<(&'a str, Value)>,
}

impl<'a> Teller<'a> {
    /// # Errors
    /// Only when somebody took the class away.
    pub(crate) fn new(ruby: &'a Ruby) -> Result<Self, Error> {
        let namespace: RModule = ruby.class_object().const_get("PwbCrm")?;
        Ok(Self {
            ruby,
            class: namespace.const_get("Outcome")?,
            told: None,
            kind: None,
        })
    }

    /// An outcome, frozen, with the variables that lib/pwb_crm/outcome.rb gives it, in their order.
    ///
    /// # Errors
    /// Only when Ruby is out of memory.
    pub(crate) fn tell(&mut self, outcome: &'a Outcome) -> Result<RObject, Error> {
        let object = RObject::try_convert(self.class.obj_alloc()?)?;
        let shadow = outcome.shadow.as_ref().map(|shadow| {
            let pairs = shadow.iter().map(|(field, digest)| (&**field, &**digest));
            self.frozen(self.ruby.hash_from_iter(pairs))
        });
        self.text(object, &KEY, Some(&outcome.key))?;
        self.text(object, &ID, outcome.id.as_deref())?;
        let kind = self.kind(outcome.external_type.as_deref());
        self.put(object, &EXTERNAL_TYPE, kind)?;
        self.text(object, &REASON, outcome.reason.as_deref())?;
        self.put(object, &SHADOW, shadow)?;
        self.text(object, &MAPPING_VERSION, outcome.mapping_version.as_deref())?;
        self.text(object, &REMOTE_VERSION, outcome.remote_version.as_deref())?;
        self.text(object, &REQUEST_ID, outcome.request_id.as_deref())?;
        self.rest(object, outcome)?;
        object.freeze();
        Ok(object)
    }

    fn rest(&mut self, object: RObject, outcome: &'a Outcome) -> Result<(), Error> {
        let error = outcome.error.as_ref();
        let error = error.map(|error| errors::build(self.ruby, error));
        let links = self.list("RelatedLink", &outcome.links)?;
        let calls = self.calls(&outcome.calls)?;
        self.put(object, &STATUS, self.symbol(status(outcome.status)))?;
        self.put(
            object,
            &ACTION,
            outcome.action.map(|did| self.symbol(action(did))),
        )?;
        self.put(object, &ERROR, error.transpose()?)?;
        self.put(object, &LINKS, links)?;
        self.put(object, &CALLS, calls)
    }

    fn kind(&mut self, kind: Option<&'a str>) -> Option<Value> {
        let kind = kind?;
        if self.kind.is_none_or(|(last, _)| last != kind) {
            let text = self.frozen(self.ruby.str_new(kind));
            self.kind = Some((kind, text.as_value()));
        }
        self.kind.map(|(_, text)| text)
    }

    fn calls(&mut self, calls: &'a [Arc<Call>]) -> Result<RArray, Error> {
        if let Some((last, told)) = self.told
            && last == calls
        {
            return Ok(told);
        }
        let list = self.ruby.ary_new();
        for call in calls {
            list.push(self.call(call)?)?;
        }
        self.told = Some((calls, self.frozen(list)));
        Ok(list)
    }

    /// A call as a Struct of its name, its members in their order: by keywords it would take as long as all
    /// the rest.
    fn call(&self, call: &Call) -> Result<RStruct, Error> {
        let class: RClass = self.class.const_get("Call")?;
        let told = RStruct::try_convert(class.obj_alloc()?)?;
        let fields = call.fields.iter().map(String::as_str);
        let members = [
            self.value(call.method.as_str()),
            self.value(call.path.as_str()),
            self.value(call.status),
            self.value(call.duration_ms),
            self.symbol(sent(call.sent)),
            self.value(self.ruby.ary_from_iter(fields)),
            self.value(call.error_code.as_deref()),
        ];
        for (place, member) in members.into_iter().enumerate() {
            told.aset(place, member)?;
        }
        Ok(self.frozen(told))
    }

    /// Items as the Structs of that name, all frozen.
    fn list<T: Serialize>(&self, name: &str, items: &[T]) -> Result<RArray, Error> {
        let list = self.ruby.ary_new();
        if !items.is_empty() {
            let class: RClass = self.class.const_get(name)?;
            for item in items {
                let attributes = RHash::try_convert(convert::write(self.ruby, item)?)?;
                let item: Value = class.funcall("new", (KwArgs(attributes),))?;
                list.push(self.frozen(item))?;
            }
        }
        Ok(self.frozen(list))
    }

    fn text(&self, object: RObject, name: &LazyId, text: Option<&str>) -> Result<(), Error> {
        let text = text.map(|text| self.frozen(self.ruby.str_new(text)));
        self.put(object, name, text)
    }

    fn put(&self, object: RObject, name: &LazyId, value: impl IntoValue) -> Result<(), Error> {
        object.ivar_set(LazyId::get_inner_with(name, self.ruby), value)
    }

    fn value(&self, value: impl IntoValue) -> Value {
        value.into_value_with(self.ruby)
    }

    fn symbol(&self, name: &LazyId) -> Value {
        LazyId::get_inner_with(name, self.ruby).into_value_with(self.ruby)
    }

    fn frozen<T: ReprValue>(&self, value: T) -> T {
        value.freeze();
        value
    }
}

fn status(status: Status) -> &'static LazyId {
    match status {
        Status::Succeeded => &SUCCEEDED,
        Status::Skipped => &SKIPPED,
        Status::Failed => &FAILED,
    }
}

fn sent(sent: Sent) -> &'static LazyId {
    match sent {
        Sent::Yes => &YES,
        Sent::Maybe => &MAYBE,
        Sent::No => &NO,
    }
}

fn action(did: Did) -> &'static LazyId {
    match did {
        Did::Created => &CREATED,
        Did::Updated => &UPDATED,
        Did::Unchanged => &UNCHANGED,
        Did::Deleted => &DELETED,
    }
}
