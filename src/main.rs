//! argv in, exit code out; nothing else.

mod static_libc;

use std::process::ExitCode;

fn main() -> ExitCode {
    static_libc::give_back_large_blocks();
    migas::cli::run(std::env::args_os())
}
