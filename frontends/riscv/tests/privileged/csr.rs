//! Control registers: which exist for whom, and what their fields keep.

use crate::hart::{Hart, M, S, U};
use guest::{Flush, Guest};
use riscv::csr::{self, Illegal, Update};
use riscv::fields::{envcfg, mstatus};
use riscv::state::{MCOUNTEREN, MENVCFG, MIDELEG, MIP_PINS, MIP_SOFT, MSTATUS, SCOUNTEREN};

const SSTATUS: u16 = 0x100;
const SIE: u16 = 0x104;
const SIP: u16 = 0x144;
const STIMECMP: u16 = 0x14d;
const SATP: u16 = 0x180;
const MSTATUS_CSR: u16 = 0x300;
const MIDELEG_CSR: u16 = 0x303;
const MIE: u16 = 0x304;
const MENVCFG_CSR: u16 = 0x30a;
const MCOUNTINHIBIT: u16 = 0x320;
const MIP: u16 = 0x344;
const MCYCLE: u16 = 0xb00;
const MINSTRET: u16 = 0xb02;
const CYCLE: u16 = 0xc00;
const TIME: u16 = 0xc01;

/// §2.2, tables 4 to 8: the registers of an RV64 hart with F, D, S, U,
/// counters, 16 PMP entries and Sstc.
#[rustfmt::skip]
const EXISTING: &[(u16, u16)] = &[
    (0x001, 0x003), (0xc00, 0xc1f),
    (0x100, 0x100), (0x104, 0x106), (0x10a, 0x10a), (0x140, 0x144), (0x14d, 0x14d), (0x180, 0x180),
    (0x300, 0x306), (0x30a, 0x30a), (0x320, 0x320), (0x323, 0x33f), (0x340, 0x344),
    (0x3a0, 0x3a0), (0x3a2, 0x3a2), (0x3b0, 0x3bf), (0x7a0, 0x7a4), (0xb00, 0xb00), (0xb02, 0xb1f), (0xf11, 0xf15),
];

#[test]
fn the_registers_of_the_manual_exist_and_no_others() {
    let mut hart = Hart::new().status(mstatus::FS);
    for number in 0..=0xfff {
        let expected = EXISTING.iter().any(|(first, last)| (*first..=*last).contains(&number));
        assert_eq!(hart.read(number).is_ok(), expected, "{number:#x}");
        assert_eq!(csr::name(number).is_some(), expected, "{number:#x}");
    }
    assert_eq!(csr::find(0x1000).map(|row| row.name), None);
}

/// §2.2: names of families carry their index.
#[test]
fn names_are_those_of_the_manual() {
    let names = [(0x300, "mstatus"), (0x33f, "mhpmevent31"), (0x3b0, "pmpaddr0"), (0x3bf, "pmpaddr15")];
    for (number, name) in names.into_iter().chain([(0xb03, "mhpmcounter3"), (0xc1f, "hpmcounter31")]) {
        assert_eq!(csr::name(number).as_deref(), Some(name));
    }
}

/// §2.1: bits 9:8 of the number are the lowest privilege, bits 11:10 = 3 say
/// read-only.
#[test]
fn privilege_and_read_only_are_in_the_number() {
    for privilege in [U, S, M] {
        let mut hart = Hart::supervisor().at(privilege).status(mstatus::FS).with(SCOUNTEREN, 0xffff_ffff);
        for (first, last) in EXISTING {
            for number in *first..=*last {
                let allowed = u64::from(number >> 8 & 3) <= privilege;
                let writable = allowed && number >> 10 != 3;
                assert_eq!(hart.read(number).is_ok(), allowed, "{number:#x} from {privilege}");
                let written = hart.modify(number, Update::Set, 0);
                assert_eq!(written.is_ok(), writable, "{number:#x} from {privilege}");
            }
        }
    }
}

/// §3.1.6 and figure 8: TSR to SIE, SD; UXL and SXL are 2; the rest is zero.
#[test]
fn mstatus_keeps_its_fields_only() {
    let mut hart = Hart::new();
    assert_eq!(hart.write(MSTATUS_CSR, u64::MAX), 0x8000_000a_007e_79aa);
    assert_eq!(hart.write(MSTATUS_CSR, 0), 0x0000_000a_0000_0000);
    // §10.1.1: sstatus is a part of it, and leaves the rest alone.
    hart.write(MSTATUS_CSR, u64::MAX);
    assert_eq!(hart.read(SSTATUS), Ok(0x8000_0002_000c_6122));
    assert_eq!(hart.write(SSTATUS, 0), 0x0000_0002_0000_0000);
    assert_eq!(hart.read(MSTATUS_CSR), Ok(0x0000_000a_0072_1888));
    assert_eq!(hart.write(SSTATUS, u64::MAX), 0x8000_0002_000c_6122);
}

/// §3.1.6.1: MPP is WARL and 2 is no mode: it keeps what it has.
#[test]
fn mpp_never_holds_the_reserved_privilege() {
    for (before, written, after) in [(0, 2, 0), (1, 2, 1), (3, 2, 3), (3, 1, 1), (0, 3, 3)] {
        let mut hart = Hart::new();
        hart.write(MSTATUS_CSR, before << 11);
        assert_eq!(hart.write(MSTATUS_CSR, written << 11) >> 11 & 3, after);
    }
}

/// §3.1.6.6: SD is read-only and follows FS = 3.
#[test]
fn sd_follows_fs() {
    let mut hart = Hart::new();
    for fs in 0..4 {
        assert_eq!(hart.write(MSTATUS_CSR, 1 << 63 | fs << 13) >> 63, u64::from(fs == 3));
        assert_eq!(hart.read(SSTATUS).expect("readable") >> 63, u64::from(fs == 3));
    }
}

/// §3.1.1 (RV64 with A, B, C, D, F, I, M, S, U), §3.1.2 to §3.1.5.
#[test]
fn identity_registers_do_not_change() {
    let mut hart = Hart::new();
    assert_eq!(hart.write(0x301, 0), 0x8000_0000_0014_112f);
    for (number, value) in [(0xf11, 0), (0xf12, 0), (0xf13, 0), (0xf14, 0), (0xf15, 0)] {
        assert_eq!(hart.read(number), Ok(value));
        assert_eq!(hart.modify(number, Update::Write, 1), Err(Illegal));
    }
}

/// Each row: number, what all ones read back as.
#[test]
fn fields_that_do_not_exist_read_as_zero() {
    let cases: &[(u16, u64)] = &[
        (0x302, 0xb3ff),                // §3.1.8: no code 10, 11, 14 or above 15.
        (0x303, 0x222),                 // §3.1.8: no interrupt of M.
        (0x304, 0xaaa),                 // §3.1.9.
        (0x305, !2),                    // §3.1.7: modes 2 and 3 are reserved.
        (0x105, !2),                    // §10.1.2.
        (0x341, !1),                    // §3.1.14: 16-bit instructions.
        (0x141, !1),                    // §10.1.7.
        (0x306, 0xffff_ffff),           // §3.1.11.
        (0x106, 0xffff_ffff),           // §10.1.5.
        (0x320, 0b101),                 // §3.1.12: no event counters, no TM.
        (0x30a, 0xe000_0000_0000_00f1), // §3.1.18.
        (0x10a, 0xf1),                  // §10.1.10.
        (0x340, u64::MAX),
        (0x342, u64::MAX),
        (0x343, u64::MAX),
        (0x140, u64::MAX),
        (0x142, u64::MAX),
        (0x143, u64::MAX),
        (0x323, 0), // §3.1.10: event selectors may be zero.
        (0xb1f, 0),
        (0x7a0, 0),                     // Debug Specification 1.0, "Sdtrig": no trigger to select, …
        (0x7a1, 0),                     // … of type 0, …
        (0x7a4, 1),                     // … which is the only one.
        (0x3a0, 0x9f9f_9f9f_9f9f_9f9f), // §3.7.1: bits 5 and 6 of each entry.
    ];
    for (number, kept) in cases {
        assert_eq!(Hart::new().write(*number, u64::MAX), *kept, "{number:#x}");
    }
    assert_eq!(Hart::new().write(0x3b0, u64::MAX), (1 << 54) - 1);
}

/// §3.1.18: 2 is reserved in CBIE.
#[test]
fn the_reserved_value_of_cbie_is_not_kept() {
    for (written, kept) in [(0, 0), (1 << 4, 1 << 4), (2 << 4, 0), (3 << 4, 3 << 4)] {
        assert_eq!(Hart::new().write(MENVCFG_CSR, written), kept);
        assert_eq!(Hart::new().write(0x10a, written), kept);
    }
}

/// §10.1.11: a write with an unsupported MODE has no effect at all; 16 bits of
/// ASID and 44 of PPN exist. Another mode takes effect at once.
#[test]
fn satp_takes_supported_modes_only() {
    let mut hart = Hart::new();
    let rest = (1 << 60) - 1;
    for mode in 0..16 {
        hart.write(SATP, 8 << 60 | 5);
        let supported = [0, 8, 9, 10].contains(&mode);
        let expected = if supported { mode << 60 | rest } else { 8 << 60 | 5 };
        assert_eq!(hart.write(SATP, mode << 60 | rest), expected, "mode {mode}");
        let changed = supported && mode != 8;
        assert_eq!(hart.requests.flush == Some(Flush::ALL), changed, "mode {mode}");
    }
}

/// §10.1.11: another ASID is another address space, and no reason to forget one.
/// Another table for the same ASID may leave old translations, or not.
#[test]
fn asids_are_address_spaces() {
    let mut hart = Hart::new();
    let space = |hart: &Hart| hart.guest.address_space(&hart.cpu);
    let write = |hart: &mut Hart, asid: u64, table: u64| {
        hart.write(SATP, 8 << 60 | asid << 44 | table);
        assert_eq!(space(hart), asid);
        hart.requests.flush
    };
    write(&mut hart, 1, 5);
    assert_eq!(write(&mut hart, 0xffff, 6), None);
    assert_eq!(write(&mut hart, 1, 5), None);
    assert_eq!(write(&mut hart, 1, 5), None);
    assert_eq!(write(&mut hart, 1, 6), Some(Flush { page: None, space: Some(1) }));
}

/// §3.1.6.5: TVM makes satp illegal in S, not in M.
#[test]
fn tvm_takes_satp_from_s() {
    for (privilege, allowed) in [(S, false), (M, true)] {
        let mut hart = Hart::new().at(privilege).status(mstatus::TVM);
        assert_eq!(hart.read(SATP).is_ok(), allowed);
        assert_eq!(hart.modify(SATP, Update::Write, 0).is_ok(), allowed);
    }
}

/// §10.1.3: in sie and sip, what is not delegated is zero; of sip only SSIP can
/// be written, of mip the supervisor's bits (§3.1.9).
#[test]
fn supervisor_interrupt_bits_follow_delegation() {
    let mut hart = Hart::new();
    hart.write(MIE, 0xaaa);
    assert_eq!((hart.read(SIE), hart.write(SIE, u64::MAX)), (Ok(0), 0));
    hart.write(MIDELEG_CSR, 0x202);
    assert_eq!(hart.write(SIE, 0), 0);
    assert_eq!(hart.read(MIE), Ok(0xaaa & !0x202));
    assert_eq!(hart.write(MIP, u64::MAX), 0x222);
    assert_eq!(hart.read(SIP), Ok(0x202));
    assert_eq!(hart.write(SIP, 0), 0x200);
    assert_eq!(hart.write(SIP, u64::MAX), 0x202);
    hart.cpu.set(MIDELEG, 0);
    assert_eq!(hart.write(SIP, 0), 0);
    assert_eq!(hart.read(MIP), Ok(0x222));
}

/// §3.1.9: SEIP reads as the or of bit and pin, and csrrs writes the bit back
/// without the pin.
#[test]
fn the_external_pin_is_not_written_back() {
    let mut hart = Hart::new();
    hart.guest.sample(&mut hart.cpu, 1 << 9, 0);
    assert_eq!(hart.modify(MIP, Update::Set, 2), Ok(0x200));
    assert_eq!(hart.cpu.get(MIP_SOFT), 2);
    hart.guest.sample(&mut hart.cpu, 0, 0);
    assert_eq!(hart.read(MIP), Ok(2));
}

/// §3.1.9: MEIP, MTIP and MSIP are the pins'.
#[test]
fn machine_interrupts_pend_by_their_pins_alone() {
    let mut hart = Hart::new();
    hart.guest.sample(&mut hart.cpu, 0x888, 0);
    assert_eq!(hart.write(MIP, 0), 0x888);
    hart.guest.sample(&mut hart.cpu, !0x888, 0);
    assert_eq!(hart.read(MIP).map(|mip| mip & 0x888), Ok(0));
}

/// ACLINT 1.0-rc4, chapter 4: an edge sets SSIP, and software clears it.
#[test]
fn an_edge_of_the_software_pin_pends_once() {
    let mut hart = Hart::new();
    hart.guest.sample(&mut hart.cpu, 2, 0);
    assert_eq!(hart.read(MIP), Ok(2));
    assert_eq!(hart.write(MIP, 0), 0);
    hart.guest.sample(&mut hart.cpu, 2, 0);
    assert_eq!(hart.read(MIP), Ok(0));
    hart.guest.sample(&mut hart.cpu, 0, 0);
    hart.guest.sample(&mut hart.cpu, 2, 0);
    assert_eq!(hart.read(MIP), Ok(2));
}

/// §3.1.11, §10.1.5: S needs mcounteren, U needs scounteren too.
#[test]
fn counters_are_open_only_where_enabled() {
    for number in CYCLE..CYCLE + 32 {
        let bit = 1 << (number - CYCLE);
        for (privilege, machine, supervisor, allowed) in [
            (M, 0, 0, true),
            (S, 0, bit, false),
            (S, bit, 0, true),
            (S, !bit, !bit, false),
            (U, bit, 0, false),
            (U, 0, bit, false),
            (U, bit, bit, true),
        ] {
            let hart = Hart::new().at(privilege).with(MCOUNTEREN, machine);
            let mut hart = hart.with(SCOUNTEREN, supervisor);
            assert_eq!(hart.read(number).is_ok(), allowed, "{number:#x} from {privilege}");
        }
    }
}

/// §3.1.10: the instruction after a write reads what was written.
#[test]
fn counters_count_from_what_was_written() {
    let mut hart = Hart::new();
    for (number, shadow) in [(MCYCLE, CYCLE), (MINSTRET, 0xc02)] {
        hart.instructions = 1000;
        hart.modify(number, Update::Write, u64::MAX - 1).expect("writable");
        for (passed, value) in [(1, u64::MAX - 1), (2, u64::MAX), (3, 0), (10, 7)] {
            hart.instructions = 1000 + passed;
            assert_eq!(hart.read(number), Ok(value));
            assert_eq!(hart.read(shadow), Ok(value));
        }
    }
}

/// §3.1.12: an inhibited counter stands still, can be written, and goes on
/// from where it stood.
#[test]
fn inhibited_counters_stand_still() {
    let mut hart = Hart::new();
    hart.instructions = 10;
    hart.modify(MCOUNTINHIBIT, Update::Write, 1).expect("writable");
    hart.instructions = 500;
    assert_eq!((hart.read(MCYCLE), hart.read(MINSTRET)), (Ok(11), Ok(500)));
    assert_eq!(hart.write(MCYCLE, 77), 77);
    hart.instructions = 600;
    hart.modify(MCOUNTINHIBIT, Update::Write, 4).expect("writable");
    hart.instructions = 603;
    assert_eq!((hart.read(MCYCLE), hart.read(MINSTRET)), (Ok(79), Ok(601)));
}

/// The device tree says 10 MHz.
#[test]
fn time_counts_at_the_time_base() {
    let mut hart = Hart::new();
    for (now_ns, ticks) in [(0, 0), (99, 0), (100, 1), (1_000_000_000, 10_000_000)] {
        hart.clock.advance_to(now_ns);
        assert_eq!(hart.read(TIME), Ok(ticks));
    }
}

/// Sstc: stimecmp needs TM and STCE below M; STIP is time >= stimecmp, and
/// software cannot write it then.
#[test]
fn the_supervisor_timer_is_a_comparison() {
    for (privilege, tm, stce, allowed) in
        [(M, 0, 0, true), (S, 2, 0, false), (S, 0, envcfg::STCE, false), (S, 2, envcfg::STCE, true)]
    {
        let mut hart = Hart::new().at(privilege).with(MCOUNTEREN, tm).with(MENVCFG, stce);
        assert_eq!(hart.read(STIMECMP).is_ok(), allowed);
    }
    let mut hart = Hart::new();
    hart.write(MENVCFG_CSR, envcfg::STCE);
    hart.write(STIMECMP, 5);
    assert!(hart.requests.resample);
    assert_eq!((hart.read(MIP), hart.guest.deadline_ns(&hart.cpu)), (Ok(0), Some(500)));
    hart.clock.advance_to(500);
    hart.guest.sample(&mut hart.cpu, 0, 500);
    assert_eq!((hart.write(MIP, 0), hart.guest.deadline_ns(&hart.cpu)), (0x20, None));
    hart.write(STIMECMP, 6);
    assert_eq!(hart.write(MIP, u64::MAX), 0x202);
    hart.write(STIMECMP, 0);
    hart.write(MENVCFG_CSR, 0);
    assert_eq!((hart.cpu.get(MIP_PINS), hart.write(MIP, 0x20)), (0, 0x20));
}

/// §3.1.6.6 and Unprivileged ISA §20.2: with FS off, the floating-point
/// registers are illegal; a write makes the state dirty.
#[test]
fn floating_point_registers_follow_fs() {
    for number in 1..=3 {
        assert_eq!(Hart::new().read(number), Err(Illegal));
        assert_eq!(Hart::new().modify(number, Update::Set, 0), Err(Illegal));
        let mut hart = Hart::new().status(1 << 13);
        assert_eq!(hart.read(number), Ok(0));
        assert_eq!(hart.cpu.get(MSTATUS) & mstatus::FS, 1 << 13);
        hart.write(number, 0);
        assert_eq!(hart.cpu.get(MSTATUS) & mstatus::FS, mstatus::FS);
    }
    let mut hart = Hart::new().status(mstatus::FS);
    assert_eq!(hart.write(3, u64::MAX), 0xff);
    assert_eq!((hart.read(1), hart.read(2)), (Ok(0x1f), Ok(7)));
    assert_eq!((hart.write(2, 0xfa), hart.read(3)), (2, Ok(0x5f)));
    assert_eq!((hart.write(1, 0xe1), hart.read(3)), (1, Ok(0x41)));
}

/// Svadu, Svpbmt: changing how tables are read makes old translations wrong;
/// so does changing PMP (§3.7.2).
#[test]
fn changes_of_translation_rules_flush() {
    for (number, value) in
        [(MENVCFG_CSR, envcfg::ADUE), (MENVCFG_CSR, envcfg::PBMTE), (0x3a0, 0x1f), (0x3b0, 9)]
    {
        let mut hart = Hart::new();
        hart.write(number, value);
        assert_eq!(hart.requests.flush, Some(Flush::ALL), "{number:#x}");
    }
    let mut hart = Hart::new();
    hart.write(MENVCFG_CSR, envcfg::CBZE);
    assert_eq!(hart.requests.flush, None);
}
