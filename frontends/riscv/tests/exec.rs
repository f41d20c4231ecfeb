//! Runs the cases of `exec/*.txt` on the reference interpreter, and wants one
//! for each row of the decoder.

use std::collections::BTreeSet;
use std::path::Path;

use riscv::testing::{Case, Reference, parse};
use riscv::{Riscv64, c, decode, random};

/// All cases, of all files.
fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exec");
    let entries = std::fs::read_dir(&folder).expect("the folder of the cases");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    paths.sort();
    let parsed = paths.iter().flat_map(|path| {
        let name = path.file_name().expect("a file").to_string_lossy();
        let source = std::fs::read_to_string(path).expect("a readable file");
        parse(&name, &source).unwrap_or_else(|problem| panic!("{problem}"))
    });
    parsed.collect()
}

#[test]
fn cases_hold_on_the_reference_interpreter() {
    let guest = Riscv64::new();
    let cases = cases();
    let problems: Vec<String> =
        cases.iter().filter_map(|case| Reference::run_case(&guest, case).err()).collect();
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
    let covered: BTreeSet<&str> = cases().iter().flat_map(Case::words).flat_map(rows).collect();
    let kinds = random::kinds();
    let missing: Vec<&str> =
        kinds.iter().map(|kind| kind.name).filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "no case for {}", missing.join(", "));
    println!("{} rows covered", kinds.len());
}
