//! Any memory serves as page tables: each access ends in a fault of the right
//! kind or in a page, the same one each time, and reaches nothing but RAM.

#![no_main]

use backend::{MemoryAccess, Thresholds, Tiers};
use bus::AddressSpace;
use guest::{Access, CpuState, Guest};
use libfuzzer_sys::fuzz_target;
use mynah_fuzz::Script;
use mynah_fuzz::hart::{Hart, RAM, RAM_BYTES};
use riscv::Riscv64;
use riscv::state::{MENVCFG, MSTATUS, SATP, x};
use std::sync::Arc;

/// Physical page number of the first page of RAM, where the root table is.
const ROOT: u64 = RAM >> 12;
const ACCESSES: [(Access, [u64; 2]); 3] =
    [(Access::Load, [5, 13]), (Access::Store, [7, 15]), (Access::Fetch, [1, 12])];

/// Loads and stores at a0 to a7 with the privilege in mstatus.MPP; what traps
/// is skipped.
const PROBE: &str = "
    la t0, trap
    csrw mtvec, t0
again:
    ld t1, (a0)
    sd t1, (a1)
    lw t1, (a2)
    sb t1, (a3)
    amoadd.w t1, t1, (a4)
    lh t1, (a5)
    sw t1, (a6)
    ld t1, (a7)
    j again
    .balign 4
trap:
    li t0, 0x1800
    csrc mstatus, t0
    csrs mstatus, s1
    csrr t0, mepc
    addi t0, t0, 4
    jr t0
";
/// The probe is here, out of the way of most tables.
const PROBE_AT: u64 = RAM + RAM_BYTES - 0x1000;

/// An entry that mostly leads somewhere: next tables and pages in RAM, any
/// flags, sometimes the bits above.
fn entry(script: &mut Script<'_>) -> u64 {
    let page =
        if script.byte() < 240 { ROOT + script.below(16) as u64 } else { script.long() & 0xfff_ffff_ffff };
    let any = script.byte();
    let flags = u64::from(script.pick(&[0x01, 0xcf, 0xdf, 0x01, 0x0f, 0x47, 0x4b, 0xff, any]));
    let high = if script.byte() < 32 { u64::from(script.byte()) << 56 } else { 0 };
    page << 10 | flags | high
}

fn address(script: &mut Script<'_>) -> u64 {
    let low =
        (script.below(32) as u64) << 30 | (script.below(32) as u64) << 21 | (script.below(32) as u64) << 12;
    let upper = if script.byte() & 1 != 0 { !0 << 38 } else { 0 };
    if script.byte() < 16 { script.long() } else { low | upper | script.half() as u64 & 0xfff }
}

fn walks(cpu: &mut CpuState, space: &AddressSpace, script: &mut Script<'_>) {
    let guest = Riscv64::new();
    for _ in 0..8 {
        let (at, regime) = (address(script) & !7, script.byte() % 8);
        let (access, causes) = script.pick(&ACCESSES);
        match guest.walk(cpu, space, at, 8, access, regime) {
            Ok(page) => {
                assert_eq!(page.phys & 0xfff, at & 0xfff);
                let allowed = [page.read, page.write, page.exec];
                let index = ACCESSES.iter().position(|(other, _)| *other == access).expect("one of them");
                assert!(allowed[index], "{access:?} at {at:#x} was granted: {page:?}");
                let again = guest.walk(cpu, space, at, 8, access, regime);
                // The first may have set a flag in an entry that lies in a table.
                assert!(again.is_ok() || space.ram_at(page.phys).is_some());
            }
            Err(fault) => assert!(causes.contains(&fault.cause), "{access:?} raised {fault:?}"),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script::new(bytes);
    let tiers = match script.byte() {
        0..16 => Tiers::Jit(Thresholds::regions(1)),
        16..32 => Tiers::Jit(Thresholds { memory: MemoryAccess::Mapped, ..Thresholds::regions(1) }),
        _ => Tiers::Interp,
    };
    let mut hart = Hart::new(tiers);
    let mode = script.pick(&[8, 9, 10, 0]);
    let lent = script.pick(&[0, 1, 3]) << 11;
    let status = hart.vcpu.state().get(MSTATUS) | 1 << 17 | lent | u64::from(script.byte() & 3) << 18;
    let adue = u64::from(script.byte()) << 61 & 1 << 61 | u64::from(script.byte()) << 62 & 1 << 62;
    for n in 0..8 {
        hart.vcpu.registers_mut().set(x(10 + n), address(&mut script));
    }
    let program = riscv::asm::assemble(PROBE, PROBE_AT).expect("the probe is sound");
    while !script.is_over() {
        let at = RAM + 8 * script.below((RAM_BYTES / 8) as usize - 512) as u64;
        hart.ram.store(at, 8, entry(&mut script)).expect("inside");
    }
    assert!(hart.ram.write(PROBE_AT, &program.bytes));
    let mut space = AddressSpace::default();
    space.add_ram("ram", Arc::clone(&hart.ram));
    let state = hart.vcpu.state_mut();
    state.set(riscv::state::PC, PROBE_AT);
    state.set(x(9), lent);
    state.set(SATP, mode << 60 | ROOT);
    state.set(MENVCFG, adue);
    state.set(MSTATUS, status);
    walks(state, &space, &mut Script::new(bytes));
    hart.run(600);
});
