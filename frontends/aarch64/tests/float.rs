//! Random floating-point and SIMD instructions of every row, on the reference
//! interpreter and under QEMU's user mode, where `qemu-aarch64` is installed:
//! both start on the same registers and memory and have to leave the same.
//!
//! Each case has a record: registers, flags, FPCR and FPSR, and a window of
//! memory that loads and stores reach. QEMU's program loads the registers from
//! the record, runs the one instruction and puts the registers back, for case
//! after case, and writes all records out. The interpreter works on the record
//! right away.

#[path = "float/cases.rs"]
mod cases;
#[path = "float/interpreter.rs"]
mod interpreter;
#[path = "float/program.rs"]
mod program;
#[path = "float/record.rs"]
mod record;
#[path = "float/recorded.rs"]
mod recorded;

use std::collections::BTreeMap;

use cases::{Case, cases};
use program::{RECORDS, code_address, run_qemu};
use record::{RECORD_WORDS, Record, place};

/// What QEMU made of some of the cases.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exec/float.txt");

/// The words in which a record differs from what it should be.
fn differences(ours: &Record, theirs: &Record) -> Vec<String> {
    let differing = (0..RECORD_WORDS).filter(|i| ours.0[*i] != theirs.0[*i]);
    differing.map(|i| format!("{} is {:#x}, not {:#x}", place(i), ours.0[i], theirs.0[i])).collect()
}

/// What one case came to: nothing, or the difference.
fn problem(case: &Case, index: usize, theirs: &Record) -> Option<String> {
    let at = RECORDS + (index * RECORD_WORDS * 8) as u64;
    let mut ours = case.record.clone();
    if let Err(error) = interpreter::run(&[case.word], code_address(index, 1), &mut ours, at) {
        return Some(format!("{} {:08x}: {error}", case.name, case.word));
    }
    let differences = differences(&ours, theirs);
    let text = || format!("{} {:08x}: {}\n{}", case.name, case.word, differences.join("; "), case.inputs());
    (!differences.is_empty()).then(text)
}

#[test]
fn random_instructions_do_what_they_do_under_qemu() {
    let cases = cases();
    let Some(theirs) = run_qemu("random-float.elf", &cases) else {
        println!("skipped: qemu-aarch64 is not installed");
        return;
    };
    assert_eq!(theirs.len(), cases.len(), "QEMU stopped early");
    let mut problems: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (index, (case, theirs)) in cases.iter().zip(&theirs).enumerate() {
        if let Some(text) = problem(case, index, theirs) {
            problems.entry(case.bits).or_default().push(text);
        }
    }
    let shown: Vec<String> =
        problems.values().flat_map(|texts| texts.iter().take(2)).take(60).cloned().collect();
    let count: usize = problems.values().map(Vec::len).sum();
    let rows = problems.len();
    assert!(count == 0, "{count} of {} cases in {rows} rows differ\n{}", cases.len(), shown.join("\n"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(RECORDED, recorded::text("qemu-aarch64 10.0.2", &cases, &theirs))
            .expect("our own file");
    }
    let rows = cases.iter().map(|case| case.bits).collect::<std::collections::BTreeSet<_>>().len();
    println!("{} instructions of {rows} rows agree", cases.len());
}
