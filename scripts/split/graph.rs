//! Which functions can wait: those that are named so, and all that nothing else leads to.

use crate::Outcome;
use crate::module::Module;
use std::collections::BTreeSet;
use wasmparser::{ExternalKind, Operator};

/// What the code that can wait is named: a part of its functions' names a line; `#` begins a remark.
pub struct Later(Vec<String>);

impl Later {
    /// Reads the lines.
    pub fn read(source: &str) -> Self {
        Self(source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("# ")).map(str::to_owned).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|part| name.contains(part.as_str()))
    }
}

/// The functions that can wait; these surely do.
pub fn waiting(module: &Module, later: &Later, surely: &BTreeSet<u32>) -> Outcome<BTreeSet<u32>> {
    if module.names.is_empty() {
        return Err("the module has no names".into());
    }
    let is_named = |function: &u32| surely.contains(function) || module.names.get(function).is_some_and(|name| later.has(name));
    let exported = module.exports.iter().filter(|export| export.kind == ExternalKind::Func).map(|export| export.index);
    let mut open: Vec<u32> = exported.chain(module.start).chain(module.listed.iter().copied()).filter(|function| !is_named(function)).collect();
    let mut stays: BTreeSet<u32> = BTreeSet::new();
    while let Some(function) = open.pop() {
        if stays.insert(function) {
            open.extend(mentioned(module, function)?.into_iter().filter(|function| !is_named(function)));
        }
    }
    let all = module.imported..module.imported + u32::try_from(module.bodies.len())?;
    let mut waits: BTreeSet<u32> = all.filter(|function| !stays.contains(function)).collect();
    if let Some(start) = module.start {
        waits.remove(&start);
    }
    Ok(waits)
}

/// The functions that a function calls or takes as values.
pub fn mentioned(module: &Module, function: u32) -> Outcome<Vec<u32>> {
    let Some(body) = module.body(function) else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for operator in body.get_operators_reader()? {
        match operator? {
            Operator::Call { function_index } | Operator::RefFunc { function_index } | Operator::ReturnCall { function_index } => {
                found.push(function_index);
            }
            _ => {}
        }
    }
    Ok(found)
}
