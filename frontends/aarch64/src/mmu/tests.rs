//! Walks over tables built here, for each granule, level and fault.

use super::*;
use crate::fields::{ec, sctlr, vtcr};
use crate::model::Model;
use crate::state::SCTLR_EL1;
use crate::system::slots::{MODEL, VTCR_EL2};
use bus::Ram;
use std::sync::Arc;

const RAM: u64 = 0x4000_0000;
const RAM_BYTES: u64 = 4 << 20;
/// The first table; others follow, each 64 KiB on.
const ROOT: u64 = RAM + 0x10_0000;
const NEXT: u64 = 0x1_0000;
/// Where the pages are that tests map.
const TARGET: u64 = RAM + 0x30_0000;

const VALID_TABLE: u64 = 3;
const VALID_PAGE: u64 = 3;
const VALID_BLOCK: u64 = 1;
const AF: u64 = 1 << 10;
const USER: u64 = 1 << 6;
const READ_ONLY: u64 = 1 << 7;
const NG: u64 = 1 << 11;
const DBM: u64 = 1 << 51;
const PXN: u64 = 1 << 53;
const XN: u64 = 1 << 54;

/// A CPU with memory, whose EL1&0 translation is on.
struct Bench {
    cpu: CpuState,
    space: AddressSpace,
    ram: Arc<Ram>,
}

/// A granule with the values that TCR has for it.
#[derive(Clone, Copy)]
struct Kind {
    granule: Granule,
    tg0: u64,
    tg1: u64,
}

const KINDS: [Kind; 3] = [
    Kind { granule: Granule::K4, tg0: 0, tg1: 2 },
    Kind { granule: Granule::K16, tg0: 2, tg1: 1 },
    Kind { granule: Granule::K64, tg0: 1, tg1: 3 },
];

impl Bench {
    /// Addresses of `bits` bits in both ranges, with tables at [`ROOT`].
    fn new(model: Model, kind: Kind, bits: u64) -> Bench {
        let ram = Arc::new(Ram::new(RAM, RAM_BYTES).expect("a small mapping"));
        let mut space = AddressSpace::default();
        space.add_ram("ram", Arc::clone(&ram));
        let mut cpu = CpuState::default();
        cpu.set(MODEL, model.number());
        cpu.set(CURRENT_EL, 1);
        cpu.set(SCTLR_EL1, sctlr::M);
        let size = 64 - bits;
        let sizes = size << tcr::T0SZ_SHIFT | size << tcr::T1SZ_SHIFT;
        let granules = kind.tg0 << tcr::TG0_SHIFT | kind.tg1 << tcr::TG1_SHIFT;
        cpu.set(TCR_EL1, sizes | granules | 5 << tcr::IPS_SHIFT);
        cpu.set(TTBR0_EL1, ROOT);
        cpu.set(TTBR1_EL1, ROOT);
        Bench { cpu, space, ram }
    }

    fn store(&self, at: u64, value: u64) {
        self.ram.store(at, 8, value).expect("inside");
    }

    /// Makes tables for `at` from level `start` down to the one at `level`, and
    /// puts `leaf` there. Yields where.
    fn map(&self, granule: Granule, start: i32, level: i32, at: u64, leaf: u64) -> u64 {
        let mut table = ROOT;
        for step in start..=level {
            let shift = granule.bits() + granule.stride() * (3 - step) as u32;
            // The first table may have fewer entries: addresses in tests are
            // small enough not to need the rest, but for their sign.
            let index = at >> shift & ((1 << granule.stride()) - 1);
            let place = table + index * 8;
            if step == level {
                self.store(place, leaf);
                return place;
            }
            self.store(place, (table + NEXT) | VALID_TABLE);
            table += NEXT;
        }
        unreachable!("a walk ends at its leaf")
    }

    fn walk(&mut self, at: u64, access: Access, regime: u8) -> Result<Page, Fault> {
        walk(&mut self.cpu, &self.space, at, access, regime)
    }

    /// The status code of the abort that an access takes.
    fn peek(&self, at: u64, access: Access, regime: u8) -> Option<Page> {
        peek(&self.cpu, &self.space, at, access, regime)
    }

    fn status(&mut self, at: u64, access: Access, regime: u8) -> u64 {
        self.walk(at, access, regime).expect_err("it aborts").cause & 0x3f
    }
}

#[test]
fn pages_and_blocks_are_found_at_each_level_of_each_granule() {
    for (kind, start, levels) in
        [(KINDS[0], 0, &[1, 2, 3][..]), (KINDS[1], 0, &[2, 3]), (KINDS[2], 1, &[2, 3])]
    {
        for &level in levels {
            let mut b = Bench::new(Model::Max, kind, 48);
            let bits = kind.granule.bits() + kind.granule.stride() * (3 - level) as u32;
            let out = TARGET >> bits << bits;
            let leaf = out | AF | if level == 3 { VALID_PAGE } else { VALID_BLOCK };
            let at = 3 << 36 | 5 << bits | 0x123;
            b.map(kind.granule, start, level, at, leaf);
            let page = b.walk(at, Access::Load, regime::EL10).expect("mapped");
            assert_eq!(page.phys, out | 0x123, "{:?} level {level}", kind.granule);
            assert_eq!((u32::from(page.offset_bits), page.whole, page.global), (bits, true, true));
            assert!(page.read && page.write && page.exec && page.cacheable);
        }
    }
}

#[test]
fn the_high_range_has_its_own_granule_and_sign() {
    for (kind, start) in [(KINDS[0], 0), (KINDS[1], 1), (KINDS[2], 2)] {
        let mut b = Bench::new(Model::Max, kind, 42);
        let at = u64::MAX << 42 | 0x1234;
        // The index of the first table is masked to the bits that the size leaves.
        let low = at & ((1 << 42) - 1);
        b.map(kind.granule, start, 3, low, TARGET | AF | VALID_PAGE);
        let offset = 0x1234 & ((1 << kind.granule.bits()) - 1);
        assert_eq!(b.walk(at, Access::Load, regime::EL10).map(|p| p.phys), Ok(TARGET | offset));
        // Neither range has what lies between them.
        for hole in [1 << 42, 1 << 54, !(1 << 42)] {
            assert_eq!(b.status(hole, Access::Load, regime::EL10), 4, "{hole:#x}");
        }
    }
}

#[test]
fn faults_name_the_level_they_were_found_at() {
    for (kind, start) in [(KINDS[0], 0), (KINDS[1], 0), (KINDS[2], 1)] {
        for level in start..=3 {
            let mut b = Bench::new(Model::CortexA57, kind, 48);
            if kind.granule == Granule::K16 {
                b = Bench::new(Model::Max, kind, 48);
            }
            b.map(kind.granule, start, level, 0x1000, 0);
            assert_eq!(b.status(0x1000, Access::Load, regime::EL10), 4 + level as u64);
            // Bits 1 to 0 of 1 are no page at level 3, nor a block at level 0.
            b.map(kind.granule, start, level, 0x1000, VALID_BLOCK | AF | TARGET);
            let blocks = if kind.granule == Granule::K4 { 1 } else { 2 };
            if level == 3 || level < blocks {
                assert_eq!(b.status(0x1000, Access::Store, regime::EL10), 4 + level as u64);
            }
            let leaf = if level == 3 { VALID_PAGE } else { VALID_BLOCK };
            if level >= blocks {
                b.map(kind.granule, start, level, 0x1000, leaf);
                assert_eq!(b.status(0x1000, Access::Load, regime::EL10), 8 + level as u64, "access flag");
                b.map(kind.granule, start, level, 0x1000, leaf | AF | READ_ONLY);
                assert_eq!(b.status(0x1000, Access::Store, regime::EL10), 0xc + level as u64, "permission");
            }
        }
    }
}

#[test]
fn addresses_beyond_their_size_fault() {
    let mut b = Bench::new(Model::CortexA57, KINDS[0], 48);
    // The model has 44 bits.
    b.map(Granule::K4, 0, 3, 0, 1 << 44 | AF | VALID_PAGE);
    assert_eq!(b.status(0, Access::Load, regime::EL10), 3);
    b.map(Granule::K4, 0, 1, 0, 1 << 46 | VALID_TABLE);
    assert_eq!(b.status(0, Access::Load, regime::EL10), 1);
    b.cpu.set(TTBR0_EL1, 1 << 45);
    assert_eq!(b.status(0, Access::Load, regime::EL10), 0);
    b.cpu.set(TTBR0_EL1, 1 << 30 | 1 << 40);
    assert_eq!(b.status(0, Access::Load, regime::EL10), 0x14, "a table where nothing is");
    b.cpu.set(SCTLR_EL1, 0);
    assert_eq!(b.walk(1 << 43, Access::Fetch, regime::EL10).map(|p| p.phys), Ok(1 << 43));
    assert_eq!(b.status(1 << 44, Access::Fetch, regime::EL10), 0);
}

#[test]
fn rights_are_those_of_the_level_that_asks() {
    let mut b = Bench::new(Model::Max, KINDS[0], 48);
    let rights = |b: &mut Bench, leaf: u64, number: u8| {
        b.map(Granule::K4, 0, 3, 0x5000, leaf | TARGET | AF | VALID_PAGE);
        let accesses = [Access::Load, Access::Store, Access::Fetch];
        accesses.map(|access| b.walk(0x5000, access, number).is_ok())
    };
    for (leaf, number, expected) in [
        (0, regime::EL10, [true, true, true]),
        (0, regime::EL10_USER, [false, false, true]),
        (XN, regime::EL10_USER, [false, false, false]),
        (USER, regime::EL10_USER, [true, true, true]),
        (USER | READ_ONLY | XN, regime::EL10_USER, [true, false, false]),
        // What EL0 can write, EL1 does not execute.
        (USER, regime::EL10, [true, true, false]),
        (USER | READ_ONLY, regime::EL10, [true, false, true]),
        (USER | READ_ONLY | PXN, regime::EL10, [true, false, false]),
        (USER, regime::EL10_PAN, [false, false, false]),
        (0, regime::EL10_PAN, [true, true, true]),
        (READ_ONLY, regime::EL10, [true, false, true]),
    ] {
        assert_eq!(rights(&mut b, leaf, number), expected, "{leaf:#x} in {number}");
    }
    b.cpu.set(SCTLR_EL1, sctlr::M | sctlr::WXN | sctlr::EPAN);
    assert_eq!(rights(&mut b, 0, regime::EL10), [true, true, false]);
    assert_eq!(rights(&mut b, PXN, regime::EL10_PAN), [false, false, false], "EL0 may execute it");
}

#[test]
fn tables_take_rights_away_unless_told_not_to() {
    let mut b = Bench::new(Model::Max, KINDS[0], 48);
    let place = b.map(Granule::K4, 0, 3, 0x5000, TARGET | AF | USER | VALID_PAGE);
    let above = ROOT + 2 * NEXT;
    assert_eq!(b.ram.load(above, 8), Some(place & !0xfff | VALID_TABLE));
    b.store(above, place & !0xfff | VALID_TABLE | 1 << 62);
    assert_eq!(b.status(0x5000, Access::Store, regime::EL10_USER), 0xf);
    b.store(above, place & !0xfff | VALID_TABLE | 1 << 61);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10_USER), 0xf);
    b.cpu.set(TCR_EL1, b.cpu.get(TCR_EL1) | tcr::HPD0);
    assert!(b.walk(0x5000, Access::Store, regime::EL10_USER).is_ok());
}

#[test]
fn hardware_sets_flags_where_it_is_asked_to() {
    let mut b = Bench::new(Model::Max, KINDS[0], 48);
    let leaf = TARGET | READ_ONLY | DBM | NG | VALID_PAGE;
    let place = b.map(Granule::K4, 0, 3, 0x5000, leaf);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10), 0xb);
    b.cpu.set(TCR_EL1, b.cpu.get(TCR_EL1) | tcr::HA | tcr::HD);
    assert!(b.peek(0x5000, Access::Load, regime::EL10).is_none(), "a flag would be set");
    assert_eq!(b.ram.load(place, 8), Some(leaf));
    let page = b.walk(0x5000, Access::Load, regime::EL10).expect("readable");
    assert!(b.peek(0x5000, Access::Load, regime::EL10).is_some_and(|seen| seen.phys == page.phys));
    assert!(b.peek(0x5000, Access::Store, regime::EL10).is_none(), "it is clean");
    assert_eq!((page.write, page.global, b.ram.load(place, 8)), (false, false, Some(leaf | AF)));
    let page = b.walk(0x5000, Access::Store, regime::EL10).expect("it becomes dirty");
    assert_eq!((page.write, b.ram.load(place, 8)), (true, Some(leaf & !READ_ONLY | AF)));
    // The Cortex-A57 sets none.
    b.cpu.set(MODEL, Model::CortexA57.number());
    b.store(place, leaf);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10), 0xb);
}

#[test]
fn large_addresses_have_a_level_more() {
    let mut b = Bench::new(Model::Max, KINDS[0], 52);
    let at = 9 << 48 | 0x1000;
    assert_eq!(b.status(at, Access::Load, regime::EL10), 4, "without DS, 48 bits are all");
    b.cpu.set(TCR_EL1, b.cpu.get(TCR_EL1) & !(7 << tcr::IPS_SHIFT) | tcr::DS | 6 << tcr::IPS_SHIFT);
    assert_eq!(b.status(at, Access::Load, regime::EL10), 0x2b, "level -1");
    b.map(Granule::K4, -1, 3, at, TARGET | 1 << 49 | 1 << 9 | AF | VALID_PAGE);
    assert_eq!(b.walk(at, Access::Load, regime::EL10).map(|p| p.phys), Ok(TARGET | 1 << 49 | 1 << 51));
}

#[test]
fn a_tag_is_ignored_and_not_remembered() {
    let mut b = Bench::new(Model::CortexA57, KINDS[0], 48);
    b.map(Granule::K4, 0, 3, 0x5000, TARGET | AF | USER | VALID_PAGE);
    let tagged = 0x7f << 56 | 0x5000;
    assert_eq!(b.status(tagged, Access::Load, regime::EL10_USER), 4);
    b.cpu.set(TCR_EL1, b.cpu.get(TCR_EL1) | tcr::TBI0);
    let page = b.walk(tagged, Access::Load, regime::EL10_USER).expect("mapped");
    assert_eq!((page.phys, page.cacheable), (TARGET, false));
}

#[test]
fn ranges_can_be_closed() {
    let mut b = Bench::new(Model::Max, KINDS[0], 48);
    b.map(Granule::K4, 0, 3, 0x5000, TARGET | AF | USER | VALID_PAGE);
    let open = b.cpu.get(TCR_EL1);
    b.cpu.set(TCR_EL1, open | tcr::EPD0);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10), 4);
    b.cpu.set(TCR_EL1, open | tcr::E0PD0);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10_USER), 4);
    assert!(b.walk(0x5000, Access::Load, regime::EL10).is_ok());
}

/// Memory that is no RAM, such as flash: the same descriptor everywhere.
struct Rom(u64);

impl bus::Device for Rom {
    fn read(&mut self, _: u64, _: u8) -> u64 {
        self.0
    }
    fn write(&mut self, _: u64, _: u8, _: u64) {}
    fn reset(&mut self) {}
}

#[test]
fn tables_may_be_in_read_only_memory() {
    let mut b = Bench::new(Model::CortexA57, KINDS[0], 39);
    b.space.add_device("rom", 0..0x1000, bus::shared(Rom(RAM | AF | VALID_BLOCK)));
    b.cpu.set(TTBR0_EL1, 0);
    assert_eq!(b.walk(0x1234, Access::Load, regime::EL10).map(|p| p.phys), Ok(RAM | 0x1234));
}

/// A second stage over the first: 40-bit intermediate addresses, 4 KiB, from
/// level 1, with two tables side by side.
fn with_stage_2(b: &mut Bench) -> u64 {
    const TABLE: u64 = RAM + 0x20_0000;
    b.cpu.set(HAS_EL2, 1);
    b.cpu.set(HCR_EL2, hcr::VM | hcr::RW);
    b.cpu.set(VTTBR_EL2, TABLE | 7 << 48);
    b.cpu.set(VTCR_EL2, 24 | 1 << vtcr::SL0_SHIFT | 2 << vtcr::PS_SHIFT);
    // The gigabyte with RAM, as it is, readable and writable.
    b.store(TABLE + 8 * (RAM >> 30), RAM | AF | 3 << 6 | 0xf << 2 | VALID_BLOCK);
    TABLE
}

#[test]
fn the_second_stage_takes_its_faults_to_el2_with_the_address() {
    let mut b = Bench::new(Model::CortexA57, KINDS[0], 48);
    let table = with_stage_2(&mut b);
    b.map(Granule::K4, 0, 3, 0x5000, TARGET | AF | VALID_PAGE);
    let page = b.walk(0x5678, Access::Store, regime::EL10).expect("both map it");
    assert_eq!((page.phys, page.global, page.whole), (TARGET | 0x678, false, true));
    assert_eq!(address_space(&b.cpu), 7 << 16);
    // Out of the intermediate address space that is mapped.
    b.map(Granule::K4, 0, 3, 0x6000, 0x9_8765_4000 | AF | VALID_PAGE);
    let fault = b.walk(0x6000, Access::Load, regime::EL10).expect_err("not mapped");
    assert_eq!(fault.cause & 0x3f, 5);
    assert!(fault.cause & syndrome::TO_EL2 != 0 && fault.cause & syndrome::STAGE_1_WALK == 0);
    assert_eq!(b.cpu.get(STAGE2_FAULT), 0x9_8765_4000);
    // Without the gigabyte with the tables, stage 1's walk fails.
    b.store(table + 8 * (RAM >> 30), 0);
    let fault = b.walk(0x5000, Access::Load, regime::EL10).expect_err("not mapped");
    assert!(fault.cause & syndrome::STAGE_1_WALK != 0);
    assert_eq!(b.cpu.get(STAGE2_FAULT), ROOT);
    b.cpu.set(VTCR_EL2, 24 | 2 << vtcr::SL0_SHIFT | 2 << vtcr::PS_SHIFT);
    assert_eq!(b.status(0x5000, Access::Load, regime::EL10), 4, "40 bits do not start at level 0");
}

#[test]
fn a_hypervisor_has_one_range_and_a_host_two() {
    let mut b = Bench::new(Model::Max, KINDS[0], 48);
    b.cpu.set(HAS_EL2, 1);
    b.cpu.set(CURRENT_EL, 2);
    b.cpu.set(crate::state::SCTLR_EL2, sctlr::M);
    b.cpu.set(TTBR0_EL2, ROOT | 3 << 48);
    b.cpu.set(TCR_EL2, 16 | 5 << tcr::one_range::PS_SHIFT);
    b.map(Granule::K4, 0, 3, 0x5000, TARGET | AF | VALID_PAGE | NG);
    assert!(b.walk(0x5000, Access::Fetch, regime::EL2).is_ok_and(|page| page.global));
    assert_eq!(b.status(u64::MAX - 0xfff, Access::Fetch, regime::EL2), 4);
    b.cpu.set(HCR_EL2, hcr::E2H);
    b.cpu.set(TCR_EL2, b.cpu.get(TCR_EL1) | tcr::AS);
    b.cpu.set(TTBR1_EL2, ROOT);
    assert!(b.walk(0x5000, Access::Fetch, regime::EL20).is_ok_and(|page| !page.global));
    assert_eq!(address_space(&b.cpu), host_space(3));
}

#[test]
fn maintenance_names_pages_and_spaces() {
    let mut cpu = CpuState::default();
    cpu.set(TCR_EL1, tcr::AS);
    let operand = 0x1234 << 48 | 0xfff_8000_0123;
    assert_eq!(flush::page(operand), 0xffff_f800_0012_3000);
    assert_eq!(flush::page(0x123), 0x12_3000);
    let of = |which| flush::of(&cpu, which, operand, false);
    assert_eq!(of(flush::Which::All), guest::Flush::ALL);
    assert_eq!(of(flush::Which::Asid).space, Some(0x1234));
    assert_eq!(of(flush::Which::Page).page, Some(0xffff_f800_0012_3000));
}

#[test]
fn aborts_are_told_by_what_was_tried() {
    let fault = bus_error(0x1000, Access::Store);
    assert_eq!((syndrome::class_of(fault.cause), fault.cause & 0x7f), (ec::DATA_ABORT_LOWER, 0x50));
    assert_eq!(syndrome::class_of(misaligned(2, Access::Fetch).cause), ec::PC_ALIGNMENT);
    assert_eq!(misaligned(2, Access::Load).cause & 0x3f, 0x21);
}
