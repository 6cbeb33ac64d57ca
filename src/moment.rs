//! Moments of two clocks: the host's and a remote's.

use jiff::{SignedDuration, Timestamp};

/// How far the clocks of host and remote may differ.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(10);

/// The earliest that what a remote made can be of the host's record that was made at `since`, an ISO
/// time.
pub(crate) fn earliest(since: Option<&str>) -> Option<Timestamp> {
    let since: Timestamp = since?.parse().ok()?;
    since.checked_sub(CLOCK_SKEW).ok()
}

/// Whether what a remote made at `made_at` can be of the host's record that was made at `since`. Not
/// if either is unknown.
pub(crate) fn is_since(made_at: Option<&str>, since: Option<&str>) -> bool {
    let made_at: Option<Timestamp> = made_at.and_then(|time| time.parse().ok());
    made_at
        .zip(earliest(since))
        .is_some_and(|(made_at, earliest)| made_at >= earliest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_differ_by_minutes() {
        let since = Some("2026-05-16T10:00:00Z");
        assert!(is_since(Some("2026-05-16T11:50:00+02:00"), since));
        assert!(!is_since(Some("2026-05-16T11:49:00+02:00"), since));
        assert!(!is_since(None, since) && !is_since(Some("2026-05-16T10:00:00Z"), None));
        assert!(!is_since(Some("yesterday"), since));
    }
}
