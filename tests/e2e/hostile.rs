//! Texts and files that mean harm, or are far too large: nothing runs, everything is said.
