//! The two that are compared, and how each is told what to run.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use crate::options::Options;

/// QEMU's program.
pub const QEMU: &str = "qemu-system-riscv64";

/// One of the two.
#[derive(Clone, Debug)]
pub enum Emulator {
    /// Mynah: its program and engine.
    Mynah {
        /// The program.
        program: PathBuf,
        /// The value of `--engine`.
        engine: &'static str,
    },
    /// QEMU with its translator (TCG), one thread for one CPU.
    Qemu,
}

/// What a machine is to run.
#[derive(Clone, Debug)]
pub enum Guest {
    /// A program for the bare machine.
    Bare(PathBuf),
    /// Linux with an initial file system.
    Linux {
        /// The kernel.
        kernel: PathBuf,
        /// The initial file system.
        initrd: PathBuf,
        /// The kernel's command line.
        append: &'static str,
    },
}

impl Emulator {
    /// Both, in the order in which they take turns.
    pub fn both(options: &Options) -> [Emulator; 2] {
        let program = options.mynah.clone();
        [Emulator::Mynah { program, engine: options.engine.name() }, Emulator::Qemu]
    }

    /// The command that runs `guest` with its console on standard output.
    pub fn command(&self, guest: &Guest) -> Command {
        let mut command = match self {
            Emulator::Mynah { program, engine } => {
                let mut command = Command::new(program);
                command.args(["run", "--machine", "riscv-virt", "--serial", "stdio", "--engine", engine]);
                command
            }
            Emulator::Qemu => {
                let mut command = Command::new(QEMU);
                command.args(["-M", "virt", "-cpu", "rv64", "-display", "none", "-monitor", "none"]);
                command.args(["-serial", "stdio"]);
                command
            }
        };
        let dashes = if matches!(self, Emulator::Qemu) { "-" } else { "--" };
        let mut option = |name: &str, value: &OsStr| {
            command.arg(format!("{dashes}{name}")).arg(value);
        };
        match guest {
            Guest::Bare(program) => option("bios", program.as_ref()),
            Guest::Linux { kernel, initrd, append } => {
                option("kernel", kernel.as_ref());
                option("initrd", initrd.as_ref());
                option("append", append.as_ref());
            }
        }
        let memory = if matches!(guest, Guest::Bare(_)) { "128M" } else { "1G" };
        match self {
            Emulator::Mynah { .. } => command.args(["--memory", memory]),
            Emulator::Qemu => command.args(["-m", memory]),
        };
        command
    }
}
