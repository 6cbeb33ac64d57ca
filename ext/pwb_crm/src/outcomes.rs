//! Outcomes on their way to Ruby: `PwbCrm::Outcome`s, made here without the Hash that its `new` takes. Records that
//! shared a request share the telling of it.

use std::sync::Arc;

use magnus::value::{LazyId, ReprValue};
use magnus::{
    Class, Error, IntoValue, KwArgs, Module, RArray, RClass, RHash, RModule, RStruct, Ruby,
    TryConvert, Value,
};
use pwb_crm_core::error::Sent;
use pwb_crm_core::outcome::{Call, Did, Outcome, RelatedLink, Status};

use crate::{convert, errors};

macro_rules! names {
    ($($constant:ident $name:literal)*) => {
        $(static $constant: LazyId = LazyId::new($name);)*
    };
}

names! {
    TAKE "take"
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

    /// An outcome: its members in the order of lib/pwb_crm/outcome.rb, put in place there, which is quicker than
    /// setting each from here.
    ///
    /// # Errors
    /// Only when Ruby is out of memory.
    pub(crate) fn tell(&mut self, outcome: &'a Outcome) -> Result<Value, Error> {
        let error = outcome.error.as_ref();
        let error = error.map(|error| errors::build(self.ruby, error));
        let members = [
            self.text(Some(&outcome.key)),
            self.text(outcome.id.as_deref()),
            self.kind(outcome.external_type.as_deref()),
            self.value(outcome.action.map(|did| self.symbol(action(did)))),
            self.symbol(status(outcome.status)),
            self.text(outcome.reason.as_deref()),
            self.value(error.transpose()?),
            self.value(self.shadow(outcome)),
            self.text(outcome.mapping_version.as_deref()),
            self.text(outcome.remote_version.as_deref()),
            self.text(outcome.request_id.as_deref()),
            self.value(self.links(&outcome.links)?),
            self.calls(&outcome.calls)?,
        ];
        let take = LazyId::get_inner_with(&TAKE, self.ruby);
        self.class.obj_alloc()?.funcall(take, &members[..])
    }

    fn kind(&mut self, kind: Option<&'a str>) -> Value {
        let Some(kind) = kind else {
            return self.text(None);
        };
        match self.kind {
            Some((last, text)) if last == kind => text,
            _ => {
                let text = self.text(Some(kind));
                self.kind = Some((kind, text));
                text
            }
        }
    }

    fn calls(&mut self, calls: &'a [Arc<Call>]) -> Result<Value, Error> {
        if let Some((last, told)) = self.told
            && last == calls
        {
            return Ok(told.as_value());
        }
        let list = self.ruby.ary_new();
        for call in calls {
            list.push(self.call(call)?)?;
        }
        self.told = Some((calls, self.frozen(list)));
        Ok(list.as_value())
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
            self.value(call.records),
            self.value(self.limits(call)),
        ];
        for (place, member) in members.into_iter().enumerate() {
            told.aset(place, member)?;
        }
        Ok(self.frozen(told))
    }

    fn limits(&self, call: &Call) -> RHash {
        let pairs = call.limits.iter().map(|(name, number)| (&**name, *number));
        self.frozen(self.ruby.hash_from_iter(pairs))
    }

    /// Frozen Structs, or nil for none.
    fn links(&self, links: &[RelatedLink]) -> Result<Option<RArray>, Error> {
        if links.is_empty() {
            return Ok(None);
        }
        let class: RClass = self.class.const_get("RelatedLink")?;
        let list = self.ruby.ary_new_capa(links.len());
        for link in links {
            let attributes = RHash::try_convert(convert::write(self.ruby, link)?)?;
            let link: Value = class.funcall("new", (KwArgs(attributes),))?;
            list.push(self.frozen(link))?;
        }
        Ok(Some(self.frozen(list)))
    }

    fn shadow(&self, outcome: &Outcome) -> Option<RHash> {
        let shadow = outcome.shadow.as_ref()?;
        let pairs = shadow.iter().map(|(field, digest)| (&**field, &**digest));
        Some(self.frozen(self.ruby.hash_from_iter(pairs)))
    }

    fn text(&self, text: Option<&str>) -> Value {
        self.value(text.map(|text| self.frozen(self.ruby.str_new(text))))
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
