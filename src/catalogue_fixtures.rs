//! The catalogue of codes that Ruby gives to people, read to see that the core agrees with it.

use serde_json::Value;

const KINDS: &str = include_str!("../config/catalogue.json");
const WORDS: &str = include_str!("../config/locales/pwb_crm/errors.en.yml");

/// A code, its kind of error and its cure.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) code: String,
    pub(crate) kind: Option<String>,
    pub(crate) cure: String,
}

/// All codes of a system.
pub(crate) fn of(system: &str) -> Vec<Entry> {
    let all: Value = serde_json::from_str(KINDS).expect("JSON");
    let codes = all[system].as_object().expect("a system");
    let entries = codes.iter().map(|(code, kind)| Entry {
        kind: kind.as_str().map(str::to_owned),
        cure: cure(system, code),
        code: code.clone(),
    });
    entries.collect()
}

/// One code of a system.
pub(crate) fn entry(system: &str, code: &str) -> Entry {
    let mut all = of(system).into_iter();
    all.find(|entry| entry.code == code)
        .unwrap_or_else(|| panic!("{code} is not listed"))
}

/// Words of the core as the catalogue has them.
pub(crate) fn sentence(cure: &str) -> String {
    let (first, rest) = cure.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}

fn cure(system: &str, code: &str) -> String {
    let lines = WORDS.lines();
    let mut lines = lines.skip_while(|line| *line != format!("      {system}:"));
    let found = lines.find(|line| *line == format!("        {code}:"));
    assert!(found.is_some(), "no words for {code}");
    let cure = lines.find_map(|line| line.trim().strip_prefix("cure: "));
    let cure = cure.expect("a cure");
    cure.get(1..cure.len() - 1).expect("quotes").to_owned()
}
