//! Who is offered as the source of a claim.
pub fn without_source() {}
