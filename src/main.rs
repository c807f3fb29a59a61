//! argv in, exit code out; nothing else.

mod static_libc;

use std::process::ExitCode;

fn main() -> ExitCode {
    migas::cli::run(std::env::args_os())
}
