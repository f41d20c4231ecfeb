//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mynah::Thresholds;

use super::drive::DriveOption;
use super::memory;
use super::network::NetOption;
use super::serial::SerialOption;
use super::stats::StatsOption;
use super::tiers;

const EXAMPLES: &str = "\
Examples:
  mynah boot                 a small machine that needs no files: try this first
  mynah boot debian/riscv64  Debian's own kernel and a shell, fetched and verified
  mynah boot debian/arm64    the same for another architecture
  mynah run --kernel vmlinux --initrd initramfs.cpio.gz
  mynah machines             what --machine can be
  mynah bench                how fast all this is, beside QEMU

In a running machine, Ctrl-A x quits and Ctrl-A h shows the escape keys.

Exit status:
  0  the guest switched the machine off, or you quit by Ctrl-A x
  N  the guest ended with its own code N, as a line on standard error tells
  2  the command line, or a file it names, cannot be used
  3  the emulator or its host failed
  A signal that ends Mynah ends it as it does any other program.";

const BOOT_EXAMPLES: &str = "\
Examples:
  mynah boot                                  the demo inside this program
  mynah boot debian/riscv64                   a shell on Debian's kernel
  mynah boot debian/arm64                     the same on an Arm machine
  mynah boot debian/riscv64 --script test.sh  run a script; its exit status is ours
  mynah boot debian/riscv64 --offline         with what an earlier run has fetched

What is fetched is kept in $MYNAH_CACHE, $XDG_CACHE_HOME/mynah or ~/.cache/mynah.
The code that a run compiles is kept there too, for this user alone.
In a running machine, Ctrl-A x quits and Ctrl-A h shows the escape keys.";

const RUN_EXAMPLES: &str = "\
Examples:
  A kernel and its initial RAM disk, with four harts:
    mynah run --kernel vmlinux --initrd initramfs.cpio.gz --cpus 4

  A Debian system on a disk, with ssh to it from port 2222 of this host:
    mynah run --kernel vmlinux --initrd initrd.img --append 'root=/dev/vda rw' \\
        --drive root.img --net user,hostfwd=tcp:127.0.0.1:2222-:22

  Firmware that starts a kernel, or a program for the bare machine (raw or ELF):
    mynah run --bios fw_jump.elf --kernel u-boot.bin

  UEFI on an Arm machine, which starts what is installed on a disk:
    mynah run --machine arm-virt --bios /usr/share/AAVMF/AAVMF_CODE.fd \\
        --flash variables.fd --drive debian-13-arm64.raw

  An Arm machine with the newest CPU and interrupt controller:
    mynah run --machine arm-virt,cpu=max,gic-version=3 --kernel vmlinuz

  The same run each time, instruction for instruction, with a report:
    mynah run --kernel vmlinux --initrd initramfs.cpio.gz --clock count --stats run.json

The code that a run compiles is kept in $MYNAH_CACHE, $XDG_CACHE_HOME/mynah or
~/.cache/mynah, for this user alone; the next run of the same guest starts with it.

In a running machine, Ctrl-A x quits and Ctrl-A h shows the escape keys.";

const BENCH_EXAMPLES: &str = "\
Examples:
  mynah bench                             everything, five times: some ten minutes
  mynah bench --filter integer --rounds 3
  mynah bench --guest arm64               the same with guests for Arm
  mynah bench --svg speed.svg --json speed.json
  mynah bench --mynah /tmp/mynah-before   another build

Needed: qemu-system-riscv (or qemu-system-misc) and gcc-riscv64-linux-gnu, for
arm64 qemu-system-arm and gcc-aarch64-linux-gnu, and for what runs on Linux,
Debian's kernel: see --kernel. What cannot run for lack of them is skipped.
Guests are kept where `mynah boot` keeps its own.

Exit status:
  0  all that could run did so
  2  the command line, or a file it names, cannot be used
  3  a guest failed, or did not compute the same on both sides";

/// Mynah runs whole machines of other architectures.
#[derive(Debug, Parser)]
#[command(name = "mynah", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Boot a guest by name; without a name, a demo that needs no files
    Boot(Box<BootOptions>),
    /// Run a machine with your own kernel, firmware and disks
    Run(Box<RunOptions>),
    /// Run the same guests here and under QEMU, and compare what they cost
    #[command(after_help = BENCH_EXAMPLES)]
    Bench(mynah::bench::Options),
    /// List the machines that --machine can name
    Machines,
    /// List the devices that machines are made of
    Devices,
}

/// Options of `mynah boot`.
#[derive(Debug, Args)]
#[command(after_help = BOOT_EXAMPLES)]
pub struct BootOptions {
    /// The guest: debian/riscv64 or debian/arm64. Without one, the demo
    pub guest: Option<String>,

    /// Run this shell script in the guest instead of a shell, then power off
    #[arg(long, value_name = "FILE", requires = "guest")]
    pub script: Option<PathBuf>,

    /// The Debian mirror (http, https or file); otherwise the one of the host's apt
    #[arg(long, value_name = "URL", requires = "guest")]
    pub mirror: Option<String>,

    /// The Debian release, by code name
    #[arg(long, value_name = "NAME", requires = "guest", default_value = mynah::debian::SUITE)]
    pub suite: String,

    /// The OpenPGP keys that may sign the release; otherwise the host's Debian keys
    #[arg(long, value_name = "FILE", requires = "guest")]
    pub keyring: Option<PathBuf>,

    /// Fetch nothing: use what an earlier run has kept
    #[arg(long, requires = "guest", conflicts_with = "mirror")]
    pub offline: bool,

    /// Go on if the release is not signed by a known key. Insecure
    #[arg(long, requires = "guest")]
    pub allow_unsigned: bool,

    /// The network card: user[,hostfwd=tcp:[ADDR]:PORT-[ADDR]:PORT] or none
    #[arg(long, value_name = "NET", default_value = "user")]
    pub net: NetOption,

    /// The machine.
    #[command(flatten)]
    pub machine: MachineOptions,
}

/// Options of `mynah run`.
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunOptions {
    /// The machine's name, and what is chosen of it; `mynah machines` lists both
    #[arg(long = "machine", value_name = "NAME[,CHOICE=VALUE]", default_value = "riscv-virt")]
    pub name: String,

    /// The kernel: a Linux Image, plain or packed, raw, or ELF
    #[arg(long, value_name = "FILE", required_unless_present = "bios")]
    pub kernel: Option<PathBuf>,

    /// The kernel's initial RAM disk
    #[arg(long, value_name = "FILE", requires = "kernel")]
    pub initrd: Option<PathBuf>,

    /// The kernel's command line
    #[arg(long, value_name = "TEXT", default_value = "", requires = "kernel", allow_hyphen_values = true)]
    pub append: String,

    /// Firmware or a bare-metal program, raw or ELF, instead of the built-in firmware
    #[arg(long, value_name = "FILE")]
    pub bios: Option<PathBuf>,

    /// Where firmware keeps its variables (the second bank of flash). The file is made
    /// if there is none; with `readonly`, what the guest changes is forgotten
    #[arg(long, value_name = "FILE[,readonly]")]
    pub flash: Option<DriveOption>,

    /// The network card: user[,hostfwd=tcp:[ADDR]:PORT-[ADDR]:PORT] or none
    #[arg(long, value_name = "NET", default_value = "none")]
    pub net: NetOption,

    /// The machine.
    #[command(flatten)]
    pub machine: MachineOptions,
}

/// What `boot` and `run` have in common.
#[derive(Debug, Args)]
pub struct MachineOptions {
    /// RAM, such as 512M or 2G
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = memory::parse)]
    pub memory: u64,

    /// Processors (harts)
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub cpus: u32,

    /// A disk: a raw image and whether the guest may only read it. Repeat it for more
    #[arg(long, value_name = "FILE[,readonly]")]
    pub drive: Vec<DriveOption>,

    /// The serial console: stdio, file:FILE, unix:PATH (listens there) or none
    #[arg(long, value_name = "WHERE", default_value = "stdio")]
    pub serial: SerialOption,

    /// What runs the guest's code
    #[arg(long, value_enum, default_value_t = Engine::Jit)]
    pub engine: Engine,

    /// After how many runs of a block the JIT makes fast code for it, and after how
    /// many more a region of faster code is compiled; either may be `never`
    #[arg(long, value_name = "RUNS,RUNS", value_parser = tiers::parse)]
    pub tiers: Option<Thresholds>,

    /// How compiled regions reach the guest's memory
    #[arg(long, value_enum, default_value_t = Access::Soft)]
    pub memory_access: Access,

    /// Compile all code anew: neither use nor keep what runs have compiled
    #[arg(long)]
    pub no_cache: bool,

    /// How the guest's time passes
    #[arg(long, value_enum, default_value_t = Clock::Real)]
    pub clock: Clock,

    /// Where random numbers start from with --clock count
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,

    /// At the end, write a report in JSON to this file (- is standard error), or
    /// show a table of where time went: --stats table. Repeat it for both
    #[arg(long, value_name = "FILE|table")]
    pub stats: Vec<StatsOption>,

    /// Name compiled code for Linux's perf, in /tmp/perf-PID.map
    #[arg(long)]
    pub perf_map: bool,
}

/// What runs the guest's code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// An interpreter
    Interp,
    /// The interpreter, and compiled code for what runs often
    Jit,
}

/// How compiled regions reach the guest's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Access {
    /// Through a table of translations that they look at
    Soft,
    /// Where the host has it mapped as the guest has, if the host can
    Mapped,
    /// So until it is seen to be slower
    Auto,
}

/// How the guest's time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Clock {
    /// As the host's does
    Real,
    /// By the instructions run, from the same date on: each run is the same
    Count,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        let words = ["mynah"].into_iter().chain(line.split_whitespace());
        Options::try_parse_from(words).map(|options| options.command).map_err(|error| error.to_string())
    }

    #[test]
    fn the_definition_is_sound() {
        Options::command().debug_assert();
    }

    #[test]
    fn every_option_of_run_is_read() {
        let line = "run --machine riscv-virt --kernel k --initrd i --append root=/dev/vda --bios b --flash f --memory 2G \
                    --cpus 4 --drive a --drive b,readonly --net user --serial unix:s --engine interp \
                    --clock count --seed 7 --no-cache --stats - --stats table --perf-map";
        let Ok(Command::Run(run)) = parse(line) else { panic!("a sound line") };
        assert_eq!((run.kernel, run.initrd), (Some("k".into()), Some("i".into())));
        assert_eq!((run.append.as_str(), run.bios), ("root=/dev/vda", Some("b".into())));
        assert_eq!(run.flash.map(|flash| flash.path), Some("f".into()));
        assert_eq!((run.machine.memory, run.machine.cpus, run.machine.seed), (2 << 30, 4, 7));
        assert_eq!(run.machine.drive.len(), 2);
        assert_eq!((run.machine.engine, run.machine.clock), (Engine::Interp, Clock::Count));
        assert_eq!(run.machine.stats, [StatsOption::Json("-".into()), StatsOption::Table]);
        assert!(run.machine.perf_map);
        assert_eq!(run.machine.serial, SerialOption::Unix("s".into()));
    }

    #[test]
    fn boot_needs_nothing_and_run_needs_something_to_run() {
        let Ok(Command::Boot(boot)) = parse("boot") else { panic!("a sound line") };
        assert_eq!((boot.guest, boot.machine.engine, boot.machine.clock), (None, Engine::Jit, Clock::Real));
        let message = parse("run").err().unwrap();
        assert!(message.contains("--kernel"), "{message}");
        assert!(parse("run --bios b").is_ok());
    }

    #[test]
    fn wrong_values_are_named_with_a_remedy() {
        for (line, part, remedy) in [
            ("run --kernel k --memory x", "--memory", "512M"),
            ("run --kernel k --drive a,b", "`b`", "readonly"),
            ("run --kernel k --net tap", "`tap`", "hostfwd"),
            ("run --kernel k --serial tty", "`tty`", "stdio"),
            ("run --kernel k --engine fast", "fast", "interp"),
            ("run --bios b --initrd i", "--kernel", "--kernel"),
            ("boot --script s", "GUEST", "--script"),
        ] {
            let message = parse(line).err().unwrap();
            assert!(message.contains(part) && message.contains(remedy), "{line}: {message}");
        }
    }
}
