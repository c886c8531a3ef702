//! `wusum schema`: a schema from one format to another, or one of the ready ones.

use super::{Ended, SchemaArgs, input, output};
use crate::formats::Problem;
use crate::formats::schema_file::{self, SchemaFormat};
use crate::schema::ready;
use std::io;
use std::path::Path;

/// Reads, writes, and names what was not taken and what the format has no place for.
pub(super) fn run(args: &SchemaArgs) -> io::Result<Ended> {
    let (schema, problems) = match (&args.input, &args.ready) {
        (Some(path), _) => {
            let bytes = match input::bytes(path) {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Ended::WrongUse(format!("{}: {error}", path.display()))),
            };
            let format = args.from.unwrap_or_else(|| SchemaFormat::detect(&bytes));
            schema_file::read(Some(&input::name(path)), &bytes, format)
        }
        (None, Some(id)) => match ready().into_iter().find(|ready| ready.id == *id) {
            Some(ready) => (ready.schema, Vec::new()),
            None => return Ok(Ended::WrongUse(format!("no such ready schema; there are: {}", names()))),
        },
        (None, None) => return Ok(Ended::WrongUse("a file or --ready is needed".to_owned())),
    };
    let (text, lost) = schema_file::write(&schema, args.to);
    let out: &Path = &args.out;
    if let Err(error) = output::file(out, |out| out.write_all(text.as_bytes())) {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Err(error);
        }
        return Ok(Ended::WrongUse(format!("{}: {error}", out.display())));
    }
    let ended = input::tell(&problems)?;
    // What a format cannot hold is no fault of the data.
    let place = (!input::is_stream(out)).then(|| input::name(out));
    let lost: Vec<Problem> = lost.into_iter().map(|problem| Problem { file: place.clone(), ..problem }).collect();
    input::tell(&lost)?;
    Ok(ended)
}

/// The names of the ready schemas.
pub(super) fn names() -> String {
    ready().into_iter().map(|ready| ready.id).collect::<Vec<_>>().join(", ")
}
