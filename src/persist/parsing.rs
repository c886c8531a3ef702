//! Long records of JSON, read some items of their arrays at a time.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A record being read: what comes of it is what comes of reading it at once.
#[derive(Debug, Default)]
pub(super) struct Parsing {
    /// Where it is, in bytes.
    at: usize,
    record: Map<String, Value>,
    stage: Stage,
}

/// What comes next.
#[derive(Debug, Default)]
enum Stage {
    /// The record begins.
    #[default]
    Begin,
    /// The name of a field.
    Field,
    /// An item of an array.
    Item(String, Vec<Value>),
    /// Nothing.
    End,
    /// It is no record, or a broken one: reading it at once tells why.
    Broken,
}

impl Parsing {
    /// Reads so many more fields or items, the same text each time; whether that was all.
    pub(super) fn step(&mut self, raw: &str, items: usize) -> bool {
        for _ in 0..items {
            let stage = std::mem::replace(&mut self.stage, Stage::Broken);
            self.stage = match stage {
                Stage::End | Stage::Broken => {
                    self.stage = stage;
                    return true;
                }
                stage => self.next(raw, stage).unwrap_or(Stage::Broken),
            };
        }
        false
    }

    fn next(&mut self, raw: &str, stage: Stage) -> Option<Stage> {
        match stage {
            Stage::Begin => {
                self.eat(raw, b'{').then_some(())?;
                if self.eat(raw, b'}') { self.end(raw) } else { Some(Stage::Field) }
            }
            Stage::Field => {
                let name: String = self.value(raw)?;
                self.eat(raw, b':').then_some(())?;
                if self.eat(raw, b'[') {
                    return if self.eat(raw, b']') { self.after(raw, name, Value::Array(Vec::new())) } else { Some(Stage::Item(name, Vec::new())) };
                }
                let value = self.value(raw)?;
                self.after(raw, name, value)
            }
            Stage::Item(name, mut items) => {
                items.push(self.value(raw)?);
                if self.eat(raw, b',') {
                    return Some(Stage::Item(name, items));
                }
                self.eat(raw, b']').then_some(())?;
                self.after(raw, name, Value::Array(items))
            }
            Stage::End | Stage::Broken => Some(stage),
        }
    }

    /// What comes after a field.
    fn after(&mut self, raw: &str, name: String, value: Value) -> Option<Stage> {
        self.record.insert(name, value);
        if self.eat(raw, b',') {
            return Some(Stage::Field);
        }
        self.eat(raw, b'}').then_some(())?;
        self.end(raw)
    }

    fn end(&mut self, raw: &str) -> Option<Stage> {
        self.pass_space(raw);
        (self.at == raw.len()).then_some(Stage::End)
    }

    fn value<T: DeserializeOwned>(&mut self, raw: &str) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(raw.get(self.at..)?).into_iter::<T>();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }

    /// Passes white space and this sign, where it comes next.
    fn eat(&mut self, raw: &str, sign: u8) -> bool {
        self.pass_space(raw);
        let is_there = raw.as_bytes().get(self.at) == Some(&sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn pass_space(&mut self, raw: &str) {
        let rest = raw.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r')).count();
    }

    /// The record, or what it is instead; what is left is read at once.
    ///
    /// # Errors
    /// When it is not JSON.
    pub(super) fn finish(mut self, raw: &str) -> serde_json::Result<Value> {
        self.step(raw, usize::MAX);
        match self.stage {
            Stage::End => Ok(Value::Object(self.record)),
            _ => serde_json::from_str(raw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn in_parts(raw: &str, items: usize) -> Result<Value, String> {
        let mut parsing = Parsing::default();
        while !parsing.step(raw, items) {}
        parsing.finish(raw).map_err(|error| error.to_string())
    }

    fn at_once(raw: &str) -> Result<Value, String> {
        serde_json::from_str(raw).map_err(|error| error.to_string())
    }

    #[test]
    fn a_record_in_parts_is_the_record() {
        for raw in [
            r#"{"v":1,"spans":[{"id":"a,]}","start":0},{"id":"\"]"}],"status":"new","n":-1.5e3 , "b":true,"c":null,"d":{"e":[1,[2]]},"f":[]}"#,
            "{}",
            " { \"a\" : [ 1 , \"باكو\" , null ] } \n",
            r#"{"a":[1],"a":[2,3],"a":4}"#,
            r#"{"a":[[],[[]],{}]}"#,
        ] {
            assert!(at_once(raw).is_ok(), "{raw}");
            for items in [1, 2, 100] {
                assert_eq!(in_parts(raw, items), at_once(raw), "{raw}");
            }
        }
    }

    #[test]
    fn what_is_no_record_or_broken_is_told_as_when_it_is_read_at_once() {
        for raw in [
            "",
            "[1]",
            "7",
            "{",
            r#"{"a"}"#,
            r#"{"a":[1,]}"#,
            r#"{"a":[1}"#,
            r#"{"a":1,}"#,
            r#"{"a":1}x"#,
            r#"{a:1}"#,
            r#"{"a":[1 2]}"#,
            r#"{"a":01}"#,
        ] {
            assert_eq!(in_parts(raw, 1), at_once(raw), "{raw}");
        }
    }

    proptest! {
        /// Whatever is cut out of a record or put into it.
        #[test]
        fn damage_is_read_alike(at in 0_usize..60, gone in 0_usize..4, come in "[\\[\\]{},:\"0-9a\\\\ ]{0,3}", items in 1_usize..4) {
            let raw = r#"{"v":1,"do":[{"span":[null,{"id":"s1"}]},{"remark":[]}],"at":17}"#;
            let end = (at + gone).min(raw.len());
            let raw = format!("{}{come}{}", &raw[..at], &raw[end..]);
            prop_assert_eq!(in_parts(&raw, items), at_once(&raw));
        }
    }
}
