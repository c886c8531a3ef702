//! Offsets on screen, in both stores and in the exported file are the same code points.
