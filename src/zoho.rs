//! Zoho CRM, version 8 of its REST API: `{api_domain}/crm/v8`.

pub mod hosts;
pub mod limits;
pub mod words;
