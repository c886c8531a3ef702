//! A module taken apart as far as splitting needs it.

use crate::Outcome;
use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{
    Data, ElementItems, ElementKind, Export, ExternalKind, FunctionBody, Global, Import, KnownCustom, MemoryType, Name, Parser, Payload, Table,
    TypeRef,
};

/// The parts of a module. Functions are counted as the module counts them: imported ones first.
pub struct Module<'a> {
    pub bytes: &'a [u8],
    pub imports: Vec<Import<'a>>,
    /// The type of each function, imported or not.
    pub types: Vec<u32>,
    /// How many functions are imported.
    pub imported: u32,
    pub bodies: Vec<FunctionBody<'a>>,
    pub tables: Vec<Table<'a>>,
    /// Each memory, and the name that it is exported by.
    pub memories: Vec<(MemoryType, &'a str)>,
    /// The types as they are written.
    pub type_section: &'a [u8],
    parameters: Vec<usize>,
    pub globals: Vec<Global<'a>>,
    pub exports: Vec<Export<'a>>,
    pub data: Vec<Data<'a>>,
    pub start: Option<u32>,
    /// Functions that a table holds, or that are otherwise taken as values outside of bodies.
    pub listed: Vec<u32>,
    /// What functions are called, without the digests of their crates.
    pub names: BTreeMap<u32, String>,
}

impl<'a> Module<'a> {
    /// Reads a module.
    pub fn read(bytes: &'a [u8]) -> Outcome<Self> {
        let mut module = Self {
            bytes,
            imports: Vec::new(),
            types: Vec::new(),
            imported: 0,
            bodies: Vec::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            type_section: &[],
            parameters: Vec::new(),
            globals: Vec::new(),
            exports: Vec::new(),
            data: Vec::new(),
            start: None,
            listed: Vec::new(),
            names: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'a>) -> Outcome<()> {
        match payload {
            Payload::TypeSection(section) => {
                self.type_section = self.slice(section.range())?;
                for ty in section.into_iter_err_on_gc_types() {
                    self.parameters.push(ty?.params().len());
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push((memory?, ""));
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    match import.ty {
                        TypeRef::Func(ty) => {
                            self.types.push(ty);
                            self.imported += 1;
                        }
                        other => return Err(format!("an import that is no function: {other:?}").into()),
                    }
                    self.imports.push(import);
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.types.push(ty?);
                }
            }
            Payload::TableSection(section) => self.tables = section.into_iter().collect::<Result<_, _>>()?,
            Payload::GlobalSection(section) => self.globals = section.into_iter().collect::<Result<_, _>>()?,
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Memory {
                        self.memories[usize::try_from(export.index)?].1 = export.name;
                    }
                    self.exports.push(export);
                }
            }
            Payload::DataSection(section) => self.data = section.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    if !matches!(element.kind, ElementKind::Active { .. }) {
                        return Err("a list of functions that is not in a table from the start".into());
                    }
                    match element.items {
                        ElementItems::Functions(functions) => {
                            for function in functions {
                                self.listed.push(function?);
                            }
                        }
                        ElementItems::Expressions(..) => return Err("a list of functions made of expressions".into()),
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    for part in names {
                        if let Name::Function(map) = part? {
                            for naming in map {
                                let naming = naming?;
                                self.names.insert(naming.index, without_digests(naming.name));
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Some of the module's bytes.
    pub fn slice(&self, range: Range<u64>) -> Outcome<&'a [u8]> {
        Ok(self.bytes.get(usize::try_from(range.start)?..usize::try_from(range.end)?).ok_or("a part outside of the module")?)
    }

    /// How many parameters the functions of a type have.
    pub fn parameters(&self, ty: u32) -> Outcome<u32> {
        let count = self.parameters.get(usize::try_from(ty)?).ok_or("a type that is not there")?;
        Ok(u32::try_from(*count)?)
    }

    /// The body of a function, unless it is imported.
    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get(usize::try_from(function.checked_sub(self.imported)?).ok()?)
    }
}

/// A demangled name without what stands in brackets behind the names of crates.
fn without_digests(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for (number, part) in name.split('[').enumerate() {
        match part.split_once(']') {
            Some((digest, rest)) if number > 0 && digest.len() == 16 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()) => kept.push_str(rest),
            _ if number > 0 => {
                kept.push('[');
                kept.push_str(part);
            }
            _ => kept.push_str(part),
        }
    }
    kept
}
