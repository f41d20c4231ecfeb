//! Random instructions of every user-level row under QEMU's user mode, where
//! `qemu-riscv64` is installed, and on the reference interpreter: the same
//! program runs on both, and has to leave the same registers and memory.
//!
//! The program is a list of cases. Each has a record: integer registers,
//! floating-point registers, fcsr, and a window of memory that loads and
//! stores reach. `restore` fills the registers from the record, one
//! instruction runs, and `save` puts the registers back. gp points to the
//! record throughout. At the end the program writes all records out.

mod records;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bus::{AddressSpace, Ram};
use guest::{CpuState, Guest};
use records::{Case, RECORD_BYTES, cases};
use riscv::asm::{Program, assemble};
use riscv::fields::{exception, mstatus};
use riscv::random::kinds;
use riscv::state::{MCAUSE, MENVCFG, MEPC, MSTATUS, MTVEC, PC, PMPADDR0, PMPCFG0, PRIV, SENVCFG, x};
use riscv::testing::Reference;
use riscv::{Riscv64, disasm};

/// Where the program lies, and how much memory it has in all.
const BASE: u64 = 0x10_0000;
const MEMORY_BYTES: u64 = 64 << 20;

/// A `tvec` that no code lies at.
const TRAP: u64 = 0x40;

/// The program's source but for the cases.
const START: &str = include_str!("qemu/start.s");

fn program(cases: &[Case]) -> Program {
    let mut source = START.to_owned();
    for case in cases {
        source += &case.source();
    }
    source += "        j finish\n        .balign 64\nrecords:\n";
    let mut program = assemble(&source, BASE).unwrap_or_else(|error| panic!("{error}"));
    let labels = program.symbols.clone();
    for (index, case) in cases.iter().enumerate() {
        let at = labels["records"] + (index * RECORD_BYTES) as u64;
        program.bytes.extend(case.record(at, &labels));
    }
    program
}

/// The smallest ELF file that loads `program` and starts it (System V ABI,
/// chapters "Object Files" and "Program Loading").
fn elf(program: &Program) -> Vec<u8> {
    const HEADERS_BYTES: u64 = 0x1000;
    let mut file = Vec::new();
    file.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    // Executable, RISC-V, version 1; double-float ABI with compressed code.
    file.extend([2u16, 243].map(u16::to_le_bytes).concat());
    file.extend(1u32.to_le_bytes());
    file.extend([program.base, 64, 0].map(u64::to_le_bytes).concat());
    file.extend(5u32.to_le_bytes());
    file.extend([64u16, 56, 1, 64, 0, 0].map(u16::to_le_bytes).concat());
    // One segment, readable, writable and executable.
    file.extend([1u32, 7].map(u32::to_le_bytes).concat());
    let bytes = program.bytes.len() as u64;
    file.extend(
        [HEADERS_BYTES, program.base, program.base, bytes, bytes, 0x1000].map(u64::to_le_bytes).concat(),
    );
    file.resize(HEADERS_BYTES as usize, 0);
    file.extend(&program.bytes);
    file
}

/// What QEMU makes of the records; `None` if it is not installed.
fn run_qemu(program: &Program) -> Option<Vec<u8>> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-instructions.elf");
    std::fs::write(&path, elf(program)).expect("a writable scratch file");
    // QEMU runs what is executable, and says nothing if it is not.
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("a file of our own");
    let output = Command::new("qemu-riscv64").args(["-cpu", "max"]).arg(&path).output().ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "qemu-riscv64 fails: {}: {errors}", output.status);
    Some(output.stdout)
}

/// What the reference interpreter makes of them.
fn run_reference(program: &Program) -> Vec<u8> {
    let guest = Riscv64::new();
    let ram = Arc::new(Ram::new(BASE, MEMORY_BYTES).expect("a mapping"));
    assert!(ram.write(BASE, &program.bytes), "the program fits");
    let mut space = AddressSpace::default();
    space.add_ram("ram", ram.clone());
    let mut hart = Reference::new(&guest, user_hart(&guest), space);
    while hart.cpu.get(PC) != TRAP {
        hart.step(64).unwrap_or_else(|problem| panic!("{problem}"));
    }
    let (cause, at) = (hart.cpu.get(MCAUSE), hart.cpu.get(MEPC));
    assert_eq!(cause, exception::ECALL_FROM_U, "exception at {at:#x}");
    // write(1, records, bytes), as QEMU does it.
    let (start, bytes) = (hart.cpu.get(x(11)), hart.cpu.get(x(12)));
    let mut records = vec![0; bytes as usize];
    assert!(ram.read(start, &mut records), "the records are in memory");
    records
}

/// A hart in U mode that may access all of memory, and use all instructions.
fn user_hart(guest: &Riscv64) -> CpuState {
    let mut cpu = CpuState::default();
    guest.reset(&mut cpu, 0, BASE);
    cpu.set(PRIV, 0);
    cpu.set(MSTATUS, cpu.get(MSTATUS) | mstatus::FS | mstatus::SD);
    cpu.set(PMPADDR0, u64::MAX >> 10);
    cpu.set(PMPCFG0, 0x1f);
    cpu.set(MENVCFG, 0xf0);
    cpu.set(SENVCFG, 0xf0);
    cpu.set(MTVEC, TRAP);
    cpu
}

/// The words of a record that differ, by the names of their places.
fn differences(ours: &[u8], theirs: &[u8]) -> Vec<String> {
    let words = |record: &[u8]| -> Vec<u64> {
        record.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("8 bytes"))).collect()
    };
    let (ours, theirs) = (words(ours), words(theirs));
    let differing = (0..ours.len()).filter(|index| ours[*index] != theirs[*index]);
    differing.map(|i| format!("{} is {:#x}, not {:#x}", records::place(i), ours[i], theirs[i])).collect()
}

#[test]
fn random_instructions_do_what_they_do_under_qemu() {
    let cases = cases();
    let program = program(&cases);
    let Some(theirs) = run_qemu(&program) else {
        println!("skipped: qemu-riscv64 is not installed");
        return;
    };
    let ours = run_reference(&program);
    assert_eq!((ours.len(), theirs.len()), (cases.len() * RECORD_BYTES, cases.len() * RECORD_BYTES));
    let mut problems = Vec::new();
    let records = ours.chunks_exact(RECORD_BYTES).zip(theirs.chunks_exact(RECORD_BYTES));
    for (case, (ours, theirs)) in cases.iter().zip(records) {
        let differences = differences(ours, theirs);
        if !differences.is_empty() {
            let text = disasm::text(0, case.word).unwrap_or_default();
            problems.push(format!("{text}: {}\n    {}", differences.join("; "), case.inputs()));
        }
    }
    let shown = problems.iter().take(40).cloned().collect::<Vec<_>>().join("\n");
    assert!(problems.is_empty(), "{} of {} differ\n{shown}", problems.len(), cases.len());
    let rows = cases.iter().map(|case| case.kind.name).collect::<std::collections::BTreeSet<_>>().len();
    println!("{} instructions of {rows} of {} rows agree", cases.len(), kinds().len());
}
