//! Records from JSON. Smaller than reading values as `serde_json` does, for a record is an object and never a bare array of its fields.

use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, Error as _, Unexpected, Visitor};
use serde_json::{Error, Map, Result, Value};

/// JSON as a value of some kind. Read in two steps, so that all kinds share the parser of text, which is large.
///
/// # Errors
/// When it is not JSON, or not of that kind.
pub fn parse<T: DeserializeOwned>(raw: &str) -> Result<T> {
    serde_json::from_str::<Value>(raw).and_then(from_value)
}

/// A value of some kind from JSON that was read.
///
/// # Errors
/// When it is not of that kind.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    T::deserialize(Reader(value))
}

struct Reader(Value);

impl Reader {
    fn mismatch(&self, visitor: &dyn de::Expected) -> Error {
        let found = match &self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(value) => Unexpected::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Unexpected::Unsigned(number),
                (None, Some(number)) => Unexpected::Signed(number),
                (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(string) => Unexpected::Str(string),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        };
        Error::invalid_type(found, visitor)
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.0 {
                Value::Number(number) => number.deserialize_any(visitor),
                _ => Err(self.mismatch(&visitor)),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => number.deserialize_any(visitor),
            Value::String(string) => visitor.visit_string(string),
            Value::Array(items) => visit_items(items, visitor),
            Value::Object(fields) => visit_fields(fields, visitor),
        }
    }

    numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_f32 deserialize_f64 }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(self.mismatch(&visitor)) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::String(string) => visitor.visit_string(string),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_string(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _name: &'static str, visitor: V) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Array(items) => visit_items(items, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _name: &'static str, _length: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.0 {
            Value::Object(fields) => visit_fields(fields, visitor),
            _ => Err(self.mismatch(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _name: &'static str, _fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _name: &'static str, _variants: &'static [&'static str], visitor: V) -> Result<V::Value> {
        let (variant, content) = match self.0 {
            Value::String(variant) => (variant, None),
            Value::Object(fields) => {
                let mut fields = fields.into_iter();
                let (Some((variant, content)), None) = (fields.next(), fields.next()) else {
                    return Err(Error::invalid_value(Unexpected::Map, &"map with a single key"));
                };
                (variant, Some(content))
            }
            _ => return Err(self.mismatch(&"string or map")),
        };
        visitor.visit_enum(Variant { variant, content })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        visitor.visit_unit()
    }
}

fn visit_items<'de, V: Visitor<'de>>(items: Vec<Value>, visitor: V) -> Result<V::Value> {
    let length = items.len();
    let mut items = Items(items.into_iter());
    let read = visitor.visit_seq(&mut items)?;
    if items.0.len() > 0 { Err(Error::invalid_length(length, &"fewer elements in array")) } else { Ok(read) }
}

fn visit_fields<'de, V: Visitor<'de>>(fields: Map<String, Value>, visitor: V) -> Result<V::Value> {
    let length = fields.len();
    let mut fields = Fields { rest: fields.into_iter(), value: None };
    let read = visitor.visit_map(&mut fields)?;
    if fields.rest.len() > 0 { Err(Error::invalid_length(length, &"fewer elements in map")) } else { Ok(read) }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> de::SeqAccess<'de> for &mut Items {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>> {
        self.0.next().map(|value| seed.deserialize(Reader(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields {
    rest: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl<'de> de::MapAccess<'de> for &mut Fields {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Reader(Value::String(key))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value> {
        let value = self.value.take().ok_or_else(|| Error::custom("value is missing"))?;
        seed.deserialize(Reader(value))
    }
}

struct Variant {
    variant: String,
    content: Option<Value>,
}

impl<'de> de::EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Content;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content)> {
        Ok((seed.deserialize(Reader(Value::String(self.variant)))?, Content(self.content)))
    }
}

/// What a variant holds; `None` where it is a bare name.
struct Content(Option<Value>);

impl Content {
    fn reader(self, expected: &str) -> Result<Reader> {
        self.0.map(Reader).ok_or_else(|| Error::invalid_type(Unexpected::UnitVariant, &expected))
    }
}

impl<'de> de::VariantAccess<'de> for Content {
    type Error = Error;

    fn unit_variant(self) -> Result<()> {
        self.0.map_or(Ok(()), from_value)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value> {
        seed.deserialize(self.reader("newtype variant")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value> {
        match self.reader("tuple variant")? {
            Reader(Value::Array(items)) => visit_items(items, visitor),
            other => Err(other.mismatch(&"tuple variant")),
        }
    }

    fn struct_variant<V: Visitor<'de>>(self, _fields: &'static [&'static str], visitor: V) -> Result<V::Value> {
        match self.reader("struct variant")? {
            Reader(Value::Object(fields)) => visit_fields(fields, visitor),
            other => Err(other.mismatch(&"struct variant")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    /// Every shape that records have.
    #[derive(Debug, PartialEq, Deserialize)]
    struct Record {
        n: u32,
        #[serde(default)]
        sign: i64,
        part: Option<f64>,
        key: Option<char>,
        #[serde(default)]
        on: bool,
        #[serde(default)]
        pieces: Vec<(u32, u32)>,
        #[serde(default)]
        more: BTreeMap<String, Value>,
        kind: Kind,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Kind {
        Unit,
        One(Box<str>),
        Two(u8, Option<String>),
        Named { a: u64 },
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i8>().prop_map(Value::from),
            Just(Value::from(1.5)),
            Just(Value::from(u64::MAX)),
            "[a-z]?|unit|one|two".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let name = prop_oneof![Just("a"), Just("unit"), Just("one"), Just("two"), Just("named")].prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..3).prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// A record of which any field may be of any kind, or missing.
    fn record() -> impl Strategy<Value = Value> {
        let field = |name: &'static str, good: Value| {
            prop_oneof![6 => Just(Some(good)), 1 => any_value().prop_map(Some), 1 => Just(None)].prop_map(move |value| (name, value))
        };
        let kinds = prop_oneof![
            Just(serde_json::json!("unit")),
            Just(serde_json::json!({"one": "x"})),
            Just(serde_json::json!({"two": [3, null]})),
            Just(serde_json::json!({"named": {"a": 7, "unknown": [1]}})),
            any_value(),
        ];
        let fields = (
            field("n", 4.into()),
            field("sign", (-4).into()),
            field("part", 0.25.into()),
            field("key", "م".into()),
            field("on", true.into()),
            field("pieces", serde_json::json!([[1, 2], [4, 6]])),
            field("more", serde_json::json!({"deep": {"x": [null, 1.5]}})),
            kinds.prop_map(|kind| ("kind", Some(kind))),
        );
        fields.prop_map(|(a, b, c, d, e, f, g, h)| {
            [a, b, c, d, e, f, g, h].into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Map<_, _>>().into()
        })
    }

    proptest! {
        /// Records read as `serde_json` reads them, and fail where and why they fail there.
        #[test]
        fn it_agrees_with_serde_json(value in record()) {
            let expected = serde_json::from_value::<Record>(value.clone()).map_err(|error| error.to_string());
            // There a record may be a bare array of its fields, and an empty array counts as nothing at all.
            let bare = value["kind"].get("named").is_some_and(Value::is_array);
            prop_assume!(!bare && value["kind"].get("two") != Some(&Value::Array(Vec::new())));
            prop_assert_eq!(from_value::<Record>(value).map_err(|error| error.to_string()), expected);
        }
    }

    #[test]
    fn a_record_is_never_a_bare_array() {
        let error = from_value::<Kind>(serde_json::json!({"named": [7]})).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: sequence, expected struct variant");
    }
}
