//! Code that is none: jumps into nothing, and random words in every mode.

use mynah::{EngineChoice, MachineConfig};
use riscv::asm::assemble;
use riscv::random::random_instruction;

use super::guest::{FETCH_FAULT, Seen, Step, bare, perform};
use super::host::{ENGINES, Random, config, image, run};

const BASE: u64 = 0x8000_0000;
/// RAM is 8 MiB.
const RAM_END: u64 = 0x8080_0000;
/// Random code is here, 64 KiB of it.
const CODE: u64 = BASE + 0x1_0000;
const CODE_BYTES: usize = 0x1_0000;

/// Instruction access fault, with the address both in mepc and in mtval
/// (Privileged ISA, §3.1.16).
#[test]
fn jumps_into_nothing_are_fetch_faults() {
    let nowhere =
        [0, 0xffe, 0x9_0000, 0x1000_2000 + 0x8000, RAM_END, RAM_END + 0x1000, 1 << 55, u64::MAX - 1];
    let steps: Vec<Step> = nowhere.iter().map(|at| Step::Jump(*at)).collect();
    for engine in ENGINES {
        let (_, seen) = perform(bare(engine), &steps);
        for (at, seen) in nowhere.iter().zip(seen) {
            assert_eq!(seen, Seen::Trap { cause: FETCH_FAULT, value: *at, pc: *at }, "{at:#x}");
        }
    }
}

/// The first half of an instruction is the last of RAM: mtval names the half
/// that is not there, mepc the instruction (§3.1.16).
#[test]
fn an_instruction_that_leaves_ram_faults_at_its_second_half() {
    let at = RAM_END - 2;
    let steps = [Step::Store(at, 2, 0x0013), Step::Jump(at)];
    for engine in ENGINES {
        let (_, seen) = perform(bare(engine), &steps);
        assert_eq!(seen[1], Seen::Trap { cause: FETCH_FAULT, value: RAM_END, pc: at });
    }
}

/// Registers of chips are no code worth running, but nothing breaks: the first
/// trap comes back.
#[test]
fn the_registers_of_chips_can_be_jumped_to() {
    let steps = [0x10_1000, 0x200_0000, 0xc00_0000, 0x1000_1000, 0x1000_8000, 0x2000_0000].map(Step::Jump);
    for engine in ENGINES {
        let (_, seen) = perform(bare(engine), &steps);
        assert!(seen.iter().all(|seen| matches!(seen, Seen::Trap { cause: 1..=7, .. })), "{seen:x?}");
    }
}

/// Every trap goes on at a random place of the random code, in a random mode,
/// with the next timer interrupt a little later.
const AGAIN: &str = "
    la t0, trap
    csrw mtvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t0, 0x80
    csrw mie, t0
    li t0, 0x2468ace13579bdf1
    csrw mscratch, t0
    j trap
    .balign 4
trap:
    csrr t0, mscratch
    slli t1, t0, 13
    xor t0, t0, t1
    srli t1, t0, 7
    xor t0, t0, t1
    slli t1, t0, 17
    xor t0, t0, t1
    csrw mscratch, t0
    li t1, 0xfffe
    and t1, t0, t1
    li t2, 0x80010000
    add t1, t1, t2
    csrw mepc, t1
    srli t1, t0, 40
    li t2, 0x6000
    or t1, t1, t2
    csrw mstatus, t1
    li t1, 0x200bff8
    ld t2, (t1)
    addi t2, t2, 20
    li t1, 0x2004000
    sd t2, (t1)
    mret
";

fn random_program(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut bytes = assemble(AGAIN, BASE).expect("the program is sound").bytes;
    bytes.resize((CODE - BASE) as usize, 0);
    let end = bytes.len() + CODE_BYTES;
    while bytes.len() < end {
        // Mostly instructions there are, since random words seldom are any.
        let word = match random.next() % 4 {
            0 => random.next() as u32,
            _ => random_instruction(&mut || random.next(), &|_| true).expect("there are instructions"),
        };
        let length = if word & 3 == 3 { 4 } else { 2 };
        bytes.extend(&word.to_le_bytes()[..length]);
    }
    bytes
}

/// How a run ended, and all that can be seen of it.
fn fate(engine: EngineChoice, seed: u64) -> (String, u64, String) {
    let bios = image("random", random_program(seed));
    let (machine, outcome) = run(MachineConfig { bios, ..config(engine) }, 10);
    let outcome = match outcome {
        Ok(outcome) => format!("{outcome:?}"),
        Err(error) => error.to_string(),
    };
    (outcome, machine.stats().guest_instructions, machine.state_hash())
}

/// Neither engine panics or hangs, and both do the same.
#[test]
fn random_code_runs_the_same_on_both_engines() {
    for seed in 1..7 {
        let [interpreted, compiled] = ENGINES.map(|engine| fate(engine, seed));
        assert!(interpreted.1 > 1000, "{interpreted:?}");
        assert_eq!(compiled, interpreted, "seed {seed}");
    }
}
