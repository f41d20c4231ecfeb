//! Random floating-point code, compiled, against the reference interpreter, from
//! every state that decides whether the host may compute: registers, exceptions
//! and rounding modes have to agree. That the helpers, which both share, are
//! right is for the other tests to say; here it is that what stands inline for
//! them makes no difference.

#[path = "differential/values.rs"]
mod values;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use backend::{Engine, EngineConfig, Thresholds, Tiers, Vcpu};
use bus::{AddressSpace, Clock, Ram};
use guest::{CpuState, Guest};
use riscv::Riscv64;
use riscv::fields::mstatus;
use riscv::random::{Kind, kinds};
use riscv::state::{FFLAGS, FRM, MSTATUS, MTVEC, PC, f, x};
use riscv::testing::Reference;
use values::Random;

const CODE: u64 = 0x1000;
const TRAP: u64 = 0x2000;
const RAM_BYTES: u64 = 0x4000;
/// c.j to itself: where a program ends, its hart stays until the slice is over.
const STAY: u64 = 0xa001;
/// Enough for compiled code to be entered, which it is not near a slice's end.
const BUDGET: u64 = 500;
/// Programs, and states that each is run from.
const PROGRAMS: u64 = 1500;
const STATES: u64 = 40;
/// Most instructions in a program.
const LENGTH_MAX: u64 = 12;

/// Registers are few, so that results are operands soon.
const REGISTERS: [(u32, u32); 4] = [(7, 3), (15, 3), (20, 3), (27, 3)];

/// A random instruction on numbers, often on the first registers and often with
/// the rounding mode that the host has.
fn instruction(random: &mut Random, kinds: &[Kind]) -> u32 {
    let kind = random.pick(kinds);
    let mut word = kind.instance(&mut || random.next());
    let same_kind = |word: u32| riscv::decode::decode(word).is_some_and(|found| found.row.name == kind.name);
    for (shift, mask) in REGISTERS {
        if random.one_in(8) {
            continue;
        }
        let fewer = word & !(31 << shift) | (word >> shift & mask) << shift;
        if same_kind(fewer) {
            word = fewer;
        }
    }
    let mode = random.pick(&[0, 0, 7, 7, 7, 7, word >> 12 & 7]);
    let moded = word & !(7 << 12) | mode << 12;
    if same_kind(moded) { moded } else { word }
}

/// A hart's memory, with a program.
fn memory(program: &[u32]) -> AddressSpace {
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::new(Ram::new(0, RAM_BYTES).expect("a small mapping")));
    let end = CODE + 4 * program.len() as u64;
    for (at, word) in (CODE..).step_by(4).zip(program) {
        space.write(at, 4, u64::from(*word)).expect("the code fits");
    }
    for at in [end, TRAP] {
        space.write(at, 2, STAY).expect("it fits");
    }
    space
}

/// A state to start from.
fn state(random: &mut Random, guest: &Riscv64) -> CpuState {
    let mut cpu = CpuState::default();
    guest.reset(&mut cpu, 0, CODE);
    cpu.set(MSTATUS, cpu.get(MSTATUS) | mstatus::FS | mstatus::SD);
    cpu.set(MTVEC, TRAP);
    for n in 0..32 {
        cpu.set(f(n), values::float(random));
        if n > 0 {
            cpu.set(x(n), values::integer(random));
        }
    }
    cpu.set(FFLAGS, random.pick(&[0, 1, 1, 1, 31, random.0 & 31]));
    cpu.set(FRM, random.pick(&[0, 0, 0, 0, random.0 & 7]));
    cpu
}

/// The state at the end, by the reference.
fn expected(guest: &Riscv64, cpu: CpuState, program: &[u32]) -> CpuState {
    let mut hart = Reference::new(guest, cpu, memory(program));
    for _ in 0..program.len() {
        if hart.cpu.get(PC) == TRAP {
            break;
        }
        hart.step(1).unwrap_or_else(|problem| panic!("{program:x?}: {problem}"));
    }
    hart.cpu
}

/// Runs a program from many states; instructions that ran compiled.
fn run(random: &mut Random, guest: &Riscv64, program: &[u32]) -> u64 {
    let shared: Arc<dyn Guest> = Arc::new(guest.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let tiers = Tiers::Jit(Thresholds::regions(1));
    let config = EngineConfig { tiers, timer: || Duration::ZERO, stop, published: None };
    let mut engine = Engine::new(Arc::clone(&shared), memory(program), Clock::counted(), config)
        .unwrap_or_else(|error| panic!("{error}"));
    let mut vcpu = Vcpu::new(&shared, 0, 0);
    for _ in 0..STATES {
        let before = state(random, guest);
        *vcpu.registers_mut() = before.clone();
        engine.run(&mut vcpu, BUDGET);
        let want = expected(guest, before.clone(), program);
        for (index, info) in guest.spec().layout.slots().iter().enumerate() {
            let (found, wanted) = (vcpu.state().words[index], want.words[index]);
            assert!(
                found == wanted,
                "{} is {found:#x}, not {wanted:#x}, after\n{}\nfrom fflags {:#x}, frm {}, and\n{}",
                info.name,
                listing(program),
                before.get(FFLAGS),
                before.get(FRM),
                registers(&before),
            );
        }
    }
    engine.stats().tier2.guest_instructions_run
}

fn listing(program: &[u32]) -> String {
    let line = |word: &u32| format!("    {}\n", riscv::disasm::text(CODE, *word).expect("it decodes"));
    program.iter().map(line).collect()
}

fn registers(cpu: &CpuState) -> String {
    (0..32).map(|n| format!("    x{n} {:#018x}  f{n} {:#018x}\n", cpu.get(x(n)), cpu.get(f(n)))).collect()
}

#[test]
fn inline_forms_make_no_difference() {
    let guest = Riscv64::new();
    let kinds: Vec<Kind> =
        kinds().into_iter().filter(|kind| kind.float && !kind.memory && !kind.compressed).collect();
    assert!(kinds.len() > 50, "only {} kinds", kinds.len());
    let mut compiled = 0;
    for seed in 0..PROGRAMS {
        let mut random = Random(seed);
        let length = 1 + random.below(LENGTH_MAX);
        let program: Vec<u32> = (0..length).map(|_| instruction(&mut random, &kinds)).collect();
        compiled += run(&mut random, &guest, &program);
    }
    assert!(compiled > PROGRAMS * STATES, "compiled code ran {compiled} instructions");
}
