//! The core model: its rules written as tagged text, its laws tried at random, how its costs grow.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says where and stops")]

mod compare;
mod dataset;
mod growth;
mod index;
mod laws;
mod parts;
mod pieces;
mod recast;
mod recast_answers;
mod recast_laws;
mod relations;
mod reshaping;
mod rules;
mod schema_problems;
mod tagged;
mod values;
