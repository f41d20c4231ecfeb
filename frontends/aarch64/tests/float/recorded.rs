//! What QEMU made of some cases, as lines of `tests/exec/float.txt`, which then
//! need no QEMU and run on every engine.

use std::collections::{BTreeMap, BTreeSet};

use aarch64::{Op, disasm};

use crate::cases::Case;
use crate::interpreter::run_seen;
use crate::program::{RECORDS, code_address};
use crate::record::{FPCR, FPSR, NZCV, RECORD_WORDS, Record, V, WINDOW, X, X_COUNT};

/// Where memory is in the cases.
const MEMORY: u64 = 0x2000;

/// The file: of each row, the first case that changes something.
pub fn text(version: &str, cases: &[Case], results: &[Record]) -> String {
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, (case, after)) in cases.iter().zip(results).enumerate() {
        let op = Op(case.word);
        // An address that is its own offset does not move with memory.
        if case.bits.contains("mmmmm") && op.rn() == op.rm() {
            continue;
        }
        let first = kept.entry(case.bits).or_insert(index);
        if results[*first] == cases[*first].record && *after != case.record {
            *first = index;
        }
    }
    let mut indices: Vec<usize> = kept.into_values().collect();
    indices.sort_unstable();
    let lines = indices.into_iter().map(|index| line(&cases[index], index, &results[index]));
    let head = format!(
        "# What {version} makes of random instructions, one of each row; written by\n\
         # `BLESS=1 cargo test -p aarch64 --test float`.\n"
    );
    head + &lines.collect::<String>()
}

fn line(case: &Case, index: usize, after: &Record) -> String {
    let at = RECORDS + (index * RECORD_WORDS * 8) as u64;
    let (mut seen, mut ran) = (BTreeSet::new(), case.record.clone());
    let see = &mut |word| {
        seen.insert(word);
    };
    run_seen(&[case.word], code_address(index, 1), &mut ran, at, see).expect("it has run before");
    let in_memory = seen.iter().any(|word| *word >= WINDOW);
    let moved = (at + WINDOW as u64 * 8).wrapping_sub(MEMORY);
    let base = Op(case.word).rn() as usize;
    let list = |record: &Record, wanted: &dyn Fn(usize) -> bool| -> String {
        let mut items = Vec::new();
        for n in (0..X_COUNT).filter(|n| wanted(X + n)) {
            let distance = if in_memory && n == base { moved } else { 0 };
            items.push(format!("x{n}={:#x}", record.0[X + n].wrapping_sub(distance)));
        }
        if wanted(NZCV) {
            items.push(format!("nzcv={:#x}", record.0[NZCV] >> 28));
        }
        for (name, word) in [("fpcr", FPCR), ("fpsr", FPSR)] {
            if wanted(word) {
                items.push(format!("{name}={:#x}", record.0[word]));
            }
        }
        for n in 0..32 {
            let word = V + 2 * n;
            if wanted(word) || wanted(word + 1) {
                let value = u128::from(record.0[word]) | u128::from(record.0[word + 1]) << 64;
                items.push(format!("v{n}={value:#x}"));
            }
        }
        for word in (WINDOW..RECORD_WORDS).filter(|word| wanted(*word)) {
            items.push(format!("d[{:#x}]={:#x}", MEMORY + (word - WINDOW) as u64 * 8, record.0[word]));
        }
        items.join(" ")
    };
    let before = list(&case.record, &|word| seen.contains(&word) && case.record.0[word] != 0);
    let after = list(after, &|word| after.0[word] != case.record.0[word]);
    let shown = disasm::text(0x1000, case.word).unwrap_or_default();
    format!("[{:08x}] {shown} ; {before} => {after}\n", case.word)
}
