//! Wusum: an annotator for Arabic news.

pub mod text;
