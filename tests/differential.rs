//! The same user-level code under Debian's `qemu-riscv64` and on our harts:
//! registers, memory and fcsr have to agree.
//!
//! `MYNAH_DIFF_CASES` sets how many random cases are run, and `MYNAH_DIFF_SEED`
//! where their seeds start. Without QEMU, or for the programs without a
//! compiler, there is nothing to compare with, and the tests are ignored.

#[path = "differential/compare.rs"]
mod compare;
#[path = "differential/coverage.rs"]
mod coverage;
#[path = "differential/elf.rs"]
mod elf;
#[path = "differential/generate.rs"]
mod generate;
#[path = "differential/harts.rs"]
mod harts;
#[path = "differential/layout.rs"]
mod layout;
#[path = "differential/programs.rs"]
mod programs;
#[path = "differential/qemu.rs"]
mod qemu;
#[path = "differential/report.rs"]
mod report;
#[path = "differential/values.rs"]
mod values;

use libtest_mimic::{Arguments, Failed, Trial};

use compare::{HARTS, run_ours};
use coverage::Coverage;
use generate::{Case, Generator};
use qemu::Qemu;
use riscv::random::Kind;

/// Random cases in a run, unless the environment says otherwise.
const CASES: u64 = 6000;
/// Cases that share a QEMU process and an engine.
const BATCH: u64 = 250;
/// Mismatches that are reported; after a batch with the last, a run gives up.
const REPORTS_MAX: usize = 5;

fn main() {
    let arguments = Arguments::from_args();
    let missing = Qemu::find().is_none();
    if missing {
        println!("qemu-riscv64 is not installed (on Debian: apt install qemu-user); there is no comparison");
    }
    let mut trials = vec![Trial::test("random_user_level_code", random_code).with_ignored_flag(missing)];
    let no_compiler = !programs::can_compile();
    if no_compiler {
        println!("there is no C compiler (on Debian: apt install gcc-riscv64-linux-gnu) for the programs");
    }
    trials.extend(programs::PROGRAMS.map(|name| {
        let trial = Trial::test(format!("program_{name}"), move || Ok(programs::agrees(name)?));
        trial.with_ignored_flag(missing || no_compiler)
    }));
    libtest_mimic::run(&arguments, trials).exit();
}

/// Why a row is left out.
fn reason(qemu: &Qemu, kind: &Kind) -> Option<&'static str> {
    match kind.name {
        _ if qemu.recent => None,
        "cbo.inval" | "cbo.clean" | "cbo.flush" | "cbo.zero" => Some("QEMU has it from 8.0 on"),
        "ctzw" => Some("QEMU before 8.0 counts past bit 31"),
        _ => None,
    }
}

fn number(variable: &str, default: u64) -> Result<u64, Failed> {
    match std::env::var(variable) {
        Ok(text) => text.parse().map_err(|_| format!("{variable}={text}: not a decimal number").into()),
        Err(_) => Ok(default),
    }
}

fn random_code() -> Result<(), Failed> {
    let qemu = Qemu::find().ok_or("qemu-riscv64 is gone")?;
    let (count, first) = (number("MYNAH_DIFF_CASES", CASES)?, number("MYNAH_DIFF_SEED", 1)?);
    let generator = Generator::new(|kind| reason(&qemu, kind).is_none());
    let mut coverage = Coverage::new(|kind| reason(&qemu, kind));
    let (mut run, mut compiled, mut differing, mut reports) = (0, 0, 0, Vec::new());
    let seeds: Vec<u64> = (first..first + count).collect();
    for seeds in seeds.chunks(BATCH as usize) {
        let cases: Vec<Case> = seeds.iter().map(|seed| generator.case(*seed)).collect();
        let theirs = qemu.run(&cases)?;
        let ours = run_ours(&cases, &mut |word| coverage.note(word));
        compiled += ours.compiled_instructions;
        run += cases.len();
        for (index, case) in cases.iter().enumerate() {
            let differs = |hart: &usize| ours.outcomes[*hart][index] != theirs[index];
            if let Some(hart) = (0..HARTS.len()).find(differs) {
                differing += 1;
                if reports.len() < REPORTS_MAX {
                    reports.push(report::report(&qemu, case, hart)?);
                }
            }
        }
        if reports.len() == REPORTS_MAX {
            break;
        }
    }
    println!("{run} cases against {} on {}", qemu.version, HARTS.join("; "));
    println!("{compiled} instructions ran compiled, {}", coverage.summary());
    println!("of csr numbers, cycle, time and instret are left out: they differ from run to run");
    if !reports.is_empty() {
        return Err(format!("{differing} of {run} cases differ\n{}", reports.join("\n")).into());
    }
    let missing = coverage.missing();
    if count >= CASES && !missing.is_empty() {
        return Err(format!("not covered: {}", missing.join(", ")).into());
    }
    if count >= CASES && compiled == 0 {
        return Err("no instruction ran compiled".into());
    }
    Ok(())
}
