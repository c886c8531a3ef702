//! What is checked in a layer, and who is offered as the source of a claim: on the real article, on sentences, at random.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on says where and stops")]

mod article;
mod properties;
mod rules;
mod sources;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../model_laws/tagged.rs"]
mod tagged;
mod watch;
