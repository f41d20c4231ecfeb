//! One case on an engine.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use backend::{Engine, EngineConfig, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::testing::Reference;
use guest::{CpuState, Guest};

/// A case of some front end.
pub trait Case {
    /// The file's name and the line, for messages.
    fn at(&self) -> &str;

    /// A CPU that is about to run the code, and its memory.
    fn start(&self) -> (CpuState, AddressSpace);

    /// Whether the CPU has come to the end of the case.
    fn is_over(&self, cpu: &CpuState) -> bool;

    /// Compares a CPU that ran with what the case expects.
    ///
    /// # Errors
    /// Every difference.
    fn check(&self, cpu: &CpuState, space: &AddressSpace) -> Result<(), String>;
}

/// What all cases of a front end share.
pub struct Subject {
    /// The architecture.
    pub guest: Arc<dyn Guest>,
    /// Most instructions that a case may run.
    pub insns_max: u32,
    /// A branch to itself, and its bytes: where a case ends, its CPU stays until
    /// the slice is over.
    pub stay: (u64, u8),
}

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
fn end(subject: &Subject, case: &dyn Case) -> Result<(u64, u64), String> {
    let (cpu, space) = case.start();
    let mut reference = Reference::new(&*subject.guest, cpu, space);
    for _ in 0..subject.insns_max {
        reference.step(1)?;
        if case.is_over(&reference.cpu) {
            break;
        }
    }
    Ok((reference.cpu.get(subject.guest.spec().layout.pc()), reference.instructions))
}

/// Runs a case on an engine, `runs` times over; instructions that ran compiled.
fn run(subject: &Subject, case: &dyn Case, tiers: Tiers, runs: u32) -> Result<u64, String> {
    let (cpu, space) = case.start();
    let (space, inside) = twins(space);
    let stop = Arc::new(AtomicBool::new(false));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let engine = Engine::new(Arc::clone(&subject.guest), inside, Clock::counted(), config);
    let mut engine = engine.map_err(|error| error.to_string())?;
    let (end, instructions) = end(subject, case).map_err(|problem| format!("{}: {problem}", case.at()))?;
    let held = space.read(end, subject.stay.1).ok();
    // Where there is no memory to stay in, the slice is as long as the case.
    let budget = if held.is_some() { BUDGET } else { instructions };
    let mut vcpu = Vcpu::new(&subject.guest, 0, 0);
    put(&space, end, subject.stay.1, held.map(|_| subject.stay.0));
    let before = contents(&space);
    for _ in 0..runs {
        restore(&space, &before);
        // Translations stay, or compiled code would leave at its first access.
        *vcpu.registers_mut() = cpu.clone();
        engine.run(&mut vcpu, budget);
        let after = copy(&space);
        put(&after, end, subject.stay.1, held);
        case.check(vcpu.state(), &after)?;
    }
    Ok(engine.stats().tier2.guest_instructions_run)
}

/// Writes an instruction, if there is memory for one.
fn put(space: &AddressSpace, at: u64, bytes: u8, code: Option<u64>) {
    if let Some(code) = code {
        space.write(at, bytes, code).expect("what can be read can be written");
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
pub fn all_hold(subject: &Subject, cases: &[&dyn Case], tiers: Tiers, runs: u32) -> u64 {
    let mut compiled = 0;
    let mut problems = Vec::new();
    for case in cases {
        match run(subject, *case, tiers, runs) {
            Ok(instructions) => compiled += instructions,
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "{} of {} cases fail\n{}", problems.len(), cases.len(), problems.join("\n"));
    println!("{} cases hold", cases.len());
    compiled
}
