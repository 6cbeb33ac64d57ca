//! The words of both sides for a ticket's status and priority, in one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::Text;

/// A status of Zendesk (Zendesk Ticketing API: Tickets, JSON format). `hold` exists only where the
/// account switched it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum TicketStatus {
    New,
    Open,
    Pending,
    Hold,
    Solved,
    Closed,
}

/// A priority of Zendesk (Zendesk Ticketing API: Tickets, JSON format).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names say it
pub enum TicketPriority {
    Low,
    Normal,
    High,
    Urgent,
}

impl TicketStatus {
    /// The word for the host's one: the tenant's own choice first. None for words nobody knows:
    /// the ticket then keeps the status it has.
    pub fn of(host: &Text, chosen: &BTreeMap<String, Self>) -> Option<Self> {
        let word = host.get()?.to_lowercase();
        let usual = match word.as_str() {
            "open" => Some(Self::New),
            "in_progress" => Some(Self::Open),
            "waiting_on_customer" => Some(Self::Pending),
            "resolved" => Some(Self::Solved),
            "closed" => Some(Self::Closed),
            _ => None,
        };
        chosen.get(&word).copied().or(usual)
    }

    /// As a new ticket can have it: one that is closed at once could never be touched again, and
    /// only imports may do it (Zendesk Ticketing API: Ticket Import).
    pub(super) fn on_create(self) -> Self {
        if self == Self::Closed {
            return Self::Solved;
        }
        self
    }
}

impl TicketPriority {
    /// The word for the host's one: the tenant's own choice first, normal for unknown words.
    pub fn of(host: &Text, chosen: &BTreeMap<String, Self>) -> Self {
        let word = host.get().unwrap_or_default().to_lowercase();
        let usual = match word.as_str() {
            "low" => Self::Low,
            "high" => Self::High,
            "urgent" => Self::Urgent,
            _ => Self::Normal,
        };
        chosen.get(&word).copied().unwrap_or(usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(word: &str) -> Option<TicketStatus> {
        TicketStatus::of(&word.into(), &BTreeMap::new())
    }

    fn priority(word: &str) -> TicketPriority {
        TicketPriority::of(&word.into(), &BTreeMap::new())
    }

    #[test]
    fn the_hosts_statuses() {
        let table = [
            ("open", TicketStatus::New),
            ("in_progress", TicketStatus::Open),
            ("waiting_on_customer", TicketStatus::Pending),
            ("resolved", TicketStatus::Solved),
            ("Closed", TicketStatus::Closed),
        ];
        for (word, expected) in table {
            assert_eq!(status(word), Some(expected), "{word}");
        }
        assert_eq!((status("archived"), status("")), (None, None));
        assert_eq!(TicketStatus::Closed.on_create(), TicketStatus::Solved);
        assert_eq!(TicketStatus::Pending.on_create(), TicketStatus::Pending);
    }

    #[test]
    fn the_hosts_priorities() {
        for (word, expected) in [
            ("low", TicketPriority::Low),
            ("normal", TicketPriority::Normal),
            ("high", TicketPriority::High),
            ("urgent", TicketPriority::Urgent),
            ("whatever", TicketPriority::Normal),
            ("", TicketPriority::Normal),
        ] {
            assert_eq!(priority(word), expected, "{word}");
        }
    }

    #[test]
    fn the_tenants_own_words_come_first() {
        let statuses = BTreeMap::from([
            ("waiting_on_customer".to_owned(), TicketStatus::Hold),
            ("archived".to_owned(), TicketStatus::Closed),
        ]);
        let of = |word: &str| TicketStatus::of(&word.into(), &statuses);
        assert_eq!(of("waiting_on_customer"), Some(TicketStatus::Hold));
        assert_eq!(of("archived"), Some(TicketStatus::Closed));
        assert_eq!(of("open"), Some(TicketStatus::New));
        let priorities = BTreeMap::from([("low".to_owned(), TicketPriority::Normal)]);
        let low = TicketPriority::of(&"low".into(), &priorities);
        assert_eq!(low, TicketPriority::Normal);
    }
}
