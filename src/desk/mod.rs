//! The desk.

/// Offers.
pub fn offer() {}
