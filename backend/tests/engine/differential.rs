//! Random programs do the same on every engine as on the reference.

use crate::engines::Engines;
use crate::library::Shelf;
use crate::program::{Program, Step, programs};
use crate::reference::Reference;
use crate::scene::TIERS;
use crate::world::Subject;
use backend::{Exit, Thresholds, Tiers};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestError, TestRunner};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

#[test]
fn engines_do_what_the_reference_does() {
    // A program is worth several cases of the usual size; PROPTEST_CASES scales it.
    let cases = ProptestConfig::default().cases * 2 / 5;
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let result = TestRunner::new(config).run(&programs(), |program| {
        for tiers in TIERS {
            run_both(&program, tiers, &program.steps, None)?;
        }
        Ok(())
    });
    match result {
        Ok(()) => (),
        Err(TestError::Fail(_, program)) => explain(&program),
        Err(error) => panic!("{error}"),
    }
}

/// Fails with what a program does differently: the shortest last slice that
/// shows it, and what the reference ran last.
fn explain(program: &Program) {
    for tiers in TIERS {
        let Err(first) = run_both(program, tiers, &program.steps, None) else { continue };
        let mut steps = program.steps[..=first.step].to_vec();
        let mut found = first;
        for budget in 0..steps[found.step].budget {
            steps[found.step].budget = budget;
            if let Err(sooner) = run_both(program, tiers, &steps, None) {
                found = sooner;
                break;
            }
        }
        let Difference { step, what, recent } = found;
        panic!("{program:#?}\n{tiers:?}, step {step}, {:?}: {what}\n{recent}", steps[step]);
    }
    panic!("a failure that does not come again:\n{program:#?}");
}

/// Where an engine and the reference part.
struct Difference {
    step: usize,
    what: String,
    recent: String,
}

impl From<Difference> for TestCaseError {
    fn from(difference: Difference) -> TestCaseError {
        TestCaseError::fail(difference.what)
    }
}

/// Each program runs twice, the second time with what the first has compiled.
#[test]
fn code_from_a_library_does_what_the_reference_does() {
    let taken = Cell::new(0);
    let cases = ProptestConfig::default().cases / 5;
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let result = TestRunner::new(config).run(&programs(), |program| {
        let shelf = Shelf::default();
        for tiers in [Thresholds::regions(2), Thresholds { baseline: 2, ..Thresholds::regions(4) }] {
            let run = run_both(&program, Tiers::Jit(tiers), &program.steps, Some(&shelf))?;
            taken.set(taken.get() + run.engine.stats().units_from_library);
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    assert!(taken.get() > 0, "nothing was taken from the library");
}

/// Runs a program on an engine, maybe one with a library, and on the reference.
fn run_both(
    program: &Program,
    tiers: Tiers,
    steps: &[Step],
    library: Option<&Shelf>,
) -> Result<Engines, Difference> {
    let (guest, image, entry) = (program.guest(), program.image(), program.entry());
    let mut reference = Reference::new(&guest, &image, program.cpus, entry);
    let mut engines = Engines::new(&guest, &image, program.cpus, entry, tiers);
    if let Some(shelf) = library {
        engines.engine.set_library(Box::new(shelf.clone()));
    }
    program.prepare(&mut reference);
    program.prepare(&mut engines);
    for (number, step) in steps.iter().enumerate() {
        let cpu = step.cpu % program.cpus;
        let before = reference.instructions(cpu);
        let exits = [&mut reference as &mut dyn Subject, &mut engines].map(|subject| {
            step.before.happen(subject, cpu);
            let exit = subject.run(cpu, step.budget);
            subject.world().stop.store(false, Ordering::Relaxed);
            exit
        });
        let run = reference.instructions(cpu) - before;
        assert!(run == step.budget || exits[0] != Exit::Budget && run < step.budget);
        alike(&reference, &engines, exits).map_err(|what| Difference {
            step: number,
            what,
            recent: reference.recent(cpu),
        })?;
    }
    Ok(engines)
}

/// Compares all that can be seen. `Err` tells the first difference.
fn alike(reference: &Reference, engines: &Engines, exits: [Exit; 2]) -> Result<(), String> {
    let pair: [&dyn Subject; 2] = [reference, engines];
    same("exits", exits)?;
    let logs = pair.map(|s| s.world().log());
    let first = logs[0].iter().zip(&logs[1]).position(|(a, b)| a != b).unwrap_or(0);
    same("accesses to the chip", [0, 1].map(|i| (logs[i].len(), logs[i].get(first))))?;
    for cpu in 0..reference.cpus() {
        same("counts of instructions", pair.map(|s| s.instructions(cpu)))?;
        same("lines", pair.map(|s| s.lines(cpu).levels()))?;
        let slots = pair.map(|s| s.slots(cpu));
        for (index, info) in reference.layout().slots().iter().enumerate() {
            same(&format!("slots `{}` of CPU {cpu}", info.name), [slots[0][index], slots[1][index]])?;
        }
    }
    same("times", pair.map(|s| s.world().clock.now_ns()))?;
    let memory = pair.map(|s| s.world().memory());
    let first = memory[0].iter().zip(&memory[1]).position(|(a, b)| a != b);
    first.map_or(Ok(()), |at| same(&format!("bytes {at:#x} of RAM"), [memory[0][at], memory[1][at]]))
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, [reference, engine]: [T; 2]) -> Result<(), String> {
    if reference == engine { Ok(()) } else { Err(format!("{what}: {engine:x?} instead of {reference:x?}")) }
}

/// The comparison is worth something only if random programs get around.
#[test]
fn random_programs_reach_what_they_are_for() {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..80 {
        let program = programs().new_tree(&mut runner).expect("programs need no luck").current();
        let (guest, image) = (program.guest(), program.image());
        let mut engines =
            Engines::new(&guest, &image, program.cpus, program.entry(), Tiers::Jit(Thresholds::regions(3)));
        program.prepare(&mut engines);
        for step in &program.steps {
            step.before.happen(&mut engines, step.cpu % program.cpus);
            engines.run(step.cpu % program.cpus, step.budget);
            engines.world().stop.store(false, Ordering::Relaxed);
        }
        let stats = engines.engine.stats();
        let exits = stats.exits;
        for (what, count) in [
            ("compiled code", stats.tier2.guest_instructions_run),
            ("tier 0", stats.tier0.guest_instructions_run),
            ("invalidation", stats.invalidated),
            ("device", stats.mmio),
            ("TLB miss", stats.tlb_misses),
            ("walk", stats.tlb_walks),
            ("side exit", exits.side_exit),
            ("fault", exits.fault),
            ("interrupt", exits.interrupt),
            ("idle", exits.idle),
            ("firmware", exits.firmware),
            ("resume", exits.resume),
            ("stop", exits.stop),
        ] {
            *seen.entry(what).or_default() += count;
        }
    }
    println!("{seen:?}");
    assert!(seen.values().all(|count| *count > 0), "{seen:?}");
}
