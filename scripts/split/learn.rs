//! Names the code that can wait, from what ran: few lines that cover much of what did not run and nothing of what did.

use crate::module::Module;
use std::collections::{BTreeMap, BTreeSet};

/// A line is worth its place from so many bytes on that it moves out of the first visit.
const WORTH: usize = 200;

#[derive(Default)]
struct Covered {
    functions: BTreeSet<u32>,
    bytes: usize,
    ran: bool,
}

/// The lines for a module of which these functions ran.
pub fn lines(module: &Module, ran: &BTreeSet<u32>) -> Vec<String> {
    let size = |function: u32| module.body(function).map_or(0, |body| body.as_bytes().len());
    let mut candidates: BTreeMap<String, Covered> = BTreeMap::new();
    for (function, name) in &module.names {
        let bytes = size(*function);
        for part in parts(name) {
            let covered = candidates.entry(part).or_default();
            if covered.functions.insert(*function) {
                covered.bytes += bytes;
                covered.ran |= ran.contains(function);
            }
        }
    }
    let mut open: Vec<(String, Covered)> = candidates.into_iter().filter(|(_, covered)| !covered.ran).collect();
    // What covers more comes first; of two names for the same, the shorter.
    open.sort_by(|(a, left), (b, right)| right.bytes.cmp(&left.bytes).then(a.len().cmp(&b.len())).then(a.cmp(b)));
    let mut done = BTreeSet::new();
    let mut lines = Vec::new();
    for (name, covered) in open {
        let new: usize = covered.functions.difference(&done).map(|function| size(*function)).sum();
        // A line is a part of a name anywhere in it, so it may also be one of a function that ran.
        if new >= WORTH && !ran.iter().filter_map(|function| module.names.get(function)).any(|ran| ran.contains(&name)) {
            done.extend(covered.functions);
            lines.push(name);
        }
    }
    lines.sort();
    lines
}

/// What a function may be known by: each path in its name and each beginning of one, each method of a type, the whole name.
fn parts(name: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::from([name.to_owned()]);
    for path in name.split(|character: char| !(character.is_alphanumeric() || character == '_' || character == ':')) {
        let path = path.trim_matches(':');
        let ends = path.match_indices("::").map(|(at, _)| at).skip(1).chain([path.len()]);
        parts.extend(ends.filter(|end| path[..*end].contains("::")).map(|end| path[..end].to_owned()));
    }
    // `<path::Type>::method`, the brackets matched.
    for (begin, _) in name.match_indices('<') {
        let mut depth = 0_usize;
        for (at, character) in name[begin..].char_indices() {
            match character {
                '<' => depth += 1,
                // Not that of an arrow.
                '>' if !name[..begin + at].ends_with('-') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let rest = &name[begin + at + 1..];
                let method: usize =
                    rest.strip_prefix("::").map_or(0, |rest| rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len()));
                if method > 0 {
                    parts.insert(name[begin..begin + at + 1 + 2 + method].to_owned());
                }
                break;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_paths_methods_and_its_whole_name() {
        let found = parts("<yew::Comp<wusum::web::List> as yew::Stateful>::view::{closure#1}");
        for part in ["yew::Comp", "wusum::web", "wusum::web::List", "yew::Stateful", "<yew::Comp<wusum::web::List> as yew::Stateful>::view"] {
            assert!(found.contains(part), "{part} in {found:?}");
        }
        assert!(!found.contains("wusum"), "{found:?}");
    }
}
