//! Runs the cases of `exec/*.txt` on the reference interpreter, and wants one
//! for each row of the decoder but for System registers'.

#[path = "exec/cases.rs"]
mod cases;

use std::collections::BTreeSet;

use aarch64::decode::{decode, sets};
use aarch64::{Aarch64, Model};

/// The folder of the cases.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exec");

#[test]
fn cases_hold_on_the_reference_interpreter() {
    let guest = Aarch64::new(Model::Max);
    let cases = cases::cases(CASES);
    let problems: Vec<String> = cases.iter().filter_map(|case| case.run(&guest).err()).collect();
    assert!(problems.is_empty(), "{} of {} cases fail\n{}", problems.len(), cases.len(), problems.join("\n"));
    println!("{} cases hold", cases.len());
}

#[test]
fn every_row_has_a_case() {
    let cases = cases::cases(CASES);
    let found = cases.iter().flat_map(|case| &case.words).filter_map(|word| decode(*word));
    let covered: BTreeSet<&str> = found.map(|found| found.row.bits).collect();
    // System registers have tests of their own.
    let rows = sets().filter(|set| !set.name.starts_with("System")).flat_map(|set| set.rows);
    let missing: Vec<String> = rows
        .filter(|row| !covered.contains(row.bits))
        .map(|row| format!("{} {}", row.name, row.bits))
        .collect();
    assert!(missing.is_empty(), "no case for {}\n{}", missing.len(), missing.join("\n"));
}
