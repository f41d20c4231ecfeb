//! The same guest work under Mynah and under QEMU, in turn on the same host:
//! `mynah bench`, of the program that Cargo has built.

use std::process::ExitCode;

use clap::Parser;

const EXAMPLES: &str = "\
Examples:
  cargo bench --bench versus
  cargo bench --bench versus -- --filter integer --rounds 3
  cargo bench --bench versus -- --mynah /tmp/mynah-before --json before.json";

/// Runs the same guest work under Mynah and under QEMU in turn, and compares
/// what it costs.
#[derive(Parser)]
#[command(name = "versus", after_help = EXAMPLES)]
struct Line {
    #[command(flatten)]
    options: mynah::bench::Options,

    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match mynah::bench::run(&Line::parse().options, env!("CARGO_BIN_EXE_mynah").into()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("versus: {why}");
            ExitCode::FAILURE
        }
    }
}
