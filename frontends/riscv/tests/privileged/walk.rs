//! Page-table walks, on tables built in RAM.

use crate::hart::{Hart, RAM};
use guest::Access::{self, Fetch, Load, Store};
use guest::{Fault, Page};
use riscv::fields::envcfg::{ADUE, PBMTE};
use riscv::state::regime::{
    MACHINE, SUPERVISOR, SUPERVISOR_MXR, SUPERVISOR_SUM, SUPERVISOR_SUM_MXR, USER, USER_MXR,
};
use riscv::state::{MENVCFG, PMPADDR0, PMPCFG0, SATP};

const V: u64 = 1;
const R: u64 = 2;
const W: u64 = 4;
const X: u64 = 8;
const USER_PAGE: u64 = 16;
const G: u64 = 32;
const A: u64 = 64;
const D: u64 = 128;
const N: u64 = 1 << 63;
/// A leaf that allows everything to S and needs no flag set.
const FULL: u64 = V | R | W | X | A | D;

/// A scheme of translation (§10.3 to §10.6): satp's MODE, levels.
#[derive(Clone, Copy, Debug)]
struct Scheme {
    mode: u64,
    levels: u32,
}

const SV39: Scheme = Scheme { mode: 8, levels: 3 };
const SV48: Scheme = Scheme { mode: 9, levels: 4 };
const SV57: Scheme = Scheme { mode: 10, levels: 5 };

const ROOT: u64 = RAM + 0x1000;

/// The entry for a page at `phys`.
fn entry(phys: u64, flags: u64) -> u64 {
    phys >> 12 << 10 | flags
}

/// The address of the entry that the walk for `at` reads in the table of
/// `level`: here, tables follow each other from the root, one a level.
fn entry_address(scheme: Scheme, level: u32, at: u64) -> u64 {
    let table = ROOT + u64::from(scheme.levels - 1 - level) * 0x1000;
    table + (at >> (12 + 9 * level) & 0x1ff) * 8
}

/// A hart whose tables map `at` by one leaf `pte` in the table of `level`.
fn mapped(scheme: Scheme, at: u64, level: u32, pte: u64) -> Hart {
    let hart = Hart::supervisor().with(SATP, scheme.mode << 60 | ROOT >> 12).with(MENVCFG, 0);
    for above in level + 1..scheme.levels {
        let below = ROOT + u64::from(scheme.levels - above) * 0x1000;
        hart.store(entry_address(scheme, above, at), 8, entry(below, V));
    }
    hart.store(entry_address(scheme, level, at), 8, pte);
    hart
}

/// Sv39, a page of 4 KiB.
fn page(pte: u64) -> Hart {
    mapped(SV39, AT, 0, pte)
}

const AT: u64 = 0x12_3456_7000;

fn fault(access: Access, kind: Kind, at: u64) -> Result<Page, Fault> {
    let cause = match (kind, access) {
        (Kind::Page, Fetch) => 12,
        (Kind::Page, Load) => 13,
        (Kind::Page, Store) => 15,
        (Kind::Access, Fetch) => 1,
        (Kind::Access, Load) => 5,
        (Kind::Access, Store) => 7,
    };
    Err(Fault { cause, value: at })
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Page,
    Access,
}

/// All three accesses fault alike.
fn all_fault(mut hart: Hart, kind: Kind, at: u64, what: &str) {
    for access in [Fetch, Load, Store] {
        assert_eq!(hart.walk(at, access, SUPERVISOR), fault(access, kind, at), "{what}");
    }
}

/// §10.3.2, §10.4.1, §10.5.1, §10.6.1: a leaf in any table, from 4 KiB up.
#[test]
fn leaves_of_all_sizes_translate() {
    for scheme in [SV39, SV48, SV57] {
        for level in 0..scheme.levels {
            let page_bytes = 0x1000_u64 << (9 * level);
            let lowest_negative = u64::MAX << (11 + 9 * scheme.levels);
            for at in [page_bytes * 3 + 0x123, lowest_negative + page_bytes - 8] {
                let phys = page_bytes.checked_mul(5).filter(|p| p + page_bytes <= 1 << 56).unwrap_or(0);
                let mut hart = mapped(scheme, at, level, entry(phys, FULL));
                let found = hart.walk(at, Load, SUPERVISOR).expect("mapped");
                assert_eq!(found.phys, phys + at % page_bytes, "{scheme:?} level {level} {at:#x}");
                assert!(found.read && found.write && found.exec && found.cacheable);
            }
        }
    }
}

/// §10.4.1, §10.5.1, §10.6.1: the unused high bits must repeat the highest one
/// used.
#[test]
fn addresses_that_are_not_canonical_fault() {
    for (scheme, bits) in [(SV39, 39), (SV48, 48), (SV57, 57)] {
        for at in [1 << bits, 1 << (bits - 1), u64::MAX << bits, 1 << 63, u64::MAX ^ 1 << 62] {
            let hart = mapped(scheme, at, scheme.levels - 1, entry(0, FULL));
            all_fault(hart, Kind::Page, at, "not canonical");
        }
    }
}

/// §10.3.2, step 6.
#[test]
fn misaligned_superpages_fault() {
    for scheme in [SV39, SV48, SV57] {
        for level in 1..scheme.levels {
            for bit in 0..9 * level {
                let hart = mapped(scheme, 0, level, entry(0x1000 << bit, FULL));
                all_fault(hart, Kind::Page, 0, "misaligned");
            }
        }
    }
}

/// §10.3.2, steps 3 and 4; §10.3.1 on entries that point to tables.
#[test]
fn reserved_encodings_fault() {
    let leaf = entry(RAM, FULL);
    for (pte, what) in [(leaf & !V, "not valid"), (leaf & !R, "W without R"), (leaf & !R & !X, "W alone")] {
        all_fault(page(pte), Kind::Page, AT, what);
    }
    for bit in 54..=63 {
        all_fault(page(leaf | 1 << bit), Kind::Page, AT, "reserved bit of a leaf");
        let hart = page(leaf);
        let pointer = entry_address(SV39, 1, AT);
        hart.store(pointer, 8, hart.load(pointer, 8) | 1 << bit);
        all_fault(hart, Kind::Page, AT, "reserved bit of a pointer");
    }
    for flag in [A, D, USER_PAGE] {
        let hart = page(leaf);
        let pointer = entry_address(SV39, 2, AT);
        hart.store(pointer, 8, hart.load(pointer, 8) | flag);
        all_fault(hart, Kind::Page, AT, "flag of a pointer");
    }
    all_fault(page(entry(ROOT, V)), Kind::Page, AT, "a pointer in the last table");
    // Bits 8, 9 (RSW) and 5 (G) are free for software, or mean nothing here.
    assert!(page(leaf | 3 << 8 | 1 << 5).walk(AT, Load, SUPERVISOR).is_ok());
}

/// §10.3.1, §10.1.1.2: what R, W, X, U, SUM and MXR allow.
#[test]
fn permissions_are_those_of_the_manual() {
    #[rustfmt::skip]
    let cases: &[(u64, u8, &str)] = &[
        (R,                     SUPERVISOR,         "r"),
        (R | W,                 SUPERVISOR,         "rw"),
        (X,                     SUPERVISOR,         "x"),
        (X,                     SUPERVISOR_MXR,     "rx"),
        (R | X,                 SUPERVISOR,         "rx"),
        (R | W | X,             SUPERVISOR,         "rwx"),
        (R | W | X,             SUPERVISOR_SUM,     "rwx"),
        (R | W | X,             USER,               ""),
        (X,                     USER_MXR,           ""),
        (R | W | X | USER_PAGE, SUPERVISOR,         ""),
        (R | W | X | USER_PAGE, SUPERVISOR_MXR,     ""),
        (R | W | X | USER_PAGE, SUPERVISOR_SUM,     "rw"),
        (X | USER_PAGE,         SUPERVISOR_SUM,     ""),
        (X | USER_PAGE,         SUPERVISOR_SUM_MXR, "r"),
        (R | USER_PAGE,         USER,               "r"),
        (R | W | USER_PAGE,     USER,               "rw"),
        (X | USER_PAGE,         USER,               "x"),
        (X | USER_PAGE,         USER_MXR,           "rx"),
        (R | W | X | USER_PAGE, USER,               "rwx"),
        (R | W | X | USER_PAGE, 7,                  "rwx"),
    ];
    for (flags, regime, allowed) in cases {
        for (access, letter) in [(Load, 'r'), (Store, 'w'), (Fetch, 'x')] {
            let mut hart = page(entry(RAM, flags | V | A | D));
            let found = hart.walk(AT, access, *regime);
            if allowed.contains(letter) {
                let found = found.expect("allowed");
                let rights = [(found.read, 'r'), (found.write, 'w'), (found.exec, 'x')];
                assert!(rights.iter().all(|(may, letter)| *may == allowed.contains(*letter)), "{found:?}");
            } else {
                assert_eq!(found, fault(access, Kind::Page, AT), "{flags:#x} {regime} {access:?}");
            }
        }
    }
}

/// §10.3.2, step 9 without menvcfg.ADUE: software has to set A and D.
#[test]
fn without_svadu_clear_flags_fault() {
    for (flags, access, faults) in [
        (D, Load, true),
        (D, Fetch, true),
        (0, Store, true),
        (A, Store, true),
        (D, Store, true),
        (A, Load, false),
        (A, Fetch, false),
        (A | D, Store, false),
    ] {
        let pte = entry(RAM, V | R | W | X | flags);
        let mut hart = page(pte);
        assert_eq!(hart.walk(AT, access, SUPERVISOR).is_err(), faults, "{flags:#x} {access:?}");
        assert_eq!(hart.load(entry_address(SV39, 0, AT), 8), pte);
    }
}

/// The same with it (Svadu): A is set by any access, D by stores alone, none
/// by an access that faults.
#[test]
fn with_svadu_the_walk_sets_flags() {
    for (access, set, write) in [(Load, A, false), (Fetch, A, false), (Store, A | D, true)] {
        let pte = entry(RAM, V | R | W | X);
        let mut hart = page(pte).with(MENVCFG, ADUE);
        let found = hart.walk(AT, access, SUPERVISOR).expect("allowed");
        assert_eq!((found.read, found.write, found.exec), (true, write, true), "{access:?}");
        assert_eq!(hart.load(entry_address(SV39, 0, AT), 8), pte | set);
    }
    let pte = entry(RAM, V | R);
    let mut hart = page(pte).with(MENVCFG, ADUE);
    assert_eq!(hart.walk(AT, Store, SUPERVISOR), fault(Store, Kind::Page, AT));
    assert_eq!(hart.load(entry_address(SV39, 0, AT), 8), pte);
    let mut hart = mapped(SV39, 0, 1, entry(0x1000, FULL & !A)).with(MENVCFG, ADUE);
    assert_eq!(hart.walk(0, Load, SUPERVISOR), fault(Load, Kind::Page, 0));
    assert_eq!(hart.load(entry_address(SV39, 1, 0), 8), entry(0x1000, FULL & !A));
}

/// Svnapot: N with 1000 in the low bits of the page number is 64 KiB; other
/// low bits, and other levels, are reserved.
#[test]
fn napot_pages_span_64_kib() {
    for at in [0x50_0000, 0x50_7abc, 0x50_ffff] {
        let mut hart = mapped(SV39, at, 0, entry(RAM + 0x3_8000, FULL) | N);
        assert_eq!(hart.walk(at, Load, SUPERVISOR).map(|p| p.phys), Ok(RAM + 0x3_0000 + (at & 0xffff)));
    }
    for low in (0..16).filter(|low| *low != 8) {
        all_fault(page(entry(RAM | low << 12, FULL) | N), Kind::Page, AT, "reserved size");
    }
    all_fault(mapped(SV39, 0, 1, entry(0x20_0000, FULL) | N), Kind::Page, 0, "napot superpage");
    all_fault(mapped(SV39, 0, 1, entry(0x8000, FULL) | N), Kind::Page, 0, "napot superpage");
}

/// Svpbmt: types 1 and 2 are legal with menvcfg.PBMTE, in leaves only; 3 never.
#[test]
fn memory_types_need_pbmte() {
    for kind in 1..=3 {
        let pte = entry(RAM, FULL) | kind << 61;
        all_fault(page(pte), Kind::Page, AT, "no PBMTE");
        let found = page(pte).with(MENVCFG, PBMTE).walk(AT, Load, SUPERVISOR);
        assert_eq!(found.is_ok(), kind != 3);
        let hart = page(entry(RAM, FULL)).with(MENVCFG, PBMTE);
        let pointer = entry_address(SV39, 1, AT);
        hart.store(pointer, 8, hart.load(pointer, 8) | kind << 61);
        all_fault(hart, Kind::Page, AT, "type of a pointer");
    }
}

/// §10.3.2, step 2: tables where there is no memory are access faults of the
/// original access.
#[test]
fn tables_outside_memory_are_access_faults() {
    let hart = Hart::supervisor().with(SATP, 8 << 60 | 0x10_0000);
    all_fault(hart, Kind::Access, AT, "root");
    let hart = page(entry(RAM, FULL));
    hart.store(entry_address(SV39, 1, AT), 8, entry((1 << 56) - 0x1000, V));
    all_fault(hart, Kind::Access, AT, "last table");
}

const PMP_R: u64 = 1;
const PMP_W: u64 = 2;
const PMP_NAPOT: u64 = 0x18;

/// Lets entry 0 give `rights` to the naturally aligned `bytes` at `base`, and
/// entry 1 everything to all of memory.
fn protect(hart: Hart, base: u64, bytes: u64, rights: u64) -> Hart {
    let address = base >> 2 | (bytes / 8 - 1);
    let hart = hart.with(PMPADDR0, address).with(ir::Slot(PMPADDR0.0 + 1), (1 << 54) - 1);
    hart.with(PMPCFG0, 0x1f00 | PMP_NAPOT | rights)
}

/// §3.7 and §10.3.2: walks read tables, and set flags in them, with S's rights.
#[test]
fn pmp_binds_the_walk_itself() {
    let hart = protect(page(entry(RAM, FULL)), ROOT, 0x4000, PMP_W | PMP_R);
    let mut open = hart;
    assert!(open.walk(AT, Load, SUPERVISOR).is_ok());
    all_fault(protect(page(entry(RAM, FULL)), ROOT + 0x1000, 0x1000, 0), Kind::Access, AT, "no reads");
    let mut hart = protect(page(entry(RAM, FULL & !D)), ROOT, 0x4000, PMP_R).with(MENVCFG, ADUE);
    assert!(hart.walk(AT, Load, SUPERVISOR).is_ok());
    assert_eq!(hart.walk(AT, Store, SUPERVISOR), fault(Store, Kind::Access, AT));
}

/// §3.7.1: what a page allows is what both the entry and PMP allow; where PMP
/// cuts a page, the answer is for the one access.
#[test]
fn pmp_binds_what_a_page_allows() {
    let mut hart = protect(page(entry(RAM + 0x8000, FULL)), RAM + 0x8000, 0x1000, PMP_R);
    let found = hart.walk(AT, Load, SUPERVISOR).expect("readable");
    assert_eq!((found.read, found.write, found.exec, found.cacheable), (true, false, false, true));
    assert_eq!(hart.walk(AT, Store, SUPERVISOR), fault(Store, Kind::Access, AT));
    let mut hart = protect(page(entry(RAM + 0x8000, FULL)), RAM + 0x8100, 8, PMP_R);
    let found = hart.walk(AT + 0x100, Load, SUPERVISOR).expect("readable");
    assert_eq!((found.write, found.cacheable), (false, false));
    let found = hart.walk(AT + 0x108, Store, SUPERVISOR).expect("writable");
    assert_eq!((found.write, found.cacheable), (true, false));
    assert_eq!(hart.walk(AT + 0x100, Fetch, SUPERVISOR), fault(Fetch, Kind::Access, AT + 0x100));
}

/// §3.1.6.3 and §10.1.11: M, and Bare, do not translate; physical addresses
/// have 56 bits.
#[test]
fn machine_mode_and_bare_do_not_translate() {
    let mut hart = page(0);
    assert_eq!(hart.walk(RAM + 5, Load, MACHINE).map(|p| p.phys), Ok(RAM + 5));
    let mut hart = Hart::supervisor();
    for regime in [MACHINE, SUPERVISOR, USER] {
        for access in [Fetch, Load, Store] {
            assert_eq!(hart.walk(RAM + 5, access, regime).map(|p| p.phys), Ok(RAM + 5));
            assert_eq!(hart.walk(1 << 56, access, regime), fault(access, Kind::Access, 1 << 56));
        }
    }
}

/// §10.2.1: a fence for one address reaches all of the page that holds it, so an
/// engine has to know how large it is. Where PMP cuts it, it is not all alike.
#[test]
fn walks_tell_the_size_of_pages() {
    let sizes = |hart: &mut Hart, at| {
        let page = hart.walk(at, Load, SUPERVISOR).expect("mapped");
        (page.offset_bits, page.whole)
    };
    assert_eq!(sizes(&mut page(entry(RAM, FULL)), AT), (12, true));
    let at = 0x40_0000;
    let large = || mapped(SV39, at, 1, entry(RAM, FULL));
    for offset in [0, 0x1f_f000] {
        assert_eq!(sizes(&mut large(), at + offset), (21, true));
    }
    assert_eq!(sizes(&mut protect(large(), RAM + 0x1000, 0x1000, PMP_R), at + 0x1000), (21, false));
    assert_eq!(sizes(&mut mapped(SV39, 0, 2, entry(RAM, FULL)), 0x1234_5000), (30, true));
}

/// §10.3.1: G in a leaf, or in any entry above it, makes a mapping global. M's
/// addresses are the same in all address spaces; S's without translation are not.
#[test]
fn walks_tell_what_is_global() {
    let global = |hart: &mut Hart, regime| hart.walk(AT, Load, regime).map(|page| page.global);
    assert_eq!(global(&mut page(entry(RAM, FULL)), SUPERVISOR), Ok(false));
    assert_eq!(global(&mut page(entry(RAM, FULL | G)), SUPERVISOR), Ok(true));
    let mut hart = page(entry(RAM, FULL));
    assert_eq!(hart.walk(RAM, Load, MACHINE).map(|page| page.global), Ok(true));
    assert_eq!(Hart::supervisor().walk(RAM, Load, SUPERVISOR).map(|page| page.global), Ok(false));
    for level in [1, 2] {
        let mut hart = page(entry(RAM, FULL));
        let below = ROOT + 0x1000 * (3 - level);
        hart.store(entry_address(SV39, level as u32, AT), 8, entry(below, V | G));
        assert_eq!(global(&mut hart, SUPERVISOR), Ok(true), "level {level}");
    }
}
