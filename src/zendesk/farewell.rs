//! What is taken back at an account that is disconnected: the webhooks and triggers that were made
//! there, and the token.

mod hooks;
mod listed;
mod token;

pub use hooks::{Hook, remove, remove_to};
pub use token::revoke;

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
