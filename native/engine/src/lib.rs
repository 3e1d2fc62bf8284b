//! Vitrine's native engine: FLOE in bulk, keys in locked memory, Argon2id. What JavaScript sees is in `addon.rs`; the rest
//! is plain Rust and is tested without Node: `cargo test --no-default-features`.
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

#[cfg(feature = "addon")]
mod addon;
#[cfg(feature = "addon")]
mod bytes;
#[cfg(feature = "addon")]
mod file_tasks;

pub mod aes;
pub mod files;
pub mod floe;
pub mod harden;
pub mod kdf;
pub mod memory;
