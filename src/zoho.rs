//! zoho
