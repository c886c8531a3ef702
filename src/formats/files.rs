//! Named files: what formats read and write, be it one file, a folder or an archive.

use std::collections::{BTreeMap, BTreeSet};

/// Files by path. A path is relative, its parts are joined by `/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

/// The most bytes of a file's name that is made of another name.
const LONGEST_NAME: usize = 120;

impl Files {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One file.
    #[must_use]
    pub fn one(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self([(path.into(), bytes.into())].into())
    }

    /// Adds a file; returns what had its path.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Option<Vec<u8>> {
        self.0.insert(path.into(), bytes.into())
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.0.remove(path)
    }

    /// What a file holds.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// All files, by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Vec<u8>)> for Files {
    fn from_iter<T: IntoIterator<Item = (String, Vec<u8>)>>(files: T) -> Self {
        Self(files.into_iter().collect())
    }
}

/// The name of a file in its folder.
#[must_use]
pub fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The folder of a file, without the last `/`; empty at the top.
#[must_use]
pub fn folder(path: &str) -> &str {
    path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder)
}

/// The path without the ending of its file, and that ending in lower case; a file that only has an ending has none.
#[must_use]
pub fn ending(path: &str) -> (&str, String) {
    match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains(['/', '\\']) && !file_name(stem).is_empty() => (stem, ending.to_ascii_lowercase()),
        _ => (path, String::new()),
    }
}

/// Names of files for names of anything, each once, also where a file system knows no difference of case.
#[derive(Clone, Debug, Default)]
pub struct FileNames {
    taken: BTreeSet<String>,
}

impl FileNames {
    /// A name for a file or folder: letters and digits of any script, `-`, `_` and `.` stay, all else becomes `_`.
    pub fn of(&mut self, name: &str) -> String {
        let is_kept = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let mut kept: String = name.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
        let mut end = kept.len().min(LONGEST_NAME);
        while !kept.is_char_boundary(end) {
            end -= 1;
        }
        kept.truncate(end);
        // No name is hidden, means another folder, or ends in what some systems cut off.
        let inner = kept.trim_matches('.');
        let kept = if inner.is_empty() || is_device(inner) { format!("_{inner}") } else { inner.to_owned() };
        let mut free = kept.clone();
        for number in 2_usize.. {
            if self.taken.insert(free.to_lowercase()) {
                break;
            }
            free = format!("{kept}-{number}");
        }
        free
    }
}

/// Names that Windows keeps for devices, whatever their ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = |prefix: &str| stem.strip_prefix(prefix).is_some_and(|rest| rest.len() == 1 && rest.starts_with(|c: char| c.is_ascii_digit()));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_safe_names_of_files_each_once() {
        let mut names = FileNames::default();
        let made = ["خبر 1", "خبر_1", "../../etc/passwd", "..", "A", "a", "con.txt", ".hidden", "x\u{0}y"].map(|name| names.of(name));
        assert_eq!(made, ["خبر_1", "خبر_1-2", "_.._etc_passwd", "_", "A", "a-2", "_con.txt", "hidden", "x_y"]);
        assert!(names.of(&"ش".repeat(500)).len() <= LONGEST_NAME);
    }

    #[test]
    fn paths_are_taken_apart() {
        assert_eq!((file_name("a/b.c/d.TXT"), folder("a/b.c/d.TXT")), ("d.TXT", "a/b.c"));
        assert_eq!(ending("a/b.c/d.TXT"), ("a/b.c/d", "txt".to_owned()));
        assert_eq!(ending("a/b.c/d"), ("a/b.c/d", String::new()));
        assert_eq!(ending("a/.hidden"), ("a/.hidden", String::new()));
    }
}
