//! The card of a Hugging Face data set: which columns its files have, and what the numbers of their tags mean.

use super::files;
use serde_json::Value;
use std::collections::BTreeMap;
use std::iter::Peekable;

/// The name of the card.
pub(super) const CARD: &str = "README.md";

/// What older data sets have beside it.
const INFOS: &str = "dataset_infos.json";

/// The columns of every file besides the tags: name and type, lists with `true`.
pub(super) const COLUMNS: [(&str, &str, bool); 9] = [
    ("id", "string", false),
    ("document", "string", false),
    ("title", "string", false),
    ("annotator", "string", false),
    ("offset", "int32", false),
    ("text", "string", false),
    ("tokens", "string", true),
    ("start", "int32", true),
    ("end", "int32", true),
];

/// One part of a data set: what somebody labelled.
pub(super) struct Config {
    /// Its name.
    pub name: String,
    /// The splits, with the paths of their files.
    pub splits: Vec<(String, String)>,
}

/// The name of the column with the tags of a level, from 0.
pub(super) fn level_column(level: usize) -> String {
    if level == 0 { "ner_tags".to_owned() } else { format!("ner_tags_{}", level + 1) }
}

/// Whether a file is a card, or what older data sets have beside it.
pub(super) fn is_card(path: &str) -> bool {
    let name = files::file_name(path);
    name.eq_ignore_ascii_case(CARD) || name == INFOS
}

/// Writes a card.
pub(super) fn write(name: &str, configs: &[Config], levels: usize, tags: &[String]) -> String {
    let mut out = format!("---\npretty_name: {}\ntask_categories:\n- token-classification\nconfigs:\n", scalar(name));
    for config in configs {
        out.push_str(&format!("- config_name: {}\n  data_files:\n", scalar(&config.name)));
        for (split, path) in &config.splits {
            out.push_str(&format!("  - split: {split}\n    path: {}\n", scalar(path)));
        }
    }
    out.push_str("dataset_info:\n");
    for config in configs {
        out.push_str(&format!("- config_name: {}\n  features:\n", scalar(&config.name)));
        for (column, kind, is_list) in COLUMNS {
            let key = if is_list { "sequence" } else { "dtype" };
            out.push_str(&format!("  - name: {column}\n    {key}: {kind}\n"));
        }
        for level in 0..levels {
            out.push_str(&format!("  - name: {}\n    sequence:\n      class_label:\n        names:\n", level_column(level)));
            for (number, tag) in tags.iter().enumerate() {
                out.push_str(&format!("          '{number}': {}\n", scalar(tag)));
            }
        }
    }
    out.push_str(
        "---\n\nA row is a sentence. `text` is its part of the document, and begins at `offset` there; the parts of a document are the\n\
         whole. `start` and `end` are where each token is in `text`, in Unicode code points, the end exclusive. `ner_tags` are tags\n\
         (`O`, `B-`, `I-`); labels that lie on those are in `ner_tags_2` and so on.\n",
    );
    out
}

/// A word of YAML: plain where no reader takes it for anything else, else in double quotes.
pub(crate) fn scalar(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
    let is_tag = ["B-", "I-", "E-", "S-"].iter().any(|prefix| word.starts_with(prefix)) || word == "O";
    let is_word = word.starts_with(char::is_alphabetic) && word.contains(['.', '/', '-']) || is_tag;
    if is_word && word.chars().all(|c| is_plain(c) || ('.'..='/').contains(&c)) {
        return word.to_owned();
    }
    let mut out = String::from('"');
    let mut units = [0_u16; 2];
    for character in word.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            // Line ends of YAML, and what it does not allow, stand for themselves only escaped.
            _ if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}') => {
                character.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04X}")));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// What the numbers of tags mean, by the name of a part (empty where a card has none) and of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names(BTreeMap<(String, String), Vec<String>>);

impl Names {
    /// Reads a card, or what older data sets have beside it.
    pub(super) fn read(path: &str, source: &str) -> Self {
        let mut names = Self::default();
        if files::file_name(path) == INFOS {
            let infos = serde_json::from_str::<Value>(source).unwrap_or_default();
            for (config, info) in infos.as_object().into_iter().flatten() {
                for (column, feature) in info.get("features").and_then(Value::as_object).into_iter().flatten() {
                    let list = feature.get("feature").unwrap_or(feature).get("names").and_then(Value::as_array);
                    let list = list.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect());
                    list.into_iter().for_each(|list| drop(names.0.insert((config.clone(), column.clone()), list)));
                }
            }
        } else {
            names.front_matter(source);
        }
        names
    }

    /// What a column's numbers mean in the file at this path.
    pub(super) fn of(&self, path: &str, column: &str) -> Option<&[String]> {
        let is_column = |(key, _): &(&(String, String), &Vec<String>)| key.1 == column;
        let is_named = |config: &str| path.split(['/', '\\']).any(|part| part == config);
        let own = self.0.iter().filter(is_column).find(|((config, _), _)| is_named(config));
        own.or_else(|| self.0.iter().find(is_column)).map(|(_, names)| names.as_slice())
    }

    /// Of the YAML before a card only what follows `config_name:`, `- name:` and `names:` is looked at.
    fn front_matter(&mut self, source: &str) {
        let mut lines = source.lines();
        if lines.next().map(str::trim_end) != Some("---") {
            return;
        }
        let mut lines = lines.take_while(|line| line.trim_end() != "---").peekable();
        let (mut config, mut column) = (String::new(), String::new());
        while let Some(line) = lines.next() {
            let trimmed = line.trim_start();
            let item = trimmed.trim_start_matches(['-', ' ']);
            if let Some(rest) = item.strip_prefix("config_name:") {
                config = word(rest);
            } else if let Some(rest) = item.strip_prefix("name:") {
                column = word(rest);
            } else if let Some(rest) = item.strip_prefix("names:") {
                let listed = if rest.trim().is_empty() { block(&mut lines) } else { flow(rest) };
                self.0.insert((config.clone(), column.clone()), listed);
            }
        }
    }
}

/// The lines below `names:`: of a list, or of numbers with their names.
fn block<'a>(lines: &mut Peekable<impl Iterator<Item = &'a str>>) -> Vec<String> {
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    while let Some(line) = lines.peek().map(|line| line.trim()) {
        if let Some(rest) = line.strip_prefix("- ").filter(|rest| !rest.starts_with("name:")) {
            found.insert(found.len(), word(rest));
        } else if let Some((number, rest)) = line.split_once(':').and_then(|(key, rest)| Some((key.trim_matches(['\'', '"']).parse().ok()?, rest))) {
            found.insert(number, word(rest));
        } else {
            break;
        }
        lines.next();
    }
    // A number without a name ends what can be named by its place.
    (0..).map_while(|number| found.remove(&number)).collect()
}

/// `[O, 'B-PER']` on one line.
fn flow(rest: &str) -> Vec<String> {
    let inner = rest.trim().trim_start_matches('[').trim_end_matches(']');
    inner.split(',').map(word).filter(|word| !word.is_empty()).collect()
}

/// A word of YAML, plain or in quotes.
fn word(written: &str) -> String {
    let written = written.trim();
    if written.starts_with('"') {
        return serde_json::from_str(written).unwrap_or_else(|_| written.trim_matches('"').to_owned());
    }
    match written.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.replace("''", "'"),
        None => written.split(" #").next().unwrap_or_default().trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(source: &str) -> Vec<(String, String, String)> {
        Names::read(CARD, source).0.into_iter().map(|((config, column), names)| (config, column, names.join(" "))).collect()
    }

    #[test]
    fn names_are_read_as_others_write_them() {
        let card = "---\nlicense: mit\ndataset_info:\n- config_name: x\n  features:\n  - name: tokens\n    sequence: string\n  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          1: 'B-a''b'\n          \"2\": \"I-\\\"\" \n  splits:\n  - name: train\n    num_bytes: 1\n- features:\n  - name: tags\n    list:\n      class_label:\n        names:\n        - O\n        - B-X\n  - name: label\n    dtype:\n      class_label:\n        names: [O, 'B-Y']\n---\n# Card\nnames:\n- not\n";
        let of = |config: &str, column: &str, names: &str| (config.to_owned(), column.to_owned(), names.to_owned());
        assert_eq!(read(card), [of("x", "label", "O B-Y"), of("x", "ner_tags", "O B-a'b I-\""), of("x", "tags", "O B-X")]);
        assert_eq!(read("# Card\nnames:\n- not\n"), []);
        let infos = r#"{"default": {"features": {"ner_tags": {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "Sequence"}}}}"#;
        let names = Names::read("a/dataset_infos.json", infos);
        assert_eq!(names.of("a/train.json", "ner_tags"), Some(&["O".to_owned(), "B-PER".to_owned()][..]));
        assert_eq!(names.of("a/train.json", "tags"), None);
    }

    #[test]
    fn a_part_has_its_own_names() {
        let config = |name: &str| Config { name: name.to_owned(), splits: vec![("train".to_owned(), format!("{name}/train.jsonl"))] };
        let mut names = Names::read(CARD, &write("x", &[config("ا")], 1, &["O".to_owned(), "B-1".to_owned()]));
        names.0.extend(Names::read(CARD, &write("x", &[config("b")], 1, &["O".to_owned(), "B-2".to_owned()])).0);
        assert_eq!(names.of("b/train.jsonl", "ner_tags").map(|names| names[1].as_str()), Some("B-2"));
        assert_eq!(names.of("ا/train.jsonl", "ner_tags").map(|names| names[1].as_str()), Some("B-1"));
    }

    proptest! {
        #[test]
        fn any_name_is_read_as_it_was_written(labels in prop::collection::vec("[\\PC\\n\\t\u{2028}'\"#: \\\\-]{0,8}", 0..4), config in "[a-zا-ي0-9._-]{1,6}") {
            let tags: Vec<String> = std::iter::once("O".to_owned()).chain(labels.iter().map(|label| format!("B-{label}"))).collect();
            let config = Config { name: config, splits: vec![("train".to_owned(), "train.jsonl".to_owned())] };
            let card = write("a\nb: #", &[config], 2, &tags);
            let names = Names::read(CARD, &card);
            prop_assert_eq!(names.of("x", "ner_tags"), Some(tags.as_slice()), "{}", card);
            prop_assert_eq!(names.of("x", "ner_tags_2"), Some(tags.as_slice()));
        }
    }
}
