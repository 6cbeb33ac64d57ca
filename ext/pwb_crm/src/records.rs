//! Plain records of one module on their way in, see [`plain::plain`].

use magnus::rb_sys::AsRawValue;
use magnus::{RArray, RHash, Value};
use pwb_crm_core::zoho::{Records, Row};

use crate::plain::{self, Plain};

/// More addresses than these are not looked through: the names themselves are.
const MOST_NAMES: usize = 128;

/// Records, the names of their fields read once.
///
/// # Errors
/// As [`plain::all`].
pub(crate) fn read(values: RArray) -> Plain<Records> {
    let mut names = Names::default();
    let rows = plain::all(values, |value| match RHash::from_value(value) {
        Some(fields) => row(fields, &mut names),
        None => Ok(None),
    })?;
    Ok(rows.map(|rows| Records::new(names.texts, rows)))
}

/// The names read so far. Most records have the same, and each name is mostly the same object: a Symbol, or a String
/// that Ruby keeps one of. Objects are known by their address, which is safe as long as nothing here makes Ruby
/// allocate: so none of them goes away or is moved meanwhile.
#[derive(Default)]
struct Names {
    texts: Vec<String>,
    known: Vec<(u64, usize)>,
}

impl Names {
    /// The place of a name that is expected next after `before` others.
    fn place(&mut self, given: Value, before: usize) -> Plain<usize> {
        let address = given.as_raw();
        let expected = self
            .known
            .get(before)
            .filter(|(known, _)| *known == address);
        let found = expected.or_else(|| self.known.iter().find(|(known, _)| *known == address));
        match found {
            Some((_, place)) => Ok(Some(*place)),
            None => self.learn(given, address),
        }
    }

    fn learn(&mut self, given: Value, address: u64) -> Plain<usize> {
        let Some(text) = plain::name(given)? else {
            return Ok(None);
        };
        let known = self.texts.iter().position(|known| *known == text);
        let place = known.unwrap_or(self.texts.len());
        if known.is_none() {
            self.texts.push(text);
        }
        if self.known.len() < MOST_NAMES {
            self.known.push((address, place));
        }
        Ok(Some(place))
    }
}

fn row(hash: RHash, names: &mut Names) -> Plain<Row> {
    let mut row = Row::with_capacity(hash.len());
    let add = |name, value| {
        let Some(place) = names.place(name, row.len())? else {
            return Ok(None);
        };
        let new = row.iter().all(|(other, _)| *other != place);
        row.push((place, value));
        Ok(Some(new))
    };
    let all = plain::each_field(hash, 0, add)?;
    Ok(all.then_some(row))
}
