//! `mynah bench`, as far as it goes without measuring.

use crate::running::{mynah, run, text};

#[test]
fn the_work_of_a_comparison_is_listed() {
    let output = run(&["bench", "--list", "--filter", "debian", "--filter", "memcpy"]);
    assert!(output.status.success());
    assert_eq!(text(&output.stdout), "single mechanisms, bare: memcpy of 1 MiB\ndebian: boot\n");
}

#[test]
fn what_cannot_run_is_skipped_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("speed.svg");
    let mut bench = mynah();
    bench.args(["bench", "--rounds", "1", "--filter", "mix", "--filter", "clock", "--svg"]).arg(&svg);
    // Nothing is found anywhere.
    for variable in ["PATH", "MYNAH_CACHE", "MYNAH_GUESTS"] {
        bench.env(variable, folder.path());
    }
    let output = bench.output().unwrap();
    let table = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for part in [
        "skipped: mix\n  qemu-system-riscv64 is missing: install qemu-system-riscv",
        "skipped: boot and work\n  there is no Debian kernel: run `mynah boot debian/riscv64` once",
    ] {
        assert!(table.contains(part), "no {part:?} in\n{table}");
    }
    assert!(std::fs::read_to_string(svg).unwrap().ends_with("</svg>\n"));
    // Whoever looks on without a terminal is not shown how far it is.
    assert!(output.stderr.is_empty());
}
