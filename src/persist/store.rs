//! A store of strings by key, as `localStorage` is; and one in memory, for tests and for when storage is blocked.

use std::collections::BTreeMap;

/// A store of strings by key.
pub trait Store {
    /// The value of a key.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn get(&self, key: &str) -> Result<Option<String>, StoreError>;

    /// Puts a value in place of the one before.
    ///
    /// # Errors
    /// When it does not fit or cannot be written; the one before is still there then.
    fn set(&mut self, key: &str, value: &str) -> Result<(), StoreError>;

    /// Removes a key, if it is there.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn remove(&mut self, key: &str) -> Result<(), StoreError>;

    /// All keys, in any order.
    ///
    /// # Errors
    /// When the store cannot be asked.
    fn keys(&self) -> Result<Vec<String>, StoreError>;
}

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// No room is left.
    Full,
    /// The browser does not allow it.
    Blocked,
    /// Something else, in the browser's words.
    Broken(String),
}

/// A store in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryStore {
    records: BTreeMap<String, String>,
    /// The most bytes that keys and values may take together; `None` for no limit.
    quota: Option<usize>,
    used: usize,
    /// How many more writes succeed, and what the ones after them say.
    failure: Option<(usize, StoreError)>,
}

impl MemoryStore {
    /// A store that holds `bytes` bytes of keys and values.
    #[must_use]
    pub fn with_quota(bytes: usize) -> Self {
        Self { quota: Some(bytes), ..Self::default() }
    }

    /// Lets so many more writes and removals succeed; all after them fail, until this is called with `None`.
    pub fn fail_after(&mut self, failure: Option<(usize, StoreError)>) {
        self.failure = failure;
    }

    /// The bytes that keys and values take together.
    #[must_use]
    pub fn used(&self) -> usize {
        self.used
    }

    /// All records, by key.
    #[must_use]
    pub fn records(&self) -> &BTreeMap<String, String> {
        &self.records
    }

    fn spend_write(&mut self) -> Result<(), StoreError> {
        match &mut self.failure {
            Some((0, error)) => Err(error.clone()),
            Some((left, _)) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }
}

impl Store for MemoryStore {
    fn get(&self, key: &str) -> Result<Option<String>, StoreError> {
        Ok(self.records.get(key).cloned())
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        self.spend_write()?;
        let before = self.records.get(key).map_or(0, |old| key.len() + old.len());
        let used = self.used - before + key.len() + value.len();
        if self.quota.is_some_and(|quota| used > quota) {
            return Err(StoreError::Full);
        }
        self.used = used;
        self.records.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    fn remove(&mut self, key: &str) -> Result<(), StoreError> {
        self.spend_write()?;
        if let Some(old) = self.records.remove(key) {
            self.used -= key.len() + old.len();
        }
        Ok(())
    }

    fn keys(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.records.keys().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_store_keeps_what_it_has() {
        let mut store = MemoryStore::with_quota(10);
        assert_eq!(store.set("ab", "12345678"), Ok(()));
        assert_eq!(store.set("ab", "123456789"), Err(StoreError::Full));
        assert_eq!(store.get("ab"), Ok(Some("12345678".to_owned())));
        assert_eq!(store.set("ab", "1"), Ok(()));
        assert_eq!(store.set("cd", "12345"), Ok(()));
        assert_eq!(store.used(), 10);
        assert_eq!(store.remove("ab"), Ok(()));
        assert_eq!(store.used(), 7);
    }

    #[test]
    fn a_failure_comes_when_it_was_asked_for() {
        let mut store = MemoryStore::default();
        store.fail_after(Some((1, StoreError::Blocked)));
        assert_eq!(store.set("a", "1"), Ok(()));
        assert_eq!(store.set("b", "1"), Err(StoreError::Blocked));
        assert_eq!(store.remove("a"), Err(StoreError::Blocked));
        store.fail_after(None);
        assert_eq!(store.keys(), Ok(vec!["a".to_owned()]));
    }
}
