//! A bare-metal guest that does what a table says: accesses and jumps, each
//! with its outcome noted down.

use mynah::{EngineChoice, Machine, MachineConfig, Outcome};
use riscv::asm::assemble;

use super::host::{config, image, run};

const BASE: u64 = 0x8000_0000;
/// Turns of the host's loop that the longest table needs many times over.
const TURNS: u32 = 2000;

/// Load and store access fault, instruction access fault (Privileged ISA,
/// §3.1.15).
pub const LOAD_FAULT: u64 = 5;
pub const STORE_FAULT: u64 = 7;
pub const FETCH_FAULT: u64 = 1;

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Loads `bytes` (1, 2, 4 or 8) at an address.
    Load(u64, u8),
    /// Stores the low `bytes` of a value.
    Store(u64, u8, u64),
    /// Jumps there; a trap is the way back.
    Jump(u64),
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// What was loaded, or the value that was stored.
    Value(u64),
    /// An exception: mcause, mtval and mepc.
    Trap { cause: u64, value: u64, pc: u64 },
}

/// An entry is kind, address, value; a result is mcause or -1, mtval or the
/// value, mepc.
const PROGRAM: &str = "
    la t0, trap
    csrw mtvec, t0
    la s0, table
    ld s1, (s0)
    addi s0, s0, 8
next:
    ld s2, 0(s0)
    ld a0, 8(s0)
    ld a1, 16(s0)
    addi s0, s0, 24
    li s3, -1
    li s4, 0
    la t0, kinds
    slli t1, s2, 3
    add t0, t0, t1
    jr t0
kinds:
    j over
    nop
    lbu a1, (a0)
    j done
    lhu a1, (a0)
    j done
    lwu a1, (a0)
    j done
    ld a1, (a0)
    j done
    sb a1, (a0)
    j done
    sh a1, (a0)
    j done
    sw a1, (a0)
    j done
    sd a1, (a0)
    j done
    jr a0
    nop
done:
    sd s3, 0(s1)
    sd a1, 8(s1)
    sd s4, 16(s1)
    addi s1, s1, 24
    j next
over:
    li t0, 0x100000
    li t1, 0x5555
    sw t1, (t0)
wait:
    j wait
    .balign 4
trap:
    csrr s3, mcause
    csrr a1, mtval
    csrr s4, mepc
    la t0, done
    csrw mepc, t0
    mret
    .balign 8
table:
";

impl Step {
    fn entry(self) -> [u64; 3] {
        match self {
            Step::Load(at, bytes) => [1 + u64::from(bytes.ilog2()), at, 0],
            Step::Store(at, bytes, value) => [5 + u64::from(bytes.ilog2()), at, value],
            Step::Jump(at) => [9, at, 0],
        }
    }
}

/// Runs `steps` on a machine made of `config`, whose memory they leave alone
/// up to the end of the results; gives it back with what came of each.
pub fn perform(config: MachineConfig, steps: &[Step]) -> (Machine, Vec<Seen>) {
    let mut bytes = assemble(PROGRAM, BASE).expect("the program is sound").bytes;
    let results = BASE + bytes.len() as u64 + 24 * (steps.len() as u64 + 1);
    bytes.extend(results.to_le_bytes());
    let entries = steps.iter().map(|step| step.entry()).chain([[0; 3]]);
    bytes.extend(entries.flatten().flat_map(u64::to_le_bytes));
    let (machine, outcome) = run(MachineConfig { bios: image("steps", bytes), ..config }, TURNS);
    assert_eq!(outcome.expect("the host does not fail"), Outcome::PowerOff { code: 0 });
    let word = |index: u64| machine.board().space().read(results + 8 * index, 8).expect("RAM");
    let seen = (0..steps.len() as u64).map(|index| match [0, 1, 2].map(|n| word(3 * index + n)) {
        [u64::MAX, value, _] => Seen::Value(value),
        [cause, value, pc] => Seen::Trap { cause, value, pc },
    });
    let seen = seen.collect();
    (machine, seen)
}

/// A machine for [`perform`] with nothing on it.
pub fn bare(engine: EngineChoice) -> MachineConfig {
    config(engine)
}
