//! Runs the cases of `exec/*.txt` on the reference interpreter, and wants one
//! for each row of the decoder.

#[path = "exec/cases.rs"]
mod cases;

use std::collections::BTreeSet;

use riscv::testing::Case;
use riscv::{Riscv64, c, decode, random};

/// The folder of the cases.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exec");

#[test]
fn cases_hold_on_the_reference_interpreter() {
    let guest = Riscv64::new();
    let cases = cases::cases(CASES);
    let problems: Vec<String> = cases.iter().filter_map(|case| case.run(&guest).err()).collect();
    assert!(problems.is_empty(), "{} of {} cases fail\n{}", problems.len(), cases.len(), problems.join("\n"));
    println!("{} cases hold", cases.len());
}

/// The rows that an instruction word goes through.
fn rows(word: u32) -> impl Iterator<Item = &'static str> {
    let compressed = if word & 3 == 3 { None } else { c::find(word as u16).map(|row| row.name) };
    compressed.into_iter().chain(decode::decode(word).map(|found| found.row.name))
}

#[test]
fn every_row_has_a_case() {
    let covered: BTreeSet<&str> = cases::cases(CASES).iter().flat_map(Case::words).flat_map(rows).collect();
    let kinds = random::kinds();
    let missing: Vec<&str> =
        kinds.iter().map(|kind| kind.name).filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "no case for {}", missing.join(", "));
    println!("{} rows covered", kinds.len());
}
