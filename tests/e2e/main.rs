//! The built page, driven in real browsers: `make dist`, then `cargo test --features e2e --test e2e`.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code)]

mod agreement;
mod bring;
mod browser;
mod build;
mod dataset;
mod deferred;
mod desk;
mod edit;
mod hands;
mod harness;
mod hostile;
mod kinds;
mod label;
mod large;
mod machine;
mod marks;
mod offsets;
mod open;
mod page;
mod painted;
mod panel;
mod pieces;
mod retext;
mod review;
mod safe;
mod schema;
mod screen;
mod share;
mod site;
mod smoke;
mod ties;
mod training;
mod wire;
mod work;
mod worker;
