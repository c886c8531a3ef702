//! Writes the two modules.

use crate::Outcome;
use crate::data::{self, Piece};
use crate::glue::Short;
use crate::graph::mentioned;
use crate::module::Module;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, RoundtripReencoder};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataCountSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, RawSection, TableSection, ValType,
};
use wasmparser::{Export, ExternalKind, Parser, Payload};

/// The function that the page imports to have the second module loaded, as the import's name begins. It takes a number: 1 for
/// at once.
const LOAD: &str = "__wbg_wusumDeferred_";
/// Under this name the second module imports from the first.
const FROM: &str = "page";
/// The first module's export that says whether the second is there: a number, 0 or 1.
const READY: &str = "$ready";

/// Both modules, and how many functions went.
pub struct Split {
    pub kept_module: Vec<u8>,
    pub deferred_module: Vec<u8>,
    pub deferred: usize,
    pub stubs: usize,
}

/// Splits a module; these functions and these bytes go.
pub fn split(module: &Module, waits: &BTreeSet<u32>, moved: &[Piece], short: &Short) -> Outcome<Split> {
    let load = module.imports.iter().position(|import| import.name.starts_with(LOAD)).ok_or("the module does not import the loading function")?;
    let plan = Plan::new(module, waits, u32::try_from(load)?)?;
    let kept_module = kept(module, &plan, moved, short)?;
    let deferred_module = deferred(module, &plan, moved)?;
    Ok(Split { kept_module, deferred_module, deferred: waits.len(), stubs: plan.slots.len() })
}

struct Plan {
    waits: BTreeSet<u32>,
    /// The function that loads the second module.
    load: u32,
    /// The functions that leave a stub, each with its place in the table.
    slots: BTreeMap<u32, u32>,
    /// The table that functions are in.
    table: u32,
    /// The functions that the second module imports from the first, in order.
    shared: Vec<u32>,
    /// The first module's number that says whether the second is there.
    ready: u32,
}

impl Plan {
    fn new(module: &Module, waits: &BTreeSet<u32>, load: u32) -> Outcome<Self> {
        let table = module.tables.iter().position(|table| table.ty.element_type.is_func_ref()).ok_or("the module has no table of functions")?;
        let first = u32::try_from(module.tables[table].ty.initial)?;
        let mut wanted: BTreeSet<u32> = module.exports.iter().filter(|export| export.kind == ExternalKind::Func).map(|export| export.index).collect();
        wanted.extend(&module.listed);
        let mut shared = BTreeSet::new();
        for function in module.imported..module.imported + u32::try_from(module.bodies.len())? {
            let mentioned = mentioned(module, function)?;
            if waits.contains(&function) {
                shared.extend(mentioned.into_iter().filter(|function| !waits.contains(function)));
            } else {
                wanted.extend(mentioned);
            }
        }
        let slots = wanted.intersection(waits).copied().zip(first..).collect();
        let ready = u32::try_from(module.globals.len())?;
        Ok(Self { waits: waits.clone(), load, slots, table: u32::try_from(table)?, shared: shared.into_iter().collect(), ready })
    }
}

fn kept(module: &Module, plan: &Plan, moved: &[Piece], short: &Short) -> Outcome<Vec<u8>> {
    let mut same = RoundtripReencoder;
    let mut out = wasm_encoder::Module::new();
    let mut code = CodeSection::new();
    let mut next = module.imported;
    let (data, count) = data::kept(module, moved)?;
    for payload in Parser::new(0).parse_all(module.bytes) {
        let payload = payload?;
        match &payload {
            Payload::DataCountSection { .. } => {
                out.section(&DataCountSection { count });
            }
            Payload::DataSection(_) => {
                out.section(&data);
            }
            Payload::ImportSection(_) => {
                let mut imports = ImportSection::new();
                for import in &module.imports {
                    imports.import(import.module, short.name(import.name), same.entity_type(import.ty)?);
                }
                out.section(&imports);
            }
            Payload::TableSection(_) => {
                let mut tables = TableSection::new();
                for (index, table) in (0..).zip(&module.tables) {
                    let mut ty = table.ty;
                    if index == plan.table {
                        let added = u64::try_from(plan.slots.len())?;
                        ty.initial += added;
                        ty.maximum = ty.maximum.map(|most| most + added);
                    }
                    tables.table(same.table_type(ty)?);
                }
                out.section(&tables);
            }
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                same.parse_global_section(&mut globals, section.clone())?;
                globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
                out.section(&globals);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section.clone() {
                    let export = export?;
                    same.parse_export(&mut exports, Export { name: short.name(export.name), ..export })?;
                }
                for (number, function) in plan.shared.iter().enumerate() {
                    exports.export(&format!("$f{number}"), ExportKind::Func, *function);
                }
                for index in 0..module.tables.len() {
                    exports.export(&format!("$t{index}"), ExportKind::Table, u32::try_from(index)?);
                }
                for index in 0..module.globals.len() {
                    exports.export(&format!("$g{index}"), ExportKind::Global, u32::try_from(index)?);
                }
                exports.export(READY, ExportKind::Global, plan.ready);
                out.section(&exports);
            }
            Payload::CodeSectionEntry(body) => {
                if !plan.waits.contains(&next) {
                    code.raw(body.as_bytes());
                } else if let Some(slot) = plan.slots.get(&next) {
                    code.function(&stub(module, plan, next, *slot)?);
                } else {
                    // Nothing here leads to it; its number stays, so that all others keep theirs.
                    let mut gone = Function::new([]);
                    gone.instruction(&Instruction::Unreachable);
                    gone.instruction(&Instruction::End);
                    code.function(&gone);
                }
                next += 1;
                if next == module.imported + u32::try_from(module.bodies.len())? {
                    out.section(&code);
                }
            }
            Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    // The code comes by its entries.
                    if !matches!(other, Payload::CodeSectionStart { .. }) {
                        out.section(&RawSection { id, data: module.slice(range)? });
                    }
                }
            }
        }
    }
    Ok(out.finish())
}

/// What a function that waits leaves behind: has the second module loaded where it is not there yet, and goes on in it.
fn stub(module: &Module, plan: &Plan, function: u32, slot: u32) -> Outcome<Function> {
    let ty = module.types[usize::try_from(function)?];
    let mut stub = Function::new([]);
    stub.instruction(&Instruction::GlobalGet(plan.ready));
    stub.instruction(&Instruction::I32Eqz);
    stub.instruction(&Instruction::If(BlockType::Empty));
    stub.instruction(&Instruction::I32Const(1));
    stub.instruction(&Instruction::Call(plan.load));
    stub.instruction(&Instruction::End);
    for parameter in 0..module.parameters(ty)? {
        stub.instruction(&Instruction::LocalGet(parameter));
    }
    stub.instruction(&Instruction::I32Const(i32::try_from(slot)?));
    stub.instruction(&Instruction::CallIndirect { type_index: ty, table_index: plan.table });
    stub.instruction(&Instruction::End);
    Ok(stub)
}

fn deferred(module: &Module, plan: &Plan, moved: &[Piece]) -> Outcome<Vec<u8>> {
    let mut renumbered = Renumbered { to: BTreeMap::new() };
    let mut imports = ImportSection::new();
    for (number, function) in plan.shared.iter().enumerate() {
        let ty = module.types[usize::try_from(*function)?];
        imports.import(FROM, &format!("$f{number}"), EntityType::Function(ty));
        renumbered.to.insert(*function, u32::try_from(number)?);
    }
    for (index, table) in (0..).zip(&module.tables) {
        let mut ty = table.ty;
        if index == plan.table {
            let added = u64::try_from(plan.slots.len())?;
            ty.initial += added;
            ty.maximum = ty.maximum.map(|most| most + added);
        }
        imports.import(FROM, &format!("$t{index}"), EntityType::Table(renumbered.table_type(ty)?));
    }
    for (memory, name) in &module.memories {
        imports.import(FROM, name, EntityType::Memory(renumbered.memory_type(*memory)?));
    }
    for (index, global) in module.globals.iter().enumerate() {
        imports.import(FROM, &format!("$g{index}"), EntityType::Global(renumbered.global_type(global.ty)?));
    }
    let shared = u32::try_from(plan.shared.len())?;
    let mut functions = FunctionSection::new();
    for (number, function) in (shared..).zip(&plan.waits) {
        functions.function(module.types[usize::try_from(*function)?]);
        renumbered.to.insert(*function, number);
    }
    let mut elements = ElementSection::new();
    let listed: Vec<u32> = plan.slots.keys().map(|function| renumbered.to[function]).collect();
    if let Some(first) = plan.slots.values().next() {
        elements.active(Some(plan.table), &ConstExpr::i32_const(i32::try_from(*first)?), Elements::Functions(listed.into()));
    }
    let mut code = CodeSection::new();
    for function in &plan.waits {
        let body = module.body(*function).ok_or("a function without a body waits")?;
        renumbered.parse_function_body(&mut code, body.clone())?;
    }
    let mut out = wasm_encoder::Module::new();
    out.section(&RawSection { id: 1, data: module.type_section });
    // Before the code, for code that copies data has to know how much there is.
    let count = u32::try_from(moved.len())?;
    out.section(&imports).section(&functions).section(&elements).section(&DataCountSection { count }).section(&code).section(&data::deferred(moved));
    Ok(out.finish())
}

/// Gives functions the numbers that they have in the second module.
struct Renumbered {
    to: BTreeMap<u32, u32>,
}

impl Reencode for Renumbered {
    type Error = Unknown;

    fn function_index(&mut self, function: u32) -> Result<u32, ReencodeError<Unknown>> {
        self.to.get(&function).copied().ok_or(ReencodeError::UserError(Unknown(function)))
    }
}

/// A function that the second module needs and does not have.
#[derive(Debug)]
struct Unknown(u32);

impl fmt::Display for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the second module lacks function {}", self.0)
    }
}

impl std::error::Error for Unknown {}

/// A module whose exports `ran<n>` are 1 once function n ran.
pub fn traced(module: &Module) -> Outcome<Vec<u8>> {
    let mut same = RoundtripReencoder;
    let mut out = wasm_encoder::Module::new();
    let mut code = CodeSection::new();
    let count = u32::try_from(module.bodies.len())?;
    let first = u32::try_from(module.globals.len())?;
    let mut next = 0;
    for payload in Parser::new(0).parse_all(module.bytes) {
        let payload = payload?;
        match &payload {
            Payload::GlobalSection(section) => {
                let mut globals = GlobalSection::new();
                same.parse_global_section(&mut globals, section.clone())?;
                for _ in 0..count {
                    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(0));
                }
                out.section(&globals);
            }
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                same.parse_export_section(&mut exports, section.clone())?;
                for number in 0..count {
                    exports.export(&format!("ran{}", module.imported + number), ExportKind::Global, first + number);
                }
                out.section(&exports);
            }
            Payload::CodeSectionEntry(body) => {
                let begin = body.get_operators_reader()?.original_position();
                let mut bytes = module.slice(body.range().start..begin)?.to_vec();
                let mut note = Vec::new();
                for instruction in [Instruction::I32Const(1), Instruction::GlobalSet(first + next)] {
                    wasm_encoder::Encode::encode(&instruction, &mut note);
                }
                bytes.extend(note);
                bytes.extend(module.slice(begin..body.range().end)?);
                code.raw(&bytes);
                next += 1;
                if next == count {
                    out.section(&code);
                }
            }
            Payload::CodeSectionStart { .. } => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    out.section(&RawSection { id, data: module.slice(range)? });
                }
            }
        }
    }
    Ok(out.finish())
}
