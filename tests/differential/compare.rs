//! Runs cases on our harts, and compares what becomes of them with QEMU's word.

use std::sync::Arc;

use backend::{Thresholds, Tiers};
use bus::Ram;
use riscv::Riscv64;
use riscv::fields::exception;
use riscv::state::x;

use crate::generate::Case;
use crate::harts::{Hart, OnEngine, OnReference, memory, registers, resume, run, user};
use crate::layout::{END, Outcome, SCRATCH, SCRATCH_BYTES, signal, slot};

/// What a Linux kernel says of a system call that it does not have.
const ENOSYS: i64 = 38;

/// Our harts, by their names.
pub const HARTS: [&str; 5] = ["reference", "tier 0", "tier 2, first run", "tier 2", "tier 1"];

/// What became of each case on each of [`HARTS`].
pub struct Ours {
    /// By hart, then by case.
    pub outcomes: [Vec<Outcome>; 5],
    /// Instructions that ran in compiled code.
    pub compiled_instructions: u64,
}

/// Runs all cases on all harts; `seen` gets each instruction that is run.
pub fn run_ours(cases: &[Case], seen: &mut dyn FnMut(u32)) -> Ours {
    let ram = memory(END);
    for (index, case) in cases.iter().enumerate() {
        assert!(ram.write(slot(index), &case.slot()), "a slot is in memory");
    }
    let guest = Riscv64::new();
    let on_all = |hart: &mut dyn Hart| -> Vec<Outcome> {
        cases.iter().enumerate().map(|(index, case)| outcome(&guest, hart, &ram, case, index)).collect()
    };
    let reference = on_all(&mut OnReference::new(&guest, &ram, seen));
    let tier0 = on_all(&mut OnEngine::new(Tiers::Interp, &ram));
    // A block is compiled when it has run once: so all run twice.
    let mut jit = OnEngine::new(Tiers::Jit(Thresholds::regions(1)), &ram);
    let (first, compiled) = (on_all(&mut jit), on_all(&mut jit));
    let mut baseline = OnEngine::new(Tiers::Jit(Thresholds::baseline(1)), &ram);
    on_all(&mut baseline);
    let baseline = on_all(&mut baseline);
    Ours {
        outcomes: [reference, tier0, first, compiled, baseline],
        compiled_instructions: jit.compiled_instructions(),
    }
}

/// What becomes of one case, whose code is in slot `index`.
fn outcome(guest: &Riscv64, hart: &mut dyn Hart, ram: &Arc<Ram>, case: &Case, index: usize) -> Outcome {
    assert!(ram.write(SCRATCH, &case.scratch), "the scratch memory is there");
    let mut cpu = user(guest, &case.context(index));
    let mut trap = run(hart, &mut cpu);
    while trap.cause == Some(exception::ECALL_FROM_U) {
        cpu.set(x(10), -ENOSYS as u64);
        resume(&mut cpu);
        trap = run(hart, &mut cpu);
    }
    let signal = trap.cause.map_or(0, signal_of);
    let mut scratch = vec![0; SCRATCH_BYTES];
    assert!(ram.read(SCRATCH, &mut scratch), "the scratch memory is there");
    let address = matches!(signal, signal::BUS | signal::SEGV).then_some(trap.value);
    Outcome { signal, address, context: registers(&cpu), scratch }
}

/// The signal that Linux sends for an exception.
fn signal_of(cause: u64) -> u64 {
    match cause {
        exception::ILLEGAL => signal::ILL,
        exception::BREAKPOINT => signal::TRAP,
        exception::LOAD_MISALIGNED | exception::STORE_MISALIGNED => signal::BUS,
        _ => signal::SEGV,
    }
}
