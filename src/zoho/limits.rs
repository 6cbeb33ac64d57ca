//! How long Zoho lets a text be. A longer one is refused whole (`INVALID_DATA` with
//! `maximum_length`), not cut, so it is cut here.
//!
//! Sources: Zoho CRM help "Standard modules and fields"; Zoho CRM v8 OpenAPI (Notes). The address
//! fields are Zoho's defaults.

use crate::text;

const OF_NOTES: [(&str, usize); 2] = [("Note_Title", 120), ("Note_Content", 65_535)];

const OF_CASES: [(&str, usize); 5] = [
    ("Subject", 255),
    ("Description", 32_000),
    ("Phone", 50),
    ("Internal_Comments", 3_000),
    ("Solution", 32_000),
];

const OF_ALL: [(&str, usize); 28] = [
    ("First_Name", 40),
    ("Last_Name", 80),
    ("Email", 100),
    ("Secondary_Email", 100),
    ("Phone", 30),
    ("Mobile", 30),
    ("Fax", 30),
    ("Title", 100),
    ("Designation", 100),
    ("Company", 100),
    ("Website", 120),
    ("Skype_ID", 50),
    ("Description", 32_000),
    ("Deal_Name", 120),
    ("Lead_Source", 120),
    ("Status", 120),
    ("Priority", 120),
    ("Case_Origin", 120),
    ("Mailing_Street", 250),
    ("Mailing_City", 100),
    ("Mailing_State", 100),
    ("Mailing_Zip", 30),
    ("Mailing_Country", 100),
    ("Street", 250),
    ("City", 100),
    ("State", 100),
    ("Zip_Code", 30),
    ("Country", 100),
];

/// The longest text a single-line field of one's own may hold.
pub(super) const OF_OWN_FIELDS: usize = 255;

/// The longest text of a field in characters; none where it is not known.
pub(super) fn limit(module: &str, field: &str) -> Option<usize> {
    let own: &[(&str, usize)] = match module {
        "Notes" => &OF_NOTES,
        "Cases" => &OF_CASES,
        _ => &[],
    };
    let entry = own.iter().chain(&OF_ALL).find(|(name, _)| *name == field);
    entry.map(|(_, limit)| *limit)
}

/// `value` as it fits the field, cut without splitting what reads as one character.
pub(super) fn fit(module: &str, field: &str, value: &str) -> String {
    text::cut(value, limit(module, field).unwrap_or(OF_OWN_FIELDS)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_may_have_limits_of_its_own() {
        assert_eq!(limit("Contacts", "Phone"), Some(30));
        assert_eq!(limit("Cases", "Phone"), Some(50));
        assert_eq!(limit("Notes", "Note_Content"), Some(65_535));
        assert_eq!(limit("Contacts", "Shoe_Size"), None);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(fit("Contacts", "First_Name", &"x".repeat(500)).len(), 40);
        let families = "👨‍👩‍👧".repeat(9);
        assert_eq!(fit("Contacts", "First_Name", &families), "👨‍👩‍👧".repeat(8));
        assert_eq!(fit("Leads", "Own_Field", &"x".repeat(500)).len(), 255);
    }
}
