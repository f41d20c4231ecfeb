//! Traps: delegation, priority, stacking and return.

use crate::hart::{Hart, M, RAM, S, U};
use guest::{Access, Cause, Fault, Guest};
use riscv::fields::mstatus::{MIE, MPIE, MPP, MPRV, SIE, SPIE, SPP};
use riscv::state::{
    MCAUSE, MEDELEG, MEPC, MIDELEG, MIE as MIE_SLOT, MIP_SOFT, MSTATUS, MTVAL, MTVEC, PC, PRIV, SCAUSE, SEPC,
    STVAL, STVEC, regime, x,
};
use riscv::trap;

const LOAD_PAGE: Cause = Cause::Exception(Fault { cause: 13, value: 0xdead });
const INTERRUPT: u64 = 1 << 63;

fn bits(hart: &Hart, mask: u64) -> u64 {
    hart.cpu.get(MSTATUS) & mask
}

/// §3.1.6.1: MPIE gets MIE, MIE goes off, MPP gets the mode; §3.1.14 to
/// §3.1.16: epc, cause and tval.
#[test]
fn an_exception_enters_machine_mode() {
    for (from, mie) in [(U, 0), (S, MIE), (M, MIE), (M, 0)] {
        let hart = Hart::new().at(from).status(mie).with(PC, RAM + 4).with(MTVEC, 0x1001);
        let mut hart = hart.with(STVEC, 0x2000);
        hart.guest.deliver(&mut hart.cpu, LOAD_PAGE);
        assert_eq!((hart.cpu.get(PRIV), hart.cpu.get(PC)), (M, 0x1000), "exceptions are not vectored");
        assert_eq!([MEPC, MCAUSE, MTVAL].map(|s| hart.cpu.get(s)), [RAM + 4, 13, 0xdead]);
        let mpie = if mie != 0 { MPIE } else { 0 };
        assert_eq!(bits(&hart, MIE | MPIE | MPP), mpie | from << 11);
    }
}

/// §3.1.8: delegated exceptions go to S, with SPIE, SIE and SPP as in §10.1.1.
#[test]
fn a_delegated_exception_enters_supervisor_mode() {
    for (from, sie) in [(U, SIE), (S, SIE), (S, 0)] {
        let hart = Hart::new().at(from).status(sie | MIE).with(PC, 0x1234).with(STVEC, 0x2001);
        let mut hart = hart.with(MEDELEG, 1 << 13);
        hart.guest.deliver(&mut hart.cpu, LOAD_PAGE);
        assert_eq!((hart.cpu.get(PRIV), hart.cpu.get(PC)), (S, 0x2000));
        assert_eq!([SEPC, SCAUSE, STVAL].map(|s| hart.cpu.get(s)), [0x1234, 13, 0xdead]);
        let spp = if from == S { SPP } else { 0 };
        let spie = if sie != 0 { SPIE } else { 0 };
        assert_eq!(bits(&hart, SIE | SPIE | SPP | MIE | MPIE), spie | spp | MIE);
    }
}

/// §3.1.8: traps never go from a mode to a less privileged one.
#[test]
fn exceptions_in_machine_mode_are_not_delegated() {
    let mut hart = Hart::new().with(MEDELEG, u64::MAX);
    hart.guest.deliver(&mut hart.cpu, LOAD_PAGE);
    assert_eq!((hart.cpu.get(PRIV), hart.cpu.get(MCAUSE)), (M, 13));
}

/// §3.1.7: in vectored mode, interrupts go to base + 4 × cause; tval is zero.
#[test]
fn interrupts_are_vectored() {
    for (tvec, pc) in [(0x4000, 0x4000), (0x4001, 0x4000 + 4 * 9)] {
        let mut hart = Hart::new().at(U).with(STVEC, tvec).with(MIDELEG, 1 << 9).with(STVAL, 7);
        hart.guest.deliver(&mut hart.cpu, Cause::Interrupt(9));
        assert_eq!([PC, SCAUSE, STVAL, PRIV].map(|s| hart.cpu.get(s)), [pc, INTERRUPT | 9, 0, S]);
        let mut hart = Hart::new().at(U).with(MTVEC, tvec);
        hart.guest.deliver(&mut hart.cpu, Cause::Interrupt(9));
        assert_eq!([PC, MCAUSE, PRIV].map(|s| hart.cpu.get(s)), [pc, INTERRUPT | 9, M]);
    }
}

/// §3.1.9: MEI, MSI, MTI, SEI, SSI, STI, whether delegated or not.
#[test]
fn interrupts_come_in_the_order_of_the_manual() {
    for delegated in [0, 0x222] {
        let mut ready = 0xaaa;
        let mut order = Vec::new();
        let mut hart = Hart::new().at(U).with(MIE_SLOT, 0xaaa).with(MIDELEG, delegated);
        while ready != 0 {
            hart.cpu.set(MIP_SOFT, ready);
            let Some(Cause::Interrupt(n)) = hart.guest.pending(&hart.cpu) else {
                panic!("none of {ready:#x}")
            };
            order.push(n);
            ready &= !(1 << n);
        }
        assert_eq!(order, [11, 3, 7, 9, 1, 5]);
    }
}

/// §3.1.9: interrupts to M come before those to S whatever their numbers.
#[test]
fn undelegated_interrupts_come_first() {
    let hart = Hart::new().at(U).with(MIE_SLOT, 0x222).with(MIP_SOFT, 0x222).with(MIDELEG, 0x202);
    assert_eq!(hart.guest.pending(&hart.cpu), Some(Cause::Interrupt(5)));
}

/// §3.1.6.1 and §3.1.9: a mode takes its interrupts if its enable bit is set,
/// those of higher modes always, those of lower ones never.
#[test]
fn enables_count_in_the_own_mode_only() {
    #[rustfmt::skip]
    let cases = [
        // mode, status, delegated, taken
        (M, 0,         0,   false), (M, MIE,       0,   true),  (M, SIE,       0,   false),
        (M, MIE | SIE, 2,   false), (S, 0,         0,   true),  (S, 0,         2,   false),
        (S, SIE,       2,   true),  (S, MIE,       2,   false), (U, 0,         0,   true),
        (U, 0,         2,   true),
    ];
    for (mode, status, delegated, taken) in cases {
        let hart = Hart::new().at(mode).status(status).with(MIDELEG, delegated);
        let hart = hart.with(MIE_SLOT, 2).with(MIP_SOFT, 2);
        let expected = taken.then_some(Cause::Interrupt(1));
        assert_eq!(hart.guest.pending(&hart.cpu), expected, "{mode} {status:#x} {delegated}");
        // §3.3.3: wfi ends in any case.
        assert!(hart.guest.wakes(&hart.cpu));
        let masked = hart.with(MIE_SLOT, !2);
        assert_eq!((masked.guest.pending(&masked.cpu), masked.guest.wakes(&masked.cpu)), (None, false));
    }
}

/// §3.1.6.1, §3.1.6.3, §3.3.2: mret takes back what the trap stacked; MPIE
/// becomes 1, MPP U; MPRV ends unless it goes to M.
#[test]
fn mret_goes_to_mpp() {
    for (mpp, mpie) in [(U, 0), (S, MPIE), (M, MPIE), (M, 0)] {
        let mut hart = Hart::new().mpp(mpp).status(mpie | MPRV | SIE).with(MEPC, 0x8888);
        assert_eq!(trap::return_m(&mut hart.cpu), 0x8888);
        assert_eq!(hart.cpu.get(PRIV), mpp);
        let mie = if mpie != 0 { MIE } else { 0 };
        let mprv = if mpp == M { MPRV } else { 0 };
        assert_eq!(bits(&hart, MIE | MPIE | MPP | MPRV | SIE), mie | MPIE | mprv | SIE);
    }
}

/// The same for sret, which always ends MPRV.
#[test]
fn sret_goes_to_spp() {
    for (spp, spie) in [(0, SPIE), (SPP, 0), (SPP, SPIE)] {
        let mut hart = Hart::new().at(M).status(spp | spie | MPRV | MIE).with(SEPC, 0x4444);
        assert_eq!(trap::return_s(&mut hart.cpu), 0x4444);
        assert_eq!(hart.cpu.get(PRIV), if spp != 0 { S } else { U });
        let sie = if spie != 0 { SIE } else { 0 };
        assert_eq!(bits(&hart, SIE | SPIE | SPP | MPRV | MIE), sie | SPIE | MIE);
    }
}

/// §3.1.15: codes of access and alignment faults; tval is the address.
#[test]
fn bus_errors_are_access_faults() {
    let hart = Hart::new();
    for (access, access_fault, misaligned) in [(Access::Load, 5, 4), (Access::Store, 7, 6)] {
        assert_eq!(hart.guest.bus_error(64, access), Fault { cause: access_fault, value: 64 });
        assert_eq!(hart.guest.misaligned(65, access), Fault { cause: misaligned, value: 65 });
    }
    assert_eq!(hart.guest.bus_error(64, Access::Fetch), Fault { cause: 1, value: 64 });
}

/// §3.1.6.3: MPRV lends loads and stores the rules of MPP, not fetches;
/// §10.1.1: SUM and MXR.
#[test]
fn the_regime_follows_status() {
    use riscv::fields::mstatus::{MXR, SUM};
    let regimes = |hart: &Hart| {
        let mode = hart.guest.block_key(&hart.cpu).mode;
        (hart.guest.fetch_regime(mode), riscv::state::Mode(mode).data_regime())
    };
    let cases = [
        (M, 0, M, regime::MACHINE, regime::MACHINE),
        (M, MPRV, M, regime::MACHINE, regime::MACHINE),
        (M, MPRV, S, regime::MACHINE, regime::SUPERVISOR),
        (M, MPRV | SUM, S, regime::MACHINE, regime::SUPERVISOR_SUM),
        (M, MPRV | MXR, S, regime::MACHINE, regime::SUPERVISOR_MXR),
        (M, MPRV | MXR, U, regime::MACHINE, regime::USER_MXR),
        (M, SUM | MXR, U, regime::MACHINE, regime::MACHINE),
        (S, SUM | MXR, U, regime::SUPERVISOR, regime::SUPERVISOR_SUM_MXR),
        (S, 0, U, regime::SUPERVISOR, regime::SUPERVISOR),
        (U, SUM, U, regime::USER, regime::USER),
        (U, MXR, U, regime::USER, regime::USER_MXR),
    ];
    for (mode, status, mpp, fetch, data) in cases {
        let hart = Hart::new().at(mode).status(status).mpp(mpp);
        assert_eq!(regimes(&hart), (fetch, data), "{mode} {status:#x} {mpp}");
    }
}

/// What SBI firmware hands over: S mode, its traps delegated, a0 and a1.
#[test]
fn firmware_hands_over_in_supervisor_mode() {
    let mut hart = Hart::new();
    hart.guest.setup_supervisor(&mut hart.cpu, 0x8020_0000, 3, 0x8800_0000);
    assert_eq!([PRIV, PC, x(10), x(11)].map(|s| hart.cpu.get(s)), [S, 0x8020_0000, 3, 0x8800_0000]);
    hart.guest.deliver(&mut hart.cpu, LOAD_PAGE);
    assert_eq!((hart.cpu.get(PRIV), hart.cpu.get(SCAUSE)), (S, 13));
    hart.guest.set_supervisor_software(&mut hart.cpu, true);
    hart.guest.set_supervisor_timer(&mut hart.cpu, 1, 100);
    assert_eq!(hart.read(0x144), Ok(0x22));
    hart.guest.set_supervisor_software(&mut hart.cpu, false);
    assert_eq!(hart.read(0x144), Ok(0x20));
}
