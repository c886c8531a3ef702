//! Splits the page's module: what puts the article on screen stays, the rest goes into a second module that is fetched right
//! after.
//!
//!     split IN GLUE KEPT DEFERRED FILE…   writes both modules, and shorter names into the page's script; the files, which the
//!                                         module holds word for word, go with the code that reads them
//!     split --trace IN OUT                writes a module in which each function notes that it ran
//!     split --learn IN RAN                writes what can wait anew: RAN has the numbers of the functions that ran
//!
//! A function that can wait leaves a stub behind: it has the second module loaded if it is not there yet, then goes on in it
//! through the table of functions. So nothing in the program has to know which of its functions wait; a wrong guess in
//! `later.txt` costs time and no more. Names come from the module's own name section, which both outputs go without.

mod data;
mod glue;
mod graph;
mod learn;
mod module;
#[cfg(test)]
mod tests;
mod write;

use module::Module;
use std::error::Error;
use std::fs;
use std::path::Path;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let later = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/split/later.txt");
    match arguments[..] {
        ["--trace", input, output] => {
            let bytes = fs::read(input)?;
            fs::write(output, write::traced(&Module::read(&bytes)?)?)?;
        }
        ["--learn", input, ran] => {
            let bytes = fs::read(input)?;
            let ran = fs::read_to_string(ran)?.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            let mut lines = vec!["# Code that the first visit does not need, by parts of its functions' names: `make first-visit`.".to_owned()];
            lines.extend(learn::lines(&Module::read(&bytes)?, &ran));
            fs::write(later, lines.join("\n") + "\n")?;
        }
        [input, script, kept, deferred, ref files @ ..] => {
            let bytes = fs::read(input)?;
            let module = Module::read(&bytes)?;
            let files = files.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
            let moved = data::held(&module, &files)?;
            let waits = graph::waiting(&module, &graph::Later::read(&fs::read_to_string(later)?), &data::readers(&module, &moved)?)?;
            let short = glue::Short::of(&module);
            let split = write::split(&module, &waits, &moved, &short)?;
            println!("split: {} of {} functions wait, {} leave a stub", split.deferred, module.bodies.len(), split.stubs);
            fs::write(script, short.in_script(&fs::read_to_string(script)?)?)?;
            fs::write(kept, split.kept_module)?;
            fs::write(deferred, split.deferred_module)?;
        }
        _ => return Err("usage: split IN GLUE KEPT DEFERRED FILE… | split --trace IN OUT | split --learn IN RAN".into()),
    }
    Ok(())
}
