//! A small module is split, and both halves are whole.

use crate::data;
use crate::glue::Short;
use crate::graph::{Later, waiting};
use crate::module::Module;
use crate::write;
use std::collections::BTreeSet;
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
    GlobalType, ImportSection, Instruction, MemorySection, MemoryType, NameMap, NameSection, RawSection, RefType, TableSection, TableType,
    TypeSection, ValType,
};
use wasmparser::{ExternalKind, Validator};

/// Functions: 0 loads; 1 `app::start` calls 2 and 3; 2 `app::paint`; 3 `app::export::run` calls 4 and 2; 4 `core::sort`, which
/// nothing else calls; 5 `app::export::pressed` stands in the table.
fn sample() -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([ValType::I32], []);
    types.ty().function([ValType::I32, ValType::I32], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("glue", "__wbg_wusumDeferred_0123456789abcdef", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for _ in 1..=5 {
        functions.function(1);
    }
    let mut tables = TableSection::new();
    tables.table(TableType { element_type: RefType::FUNCREF, table64: false, minimum: 2, maximum: Some(2), shared: false });
    let mut memories = MemorySection::new();
    memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
    let mut globals = GlobalSection::new();
    globals.global(GlobalType { val_type: ValType::I32, mutable: true, shared: false }, &ConstExpr::i32_const(1024));
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("start", ExportKind::Func, 1);
    let mut elements = ElementSection::new();
    elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([5].as_slice().into()));
    let mut code = CodeSection::new();
    for calls in [&[2, 3][..], &[], &[4, 2], &[], &[3]] {
        let mut body = Function::new([(1, ValType::I32)]);
        for called in calls {
            body.instruction(&Instruction::LocalGet(0)).instruction(&Instruction::GlobalGet(0)).instruction(&Instruction::Call(*called));
            body.instruction(&Instruction::LocalSet(2));
        }
        body.instruction(&Instruction::LocalGet(1)).instruction(&Instruction::End);
        code.function(&body);
    }
    let mut names = NameSection::new();
    let mut map = NameMap::new();
    let called = ["load", "app[0123456789abcdef]::start", "app::paint", "app[0123456789abcdef]::export::run", "core::sort", "app::export::pressed"];
    for (index, name) in (0..).zip(called) {
        map.append(index, name);
    }
    names.functions(&map);
    let mut module = wasm_encoder::Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories).section(&globals);
    module.section(&exports).section(&elements).section(&code).section(&names);
    module.finish()
}

#[test]
fn what_only_waiting_code_calls_waits_too() {
    let bytes = sample();
    let module = Module::read(&bytes).unwrap();
    let later = Later::read("# a remark\napp::export\n");
    assert_eq!(waiting(&module, &later, &BTreeSet::new()).unwrap(), BTreeSet::from([3, 4, 5]));
    assert_eq!(waiting(&module, &Later::read("app::paint"), &BTreeSet::new()).unwrap(), BTreeSet::from([2]));
}

#[test]
fn both_halves_are_whole_and_fit() {
    let bytes = sample();
    let module = Module::read(&bytes).unwrap();
    let waits = waiting(&module, &Later::read("app::export"), &BTreeSet::new()).unwrap();
    let short = Short::of(&module);
    let split = write::split(&module, &waits, &[], &short).unwrap();
    assert_eq!((split.deferred, split.stubs), (3, 2), "core::sort is called from the second half alone");
    for half in [&split.kept_module, &split.deferred_module] {
        Validator::new().validate_all(half).unwrap();
    }
    let kept = Module::read(&split.kept_module).unwrap();
    assert_eq!(kept.types, module.types, "all keep their numbers");
    assert_eq!(kept.tables[0].ty.initial, 4, "a place in the table for each stub");
    assert_eq!(kept.imports[0].name, "$0");
    assert!(kept.names.is_empty());
    let offered: BTreeSet<&str> = kept.exports.iter().map(|export| export.name).collect();
    let wanted = imports_of(&split.deferred_module);
    assert!(!wanted.is_empty() && wanted.iter().all(|name| offered.contains(name.as_str())), "{wanted:?} of {offered:?}");
    let shared = kept.exports.iter().filter(|export| export.kind == ExternalKind::Func && export.name.starts_with("$f")).count();
    assert_eq!(shared, 1, "the second half needs app::paint alone");
}

fn imports_of(bytes: &[u8]) -> Vec<String> {
    let sections = wasmparser::Parser::new(0).parse_all(bytes).map(Result::unwrap);
    let imports = sections.filter_map(|payload| match payload {
        wasmparser::Payload::ImportSection(section) => Some(section.into_imports().map(|import| import.unwrap().name.to_owned()).collect::<Vec<_>>()),
        _ => None,
    });
    imports.flatten().collect()
}

#[test]
fn a_traced_module_is_whole_and_tells_of_each_function() {
    let bytes = sample();
    let traced = write::traced(&Module::read(&bytes).unwrap()).unwrap();
    Validator::new().validate_all(&traced).unwrap();
    let module = Module::read(&traced).unwrap();
    let told: Vec<&str> = module.exports.iter().map(|export| export.name).filter(|name| name.starts_with("ran")).collect();
    assert_eq!(told, ["ran1", "ran2", "ran3", "ran4", "ran5"]);
}

#[test]
fn what_did_not_run_is_named_in_few_lines() {
    let bytes = sample();
    let mut module = Module::read(&bytes).unwrap();
    // Bodies of a few bytes are not worth a line; the same one many times is.
    let body = module.bodies[2].clone();
    for number in 6..40 {
        module.bodies.push(body.clone());
        module.names.insert(number, format!("app::dataset::part{number}"));
    }
    let ran = BTreeSet::from([1, 2]);
    assert_eq!(crate::learn::lines(&module, &ran), ["app::dataset"]);
}

#[test]
fn the_script_gets_the_same_short_names() {
    let bytes = sample();
    let short = Short::of(&Module::read(&bytes).unwrap());
    let script = "a={__wbg_wusumDeferred_0123456789abcdef:function(n){},__wbg_wusumDeferred_0123456789abcdef0:1}";
    assert_eq!(short.in_script(script).unwrap(), "a={$0:function(n){},__wbg_wusumDeferred_0123456789abcdef0:1}");
    assert!(short.in_script("a={}").is_err(), "a script of another build");
}

/// The sample with a text in its memory that only `app::export::run` reads.
fn with_text(reader: u32) -> Vec<u8> {
    let bytes = sample();
    let mut out = wasm_encoder::Module::new();
    let module = Module::read(&bytes).unwrap();
    let mut code = CodeSection::new();
    for (number, body) in (1..).zip(&module.bodies) {
        let mut function = Function::new([(1, ValType::I32)]);
        if number == reader {
            function.instruction(&Instruction::I32Const(1027)).instruction(&Instruction::LocalSet(2));
        }
        let start = body.get_operators_reader().unwrap().original_position();
        function.raw(module.slice(start..body.range().end).unwrap().iter().copied());
        code.function(&function);
    }
    for payload in wasmparser::Parser::new(0).parse_all(&bytes) {
        let payload = payload.unwrap();
        match payload.as_section() {
            Some((10, _)) if matches!(payload, wasmparser::Payload::CodeSectionStart { .. }) => {
                out.section(&wasm_encoder::DataCountSection { count: 1 }).section(&code);
                let mut data = DataSection::new();
                data.active(0, &ConstExpr::i32_const(1024), *b"abcwords of the text, later onxyz");
                out.section(&data);
            }
            Some((id, range)) if id != 10 => {
                out.section(&RawSection { id, data: module.slice(range).unwrap() });
            }
            _ => {}
        }
    }
    out.finish()
}

#[test]
fn a_file_goes_with_the_code_that_reads_it() {
    let file = b"words of the text, later on".to_vec();
    let bytes = with_text(3);
    let module = Module::read(&bytes).unwrap();
    let moved = data::held(&module, std::slice::from_ref(&file)).unwrap();
    assert_eq!((moved[0].address, moved[0].bytes), (1027, &file[..]));
    let readers = data::readers(&module, &moved).unwrap();
    assert_eq!(readers, BTreeSet::from([3]));
    let waits = waiting(&module, &Later::read("no such code"), &readers).unwrap();
    assert_eq!(waits, BTreeSet::from([3, 4]), "core::sort is called by it alone");
    let split = write::split(&module, &waits, &moved, &Short::of(&module)).unwrap();
    for half in [&split.kept_module, &split.deferred_module] {
        Validator::new().validate_all(half).unwrap();
    }
    assert_eq!(data_of(&split.kept_module), [(1024, b"abc".to_vec()), (1054, b"xyz".to_vec())]);
    assert_eq!(data_of(&split.deferred_module), [(1027, file)]);
}

fn data_of(bytes: &[u8]) -> Vec<(u32, Vec<u8>)> {
    let sections = wasmparser::Parser::new(0).parse_all(bytes).map(Result::unwrap);
    let data = sections.filter_map(|payload| match payload {
        wasmparser::Payload::DataSection(section) => Some(section.into_iter().map(Result::unwrap).collect::<Vec<_>>()),
        _ => None,
    });
    data.flatten().map(|data| data::piece(&data).unwrap()).map(|piece| (piece.address, piece.bytes.to_vec())).collect()
}

#[test]
fn a_file_that_is_not_there_or_that_nothing_reads_is_told() {
    let bytes = with_text(3);
    let module = Module::read(&bytes).unwrap();
    assert!(data::held(&module, &[b"other words".to_vec()]).is_err());
    let moved = data::held(&module, &[b"xyz".to_vec()]).unwrap();
    assert!(data::readers(&module, &moved).is_err());
}
