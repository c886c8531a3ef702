//! Agreement on small texts: text in, figures out.
