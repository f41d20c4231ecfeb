//! Random base instructions of every row that user-level code has, on the
//! reference interpreter and under QEMU's user mode, where `qemu-aarch64` is
//! installed: as in `float.rs`.
//!
//! Behind each instruction comes another that counts in x15: a branch skips
//! it or does not.

#[path = "base/cases.rs"]
mod cases;
#[path = "float/interpreter.rs"]
mod interpreter;
#[path = "float/program.rs"]
mod program;
#[path = "float/record.rs"]
mod record;
#[path = "base/recorded.rs"]
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use aarch64::decode::sets;
use cases::{Case, cases, compared};
use program::run_qemu;
use record::{RECORD_WORDS, Record, place};

/// Cases of each row; `CASES` in the environment says otherwise.
const PER_ROW: usize = 24;

fn per_row() -> usize {
    std::env::var("CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(PER_ROW)
}

/// What QEMU made of some of the cases.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exec/recorded.txt");

/// The words in which a record differs from what it should be.
fn differences(ours: &Record, theirs: &Record) -> Vec<String> {
    let differing = (0..RECORD_WORDS).filter(|i| ours.0[*i] != theirs.0[*i]);
    differing.map(|i| format!("{} is {:#x}, not {:#x}", place(i), ours.0[i], theirs.0[i])).collect()
}

/// What one case came to: nothing, or the difference.
fn problem(case: &Case, index: usize, theirs: &Record) -> Option<String> {
    let mut ours = case.record.clone();
    if let Err(error) = cases::run(&case.words, &mut ours, index) {
        return Some(format!("{}: {error}\n{}", case.name, case.inputs()));
    }
    let differences = differences(&ours, theirs);
    let text = || format!("{}: {}\n{}", case.name, differences.join("; "), case.inputs());
    (!differences.is_empty()).then(text)
}

/// Runs the cases on both sides: what comes out; `None` if QEMU is not there.
fn compare(name: &str, cases: &[Case]) -> Option<Vec<Record>> {
    let Some(theirs) = run_qemu(name, cases) else {
        println!("skipped: qemu-aarch64 is not installed");
        return None;
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
    Some(theirs)
}

#[test]
fn random_blocks_do_what_they_do_under_qemu() {
    let blocks = cases::blocks(per_row() * 100);
    if compare("random-blocks.elf", &blocks).is_some() {
        println!("{} blocks agree", blocks.len());
    }
}

#[test]
fn random_instructions_do_what_they_do_under_qemu() {
    let cases = cases(per_row());
    let Some(theirs) = compare("random-base.elf", &cases) else { return };
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(RECORDED, recorded::text("qemu-aarch64 10.0.2", &cases, &theirs))
            .expect("our own file");
    }
    let covered: BTreeSet<_> = cases.iter().map(|case| case.bits).collect();
    let all: Vec<_> = sets().filter(|set| cases::has_cases(set)).flat_map(|set| set.rows).collect();
    println!("{} instructions of {} of {} rows agree", cases.len(), covered.len(), all.len());
    let missing: Vec<_> = all.iter().filter(|row| compared(row) && !covered.contains(row.bits)).collect();
    let missing: Vec<_> = missing.iter().map(|row| row.name).collect();
    assert!(std::env::var("ROW").is_ok() || missing.is_empty(), "not covered: {}", missing.join(", "));
}
