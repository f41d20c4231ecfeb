//! Those that are compared, and how each is told what to run.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

use super::architecture::{Architecture, Qemu};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Emulator {
    /// Mynah.
    Mynah(Mynah),
    /// QEMU with its translator (TCG), one thread for one CPU.
    Qemu,
}

/// How Mynah runs.
#[derive(Clone, Debug)]
pub struct Mynah {
    /// The program.
    pub program: PathBuf,
    /// The value of `--engine`.
    pub engine: String,
    /// The value of `--clock`.
    pub clock: &'static str,
    /// The value of `--cpus`.
    pub cpus: u32,
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
        append: String,
    },
}

impl Guest {
    /// RAM, the same under all emulators.
    fn memory(&self) -> &'static str {
        match self {
            Guest::Bare(_) => "128M",
            Guest::Linux { .. } => "512M",
        }
    }
}

impl Emulator {
    /// Whose it is, for people.
    pub fn name(&self) -> &'static str {
        match self {
            Emulator::Mynah(_) => "Mynah",
            Emulator::Qemu => "QEMU",
        }
    }

    /// The command that runs `guest` on the machine of `architecture`, with its
    /// console on standard output.
    pub fn command(&self, architecture: &Architecture, guest: &Guest) -> Command {
        let (mut command, dashes) = match self {
            Emulator::Mynah(mynah) => (mynah.command(architecture.machine, guest), "--"),
            Emulator::Qemu => (architecture.qemu.command(guest), "-"),
        };
        let mut option = |name: &str, value: &OsStr| {
            command.arg(format!("{dashes}{name}")).arg(value);
        };
        match guest {
            Guest::Bare(program) => option(architecture.bare_option, program.as_ref()),
            Guest::Linux { kernel, initrd, append } => {
                option("kernel", kernel.as_ref());
                option("initrd", initrd.as_ref());
                option("append", append.as_ref());
            }
        }
        command
    }
}

impl Mynah {
    fn command(&self, machine: &str, guest: &Guest) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["run", "--machine", machine, "--serial", "stdio", "--engine", &self.engine]);
        // Each run starts from nothing, as the other emulator's does.
        command.arg("--no-cache");
        command.args(["--clock", self.clock, "--cpus", &self.cpus.to_string(), "--memory", guest.memory()]);
        command
    }
}

impl Qemu {
    fn command(&self, guest: &Guest) -> Command {
        let mut command = Command::new(self.program);
        command.args(["-M", "virt", "-cpu", self.cpu, "-smp", "1", "-display", "none", "-monitor", "none"]);
        command.args(["-serial", "stdio", "-m", guest.memory()]);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(emulator: &Emulator, architecture: &str, guest: &Guest) -> String {
        let command = emulator.command(Architecture::by_name(architecture).unwrap(), guest);
        let words = [command.get_program()].into_iter().chain(command.get_args());
        words.map(|word| word.to_str().unwrap()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn both_are_told_the_same() {
        let mynah =
            Emulator::Mynah(Mynah { program: "m".into(), engine: "jit".into(), clock: "real", cpus: 1 });
        let linux = Guest::Linux { kernel: "k".into(), initrd: "i".into(), append: "a b".into() };
        let bare = Guest::Bare("p.elf".into());
        for (architecture, machine, qemu, option) in [
            ("riscv64", "riscv-virt", "qemu-system-riscv64 -M virt -cpu rv64", "bios"),
            ("arm64", "arm-virt,cpu=cortex-a57", "qemu-system-aarch64 -M virt -cpu cortex-a57", "kernel"),
        ] {
            let line = |emulator, guest| line(emulator, architecture, guest);
            assert_eq!(
                line(&mynah, &linux),
                format!(
                    "m run --machine {machine} --serial stdio --engine jit --no-cache --clock real --cpus 1 \
                     --memory 512M --kernel k --initrd i --append a b"
                )
            );
            assert_eq!(
                line(&Emulator::Qemu, &linux),
                format!(
                    "{qemu} -smp 1 -display none -monitor none -serial stdio -m 512M -kernel k -initrd i -append a b"
                )
            );
            assert!(line(&mynah, &bare).ends_with(&format!("--memory 128M --{option} p.elf")));
            assert!(line(&Emulator::Qemu, &bare).ends_with(&format!("-m 128M -{option} p.elf")));
        }
    }
}
