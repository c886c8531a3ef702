//! Text and its offsets.
