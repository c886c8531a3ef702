//! Schemas in and out: files as other programs write them, laws of every format, the ready schemas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on says where and stops")]

mod files;
mod laws;
mod ready;
