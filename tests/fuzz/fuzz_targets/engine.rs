//! Any code, from any state of the control registers, in any mode, runs for as
//! many instructions as it was given; compiled, it does the same.

#![no_main]

use backend::{MemoryAccess, Thresholds, Tiers};
use libfuzzer_sys::fuzz_target;
use mynah_fuzz::Script;
use mynah_fuzz::hart::{Hart, RAM, RAM_BYTES, code};
use riscv::state::{PC, PRIV, x};

const INSTRUCTIONS: u64 = 600;
/// Registers that decide what code may do: mstatus, medeleg, mideleg, mie,
/// mtvec, mcounteren, menvcfg, pmpcfg0, pmpaddr0, pmpaddr1, stvec, sie, satp,
/// senvcfg, stimecmp, fcsr.
const CSRS: [u16; 16] = [
    0x300, 0x302, 0x303, 0x304, 0x305, 0x306, 0x30a, 0x3a0, 0x3b0, 0x3b1, 0x105, 0x104, 0x180, 0x10a, 0x14d,
    0x003,
];

/// A hart as `bytes` describe it.
fn hart(tiers: Tiers, bytes: &[u8]) -> Hart {
    let mut script = Script::new(bytes);
    let mut hart = Hart::new(tiers);
    for _ in 0..script.byte() % 12 {
        let number = if script.byte() < 230 { script.pick(&CSRS) } else { script.half() & 0xfff };
        hart.write_csr(number, script.value(&[RAM >> 2, RAM + 0x800, u64::MAX, 0x1f, 8 << 60 | RAM >> 12]));
    }
    for n in 1..=script.byte() as u32 % 12 {
        let value = script.value(&[RAM, RAM + 0x400, RAM + RAM_BYTES - 4, 0x7ff0_0000_0000_0000]);
        hart.vcpu.registers_mut().set(x(n + 4), value);
    }
    let state = hart.vcpu.state_mut();
    state.set(PRIV, script.pick(&[3, 1, 0]));
    state.set(PC, RAM + 2 * script.below(64) as u64);
    let code = code(&mut script);
    assert!(hart.ram.write(RAM, &code[..code.len().min(RAM_BYTES as usize)]));
    hart
}

fuzz_target!(|bytes: &[u8]| {
    let mut reference = hart(Tiers::Interp, bytes);
    reference.run(INSTRUCTIONS);
    assert!(reference.vcpu.instructions() <= INSTRUCTIONS);
    // Compiling is slow: every fourth input is enough.
    let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    if sum % 4 == 0 {
        let memory = if sum & 4 == 0 { MemoryAccess::Mapped } else { MemoryAccess::Soft };
        let thresholds = Thresholds { baseline: 1, region: 2, background: false, memory };
        let mut compiled = hart(Tiers::Jit(thresholds), bytes);
        compiled.run(INSTRUCTIONS);
        assert_eq!(compiled.vcpu.instructions(), reference.vcpu.instructions());
        let layout = riscv::state::layout();
        for (index, slot) in layout.slots().iter().enumerate() {
            let values = [&compiled, &reference].map(|hart| hart.vcpu.state().slots(&layout)[index]);
            assert!(
                values[0] == values[1],
                "{}: compiled {:#x}, interpreted {:#x}",
                slot.name,
                values[0],
                values[1]
            );
        }
        assert!(compiled.memory() == reference.memory(), "memory differs");
    }
});
