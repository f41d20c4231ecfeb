//! The RISC-V front end's cases, `frontends/riscv/tests/exec/*.txt`, on both
//! tiers of the engine. The front end's own tests run them on the reference
//! interpreter, so that all engines answer to the same lines.

#[path = "../frontends/riscv/tests/exec/cases.rs"]
mod cases;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use backend::{Engine, EngineConfig, Thresholds, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::Guest;
use riscv::Riscv64;
use riscv::state::PC;
use riscv::testing::{Case, INSNS_MAX, Reference};

/// The folder of the cases.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/frontends/riscv/tests/exec");
/// c.j to itself: where a case ends, its hart stays until the slice is over.
const STAY: u64 = 0xa001;
/// Instructions in a slice: enough for any case, and for compiled code, which
/// an engine does not enter when a slice nears its end.
const BUDGET: u64 = 2000;

/// The RAM of a case, twice: an engine keeps its address space to itself.
fn twins(space: AddressSpace) -> (AddressSpace, AddressSpace) {
    let mut twin = AddressSpace::default();
    for ram in space.ram() {
        twin.add_ram("ram", Arc::clone(ram));
    }
    (space, twin)
}

/// A case on the reference interpreter: where it ends, after how many
/// instructions.
fn end(guest: &Riscv64, case: &Case) -> Result<(u64, u64), String> {
    let (cpu, space) = case.hart(guest);
    let mut hart = Reference::new(guest, cpu, space);
    for _ in 0..INSNS_MAX {
        hart.step(1)?;
        if case.is_over(&hart.cpu) {
            break;
        }
    }
    Ok((hart.cpu.get(PC), hart.instructions))
}

/// Runs a case on an engine, `runs` times over; instructions that ran compiled.
fn run(guest: &Riscv64, case: &Case, tiers: Tiers, runs: u32) -> Result<u64, String> {
    let (cpu, space) = case.hart(guest);
    let (space, inside) = twins(space);
    let shared: Arc<dyn Guest> = Arc::new(guest.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let engine = Engine::new(Arc::clone(&shared), inside, Clock::counted(), config);
    let mut engine = engine.map_err(|error| error.to_string())?;
    let (end, instructions) = end(guest, case).map_err(|problem| format!("{}: {problem}", case.at))?;
    let held = space.read(end, 2).ok();
    // Where there is no memory to stay in, the slice is as long as the case.
    let budget = if held.is_some() { BUDGET } else { instructions };
    let mut vcpu = Vcpu::new(&shared, 0, 0);
    put(&space, end, held.map(|_| STAY));
    let before = contents(&space);
    for _ in 0..runs {
        restore(&space, &before);
        // Translations stay, or compiled code would leave at its first access.
        *vcpu.registers_mut() = cpu.clone();
        engine.run(&mut vcpu, budget);
        let after = copy(&space);
        put(&after, end, held);
        case.check(guest, vcpu.state(), &after)?;
    }
    Ok(engine.stats().tier2.guest_instructions_run)
}

/// Writes a compressed instruction, if there is memory for one.
fn put(space: &AddressSpace, at: u64, code: Option<u64>) {
    if let Some(code) = code {
        space.write(at, 2, code).expect("what can be read can be written");
    }
}

/// Makes RAM what it was, and leaves alone what still is: a write to code, even
/// of the same bytes, would make the engine forget it.
fn restore(space: &AddressSpace, before: &[u8]) {
    let start = space.ram()[0].range().start;
    let now = contents(space);
    for (at, (now, before)) in (start..).zip(now.iter().zip(before)) {
        if now != before {
            space.write(at, 1, u64::from(*before)).expect("RAM can be written");
        }
    }
}

/// The RAM as it is, in memory of its own.
fn copy(space: &AddressSpace) -> AddressSpace {
    let range = space.ram()[0].range();
    let ram = Ram::new(range.start, range.end - range.start).expect("a small mapping");
    assert!(ram.write(range.start, &contents(space)), "it is as long");
    let mut copy = AddressSpace::default();
    copy.add_ram("ram", Arc::new(ram));
    copy
}

fn contents(space: &AddressSpace) -> Vec<u8> {
    let ram = &space.ram()[0];
    let mut bytes = vec![0; ram.len_bytes() as usize];
    assert!(ram.read(ram.range().start, &mut bytes), "RAM can be read whole");
    bytes
}

/// All cases hold on engines of these tiers; instructions that ran compiled.
fn all_hold(tiers: Tiers, runs: u32) -> u64 {
    let guest = Riscv64::new();
    let cases = cases::cases(CASES);
    let mut compiled = 0;
    let mut problems = Vec::new();
    for case in &cases {
        match run(&guest, case, tiers, runs) {
            Ok(instructions) => compiled += instructions,
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "{} of {} cases fail\n{}", problems.len(), cases.len(), problems.join("\n"));
    println!("{} cases hold", cases.len());
    compiled
}

#[test]
fn cases_hold_on_tier_0() {
    assert_eq!(all_hold(Tiers::Interp, 1), 0);
}

/// A block is compiled when it has run once, and so the second run of a case
/// is compiled code's.
#[test]
fn cases_hold_on_compiled_code() {
    assert!(all_hold(Tiers::Jit(Thresholds::regions(1)), 2) > 0);
    assert!(all_hold(Tiers::Jit(Thresholds::baseline(1)), 2) > 0);
}
