//! EDGE: the command line. `migas <noun> <verb>`, a file per noun.
//!
//! Data goes to standard output, words to standard error; exit statuses are those of
//! `ARCHITECTURE.md`. A closed pipe counts as success.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Deploys software to the Linux machines of a site
#[derive(Parser, Debug)]
#[command(name = "migas", version, arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {}

/// Runs the program for `argv` and returns its exit status.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Args::try_parse_from(argv) {
        Ok(args) => match args.command {},
        Err(error) => {
            let _closed_pipe_is_fine = error.print();
            ExitCode::from(if error.use_stderr() { 64 } else { 0 })
        }
    }
}
