//! The whole store in one file: JSON Lines, sorted by key, with a checksum at the end.

use super::key::{Key, Keyspace};
use crate::project::LayerKey;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Writes all records. The order does not matter; the file is sorted by key.
///
/// # Errors
/// When the file cannot be written.
pub fn write(records: &[(String, String)], out: &mut impl Write) -> io::Result<()> {
    let mut digest = Sha256::new();
    let mut line = |content: String, out: &mut dyn Write| -> io::Result<()> {
        let content = content + "\n";
        digest.update(content.as_bytes());
        out.write_all(content.as_bytes())
    };
    let sorted: BTreeMap<&String, &String> = records.iter().map(|(key, value)| (key, value)).collect();
    line(json!({"wusum": 1, "kind": "backup", "records": sorted.len()}).to_string(), out)?;
    for (key, value) in sorted {
        line(json!({"key": key, "value": value}).to_string(), out)?;
    }
    let hex = hex(digest);
    writeln!(out, "{}", json!({"kind": "checksum", "sha256": hex}))
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// What a backup file has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backup {
    /// The records that can be read.
    pub records: Vec<(String, String)>,
    /// What is wrong with the file.
    pub damage: Vec<Damage>,
}

/// What is wrong with a backup file. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It does not begin as a backup does.
    NoHeader,
    /// A newer program wrote it; nothing of it was read.
    TooNew {
        /// The version it names.
        version: u64,
    },
    /// A line cannot be read.
    BadLine {
        /// Which one.
        line: u32,
    },
    /// There are not as many records as its first line says.
    WrongCount {
        /// How many there should be.
        stated: u64,
        /// How many there are.
        found: u64,
    },
    /// There is no checksum: the end of the file is missing.
    NoChecksum,
    /// The checksum is not that of the file.
    WrongChecksum,
}

#[derive(Default, Deserialize)]
struct Line {
    #[serde(default)]
    wusum: Option<u64>,
    #[serde(default)]
    kind: Option<String>,
    #[serde(default)]
    records: Option<u64>,
    #[serde(default)]
    key: Option<String>,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    sha256: Option<String>,
}

/// Reads a backup. Good records are there even where others are damaged.
#[must_use]
pub fn read(bytes: &[u8]) -> Backup {
    let mut backup = Backup::default();
    let mut digest = Sha256::new();
    let mut stated = None;
    let mut checksum = None;
    for (index, raw) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let line = serde_json::from_slice::<Line>(raw).ok();
        if index == 0 {
            match line.as_ref().and_then(|line| line.wusum) {
                Some(version) if version > 1 => return Backup { records: Vec::new(), damage: vec![Damage::TooNew { version }] },
                Some(_) if line.as_ref().is_some_and(|line| line.kind.as_deref() == Some("backup")) => {}
                _ => backup.damage.push(Damage::NoHeader),
            }
        }
        match line {
            Some(Line { kind: Some(kind), sha256: Some(sum), .. }) if kind == "checksum" => {
                checksum = Some((sum, hex(digest.clone())));
                continue;
            }
            Some(Line { kind: Some(kind), records, .. }) if kind == "backup" => stated = records,
            Some(Line { key: Some(key), value: Some(value), .. }) => backup.records.push((key, value)),
            _ => backup.damage.push(Damage::BadLine { line: number }),
        }
        digest.update(raw);
    }
    let found = backup.records.len() as u64;
    match stated {
        Some(stated) if stated != found => backup.damage.push(Damage::WrongCount { stated, found }),
        _ => {}
    }
    match checksum {
        None => backup.damage.push(Damage::NoChecksum),
        Some((stated, true_sum)) if stated != true_sum => backup.damage.push(Damage::WrongChecksum),
        Some(_) => {}
    }
    backup
}

/// What to write of a backup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restore {
    /// Records that the store lacks, or has of a lower revision.
    pub writes: Vec<(String, String)>,
    /// Layers that the store has of the same or a higher revision, or with another past; they stay as they are.
    pub kept: Vec<LayerKey>,
    /// Other records that the store has with another value; they stay as they are.
    pub different: Vec<String>,
}

/// Compares a backup with what the store has. No step of a layer is ever replaced by another: a layer is taken as a
/// whole where the store has none of it, and continued where the backup's steps go on from the store's.
#[must_use]
pub fn plan(keys: &Keyspace, backup: &[(String, String)], existing: &BTreeMap<String, String>) -> Restore {
    let mut restore = Restore::default();
    let mut layers: BTreeMap<LayerKey, Vec<&(String, String)>> = BTreeMap::new();
    let mut schema: Vec<&(String, String)> = Vec::new();
    for record in backup {
        let key = keys.parse(&record.0);
        if matches!(key, Some(Key::Schema | Key::SchemaStep(_))) {
            schema.push(record);
            continue;
        }
        match key.and_then(|key| key.layer().cloned()) {
            Some(layer) => layers.entry(layer).or_default().push(record),
            None => match existing.get(&record.0) {
                None => restore.writes.push(record.clone()),
                Some(value) if *value != record.1 => restore.different.push(record.0.clone()),
                Some(_) => {}
            },
        }
    }
    plan_schema(keys, &schema, existing, &mut restore);
    for (layer, records) in layers {
        let prefix = keys.layer_prefix(&layer);
        let ours: BTreeMap<&str, &str> = existing
            .range(prefix.clone()..)
            .take_while(|(key, _)| key.starts_with(&prefix))
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let goes_on = ours.is_empty() || continues(keys, &records, &ours);
        let missing = records.iter().filter(|(key, value)| match keys.parse(key) {
            Some(Key::Aside(..)) => !ours.contains_key(key.as_str()),
            Some(Key::Snapshot(_)) => goes_on && ours.get(key.as_str()) != Some(&value.as_str()),
            _ => goes_on && !ours.contains_key(key.as_str()),
        });
        restore.writes.extend(missing.map(|record| (*record).clone()));
        if !goes_on {
            restore.kept.push(layer);
        }
    }
    restore
}

/// The schema is taken with all its changes where there is none, or where the backup's changes go on from ours.
fn plan_schema(keys: &Keyspace, theirs: &[&(String, String)], existing: &BTreeMap<String, String>, restore: &mut Restore) {
    let prefix = keys.write(&Key::Schema);
    let all = existing.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
    let ours: BTreeMap<&str, &str> = all
        .filter(|(key, _)| matches!(keys.parse(key), Some(Key::Schema | Key::SchemaStep(_))))
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect();
    let by_key: BTreeMap<&str, &str> = theirs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let revision =
        |of: &BTreeMap<&str, &str>| of.get(prefix.as_str()).and_then(|raw| serde_json::from_str::<Revision>(raw).ok()).map(|head| head.revision);
    let agree = ours.iter().filter(|(key, _)| **key != prefix).all(|(key, value)| by_key.get(key) == Some(value));
    let goes_on = ours.is_empty() || (agree && revision(&by_key) > revision(&ours) && revision(&ours).is_some());
    for (key, value) in theirs.iter().filter(|(key, value)| ours.get(key.as_str()) != Some(&value.as_str())) {
        if goes_on {
            restore.writes.push((key.clone(), value.clone()));
        } else if *key == prefix {
            restore.different.push(key.clone());
        }
    }
}

/// Whether the backup's records of a layer go on from ours: its revision is higher, and no step of ours is another there.
fn continues(keys: &Keyspace, theirs: &[&(String, String)], ours: &BTreeMap<&str, &str>) -> bool {
    let revision = |key: &str, value: &str| match keys.parse(key) {
        Some(Key::Journal(_, n)) => n,
        Some(Key::Snapshot(_)) => serde_json::from_str::<Revision>(value).map_or(0, |head| head.revision),
        _ => 0,
    };
    let their_head = theirs.iter().map(|(key, value)| revision(key, value)).max().unwrap_or(0);
    let our_head = ours.iter().map(|(key, value)| revision(key, value)).max().unwrap_or(0);
    let by_key: BTreeMap<&str, &str> = theirs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let agree = ours.iter().filter(|(key, _)| matches!(keys.parse(key), Some(Key::Journal(..)))).all(|(key, value)| by_key.get(key) == Some(value));
    their_head > our_head && agree
}

#[derive(Deserialize)]
struct Revision {
    revision: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<(String, String)> {
        let keys = Keyspace::new("p");
        let layer = LayerKey { document: "d".into(), annotator: "سارة".into() };
        let mut records: Vec<(String, String)> =
            (1..=3).map(|n| (keys.write(&Key::Journal(layer.clone(), n)), format!("step {n}\n\"«»\""))).collect();
        records.push((keys.write(&Key::Settings), "{}".to_owned()));
        records.push((keys.write(&Key::Snapshot(layer)), r#"{"v":1,"revision":2,"at":1,"spans":[]}"#.to_owned()));
        records
    }

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&records(), &mut bytes).expect("memory");
        bytes
    }

    #[test]
    fn a_backup_reads_back_sorted() {
        let backup = read(&written());
        let mut expected = records();
        expected.sort();
        assert_eq!(backup, Backup { records: expected, damage: vec![] });
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_told() {
        let whole = written();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_ne!(read(&changed), read(&whole), "byte {at}");
            // White space at the very end means nothing.
            assert!(at + 1 == whole.len() || !read(&changed).damage.is_empty(), "byte {at}");
            assert!(at + 1 >= whole.len() || !read(&whole[..at]).damage.is_empty(), "cut at {at}");
        }
    }

    #[test]
    fn a_damaged_line_does_not_cost_the_others() {
        let text = String::from_utf8(written()).expect("JSON").replacen("{\"key\"", "{key", 1);
        let backup = read(text.as_bytes());
        assert_eq!(backup.records.len(), 4);
        assert_eq!(backup.damage, [Damage::BadLine { line: 2 }, Damage::WrongCount { stated: 5, found: 4 }, Damage::WrongChecksum]);
        assert_eq!(read(b"{\"wusum\":2,\"kind\":\"backup\"}\n{\"key\":\"a\",\"value\":\"b\"}").damage, [Damage::TooNew { version: 2 }]);
    }

    #[test]
    fn a_layer_is_taken_whole_continued_or_left() {
        let keys = Keyspace::new("p");
        let all = plan(&keys, &records(), &BTreeMap::new());
        assert_eq!((all.writes.len(), all.kept.len(), all.different.len()), (5, 0, 0));
        let ours = |taken: &[usize]| -> BTreeMap<String, String> { taken.iter().map(|index| records()[*index].clone()).collect() };
        // Ours ends at step 1: the backup goes on from there.
        assert_eq!(plan(&keys, &records(), &ours(&[0, 3])).writes.len(), 3);
        // Ours has another step 2: nothing of the backup's layer is mixed in.
        let mut other = ours(&[0, 1]);
        other.insert(records()[1].0.clone(), "another step".to_owned());
        let left = plan(&keys, &records(), &other);
        assert_eq!((left.writes, left.kept.len()), (vec![records()[3].clone()], 1));
        // Ours is as new.
        assert_eq!(plan(&keys, &records(), &ours(&[0, 1, 2, 3, 4])).writes, []);
        // Settings of ours are kept.
        let mut settings = BTreeMap::new();
        settings.insert(records()[3].0.clone(), "ours".to_owned());
        assert_eq!(plan(&keys, &records(), &settings).different, [records()[3].0.clone()]);
    }
}
