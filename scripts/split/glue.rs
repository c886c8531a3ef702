//! Shorter names for what the module and its script share: the bindings' own end in digests, which compress badly.

use crate::Outcome;
use crate::module::Module;
use std::collections::BTreeMap;

/// Names with digests, and what each becomes.
pub struct Short(BTreeMap<String, String>);

impl Short {
    /// Those of a module.
    pub fn of(module: &Module) -> Self {
        let imports = module.imports.iter().map(|import| import.name);
        let exports = module.exports.iter().map(|export| export.name);
        let digested = imports.chain(exports).filter(|name| has_digest(name));
        Self(digested.enumerate().map(|(number, name)| (name.to_owned(), format!("${number}"))).collect())
    }

    /// What a name becomes.
    pub fn name<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// The script with the shorter names.
    pub fn in_script(&self, script: &str) -> Outcome<String> {
        let is_part = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '$';
        let mut out = String::with_capacity(script.len());
        let mut seen = std::collections::BTreeSet::new();
        let mut rest = script;
        while !rest.is_empty() {
            let word = rest.find(|character| !is_part(character)).unwrap_or(rest.len());
            let (token, after) = rest.split_at(word);
            if let Some(short) = self.0.get(token) {
                seen.insert(token);
                out.push_str(short);
            } else {
                out.push_str(token);
            }
            let between = after.find(is_part).unwrap_or(after.len());
            out.push_str(&after[..between]);
            rest = &after[between..];
        }
        match self.0.keys().find(|name| !seen.contains(name.as_str())) {
            Some(lost) => Err(format!("the script does not know {lost}").into()),
            None => Ok(out),
        }
    }
}

/// Whether a name ends in sixteen hexadecimal digits.
fn has_digest(name: &str) -> bool {
    name.len() > 17 && name.is_char_boundary(name.len() - 16) && name[name.len() - 16..].bytes().all(|byte| byte.is_ascii_hexdigit())
}
