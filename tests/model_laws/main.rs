//! The core model: its rules written as tagged text, its laws tried at random, how its costs grow.

mod growth;
mod index;
mod laws;
mod rules;
mod tagged;
