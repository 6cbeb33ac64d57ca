//! The Ruby binding of pwb_crm.
