//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  cargo bench --bench versus
  cargo bench --bench versus -- --filter integer --rounds 3
  cargo bench --bench versus -- --mynah /tmp/mynah-before --json before.json

Needed: qemu-system-riscv (or qemu-system-misc) and gcc-riscv64-linux-gnu. What
runs on Debian's kernel also needs a directory of guests, see --guests.";

/// Runs the same guest work under Mynah and under QEMU in turn, and compares
/// the processor time they take.
#[derive(Debug, Parser)]
#[command(name = "versus", after_help = EXAMPLES)]
pub struct Options {
    /// How often everything runs; otherwise $MYNAH_ROUNDS, or 5
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,

    /// Only work whose group or name contains this; may be repeated
    #[arg(long, value_name = "TEXT")]
    filter: Vec<String>,

    /// Show the work and run nothing
    #[arg(long)]
    pub list: bool,

    /// Mynah's engine
    #[arg(long, value_enum, default_value_t = Engine::Jit)]
    pub engine: Engine,

    /// Also write all measurements to this file, in JSON
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,

    /// Another build of Mynah to measure
    #[arg(long, value_name = "FILE", default_value = env!("CARGO_BIN_EXE_mynah"))]
    pub mynah: PathBuf,

    /// Where vmlinux and initramfs-auto.cpio.gz are; otherwise $MYNAH_GUESTS, or ../guests/riscv64
    #[arg(long, value_name = "DIR")]
    guests: Option<PathBuf>,

    /// Seconds of wall time after which a run counts as hung
    #[arg(long, value_name = "S", default_value_t = 300)]
    timeout: u64,

    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// Mynah's engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The interpreter
    Interp,
    /// Compiled code
    Jit,
}

impl Engine {
    /// As `mynah --engine` calls it.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Interp => "interp",
            Engine::Jit => "jit",
        }
    }
}

impl Options {
    /// How often everything runs.
    pub fn rounds(&self) -> u32 {
        let from_environment = || std::env::var("MYNAH_ROUNDS").ok()?.parse().ok().filter(|n| *n > 0);
        self.rounds.or_else(from_environment).unwrap_or(5)
    }

    /// Where the Debian guest is.
    pub fn guests(&self) -> PathBuf {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../guests/riscv64");
        let from_environment = || std::env::var_os("MYNAH_GUESTS").map(|dir: OsString| dir.into());
        self.guests.clone().or_else(from_environment).unwrap_or_else(beside)
    }

    /// When a run counts as hung.
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// Whether a work is wanted.
    pub fn wants(&self, group: &str, name: &str) -> bool {
        self.filter.is_empty() || self.filter.iter().any(|text| group.contains(text) || name.contains(text))
    }
}
