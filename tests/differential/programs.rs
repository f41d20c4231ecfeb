//! Small programs in C, compiled by Debian's cross compiler: what they write
//! and how they end is the same under QEMU and on our engines.

use std::path::Path;
use std::process::Command;

use backend::{Thresholds, Tiers};
use bus::Ram;
use goblin::elf::Elf;
use goblin::elf::program_header::PT_LOAD;
use riscv::Riscv64;
use riscv::fields::exception;
use riscv::state::x;

use crate::harts::{OnEngine, memory, resume, run, user};
use crate::layout::{Context, words};
use crate::qemu::Qemu;

/// Debian's package gcc-riscv64-linux-gnu.
const COMPILER: &str = "riscv64-linux-gnu-gcc";
/// Behind the memory of a program; its stack is at this end.
const END: u64 = 0x0100_0000;
#[rustfmt::skip]
const OPTIONS: [&str; 12] = [
    "-O2", "-march=rv64gc_zba_zbb_zbs", "-mabi=lp64d", "-ffreestanding", "-nostdlib", "-static", "-fno-pie",
    "-no-pie", "-fno-stack-protector", "-fno-builtin", "-fno-math-errno", "-Wl,-Ttext-segment=0x100000",
];

/// The programs' names.
pub const PROGRAMS: [&str; 3] = ["integer", "float", "strings"];

/// Whether there is a compiler.
pub fn can_compile() -> bool {
    Command::new(COMPILER).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// What a program wrote, and its exit code.
#[derive(PartialEq, Eq)]
struct Ending {
    words: Vec<u64>,
    code: i32,
}

/// Compiles a program and compares.
pub fn agrees(name: &str) -> Result<(), String> {
    let qemu = Qemu::find().ok_or("qemu-riscv64 is gone")?;
    let executable = compile(name)?;
    let output = qemu.execute(&executable)?;
    let code = output.status.code().ok_or_else(|| format!("{name} under QEMU: {}", output.status))?;
    let theirs = Ending { words: words(&output.stdout), code };
    if theirs.code != 0 {
        return Err(format!("{name} counts {} failures under QEMU", theirs.code));
    }
    let engines = [
        Tiers::Interp,
        Tiers::Jit(Thresholds::baseline(1)),
        Tiers::Jit(Thresholds::regions(1)),
        Tiers::Jit(Thresholds::DEFAULT),
    ];
    for tiers in engines {
        let ours =
            run_ours(&executable, tiers).map_err(|problem| format!("{name} on {tiers:?}: {problem}"))?;
        if ours != theirs {
            return Err(format!("{name} on {tiers:?}: {}", difference(&ours, &theirs)));
        }
    }
    println!("{name}: {} words agree with {}", theirs.words.len(), qemu.version);
    Ok(())
}

fn compile(name: &str) -> Result<Vec<u8>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/programs");
    let built = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let (source, target) = (folder.join(name).with_extension("c"), built.path().join(name));
    compile_to(&source, &target)?;
    std::fs::read(&target).map_err(|error| format!("{}: {error}", target.display()))
}

fn compile_to(source: &Path, target: &Path) -> Result<(), String> {
    let mut command = Command::new(COMPILER);
    let output = command.args(OPTIONS).arg("-o").arg(target).arg(source).output();
    let output = output.map_err(|error| format!("{COMPILER} cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", source.display(), String::from_utf8_lossy(&output.stderr)))
}

/// Runs a program in U mode; the two system calls it knows are done here.
fn run_ours(executable: &[u8], tiers: Tiers) -> Result<Ending, String> {
    const WRITE: u64 = 64;
    const EXIT: u64 = 93;
    let ram = memory(END);
    let entry = load(executable, &ram)?;
    let mut hart = OnEngine::new(tiers, &ram);
    let mut start = Context { pc: entry, x: [0; 32], f: [0; 32], fcsr: 0 };
    start.x[2] = END - 64;
    let mut cpu = user(&Riscv64::new(), &start);
    let mut written = Vec::new();
    loop {
        let trap = run(&mut hart, &mut cpu);
        if trap.cause != Some(exception::ECALL_FROM_U) {
            return Err(format!("{trap:x?}"));
        }
        let [a0, a1, a2, a7] = [10, 11, 12, 17].map(|n| cpu.get(x(n)));
        match a7 {
            WRITE => {
                let mut bytes = vec![0; a2 as usize];
                if !ram.read(a1, &mut bytes) {
                    return Err(format!("it writes {a2} bytes from {a1:#x}"));
                }
                written.extend(bytes);
                cpu.set(x(10), a2);
            }
            EXIT => return Ok(Ending { words: words(&written), code: a0 as i32 }),
            _ => return Err(format!("it makes system call {a7}")),
        }
        resume(&mut cpu);
    }
}

/// Puts a program into memory, and gives its entry.
fn load(executable: &[u8], ram: &Ram) -> Result<u64, String> {
    let elf = Elf::parse(executable).map_err(|error| error.to_string())?;
    for header in elf.program_headers.iter().filter(|header| header.p_type == PT_LOAD) {
        let bytes = executable.get(header.file_range()).ok_or("a segment is not in the file")?;
        if !ram.write(header.p_vaddr, bytes) {
            return Err(format!("a segment at {:#x} is not in memory", header.p_vaddr));
        }
    }
    Ok(elf.entry)
}

fn difference(ours: &Ending, theirs: &Ending) -> String {
    let pairs = ours.words.iter().zip(&theirs.words).enumerate();
    let differing = pairs.filter(|(_, (ours, theirs))| ours != theirs);
    let mut text = format!(
        "it ends with {} after {} words, under QEMU with {} after {}",
        ours.code,
        ours.words.len(),
        theirs.code,
        theirs.words.len()
    );
    for (index, (ours, theirs)) in differing.take(4) {
        text += &format!("; word {index} is {ours:#x}, not {theirs:#x}");
    }
    text
}
