//! Files that the module holds word for word, and that move with the code that reads them.

use crate::Outcome;
use crate::module::Module;
use std::collections::BTreeSet;
use wasm_encoder::{ConstExpr, DataSection};
use wasmparser::{Data, DataKind, Operator};

/// Some bytes of the memory from the start.
pub struct Piece<'a> {
    pub address: u32,
    pub bytes: &'a [u8],
}

impl Piece<'_> {
    fn has(&self, address: i32) -> bool {
        let from = u64::from(self.address);
        (from..from + self.bytes.len() as u64).contains(&u64::from(address.cast_unsigned()))
    }
}

/// A part of the data that is written when the module starts.
pub fn piece<'a>(data: &Data<'a>) -> Outcome<Piece<'a>> {
    let DataKind::Active { memory_index: 0, offset_expr } = &data.kind else {
        return Err("data that is not written from the start".into());
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(Piece { address: value.cast_unsigned(), bytes: data.data }),
        other => Err(format!("data at a place that is not a number: {other:?}").into()),
    }
}

/// All data of the module.
fn pieces<'a>(module: &Module<'a>) -> Outcome<Vec<Piece<'a>>> {
    module.data.iter().map(piece).collect()
}

/// Where the module holds these files: each once.
pub fn held<'a>(module: &Module<'a>, files: &[Vec<u8>]) -> Outcome<Vec<Piece<'a>>> {
    let pieces = pieces(module)?;
    let mut held = Vec::new();
    for file in files {
        let found = pieces.iter().flat_map(|piece| {
            let places = piece.bytes.windows(file.len().max(1)).enumerate().filter(|(_, bytes)| bytes == file);
            places.map(|(at, bytes)| Ok(Piece { address: piece.address + u32::try_from(at)?, bytes }))
        });
        let mut found = found.collect::<Outcome<Vec<_>>>()?;
        match (found.pop(), found.is_empty()) {
            (Some(piece), true) => held.push(piece),
            _ => return Err(format!("the module does not hold once: {}…", String::from_utf8_lossy(&file[..file.len().min(40)])).into()),
        }
    }
    held.sort_by_key(|piece| piece.address);
    Ok(held)
}

/// The functions that read these bytes. None of them may be missed, so a piece that nothing reads is an error.
pub fn readers(module: &Module, moved: &[Piece]) -> Outcome<BTreeSet<u32>> {
    let mut readers = BTreeSet::new();
    let mut read = vec![false; moved.len()];
    for (function, body) in (module.imported..).zip(&module.bodies) {
        for operator in body.get_operators_reader()? {
            let Operator::I32Const { value } = operator? else { continue };
            if let Some(number) = moved.iter().position(|piece| piece.has(value)) {
                read[number] = true;
                readers.insert(function);
            }
        }
    }
    if read.contains(&false) {
        return Err("a file that no function reads by its address".into());
    }
    Ok(readers)
}

/// The first module's data: all but what moved. And how many pieces it is.
pub fn kept(module: &Module, moved: &[Piece]) -> Outcome<(DataSection, u32)> {
    let mut section = DataSection::new();
    let mut count = 0;
    for whole in pieces(module)? {
        let mut from = 0;
        let end = whole.address as usize + whole.bytes.len();
        for gone in moved.iter().filter(|gone| (whole.address as usize..end).contains(&(gone.address as usize))) {
            let at = (gone.address - whole.address) as usize;
            write(&mut section, &mut count, &Piece { address: whole.address + u32::try_from(from)?, bytes: &whole.bytes[from..at] });
            from = at + gone.bytes.len();
        }
        write(&mut section, &mut count, &Piece { address: whole.address + u32::try_from(from)?, bytes: &whole.bytes[from..] });
    }
    Ok((section, count))
}

/// The second module's data.
pub fn deferred(moved: &[Piece]) -> DataSection {
    let mut section = DataSection::new();
    let mut count = 0;
    for piece in moved {
        write(&mut section, &mut count, piece);
    }
    section
}

fn write(section: &mut DataSection, count: &mut u32, piece: &Piece) {
    if !piece.bytes.is_empty() {
        section.active(0, &ConstExpr::i32_const(piece.address.cast_signed()), piece.bytes.iter().copied());
        *count += 1;
    }
}
