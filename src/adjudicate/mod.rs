//! Adjudication.
