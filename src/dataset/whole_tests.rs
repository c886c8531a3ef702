//! A whole data set, file by file.
