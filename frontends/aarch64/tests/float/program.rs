//! The program that QEMU runs, encoded by hand.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::cases::Case;
use crate::record::{FPCR, FPSR, NZCV, RECORD_WORDS, Record, SP, V, X_COUNT};

/// Where the program is loaded.
pub const BASE: u64 = 0x10_0000;

/// Where the records are.
pub const RECORDS: u64 = 0x400_0000;

/// The register that points to the record, a scratch register, and the link.
const POINTER: u32 = 28;
const SCRATCH: u32 = 27;

const RECORD_BYTES: u32 = RECORD_WORDS as u32 * 8;

/// ldp and stp of x registers, at an offset in words from the pointer.
fn pair_x(base: u32, t: u32, word: u32) -> u32 {
    base | word << 15 | (t + 1) << 10 | POINTER << 5 | t
}

/// ldp and stp of q registers, at an offset in pairs of words.
fn pair_q(base: u32, t: u32, word: u32) -> u32 {
    base | (word / 2) << 15 | (t + 1) << 10 | POINTER << 5 | t
}

const LDP_X: u32 = 0xa940_0000;
const STP_X: u32 = 0xa900_0000;
const LDP_Q: u32 = 0xad40_0000;
const STP_Q: u32 = 0xad00_0000;
const LDR_X: u32 = 0xf940_0000;
const STR_X: u32 = 0xf900_0000;
const RET: u32 = 0xd65f_03c0;
const SVC: u32 = 0xd400_0001;

/// msr of nzcv, fpcr and fpsr, with the record's word; bit 21 makes it mrs.
const SPECIAL: [(usize, u32); 3] = [(NZCV, 0xd51b_4200), (FPCR, 0xd51b_4400), (FPSR, 0xd51b_4420)];
const MRS: u32 = 1 << 21;
/// mov between sp and the scratch register.
const TO_SP: u32 = 0x9100_0000 | SCRATCH << 5 | 31;
const FROM_SP: u32 = 0x9100_0000 | 31 << 5 | SCRATCH;

fn restore() -> Vec<u32> {
    let mut code = Vec::new();
    for (word, msr) in SPECIAL {
        code.extend([LDR_X | (word as u32) << 10 | POINTER << 5 | SCRATCH, msr | SCRATCH]);
    }
    code.extend([LDR_X | (SP as u32) << 10 | POINTER << 5 | SCRATCH, TO_SP]);
    code.extend((0..32).step_by(2).map(|t| pair_q(LDP_Q, t, V as u32 + t * 2)));
    code.extend((0..X_COUNT as u32).step_by(2).map(|t| pair_x(LDP_X, t, t)));
    code.push(RET);
    code
}

fn save() -> Vec<u32> {
    let mut code: Vec<u32> = (0..X_COUNT as u32).step_by(2).map(|t| pair_x(STP_X, t, t)).collect();
    code.extend((0..32).step_by(2).map(|t| pair_q(STP_Q, t, V as u32 + t * 2)));
    for (word, msr) in SPECIAL {
        code.extend([msr | MRS | SCRATCH, STR_X | (word as u32) << 10 | POINTER << 5 | SCRATCH]);
    }
    code.extend([FROM_SP, STR_X | (SP as u32) << 10 | POINTER << 5 | SCRATCH]);
    // add x28, x28, #RECORD_BYTES
    code.extend([0x9100_0000 | RECORD_BYTES << 10 | POINTER << 5 | POINTER, RET]);
    code
}

/// movz and movk: a constant of 32 bits.
fn constant(register: u32, value: u64) -> [u32; 2] {
    let half = |shift: u32| (value >> shift & 0xffff) as u32;
    [0xd280_0000 | half(0) << 5 | register, 0xf2a0_0000 | half(16) << 5 | register]
}

/// bl from place `from` to place `to`, both in instructions.
fn call(from: usize, to: usize) -> u32 {
    0x9400_0000 | (to as i64 - from as i64) as u32 & 0x3ff_ffff
}

/// Where the code of the case with this index lies, if all have `words` words.
pub fn code_address(index: usize, words: usize) -> u64 {
    let before = 1 + restore().len() + save().len() + 2;
    BASE + 4 * (before + index * (words + 2) + 1) as u64
}

fn code(cases: &[Case]) -> Vec<u32> {
    let (restore, save) = (restore(), save());
    let (restore_at, save_at) = (1, 1 + restore.len());
    // b to the start
    let mut code = vec![0x1400_0000 | (save_at + save.len()) as u32];
    code.extend(restore);
    code.extend(save);
    code.extend(constant(POINTER, RECORDS));
    for case in cases {
        code.push(call(code.len(), restore_at));
        code.extend(case.code());
        code.push(call(code.len(), save_at));
    }
    // write(1, records, bytes); exit(0)
    code.extend(constant(0, 1));
    code.extend(constant(1, RECORDS));
    code.extend(constant(2, cases.len() as u64 * u64::from(RECORD_BYTES)));
    code.extend(constant(8, 64));
    code.push(SVC);
    code.extend(constant(0, 0));
    code.extend(constant(8, 93));
    code.push(SVC);
    code
}

/// An ELF file of two segments (System V ABI, chapters "Object Files" and
/// "Program Loading").
fn elf(code: &[u8], records: &[u8]) -> Vec<u8> {
    const PAGE: u64 = 0x1000;
    let records_at = (PAGE + code.len() as u64).next_multiple_of(PAGE);
    let mut file = Vec::new();
    file.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    // Executable, AArch64, version 1.
    file.extend([2u16, 183].map(u16::to_le_bytes).concat());
    file.extend(1u32.to_le_bytes());
    file.extend([BASE, 64, 0].map(u64::to_le_bytes).concat());
    file.extend(0u32.to_le_bytes());
    file.extend([64u16, 56, 2, 64, 0, 0].map(u16::to_le_bytes).concat());
    for (flags, at, base, bytes) in [(5u32, PAGE, BASE, code), (6, records_at, RECORDS, records)] {
        file.extend([1, flags].map(u32::to_le_bytes).concat());
        let bytes = bytes.len() as u64;
        file.extend([at, base, base, bytes, bytes, PAGE].map(u64::to_le_bytes).concat());
    }
    file.resize(PAGE as usize, 0);
    file.extend(code);
    file.resize(records_at as usize, 0);
    file.extend(records);
    file
}

/// The program's code and its records, as bytes.
pub fn image(cases: &[Case]) -> (Vec<u8>, Vec<u8>) {
    let code = code(cases).into_iter().flat_map(u32::to_le_bytes).collect();
    let records = cases.iter().flat_map(|case| case.record.0).flat_map(u64::to_le_bytes).collect();
    (code, records)
}

/// The records in these bytes.
pub fn records(bytes: &[u8]) -> Vec<Record> {
    let words = bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("8 bytes")));
    let words: Vec<u64> = words.collect();
    words.chunks_exact(RECORD_WORDS).map(|words| Record(words.try_into().expect("a record"))).collect()
}

/// What QEMU makes of the cases, in a file called `name`; `None` if it is not
/// installed.
pub fn run_qemu(name: &str, cases: &[Case]) -> Option<Vec<Record>> {
    let (code, records_before) = image(cases);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, elf(&code, &records_before)).expect("a writable scratch file");
    // QEMU runs what is executable, and says nothing if it is not.
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("a file of our own");
    let output = Command::new("qemu-aarch64").args(["-cpu", "max"]).arg(&path).output().ok()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "qemu-aarch64 fails: {}: {errors}", output.status);
    Some(records(&output.stdout))
}
