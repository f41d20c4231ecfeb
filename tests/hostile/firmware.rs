//! Calls of the built-in firmware with arguments nobody sane would give (RISC-V
//! SBI specification 2.0).

use mynah::{MachineConfig, Outcome};
use riscv::asm::assemble;

use super::host::{ENGINES, Random, config, image, run};

/// Where kernels without a header go.
const BASE: u64 = 0x8020_0000;
const CALLS: usize = 1000;
/// Each call ends a slice, of which another hart may have as many.
const TURNS: u32 = 4 * CALLS as u32;

/// Eight words each, to a0 to a7; the answer goes to the first two.
const PROGRAM: &str = "
    la s0, table
    ld s1, (s0)
    addi s0, s0, 8
next:
    beqz s1, over
    addi s1, s1, -1
    ld a0, 0(s0)
    ld a1, 8(s0)
    ld a2, 16(s0)
    ld a3, 24(s0)
    ld a4, 32(s0)
    ld a5, 40(s0)
    ld a6, 48(s0)
    ld a7, 56(s0)
    ecall
    sd a0, 0(s0)
    sd a1, 8(s0)
    addi s0, s0, 64
    j next
over:
    li a7, 0x53525354
    li a6, 0
    li a0, 0
    li a1, 0
    ecall
wait:
    j wait
    .balign 8
table:
";

/// The extensions there are, and some there are not; functions below 20. Not
/// among them: what ends or suspends the hart, or the machine.
fn call(random: &mut Random) -> [u64; 8] {
    const EXTENSIONS: [u64; 13] =
        [0x10, 0x5449_4d45, 0x73_5049, 0x5246_4e43, 0x48_534d, 0x50_4d55, 0x4442_434e, 0, 1, 2, 4, 7, 0xdead];
    const HOT: [u64; 9] =
        [0, 1, u64::MAX, u64::MAX - 7, 0x8000_0000, 0x8020_0000, 0x8080_0000, 0x1000_0000, 1 << 63];
    let argument = |random: &mut Random| match random.next() % 3 {
        0 => random.next(),
        1 => random.next() % 64,
        _ => HOT[random.next() as usize % HOT.len()],
    };
    let mut words = [0; 8].map(|_: u64| argument(random));
    words[7] = EXTENSIONS[random.next() as usize % EXTENSIONS.len()];
    words[6] = random.next() % 20;
    let stops = words[7] == 0x48_534d && (words[6] == 1 || words[6] == 3);
    words[6] = if stops { 2 } else { words[6] };
    words
}

/// Error codes of chapter 3; what the legacy calls and some others give back
/// are values.
#[test]
fn any_call_of_the_firmware_returns() {
    for engine in ENGINES {
        let mut random = Random(5);
        let calls: Vec<[u64; 8]> = (0..CALLS).map(|_| call(&mut random)).collect();
        let mut kernel = assemble(PROGRAM, BASE).expect("the program is sound").bytes;
        let table = BASE + kernel.len() as u64 + 8;
        kernel.extend((CALLS as u64).to_le_bytes());
        kernel.extend(calls.iter().flatten().flat_map(|word| word.to_le_bytes()));
        let kernel = image("calls", kernel);
        let (machine, outcome) = run(MachineConfig { kernel, cpus: 2, ..config(engine) }, TURNS);
        assert_eq!(outcome.expect("the host does not fail"), Outcome::PowerOff { code: 0 });
        for (index, call) in calls.iter().enumerate() {
            let error = machine.board().space().read(table + 64 * index as u64, 8).expect("RAM") as i64;
            let known = (-13..=0).contains(&error);
            assert!(known || call[7] <= 15, "{call:x?} gave {error}");
        }
    }
}
