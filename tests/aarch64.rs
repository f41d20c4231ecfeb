//! Random A64 code under Debian's `qemu-aarch64` and on every tier of the
//! engine: the program of `frontends/aarch64/tests/base.rs`, whole. Without
//! QEMU there is nothing to compare with, and the test says so.

#[path = "../frontends/aarch64/tests/base/cases.rs"]
mod cases;
#[path = "../frontends/aarch64/tests/float/interpreter.rs"]
mod interpreter;
#[path = "../frontends/aarch64/tests/float/program.rs"]
mod program;
#[path = "../frontends/aarch64/tests/float/record.rs"]
mod record;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use aarch64::fields::cpacr;
use aarch64::fields::hcr;
use aarch64::state::{CPACR_EL1, CURRENT_EL, HCR_EL2, PC, SCTLR_EL1, VBAR_EL1};
use aarch64::system::pstate;
use aarch64::{Aarch64, Model};
use backend::{Engine, EngineConfig, Thresholds, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use cases::Case;
use guest::{CpuState, Guest};
use program::{BASE, RECORDS, image, records, run_qemu};
use record::{RECORD_WORDS, Record, place};

/// Where EL1's vectors are, and how much memory there is from [`BASE`] on.
const VECTORS: u64 = 0x300_0000;
const MEMORY_BYTES: u64 = 0x800_0000;
/// wfi: an engine comes back when it gets there.
const WFI: u64 = 0xd503_207f;
/// The vector of exceptions of EL0.
const FROM_EL0: u64 = 0x400;
/// More instructions than any program has.
const BUDGET: u64 = 1 << 32;

/// A CPU at EL0 that is about to run the program.
fn user(guest: &Aarch64) -> CpuState {
    let mut cpu = CpuState::default();
    guest.reset(&mut cpu, 0, BASE);
    pstate::select(&mut cpu, 0, 0);
    cpu.set(CPACR_EL1, 3 << cpacr::FPEN_SHIFT);
    cpu.set(SCTLR_EL1, 0);
    // Memory is Normal memory although nothing is translated.
    cpu.set(HCR_EL2, hcr::DC);
    cpu.set(VBAR_EL1, VECTORS);
    cpu
}

/// Runs the program `runs` times on an engine: what the last leaves, and the
/// instructions that ran in regions.
fn run(cases: &[Case], tiers: Tiers, runs: u32) -> (Vec<Record>, u64) {
    let guest = Aarch64::new(Model::Max);
    let ram = Arc::new(Ram::new(BASE, MEMORY_BYTES).expect("a mapping"));
    let (code, before) = image(cases);
    assert!(ram.write(BASE, &code), "the code fits");
    ram.store(VECTORS + FROM_EL0, 4, WFI).expect("the vector is in memory");
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::clone(&ram));
    let start = user(&guest);
    let shared: Arc<dyn Guest> = Arc::new(guest);
    let stop = Arc::new(AtomicBool::new(false));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let mut engine = Engine::new(Arc::clone(&shared), space, Clock::counted(), config).expect("an engine");
    let mut vcpu = Vcpu::new(&shared, 0, 0);
    for _ in 0..runs {
        assert!(ram.write(RECORDS, &before), "the records fit");
        *vcpu.registers_mut() = start.clone();
        engine.run(&mut vcpu, BUDGET);
        let (pc, level) = (vcpu.state().get(PC), vcpu.state().get(CURRENT_EL));
        assert_eq!((pc, level), (VECTORS + FROM_EL0 + 4, 1), "the program makes a call");
    }
    let mut after = vec![0; before.len()];
    assert!(ram.read(RECORDS, &mut after), "the records are in memory");
    (records(&after), engine.stats().tier2.guest_instructions_run)
}

/// What differs between the records of a case.
fn differences(case: &Case, ours: &Record, theirs: &Record) -> Option<String> {
    let differing = (0..RECORD_WORDS).filter(|i| ours.0[*i] != theirs.0[*i]);
    let texts: Vec<String> =
        differing.map(|i| format!("{} is {:#x}, not {:#x}", place(i), ours.0[i], theirs.0[i])).collect();
    let kind = if case.accesses.is_some() { "access" } else { "no access" };
    (!texts.is_empty()).then(|| format!("{} ({kind}): {}\n{}", case.name, texts.join("; "), case.inputs()))
}

/// A tier, its settings, how often a program runs on it, and how many cases it
/// has of each row: compiling regions takes its time.
const TIERS: [(&str, Tiers, u32, usize); 3] = [
    ("tier 0", Tiers::Interp, 1, 24),
    ("baseline", Tiers::Jit(Thresholds::baseline(1)), 2, 24),
    ("regions", Tiers::Jit(Thresholds::regions(1)), 2, 2),
];

/// Runs the cases that `make` makes on QEMU and on every tier.
fn compare(name: &str, make: fn(usize) -> Vec<Case>) {
    for (tier, tiers, runs, per_row) in TIERS {
        let cases = make(per_row);
        let Some(theirs) = run_qemu(&format!("{name}-{per_row}.elf"), &cases) else {
            println!("skipped: qemu-aarch64 is not installed");
            return;
        };
        let (ours, compiled) = run(&cases, tiers, runs);
        let pairs = cases.iter().zip(ours.iter().zip(&theirs));
        let problems: Vec<String> =
            pairs.filter_map(|(case, (ours, theirs))| differences(case, ours, theirs)).collect();
        let shown = problems.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(problems.is_empty(), "{tier}: {} of {} differ\n{shown}", problems.len(), cases.len());
        let rows = cases.iter().map(|case| case.bits).collect::<BTreeSet<_>>().len();
        println!(
            "{tier}: {} cases of {rows} rows agree, {compiled} instructions ran in regions",
            cases.len()
        );
    }
}

#[test]
fn random_instructions_do_what_they_do_under_qemu() {
    compare("engine-base", cases::cases);
}

#[test]
fn random_blocks_do_what_they_do_under_qemu() {
    compare("engine-blocks", |per_row| cases::blocks(per_row * 50));
}
