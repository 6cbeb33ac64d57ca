//! What Zoho calls heavy, of which it takes fewer at a time than of other calls, whatever the edition
//! (Zoho CRM v8: API limits, sub-concurrency).

/// Records that a light write has at most.
const LIGHT: usize = 10;

/// Heavy calls at a time.
const AT_A_TIME: usize = 10;

/// How many calls that write so many records Zoho takes at a time; none where it does not say.
pub(super) fn at_a_time(records: usize) -> Option<usize> {
    (records > LIGHT).then_some(AT_A_TIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_ten_records_are_heavy() {
        assert_eq!(at_a_time(10), None);
        assert_eq!(at_a_time(11), Some(10));
    }
}
