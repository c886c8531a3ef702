//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    wusum::cli::run()
}
